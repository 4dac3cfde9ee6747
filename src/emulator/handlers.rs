//! A request and the account's state in, an answer out. Pure: the time and the request's id are arguments.

mod create_secret;
mod delete_secret;
mod describe_regions;
mod describe_secret;
mod get_random_password;
mod get_secret_policy;
mod get_secret_value;
mod list_resource_tags;
mod list_secret_version_ids;
mod list_secrets;
mod list_tag_resources;
mod put_secret_value;
mod resources;
mod restore_secret;
mod rotate_secret;
mod set_secret_policy;
mod tag_resource;
mod tag_resources;
mod untag_resource;
mod untag_resources;
mod update_secret;
mod update_secret_rotation_policy;
mod update_secret_version_stage;

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::authenticate::{Nonces, authenticate, required};
use super::error_response::Refusal;
use super::quotas::Quotas;
use super::request::{Parameters, Request};
use super::secret::{EmulatedSecret, EmulatedTag};
use super::store::{Store, StoredSecret, no_resource};
use crate::credentials::Credentials;
use crate::sign::API_VERSION;
use crate::types::wire;

/// What the emulated account consists of.
pub(super) struct Account {
    pub(super) keys: Vec<Credentials>,
    pub(super) nonces: Nonces,
    pub(super) quotas: Quotas,
    pub(super) store: Store,
}

impl Account {
    /// Refuses the token of this key from `now` on; false if there is no such key with a token.
    pub(super) fn expire_token(&mut self, access_key_id: &str, now: DateTime<Utc>) -> bool {
        let key = self.keys.iter_mut().find(|key| key.access_key_id() == access_key_id);
        match key.filter(|key| key.security_token().is_some()) {
            Some(key) => {
                *key = key.clone().with_expiration(now);
                true
            }
            None => false,
        }
    }
}

/// What differs from request to request though nobody sent it.
pub(super) struct Context<'a> {
    pub(super) now: DateTime<Utc>,
    pub(super) request_id: &'a str,
    /// The emulator's own host and port, which some error bodies name.
    pub(super) host: &'a str,
}

/// One operation: from its parameters to the body of its answer.
type Handler = fn(&Parameters, &mut Store, &Context<'_>) -> Result<Vec<u8>, Refusal>;

/// The operations on offer, one line each.
fn handler(action: &str) -> Option<Handler> {
    Some(match action {
        "CreateSecret" => create_secret::handle,
        "DeleteSecret" => delete_secret::handle,
        "DescribeRegions" => describe_regions::handle,
        "DescribeSecret" => describe_secret::handle,
        "GetRandomPassword" => get_random_password::handle,
        "GetSecretPolicy" => get_secret_policy::handle,
        "GetSecretValue" => get_secret_value::handle,
        "ListResourceTags" => list_resource_tags::handle,
        "ListSecretVersionIds" => list_secret_version_ids::handle,
        "ListSecrets" => list_secrets::handle,
        "ListTagResources" => list_tag_resources::handle,
        "PutSecretValue" => put_secret_value::handle,
        "RestoreSecret" => restore_secret::handle,
        "RotateSecret" => rotate_secret::handle,
        "SetSecretPolicy" => set_secret_policy::handle,
        "TagResource" => tag_resource::handle,
        "TagResources" => tag_resources::handle,
        "UntagResource" => untag_resource::handle,
        "UntagResources" => untag_resources::handle,
        "UpdateSecret" => update_secret::handle,
        "UpdateSecretRotationPolicy" => update_secret_rotation_policy::handle,
        "UpdateSecretVersionStage" => update_secret_version_stage::handle,
        _ => return None,
    })
}

/// Carries a request out, or tells why not.
///
/// Which of several faults is told first is not documented. As a gateway has to, this one looks up the operation before it
/// checks who asks for it.
pub(super) fn handle(
    request: &Request,
    account: &mut Account,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    check_shape(request)?;
    let action = required("Action", Some(request.action()))?;
    check_version_and_format(request)?;
    let handler = (request.path == "/").then(|| handler(action)).flatten().ok_or_else(|| {
        Refusal::gateway(
            404,
            "InvalidAction.NotFound",
            "Specified api is not found, please check your url and method.",
        )
    })?;
    authenticate(request, &account.keys, &mut account.nonces, context.now)?;
    account.quotas.admit(action, context.now)?;
    handler(&request.parameters, &mut account.store, context)
}

/// The most that a body may have; the longest that an operation documents are 30,720 bytes of value.
const MOST_BODY_BYTES: usize = 2 * 1024 * 1024;

fn check_shape(request: &Request) -> Result<(), Refusal> {
    if request.body.len() > MOST_BODY_BYTES {
        let message = format!("The body of the request has more than {MOST_BODY_BYTES} bytes.");
        return Err(Refusal::gateway(413, "RequestEntityTooLarge", message));
    }
    if !matches!(request.method.as_str(), "GET" | "POST") {
        // 403 by the service's own page, 400 by the gateway's list.
        return Err(Refusal::gateway(
            403,
            "UnsupportedHTTPMethod",
            "This http method is not supported.",
        ));
    }
    match request.parameters.repeated() {
        Some(name) => Err(Refusal::gateway(
            400,
            "ParseRequestParameterException",
            format!("The parameter {name} is given more than once."),
        )),
        None => Ok(()),
    }
}

fn check_version_and_format(request: &Request) -> Result<(), Refusal> {
    if required("Version", request.version())? != API_VERSION {
        return Err(Refusal::gateway(
            400,
            "InvalidVersion",
            "Specified parameter Version is not valid.",
        ));
    }
    // JSON is the default by the service's own page.
    match request.parameters.get("Format") {
        Some(format) if !format.eq_ignore_ascii_case("JSON") => Err(Refusal::gateway(
            400,
            "InvalidParameter.Format",
            "Specified parameter Format is not valid: the emulator answers in JSON only.",
        )),
        _ => Ok(()),
    }
}

/// The id of a version that a request brings.
fn version_id(parameters: &Parameters) -> Result<&str, Refusal> {
    let id = parameters.required("VersionId")?;
    if (1..=64).contains(&id.chars().count()) {
        Ok(id)
    } else {
        Err(Refusal::invalid_parameter("VersionId", "1 to 64 characters"))
    }
}

fn secret_data(parameters: &Parameters) -> Result<&str, Refusal> {
    let data = parameters.required("SecretData")?;
    if data.len() <= 30_720 {
        Ok(data)
    } else {
        Err(Refusal::invalid_parameter("SecretData", "at most 30720 bytes"))
    }
}

fn secret_data_type(parameters: &Parameters) -> Result<&str, Refusal> {
    match parameters.get("SecretDataType").unwrap_or("text") {
        known @ ("text" | "binary") => Ok(known),
        _ => Err(Refusal::invalid_parameter("SecretDataType", "text or binary")),
    }
}

/// How often a secret is to be rotated.
fn rotation_interval(parameters: &Parameters) -> Result<Duration, Refusal> {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    match wire::parse_duration(parameters.required("RotationInterval")?) {
        // One source wants at least 168 hours of UpdateSecretRotationPolicy.
        Some(interval) if (6 * HOUR..=8_760 * HOUR).contains(&interval) => Ok(interval),
        _ => Err(Refusal::invalid_parameter("RotationInterval", "6 hours to 8760 hours")),
    }
}

/// The secret that a request names, which is one that KMS can rotate.
fn managed<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &Context<'_>,
) -> Result<&'s mut StoredSecret, Refusal> {
    let stored = store.find_live(parameters.required("SecretName")?, context.now)?;
    if stored.is_generic() {
        // The only code documented for RotateSecret.
        let message = "The specified secret is of the type Generic, which KMS does not rotate.";
        return Err(Refusal::service(400, "InvalidParameter", message));
    }
    Ok(stored)
}

/// The secret that a request names, which is one that can have a policy.
fn holder_of_policy<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &Context<'_>,
) -> Result<&'s mut StoredSecret, Refusal> {
    let stored = store.find(parameters.required("SecretName")?, context.now)?;
    if stored.secret.instance_id.is_empty() {
        let message = "Only a secret in a KMS instance has a policy.";
        return Err(Refusal::service(400, "Forbidden.KeyPolicyUnSupported", message));
    }
    if parameters.get("PolicyName").is_some_and(|name| name != "default") {
        let message = "The specified policy is not found: there is one named default.";
        return Err(Refusal::service(404, "Forbidden.ResourceNotFound", message));
    }
    Ok(stored)
}

/// The secret that a request names in one of three ways, of which the others stand for what is not emulated.
fn one_resource<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &Context<'_>,
) -> Result<&'s mut StoredSecret, Refusal> {
    match ["SecretName", "KeyId", "CertificateId"].map(|name| parameters.get(name)) {
        [Some(name), None, None] => store.find(name, context.now),
        [None, Some(_), None] => Err(no_key()),
        [None, None, Some(_)] => Err(no_resource()),
        _ => Err(Refusal::invalid_parameter("KeyId", "one of SecretName, KeyId, CertificateId")),
    }
}

/// There are no keys here.
fn no_key() -> Refusal {
    Refusal::service(404, "Forbidden.KeyNotFound", "The specified key is not found.")
}

/// The answer of operations that tell nothing.
fn done(context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Done<'a> {
        request_id: &'a str,
    }
    json(&Done { request_id: context.request_id })
}

/// What answers tell of the rotation of a secret: of a `Generic` one nothing.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RotationFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    automatic_rotation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_rotation_date: Option<String>,
}

impl RotationFields {
    fn of(stored: &StoredSecret) -> Self {
        let schedule = stored.rotation.schedule();
        let state = if schedule.is_some() { "Enabled" } else { "Disabled" };
        Self {
            automatic_rotation: (!stored.is_generic()).then_some(state),
            rotation_interval: schedule.map(|s| format!("{}s", s.interval.num_seconds())),
            next_rotation_date: schedule.map(|schedule| whole_seconds(schedule.next)),
            last_rotation_date: stored.rotation.last().map(whole_seconds),
        }
    }
}

/// The answer of operations that only tell which secret they changed.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Changed<'a> {
    request_id: &'a str,
    secret_name: &'a str,
}

/// A list behind an object, as the service writes lists.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionStages<'a> {
    version_stage: &'a [String],
}

impl<'a> VersionStages<'a> {
    fn new(stages: &'a [String]) -> Self {
        Self { version_stage: stages }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tags<'a> {
    tag: Vec<Tag<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tag<'a> {
    tag_key: &'a str,
    tag_value: &'a str,
}

impl<'a> Tags<'a> {
    /// Those of a secret; one without tags comes without the wrapper too.
    fn of(secret: &'a EmulatedSecret) -> Option<Self> {
        let tag = |tag: &'a EmulatedTag| Tag { tag_key: &tag.key, tag_value: &tag.value };
        let tags = &secret.tags;
        (!tags.is_empty()).then(|| Self { tag: tags.iter().map(tag).collect() })
    }
}

/// A time as the service writes it.
fn whole_seconds(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The body of a successful answer.
fn json(answer: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(answer)
        .map_err(|error| Refusal::service(500, "InternalFailure", error.to_string()))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    const CONTEXT: Context<'_> = Context { now: DateTime::UNIX_EPOCH, request_id: "r", host: "h" };

    fn account() -> Account {
        Account {
            keys: Vec::new(),
            nonces: Nonces::default(),
            quotas: Quotas::default(),
            store: Store::default(),
        }
    }

    /// The code that a request without any signature is refused with.
    #[track_caller]
    fn refused(method: &str, path: &str, query: &str, status: u16, code: &str) {
        let request = Request::new(method, path, query, &HeaderMap::new(), b"");
        let refusal = handle(&request, &mut account(), &CONTEXT).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (status, code));
    }

    #[test]
    fn an_authorization_of_an_unknown_scheme_is_refused_as_such() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Basic fake".parse().unwrap());
        let mut account = account();
        let query = "Action=ListSecrets&Version=2016-01-20";
        let request = Request::new("GET", "/", query, &headers, b"");
        let refusal = handle(&request, &mut account, &CONTEXT).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (400, "InvalidSignatureMethod"));
    }

    #[test]
    fn a_body_that_is_too_long_is_refused_with_an_id() {
        let body = vec![b'x'; MOST_BODY_BYTES + 1];
        let request = Request::new("POST", "/", "", &HeaderMap::new(), &body);
        let refusal = check_shape(&request).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (413, "RequestEntityTooLarge"));
        let request = Request::new("POST", "/", "", &HeaderMap::new(), &body[1..]);
        assert!(check_shape(&request).is_ok());
    }

    #[test]
    fn what_is_asked_for_is_checked_before_who_asks() {
        refused("PUT", "/", "Action=ListSecrets", 403, "UnsupportedHTTPMethod");
        refused("GET", "/", "", 400, "MissingAction");
        refused("GET", "/", "Action=ListSecrets", 400, "MissingVersion");
        refused("GET", "/", "Action=ListSecrets&Version=2014-05-26", 400, "InvalidVersion");
        refused("GET", "/", "Action=a&Action=b", 400, "ParseRequestParameterException");
        let known = "Action=ListSecrets&Version=2016-01-20";
        refused("GET", "/", &format!("{known}&Format=XML"), 400, "InvalidParameter.Format");
        refused("GET", "/", "Action=ListNothing&Version=2016-01-20", 404, "InvalidAction.NotFound");
        refused("GET", "/other", known, 404, "InvalidAction.NotFound");
        refused("GET", "/", known, 400, "MissingAccessKeyId");
        refused("GET", "/", &format!("{known}&Format=json"), 400, "MissingAccessKeyId");
    }
}
