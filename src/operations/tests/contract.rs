//! Every operation checked against the specification in `tests/cases/`: its limits, error codes,
//! quota group and retry class. `tests/it/contract.rs` checks its parameters and fields.

mod cryptography;

use std::time::Duration;

use serde_json::{Value, json};

use crate::error::ErrorKind;
use crate::keys::{
    ListAliasesByKeyIdRequest, ListAliasesRequest, ListKeyVersionsRequest, ListKeysRequest,
};
use crate::operation::{Operation, OperationSpec};
use crate::operations::OPERATIONS;
use crate::policies::{Policy, PolicyPrincipal, PolicyStatement};
use crate::rate_limit::QuotaGroup;
use crate::retry::RetryClass;
use crate::secrets::{
    CreateSecretRequest, DeleteSecretRequest, ExtendedConfig, Filter, GetRandomPasswordRequest,
    ListSecretsRequest, PutSecretValueRequest, SecretSubType, SecretType, SecretValue,
    SetSecretPolicyRequest, UpdateSecretRequest, UpdateSecretRotationPolicyRequest,
};
use crate::tags::{
    ListTagResourcesRequest, ResourceType, Tag, TagResourcesRequest, UntagResourcesRequest,
};

/// Differences from the specification, each with its reason.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// The limits that the specification documents for a parameter, and a request checks.
fn limits() -> Vec<Limit> {
    let name = |length: usize| "n".repeat(length);
    let create = |name: String| CreateSecretRequest::new(name, text("x")).version_id("v1");
    let version = |length: usize| create("a".into()).version_id(name(length));
    let data = |length: usize| CreateSecretRequest::new("a", text(&name(length))).version_id("v1");
    let tagged = |count: u32| (0..count).fold(create("a".into()), |r, n| r.tag(n.to_string(), ""));
    let key = |length: usize| create("a".into()).tag(name(length), "");
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    let rds = || CreateSecretRequest::rds("a", text("x"), config()).version_id("v1");
    let extended = |length: usize| {
        let frame = r#"{"SecretSubType":"RamUserAccessKey","UserName":""}"#.len();
        let config = ExtendedConfig::ram_credentials(name(length - frame));
        CreateSecretRequest::managed(SecretType::PolarDb, "a", text("x"), config).version_id("v1")
    };
    let put = |length: usize| PutSecretValueRequest::new("a", text(&name(length))).version_id("v1");
    let put_version = |length: usize| put(1).version_id(name(length));
    let staged = |count: u32| (0..count).fold(put(1), |r, n| r.version_stage(format!("s{n}")));
    let window = |days| DeleteSecretRequest::new("a").recovery_window_in_days(days);
    let password = |length| GetRandomPasswordRequest::new().password_length(length);
    let page = |number| ListSecretsRequest::new().page_number(number);
    let size = |size| ListSecretsRequest::new().page_size(size);
    let filter = |filter: Filter| ListSecretsRequest::new().filter(filter);
    let filters = |count| ListSecretsRequest::new().filters(vec![Filter::creator(["a"]); count]);
    let values = |count| filter(Filter::creator(vec!["a"; count]));
    let pairs = |count: u32| {
        UpdateSecretRequest::new("a").custom_data((0..count).map(|n| (n.to_string(), "x")))
    };
    let ids = |count: usize| (0..count).map(|n| format!("s{n}"));
    let tags = |count: u32| (0..count).map(|n| Tag::new(format!("k{n}"), ""));
    let tag_all = |resources, count| {
        TagResourcesRequest::new(ResourceType::Secret, ids(resources), tags(count)).region("r")
    };
    let tag_key = |length| {
        let tags = [Tag::new(name(length), "")];
        TagResourcesRequest::new(ResourceType::Secret, ["a"], tags).region("r")
    };
    let untag = |resources, count| {
        UntagResourcesRequest::new(ResourceType::Secret, ids(resources), ids(count)).region("r")
    };
    let list_ids = |count| ids(count).fold(list_tags(), ListTagResourcesRequest::resource_id);
    let list_filters = |count| ids(count).fold(list_tags(), ListTagResourcesRequest::tag_key);
    let keys = |number, size| ListKeysRequest::new().page_number(number).page_size(size);
    let aliases = |number, size| ListAliasesRequest::new().page_number(number).page_size(size);
    let key_aliases =
        |number, size| ListAliasesByKeyIdRequest::new("a").page_number(number).page_size(size);
    let versions =
        |number, size| ListKeyVersionsRequest::new("a").page_number(number).page_size(size);
    vec![
        (
            "CreateSecret",
            "SecretName",
            "1 to 192 characters",
            ok(create(name(192))),
            no(create(name(193))),
        ),
        ("CreateSecret", "VersionId", "At most 64 characters", ok(version(64)), no(version(65))),
        ("CreateSecret", "SecretData", "At most 30,720 bytes", ok(data(30_720)), no(data(30_721))),
        ("CreateSecret", "Tags", "At most 20 tags", ok(tagged(20)), no(tagged(21))),
        (
            "CreateSecret",
            "Tags",
            "Key and value: at most 128 characters",
            ok(key(128)),
            no(key(129)),
        ),
        (
            "CreateSecret",
            "ExtendedConfig",
            "At most 1,024 characters",
            ok(extended(1_024)),
            no(extended(1_025)),
        ),
        (
            "CreateSecret",
            "RotationInterval",
            "6 hours to 8,760 hours",
            ok(rds().rotation_interval(hours(8_760))),
            no(rds().rotation_interval(hours(8_761))),
        ),
        (
            "CreateSecret",
            "Policy",
            "At most 32,768 bytes",
            ok(create("a".into()).policy(policy(32_768))),
            no(create("a".into()).policy(policy(32_769))),
        ),
        ("DeleteSecret", "RecoveryWindowInDays", "7 to 30", ok(window(30)), no(window(31))),
        ("DeleteSecret", "RecoveryWindowInDays", "7 to 30", ok(window(7)), no(window(6))),
        ("GetRandomPassword", "PasswordLength", "8 to 128", ok(password(128)), no(password(129))),
        ("GetRandomPassword", "PasswordLength", "8 to 128", ok(password(8)), no(password(7))),
        ("ListSecrets", "PageNumber", "Greater than 0", ok(page(1)), no(page(0))),
        ("ListSecrets", "PageSize", "1 to 100", ok(size(100)), no(size(101))),
        ("ListSecrets", "PageSize", "1 to 100", ok(size(1)), no(size(0))),
        ("ListSecrets", "Filters", "0 to 10 entries", ok(filters(10)), no(filters(11))),
        ("ListSecrets", "Filters", "0 to 10 values", ok(values(10)), no(values(11))),
        (
            "ListSecrets",
            "Filters",
            "Value lengths",
            ok(filter(Filter::secret_name([name(192)]))),
            no(filter(Filter::secret_name([name(193)]))),
        ),
        (
            "ListSecrets",
            "Filters",
            "Value lengths",
            ok(filter(Filter::tag_key([name(256)]))),
            no(filter(Filter::tag_key([name(257)]))),
        ),
        (
            "PutSecretValue",
            "VersionId",
            "Unique inside the secret; at most 64",
            ok(put_version(64)),
            no(put_version(65)),
        ),
        ("PutSecretValue", "SecretData", "At most 30,720 bytes", ok(put(30_720)), no(put(30_721))),
        (
            "PutSecretValue",
            "VersionStages",
            "A secret can hold at most 8",
            ok(staged(8)),
            no(staged(9)),
        ),
        (
            "UpdateSecret",
            "ExtendedConfig.CustomData",
            "At most 10 pairs",
            ok(pairs(10)),
            no(pairs(11)),
        ),
        (
            "UpdateSecretRotationPolicy",
            "RotationInterval",
            "Range 6 hours to 8,760 hours",
            ok(UpdateSecretRotationPolicyRequest::enable("a", hours(6))),
            no(UpdateSecretRotationPolicyRequest::enable("a", hours(5))),
        ),
        (
            "SetSecretPolicy",
            "Policy",
            "At most 32,768 bytes",
            ok(SetSecretPolicyRequest::new("a", policy(32_768))),
            no(SetSecretPolicyRequest::new("a", policy(32_769))),
        ),
        ("TagResources", "ResourceId", "At most 50", ok(tag_all(50, 1)), no(tag_all(51, 1))),
        ("TagResources", "Tag", "At most 20", ok(tag_all(1, 20)), no(tag_all(1, 21))),
        ("TagResources", "Tag", "Key and value: at most 128", ok(tag_key(128)), no(tag_key(129))),
        ("UntagResources", "ResourceId", "At most 50", ok(untag(50, 1)), no(untag(51, 1))),
        ("UntagResources", "TagKey", "At most 20", ok(untag(1, 20)), no(untag(1, 21))),
        ("ListKeys", "PageNumber", "Greater than 0", ok(keys(1, 1)), no(keys(0, 1))),
        ("ListKeys", "PageSize", "1 to 100", ok(keys(1, 100)), no(keys(1, 101))),
        ("ListAliases", "PageNumber", "Greater than 0", ok(aliases(1, 1)), no(aliases(0, 1))),
        ("ListAliases", "PageSize", "1 to 100", ok(aliases(1, 100)), no(aliases(1, 101))),
        (
            "ListAliasesByKeyId",
            "PageNumber",
            "Greater than 0",
            ok(key_aliases(1, 1)),
            no(key_aliases(0, 1)),
        ),
        (
            "ListAliasesByKeyId",
            "PageSize",
            "1 to 100",
            ok(key_aliases(1, 100)),
            no(key_aliases(1, 101)),
        ),
        ("ListKeyVersions", "PageNumber", "Greater than 0", ok(versions(1, 1)), no(versions(0, 1))),
        ("ListKeyVersions", "PageSize", "1 to 100", ok(versions(1, 100)), no(versions(1, 101))),
        ("ListTagResources", "ResourceId", "At most 50", ok(list_ids(50)), no(list_ids(51))),
        ("ListTagResources", "Tag", "At most 20", ok(list_filters(20)), no(list_filters(21))),
    ]
}

/// Texts of the specification with a number that is not a limit, or one that is not checked here.
const NOT_CHECKED: &[(&str, &str)] = &[
    ("[DOC21]: when absent", "a default"),
    ("Version must be \"1\"", "written by `Policy`, which has no other version"),
    ("Keys: SecretName", "names of keys"),
    ("Tag filters look at no more than 4,000", "a property of the service"),
    ("Default 20 per", "a default"),
    ("[DOC21] shows an object", "an encoding"),
    ("Left over; the certificate", "a history"),
    ("At most 10 tags per resource", "the sources contradict each other"),
];

/// The operation, the parameter, the start of the documented text, and whether a request at the
/// limit is accepted and one over it rejected.
type Limit = (&'static str, &'static str, &'static str, Check, Check);

/// True if the expectation about a request holds.
type Check = bool;

fn ok<O: Operation>(request: O) -> Check {
    request.encoded(None).violation.is_none()
}

fn no<O: Operation>(request: O) -> Check {
    request.encoded(None).violation.is_some()
}

fn text(value: &str) -> SecretValue {
    SecretValue::text(value)
}

fn config() -> ExtendedConfig {
    ExtendedConfig::rds(SecretSubType::SingleUser, "rm-fake")
}

fn statement() -> PolicyStatement {
    PolicyStatement::allow(PolicyPrincipal::ram(["acs:ram::1:*"]), ["kms:*"])
}

/// A policy of this many bytes.
fn policy(bytes: usize) -> Policy {
    let rest = Policy::new([statement().sid("")]).to_string().len();
    Policy::new([statement().sid("s".repeat(bytes - rest))])
}

fn list_tags() -> ListTagResourcesRequest {
    ListTagResourcesRequest::new(ResourceType::Secret).region("r")
}

/// Returns the specification of each typed operation.
fn specification() -> Vec<(&'static OperationSpec, Value)> {
    let files = [
        include_str!("../../../tests/cases/operations.json"),
        include_str!("../../../tests/cases/operations_keys.json"),
    ];
    let documented: Vec<Value> = files
        .iter()
        .flat_map(|file| {
            let file: Value = serde_json::from_str(file).unwrap();
            file["operations"].as_array().unwrap().clone()
        })
        .collect();
    let find = |name: &str| documented.iter().find(|operation| operation["name"] == name);
    OPERATIONS.into_iter().flatten().map(|spec| (spec, find(spec.name).unwrap().clone())).collect()
}

#[track_caller]
fn compare(fact: String, agrees: bool) {
    let is_exception = EXCEPTIONS.iter().any(|(exception, _)| *exception == fact);
    assert!(agrees || is_exception, "not as specified: {fact}");
    assert!(!(agrees && is_exception), "no longer an exception: {fact}");
}

#[test]
fn facts_of_every_operation_are_as_specified() {
    for (spec, specified) in specification() {
        let name = spec.name;
        let group = specified["qps_group"].as_str().unwrap();
        let expected = match group {
            "secret_create_delete" => QuotaGroup::CreateAndDelete,
            "secret_read_hot" => QuotaGroup::Read,
            "secret_manage" => QuotaGroup::Manage,
            "secret_rotate" => QuotaGroup::Rotate,
            "tag_write" | "key_write" => QuotaGroup::TagWrite,
            "key_create" => QuotaGroup::KeyCreate,
            "service" => QuotaGroup::Account,
            "tag_read_region" | "key_read" => QuotaGroup::TagRead,
            "tag_read_key" => QuotaGroup::KeyTagRead,
            "crypto_symmetric" => QuotaGroup::SymmetricCryptography,
            "crypto_asymmetric" => QuotaGroup::AsymmetricCryptography,
            _ => QuotaGroup::Undocumented,
        };
        compare(format!("{name} counts in {group}"), spec.quota_group == expected);
        let class = specified["retry"]["class"].as_str().unwrap();
        let is_retried = matches!(class, "always" | "map_outcome");
        let agrees = (spec.retry_class == RetryClass::Always) == is_retried;
        compare(format!("{name} has the retry class {class}"), agrees);
        compare(format!("{name} reads only"), specified["read_only"] == !spec.is_write);
        let gateways = specified["gateways"].as_array().unwrap();
        let agrees = gateways.contains(&json!("dedicated")) == spec.is_served_by_instances;
        compare(format!("{name} is served by {gateways:?}"), agrees);
        let is_secret = |list: &str| !specified[list].as_array().unwrap().is_empty();
        let has_secrets = is_secret("request_secret_params");
        assert!(
            !has_secrets || spec.method() == http::Method::POST,
            "{name} sends secrets in a URL"
        );
    }
}

#[test]
fn every_documented_limit_is_checked() {
    let limits = [limits(), cryptography::limits()].concat();
    for (operation, parameter, text, accepts_limit, rejects_over) in &limits {
        assert!(accepts_limit, "{operation} rejects {parameter}: {text}");
        assert!(rejects_over, "{operation} accepts more than {parameter}: {text}");
    }
    for (spec, specified) in specification() {
        for parameter in specified["request"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let texts = parameter["constraints"].as_array().into_iter().flatten();
            for text in
                texts.filter_map(Value::as_str).filter(|text| text.contains(char::is_numeric))
            {
                let is_checked = limits.iter().any(|(operation, checked, start, ..)| {
                    *operation == spec.name && *checked == name && text.starts_with(start)
                });
                let is_known = NOT_CHECKED.iter().any(|(start, _)| text.starts_with(start));
                assert!(is_checked || is_known, "{} {name}: {text}", spec.name);
            }
        }
    }
}

#[test]
fn every_documented_error_code_has_a_kind() {
    for (spec, specified) in specification() {
        for error in specified["errors"].as_array().unwrap() {
            let code = error["code"].as_str().unwrap();
            let status = u16::try_from(error["http"].as_u64().unwrap()).unwrap();
            let kind = ErrorKind::from_code(code, status);
            compare(format!("{} knows {status} {code}", spec.name), kind != ErrorKind::Unknown);
        }
    }
}
