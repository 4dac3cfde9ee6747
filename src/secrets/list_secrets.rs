//! `ListSecrets`: the names and dates of the secrets in a region, in pages, without values.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecrets>

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ValidationError;
use crate::operation::paged::{PageInfo, PagePosition, PagedRequest, items_of_page};
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretType, Tag, wire};

const MAX_PAGE_SIZE: u32 = 100;
/// The service's own default, which is always sent so that a change of it does not change ours.
const DEFAULT_PAGE_SIZE: u32 = 10;
const MAX_FILTERS: usize = 10;
const MAX_FILTER_VALUES: usize = 10;

/// The parameters of
/// [`ListSecrets`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecrets).
///
/// ```
/// use alibabacloud_kms::secrets::{Filter, ListSecretsRequest};
///
/// let request = ListSecretsRequest::new()
///     .filter(Filter::secret_name(["prod/db", "prod/cache"]))
///     .filter(Filter::tag_key(["team"]))
///     .fetch_tags(true)
///     .page_size(50);
/// assert_eq!(request.page_size, Some(50));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ListSecretsRequest {
    /// The conditions on the secrets (`Filters`), at most 10.
    ///
    /// The values of one filter are alternatives. Several filters must all match when keys are
    /// listed; for secrets that is not documented.
    pub filters: Vec<Filter>,
    /// True to return each secret with its tags (`FetchTags`), default `false`.
    pub fetch_tags: bool,
    /// The page to return, counted from 1 (`PageNumber`), default 1. For a paginator, the first
    /// page.
    pub page_number: Option<u32>,
    /// The number of secrets on a page, 1 to 100 (`PageSize`). The default is 10 for one page and
    /// 100 for a paginator.
    pub page_size: Option<u32>,
}

impl ListSecretsRequest {
    /// Creates a request for every secret of the account in the region, without tags.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a filter.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Adds filters, as [`filter`](Self::filter) does for one.
    pub fn filters(mut self, filters: impl IntoIterator<Item = Filter>) -> Self {
        self.filters.extend(filters);
        self
    }

    /// Sets whether each secret is returned with its tags.
    pub fn fetch_tags(mut self, fetch_tags: bool) -> Self {
        self.fetch_tags = fetch_tags;
        self
    }

    /// Sets the page to return.
    pub fn page_number(mut self, page_number: u32) -> Self {
        self.page_number = Some(page_number);
        self
    }

    /// Sets the number of secrets on a page.
    pub fn page_size(mut self, page_size: u32) -> Self {
        self.page_size = Some(page_size);
        self
    }
}

impl Operation for ListSecretsRequest {
    const SPEC: OperationSpec = OperationSpec::read("ListSecrets", QuotaGroup::Manage);
    type Response = ListSecretsResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        let (page_number, page_size) = (self.page_number.unwrap_or(1), self.page_size);
        encoder.flag("FetchTags", self.fetch_tags);
        encoder.page(page_number, page_size.unwrap_or(DEFAULT_PAGE_SIZE), Some(MAX_PAGE_SIZE));
        encoder.count("the number of `filters`", self.filters.len(), 0..=MAX_FILTERS, "0 to 10");
        encoder.check(self.filters.iter().try_for_each(Filter::validate));
        if !self.filters.is_empty() {
            encoder.json("Filters", &self.filters);
        }
    }

    fn complete(&self, response: &mut ListSecretsResponse) {
        if self.fetch_tags {
            // The service omits the list if there are no tags, as it does if none were requested.
            for secret in &mut response.secrets {
                secret.tags.get_or_insert_default();
            }
        }
    }

    fn request_id(response: &mut ListSecretsResponse) -> &mut String {
        &mut response.request_id
    }
}

impl PagedRequest for ListSecretsRequest {
    type Item = SecretSummary;

    fn position(&self) -> PagePosition {
        PagePosition::Number {
            number: self.page_number.unwrap_or(1),
            size: self.page_size.unwrap_or(MAX_PAGE_SIZE),
        }
    }

    fn at(&self, position: &PagePosition) -> Self {
        match *position {
            PagePosition::Number { number, size } => {
                self.clone().page_number(number).page_size(size)
            }
            PagePosition::Token(_) => self.clone(),
        }
    }

    fn page_info(response: &ListSecretsResponse) -> PageInfo<'_> {
        PageInfo::Number {
            number: response.page_number,
            size: response.page_size,
            total: response.total_count,
        }
    }

    fn items(response: &ListSecretsResponse) -> &[SecretSummary] {
        &response.secrets
    }

    fn into_items(response: ListSecretsResponse) -> Vec<SecretSummary> {
        response.secrets
    }

    fn item_id(secret: &SecretSummary) -> Cow<'_, str> {
        Cow::Borrowed(&secret.secret_name)
    }
}

/// One condition on the secrets to list: a property and up to 10 values, any of which may match.
///
/// It is not documented how a value matches: the service's own samples use both whole names and
/// `test-*`. If only exact matches are useful, compare the returned names.
///
/// ```
/// use alibabacloud_kms::secrets::Filter;
///
/// let either = Filter::secret_name(["prod/db", "prod/cache"]);
/// let newer_than_this_crate = Filter::custom("Color", ["blue"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Filter {
    key: Cow<'static, str>,
    values: Vec<String>,
}

impl Filter {
    /// Matches the secret's name (`SecretName`), values of 1 to 192 characters.
    #[must_use]
    pub fn secret_name<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("SecretName", values)
    }

    /// Matches the secret's description (`Description`), values of 1 to 256 characters.
    #[must_use]
    pub fn description<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("Description", values)
    }

    /// Matches the key of one of the secret's tags (`TagKey`), values of 1 to 256 characters. The
    /// service checks at most 4,000 resources.
    #[must_use]
    pub fn tag_key<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("TagKey", values)
    }

    /// Matches the value of one of the secret's tags (`TagValue`), values of 1 to 256 characters.
    /// The service checks at most 4,000 resources.
    #[must_use]
    pub fn tag_value<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("TagValue", values)
    }

    /// Matches the KMS instance that holds the secret (`DKMSInstanceId`), values such as
    /// `kst-hzz6****`.
    #[must_use]
    pub fn instance_id<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("DKMSInstanceId", values)
    }

    /// Matches the type of the secret (`SecretType`), values of [`SecretType`] or their names, such
    /// as `Rds`.
    #[must_use]
    pub fn secret_type<V: Into<SecretType>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("SecretType", values.into_iter().map(Into::into))
    }

    /// Matches the service that created the secret (`Creator`). The possible values are not
    /// documented.
    #[must_use]
    pub fn creator<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::custom("Creator", values)
    }

    /// Matches a property that is newer than this version of the crate, in the service's spelling.
    #[must_use]
    pub fn custom<V: Into<String>>(
        key: impl Into<Cow<'static, str>>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self { key: key.into(), values: values.into_iter().map(Into::into).collect() }
    }

    /// Checks only counts and lengths: the alphabets in the documentation exclude the `test-*` of
    /// the service's own samples.
    fn validate(&self) -> Result<(), ValidationError> {
        let Self { key, values } = self;
        if key.is_empty() {
            return Err(ValidationError::new(
                "the key of a filter",
                key,
                "a name such as SecretName",
            ));
        }
        if values.len() > MAX_FILTER_VALUES {
            return Err(ValidationError::new(
                format!("the number of values of filter {key}"),
                values.len(),
                "0 to 10",
            ));
        }
        let (longest, allowed) = match key.as_ref() {
            "SecretName" => (192, "1 to 192 characters"),
            "Description" | "TagKey" | "TagValue" => (256, "1 to 256 characters"),
            _ => return Ok(()),
        };
        match values.iter().find(|value| !(1..=longest).contains(&value.chars().count())) {
            Some(value) => {
                Err(ValidationError::new(format!("a value of filter {key}"), value, allowed))
            }
            None => Ok(()),
        }
    }
}

/// A page of secrets: the response to a [`ListSecretsRequest`].
///
/// Serialization writes the service's field names and plain lists; deserialization reads that form
/// and the service's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "WireResponse", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ListSecretsResponse {
    /// The page's number, counted from 1; 0 if the response does not contain it.
    pub page_number: u32,
    /// The number of secrets on a full page; 0 if the response does not contain it.
    pub page_size: u32,
    /// The number of matching secrets on all pages, as of this page; 0 if the response does not
    /// contain it.
    pub total_count: u32,
    /// The service's id of the request; empty if the response does not contain it.
    pub request_id: String,
    /// The secrets of this page. No order is promised.
    #[serde(rename = "SecretList")]
    pub secrets: Vec<SecretSummary>,
}

/// The response with every field optional, to tell an empty page from a response to another
/// request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    #[serde(default, deserialize_with = "wire::count_if_present")]
    page_number: Option<u32>,
    #[serde(default, deserialize_with = "wire::count_if_present")]
    page_size: Option<u32>,
    #[serde(default, deserialize_with = "wire::count_if_present")]
    total_count: Option<u32>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    request_id: Option<String>,
    #[serde(default, deserialize_with = "wire::page_items")]
    secret_list: Option<Vec<SecretSummary>>,
}

impl TryFrom<WireResponse> for ListSecretsResponse {
    type Error = &'static str;

    fn try_from(wire: WireResponse) -> Result<Self, &'static str> {
        let WireResponse { page_number, page_size, total_count, request_id, secret_list } = wire;
        if secret_list.is_none()
            && [page_number, page_size, total_count].iter().all(Option::is_none)
        {
            return Err("no field of a list of secrets");
        }
        let (page_number, page_size) = (page_number.unwrap_or(0), page_size.unwrap_or(0));
        let total_count = total_count.unwrap_or(0);
        let missing = "missing field `SecretList`";
        let secrets = items_of_page(secret_list, missing, page_number, page_size, total_count)?;
        let request_id = request_id.unwrap_or_default();
        Ok(Self { page_number, page_size, total_count, request_id, secrets })
    }
}

/// One secret in a listing, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SecretSummary {
    /// The secret's name (`SecretName`), unique in the account and region.
    pub secret_name: String,
    /// The type of the secret; `None` in responses from before the service had types.
    #[serde(default, deserialize_with = "wire::parse_or_none")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_type: Option<SecretType>,
    /// The time at which the secret was created.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_time: Option<DateTime<Utc>>,
    /// The time of the last change.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_time: Option<DateTime<Utc>>,
    /// The time at which the secret is deleted; `None` unless it is pending deletion.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_delete_time: Option<DateTime<Utc>>,
    /// The service that manages the secret (`OwingService`, spelt so), if one does.
    #[serde(rename = "OwingService", default, deserialize_with = "wire::lenient_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owning_service: Option<String>,
    /// The tags; `None` if they were not requested, and an empty list if there are none.
    #[serde(default, deserialize_with = "wire::lenient_list_if_present")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl SecretSummary {
    /// Returns the value of the tag with this key; `None` also if tags were not requested.
    #[must_use]
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags.as_ref()?.iter().find(|tag| tag.key == key).map(|tag| tag.value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::operation::{Validate as _, sent};

    const SEED: &str = include_str!("../../tests/fixtures/list_secrets_seed.json");
    const CURRENT: &str = include_str!("../../tests/fixtures/list_secrets_current.json");

    #[track_caller]
    fn decode(request: &ListSecretsRequest, body: &str) -> ListSecretsResponse {
        request.decode(body.as_bytes()).unwrap()
    }

    #[track_caller]
    fn one_secret(fields: &str) -> SecretSummary {
        let body = format!(r#"{{"SecretList":{{"Secret":[{{"SecretName":"s"{fields}}}]}}}}"#);
        decode(&ListSecretsRequest::new(), &body).secrets.remove(0)
    }

    #[track_caller]
    fn violation(request: &ListSecretsRequest) -> String {
        request.validate().unwrap_err().to_string()
    }

    #[test]
    fn empty_request_sends_only_defaults() {
        assert_eq!(
            sent(&ListSecretsRequest::new()),
            ["FetchTags=false", "PageNumber=1", "PageSize=10"]
        );
    }

    #[test]
    fn type_name_equals_its_variant_in_a_filter() {
        assert_eq!(Filter::secret_type(["RDS"]), Filter::secret_type([SecretType::Rds]));
    }

    #[test]
    fn every_set_field_is_a_parameter() {
        let request = ListSecretsRequest::new()
            .filter(Filter::secret_name(["a", "b"]))
            .filter(Filter::description(["d"]))
            .filter(Filter::tag_key(["k"]))
            .filter(Filter::tag_value(["v"]))
            .filter(Filter::instance_id(["kst-x"]))
            .filter(Filter::secret_type([SecretType::RamCredentials]))
            .filters([Filter::creator(["Rds"]), Filter::custom("Color", Vec::<String>::new())])
            .fetch_tags(true)
            .page_number(3)
            .page_size(100);
        assert_eq!(
            sent(&request),
            [
                "FetchTags=true",
                "PageNumber=3",
                "PageSize=100",
                concat!(
                    r#"Filters=[{"Key":"SecretName","Values":["a","b"]},{"Key":"Description","Values":["d"]},"#,
                    r#"{"Key":"TagKey","Values":["k"]},{"Key":"TagValue","Values":["v"]},"#,
                    r#"{"Key":"DKMSInstanceId","Values":["kst-x"]},{"Key":"SecretType","Values":["RAMCredentials"]},"#,
                    r#"{"Key":"Creator","Values":["Rds"]},{"Key":"Color","Values":[]}]"#
                ),
            ]
        );
    }

    #[test]
    fn violated_limit_names_field_value_and_range() {
        let request = ListSecretsRequest::new;
        assert_eq!(violation(&request().page_size(0)), "`page_size` must be 1 to 100, got 0");
        assert_eq!(violation(&request().page_size(101)), "`page_size` must be 1 to 100, got 101");
        assert_eq!(violation(&request().page_number(0)), "`page_number` must be at least 1, got 0");
        let eleven = (0..11).fold(request(), |request, _| request.filter(Filter::creator(["x"])));
        assert_eq!(violation(&eleven), "the number of `filters` must be 0 to 10, got 11");
        assert_eq!(
            violation(&request().filter(Filter::tag_key(["k"; 11]))),
            "the number of values of filter TagKey must be 0 to 10, got 11"
        );
        assert_eq!(
            violation(&request().filter(Filter::secret_name([""]))),
            "a value of filter SecretName must be 1 to 192 characters, got \"\""
        );
        assert!(
            violation(&request().filter(Filter::secret_name(["n".repeat(193)])))
                .contains("1 to 192 characters, got")
        );
        for filter in [Filter::description, Filter::tag_key, Filter::tag_value] {
            assert!(
                violation(&request().filter(filter(["v".repeat(257)])))
                    .contains("1 to 256 characters, got")
            );
        }
        assert!(
            violation(&request().filter(Filter::custom("", ["x"])))
                .starts_with("the key of a filter must be a name such as SecretName")
        );
    }

    #[test]
    fn values_at_the_limits_and_any_alphabet_are_accepted() {
        let ten = (0..10).fold(ListSecretsRequest::new(), |request, _| {
            request.filter(Filter::tag_value(["v"; 10]))
        });
        for request in [
            ten,
            ListSecretsRequest::new().page_size(1).page_number(u32::MAX),
            ListSecretsRequest::new()
                .filter(Filter::secret_name(["test-*", "密".repeat(192).as_str()])),
            ListSecretsRequest::new().filter(Filter::description(["d".repeat(256)])),
            ListSecretsRequest::new().filter(Filter::instance_id([""])),
        ] {
            request.validate().unwrap();
        }
    }

    #[test]
    fn decodes_the_sample_of_the_documentation() {
        let page = decode(&ListSecretsRequest::new(), SEED);
        assert_eq!((page.page_number, page.page_size, page.total_count), (1, 10, 2));
        assert_eq!(page.request_id, "edbdc10d-3bcb-4690-95cb-3bf5664e1f02");
        let [first, second] = &page.secrets[..] else { panic!("two secrets") };
        assert_eq!(first.secret_name, "secret001");
        assert_eq!(first.create_time, Some("2020-02-21T01:24:45Z".parse().unwrap()));
        assert_eq!(first.tags, Some(vec![]));
        assert_eq!(
            (second.tag("key1"), second.tag("key2"), second.tag("key3")),
            (Some("val1"), Some("val2"), None)
        );
    }

    #[test]
    fn decodes_current_response() {
        let page = decode(&ListSecretsRequest::new(), CURRENT);
        assert_eq!(page.total_count, 55);
        let secret = &page.secrets[0];
        assert_eq!(secret.secret_type, Some(SecretType::Generic));
        assert_eq!(secret.planned_delete_time, Some("2024-08-17T07:59:05Z".parse().unwrap()));
        assert_eq!(secret.owning_service, None, "an empty text is not a service");
        assert_eq!(secret.tag("key1"), Some("val1"));
    }

    #[test]
    fn absent_null_or_empty_list_is_empty() {
        for list in
            ["", r#","SecretList":null"#, r#","SecretList":{}"#, r#","SecretList":{"Secret":null}"#]
        {
            let body = format!(r#"{{"TotalCount":"0","PageNumber":"1"{list}}}"#);
            let page = decode(&ListSecretsRequest::new(), &body);
            assert_eq!((page.secrets.len(), page.page_number, page.page_size), (0, 1, 0), "{body}");
        }
    }

    #[test]
    fn absent_list_with_secrets_due_on_the_page_is_an_error() {
        let missing = "the field SecretList is missing";
        for body in [
            r#"{"TotalCount":3}"#,
            r#"{"TotalCount":3,"PageNumber":1,"PageSize":10}"#,
            r#"{"TotalCount":11,"PageNumber":2,"PageSize":10}"#,
        ] {
            assert!(decode_error(body).ends_with(missing), "{body}");
        }
        for body in [
            r#"{"TotalCount":0,"PageNumber":1,"PageSize":10}"#,
            r#"{"TotalCount":10,"PageNumber":2,"PageSize":10}"#,
            r#"{"TotalCount":10,"PageNumber":2}"#,
            r#"{"TotalCount":3,"SecretList":{"Secret":[]}}"#,
        ] {
            assert!(decode(&ListSecretsRequest::new(), body).secrets.is_empty(), "{body}");
        }
    }

    #[test]
    fn absent_tags_are_none_and_empty_tags_are_a_list() {
        assert_eq!(one_secret("").tags, None);
        assert_eq!(one_secret(r#","Tags":null"#).tags, None);
        assert_eq!(one_secret(r#","Tags":{"Tag":[]}"#).tags, Some(vec![]));
        let with_tags = ListSecretsRequest::new().fetch_tags(true);
        let page = decode(&with_tags, r#"{"SecretList":{"Secret":[{"SecretName":"s"}]}}"#);
        assert_eq!(
            page.secrets[0].tags,
            Some(vec![]),
            "the service leaves out the tags of a secret that has none"
        );
    }

    #[test]
    fn unknown_malformed_or_missing_fields_keep_the_secret() {
        let secret = one_secret(
            r#","SecretType":"Mainframe","OwingService":"rds","PlannedDeleteTime":"2020-02-21T23:36:07.713703651+08:00","New":{"a":[1]}"#,
        );
        assert_eq!(secret.secret_type, Some(SecretType::Unknown("Mainframe".into())));
        assert_eq!(secret.owning_service.as_deref(), Some("rds"));
        assert_eq!(
            secret.planned_delete_time,
            Some("2020-02-21T15:36:07.713703651Z".parse().unwrap())
        );
        let bare = one_secret(r#","PlannedDeleteTime":"","SecretType":null,"CreateTime":null"#);
        assert_eq!(
            (bare.planned_delete_time, bare.secret_type, bare.create_time),
            (None, None, None)
        );
    }

    #[track_caller]
    fn decode_error(body: &str) -> String {
        ListSecretsRequest::new().decode(body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn malformed_list_is_an_error_with_its_path_and_no_value() {
        assert_eq!(
            decode_error(
                r#"{"SecretList":{"Secret":[{"SecretName":"a"},{"SecretName":["marker"]}]}}"#
            ),
            "at SecretList.Secret[1].SecretName, line 1 column 58: a value of another form than documented"
        );
        assert!(decode_error(r#"{"SecretList":{"Secret":[{"Name":"nameless"}]}}"#).contains("[0]"));
        assert!(decode_error(r#"{"SecretList":{"Secret":[{"#).ends_with("the body ends too early"));
        assert!(decode_error("<html>").ends_with("not JSON"));
        let error = ListSecretsRequest::new().decode(b"{\n\"\xff\":1}").unwrap_err();
        assert_eq!(error.to_string(), "at ., line 2 column 2: not UTF-8");
        for body in [
            "",
            "[]",
            "{}",
            r#"{"RequestId":"another operation's","SecretName":"s"}"#,
            r#"{"TotalCount":-1}"#,
            r#"{"TotalCount":4294967296}"#,
            r#"{"SecretList":"text"}"#,
        ] {
            decode_error(body);
        }
        decode_error(&format!(r#"{{"TotalCount":{}"#, "[".repeat(10_000)));
        decode_error(&format!(r#"{{"TotalCount":1,"New":{}"#, r#"{"a":"#.repeat(10_000)));
    }

    proptest! {
        #[test]
        fn filters_of_any_text_are_json(key in any::<String>(), values in prop::collection::vec(any::<String>(), 0..10)) {
            let json = serde_json::to_string(&[Filter::custom(key.clone(), values.clone())]).unwrap();
            let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(parsed, serde_json::json!([{ "Key": key, "Values": values }]));
        }

        #[test]
        fn serialized_page_deserializes_to_itself(
            names in prop::collection::vec(any::<String>(), 0..5),
            tags in prop::option::of(prop::collection::vec((".+", any::<String>()), 0..3)),
            secret_type in "[A-Za-z]{1,8}",
            seconds in 0..4_000_000_000_i64,
            nanos in 0..1_000_000_000_u32,
        ) {
            let time = DateTime::from_timestamp(seconds, nanos);
            let secrets = names.into_iter().map(|name| SecretSummary {
                secret_name: name,
                secret_type: Some(SecretType::from(secret_type.as_str())),
                create_time: time,
                update_time: None,
                planned_delete_time: time,
                owning_service: Some("rds".into()),
                tags: tags.clone().map(|tags| tags.into_iter().map(|(key, value)| Tag { key, value }).collect()),
            });
            let page = ListSecretsResponse {
                page_number: 1, page_size: 5, total_count: 5, request_id: "r".into(), secrets: secrets.collect(),
            };
            let json = serde_json::to_string(&page).unwrap();
            prop_assert_eq!(serde_json::from_str::<ListSecretsResponse>(&json).unwrap(), page);
        }
    }
}
