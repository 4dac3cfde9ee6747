//! GetSecretValue:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue>

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::response_fields::{RotationFields, VersionStages, json, whole_seconds};
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::{Store, StoredSecret};
use crate::emulator::versions::{CURRENT, PREVIOUS, Version, version_not_found};

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let fetch_extended_config = parameters.boolean("FetchExtendedConfig")?;
    let stored = target::decryptable_secret(parameters, store, context)?;
    let (id, stage) = (parameters.get("VersionId"), parameters.get("VersionStage"));
    let version = version(id, stage, stored)?;
    json(&Response::new(stored, version, fetch_extended_config, Some(context.request_id)))
}

const MAX_BATCH: usize = 20;

/// BatchGetSecretValue, which reads each secret as GetSecretValue does:
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-batchgetsecretvalue>
pub(super) fn handle_batch(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let secrets: Vec<BatchEntry> = parameters
        .json("SecretsList")?
        .ok_or_else(|| ErrorResponse::missing_parameter("SecretsList"))?;
    if !(1..=MAX_BATCH).contains(&secrets.len()) {
        return Err(ErrorResponse::invalid_parameter("SecretsList", "1 to 20 secrets"));
    }
    let (mut secret_values, mut errors) = (Vec::new(), Vec::new());
    for BatchEntry { secret_name, version_id, version_stage, fetch_extended_config } in &secrets {
        let read = store.find_decryptable(secret_name, context.now).and_then(|stored| {
            let version = version(version_id.as_deref(), version_stage.as_deref(), stored)?;
            let fetch = fetch_extended_config.as_deref() == Some("true");
            serde_json::to_value(Response::new(stored, version, fetch, None))
                .map_err(|error| ErrorResponse::service(500, "InternalFailure", error.to_string()))
        });
        match read {
            Ok(value) => secret_values.push(value),
            Err(error) => errors.push(json!({
                "Code": error.code,
                "HttpStatus": error.status,
                "Message": error.message,
                "SecretName": secret_name,
            })),
        }
    }
    let request_id = context.request_id;
    json(&json!({ "RequestId": request_id, "SecretValues": secret_values, "Errors": errors }))
}

/// One entry of `SecretsList`, whose flag is a text.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchEntry {
    secret_name: String,
    version_id: Option<String>,
    version_stage: Option<String>,
    fetch_extended_config: Option<String>,
}

fn version<'s>(
    id: Option<&str>,
    stage: Option<&str>,
    stored: &'s StoredSecret,
) -> Result<&'s Version, ErrorResponse> {
    let found = match id.filter(|_| stored.is_generic()) {
        Some(id) => {
            // What the service does if the id and the stage disagree is not documented: here such a
            // version does not exist.
            let version = stored.versions.get(id);
            version.filter(|version| stage.is_none_or(|stage| version.has_stage(stage)))
        }
        None if !stored.is_generic() && !matches!(stage, None | Some(CURRENT | PREVIOUS)) => {
            return Err(ErrorResponse::invalid_parameter(
                "VersionStage",
                "ACSCurrent or ACSPrevious",
            ));
        }
        None => stored.versions.with_stage(stage.unwrap_or(CURRENT)),
    };
    found.ok_or_else(version_not_found)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    secret_name: &'a str,
    version_id: &'a str,
    version_stages: VersionStages<'a>,
    secret_data: &'a str,
    secret_data_type: &'a str,
    secret_type: &'a str,
    create_time: String,
    /// The JSON text of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_config: Option<String>,
    #[serde(flatten)]
    rotation: RotationFields,
}

impl<'a> Response<'a> {
    fn new(
        stored: &'a StoredSecret,
        version: &'a Version,
        fetch_extended_config: bool,
        request_id: Option<&'a str>,
    ) -> Self {
        Self {
            request_id,
            secret_name: &stored.secret.name,
            version_id: &version.id,
            version_stages: VersionStages::new(&version.stages),
            secret_data: version.data.expose_secret(),
            secret_data_type: &version.data_type,
            secret_type: &stored.secret.secret_type,
            create_time: whole_seconds(stored.create_time),
            extended_config: fetch_extended_config.then(|| stored.extended_config()).flatten(),
            rotation: RotationFields::from_secret(stored),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::Value;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::emulator::handlers::test_account::TestAccount;
    use crate::emulator::handlers::{disable_key, enable_key, put_secret_value};
    use crate::types::{ExtendedConfig, SecretSubType, SecretValue};

    /// Reads from a generic secret and a managed one, each with two versions.
    fn get(name: &str, more: &[(&str, &str)]) -> Result<Value, ErrorResponse> {
        let mut store = Store::default();
        let config = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-fake");
        let managed = EmulatedSecret::new("managed").secret_type("Rds").extended_config(&config);
        for secret in [EmulatedSecret::new("generic"), managed] {
            let values = ["1", "2"].map(SecretValue::text);
            let secret = values.into_iter().fold(secret, EmulatedSecret::value);
            store.add(secret, DateTime::UNIX_EPOCH);
        }
        let parameters = [("SecretName", name)].iter().chain(more).copied().collect();
        let context = RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };
        let body = handle(&parameters, &mut store, &context)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn version_is_found_by_its_id_or_its_stage() {
        let id = |more: &[(&str, &str)]| get("generic", more).map(|body| body["VersionId"].clone());
        assert_eq!(id(&[]).unwrap(), "v2");
        assert_eq!(id(&[("VersionId", "v1")]).unwrap(), "v1");
        assert_eq!(id(&[("VersionStage", "ACSPrevious")]).unwrap(), "v1");
        assert_eq!(id(&[("VersionId", "v1"), ("VersionStage", "ACSPrevious")]).unwrap(), "v1");
        assert!(id(&[("VersionId", "v1"), ("VersionStage", "ACSCurrent")]).is_err());
        assert_eq!(id(&[("VersionId", "v9")]).unwrap_err().status, 404);
    }

    #[test]
    fn managed_secret_is_read_by_two_stages_and_no_id() {
        let body = get("managed", &[("VersionId", "v1")]).unwrap();
        assert_eq!(body["VersionId"], "v2");
        let error = get("managed", &[("VersionStage", "canary")]).unwrap_err();
        assert_eq!(error.code, "InvalidParameter");
    }

    #[test]
    fn extended_config_is_returned_on_request() {
        let config = r#"{"DBInstanceId":"rm-fake","SecretSubType":"SingleUser"}"#;
        let asked = [("FetchExtendedConfig", "True")];
        assert_eq!(get("managed", &asked).unwrap()["ExtendedConfig"], config);
        assert_eq!(get("managed", &[]).unwrap().get("ExtendedConfig"), None);
        assert_eq!(get("generic", &asked).unwrap().get("ExtendedConfig"), None);
    }

    #[test]
    fn secret_is_unreadable_while_its_key_is_unusable() {
        let mut account = TestAccount::new();
        let key = account.key(&[]);
        let secret = EmulatedSecret::new("a").encryption_key_id(&*key);
        account.store.add(secret, account.now);
        let named = [("SecretName", "a")];
        let put = [("SecretName", "a"), ("VersionId", "v2"), ("SecretData", "fake")];
        let batch = [("SecretsList", r#"[{"SecretName":"a"}]"#)];
        assert_eq!(account.code(handle, &named), "ok");
        let by_id = [("KeyId", &*key)];
        account.call(disable_key::handle, &by_id).unwrap();
        assert_eq!(account.code(handle, &named), "Rejected.Disabled");
        assert_eq!(account.code(put_secret_value::handle, &put), "Rejected.Disabled");
        let read = account.call(handle_batch, &batch).unwrap();
        assert_eq!(read["Errors"][0]["Code"], "Rejected.Disabled");
        account.call(enable_key::handle, &by_id).unwrap();
        assert_eq!(account.code(put_secret_value::handle, &put), "ok");
        account.schedule_deletion(&key);
        assert_eq!(account.code(handle, &named), "Rejected.PendingDeletion");
        account.advance_days(7);
        assert_eq!(account.code(handle, &named), "Forbidden.KeyNotFound");
    }
}
