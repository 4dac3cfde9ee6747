//! PutSecretValue:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue>

use serde::Serialize;

use super::request_fields::{secret_data, secret_data_type, version_id};
use super::response_fields::{VersionStages, json};
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::emulator::versions::{CURRENT, Version, version_not_found};

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let stages: Option<Vec<String>> = parameters.json("VersionStages")?;
    let version = Version {
        id: version_id(parameters)?.to_owned(),
        data: secret_data(parameters)?.into(),
        data_type: secret_data_type(parameters)?.to_owned(),
        stages: stages.unwrap_or_else(|| vec![CURRENT.to_owned()]),
        create_time: context.now,
    };
    let id = version.id.clone();
    let stored = target::active_secret(parameters, store, context)?;
    if !stored.is_generic() {
        let message = "Only a secret of the type Generic takes a value.";
        return Err(ErrorResponse::service(400, "UnsupportedOperation", message));
    }
    let key_id = stored.secret.encryption_key_id.clone();
    store.require_encryption_key(&key_id, context.now)?;
    let stored = target::active_secret(parameters, store, context)?;
    stored.versions.put(version)?;
    stored.update_time = context.now;
    let version = stored.versions.get(&id).ok_or_else(version_not_found)?;
    json(&Response {
        request_id: context.request_id,
        secret_name: &stored.secret.name,
        version_id: &version.id,
        version_stages: VersionStages::new(&version.stages),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    secret_name: &'a str,
    version_id: &'a str,
    version_stages: VersionStages<'a>,
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::{Value, json};

    use super::*;
    use crate::emulator::EmulatedSecret;

    const CONTEXT: RequestContext<'_> =
        RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };

    fn put(secret: EmulatedSecret, more: &[(&str, &str)]) -> Result<Value, ErrorResponse> {
        let mut store = Store::default();
        store.add(secret, CONTEXT.now);
        let required = [("SecretName", "a"), ("VersionId", "v2"), ("SecretData", "fake")];
        let parameters = required.iter().chain(more).copied().collect();
        let body = handle(&parameters, &mut store, &CONTEXT)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn new_version_is_current_unless_stages_are_given() {
        let expected = |stages: &[&str]| {
            let stages = json!({"VersionStage": stages});
            json!({"RequestId": "r-1", "SecretName": "a", "VersionId": "v2", "VersionStages": stages})
        };
        assert_eq!(put(EmulatedSecret::new("a"), &[]).unwrap(), expected(&["ACSCurrent"]));
        let stages = [("VersionStages", r#"["canary"]"#)];
        assert_eq!(put(EmulatedSecret::new("a"), &stages).unwrap(), expected(&["canary"]));
    }

    #[test]
    fn managed_or_pending_secret_is_rejected() {
        let code = |secret| {
            let error = put(secret, &[]).unwrap_err();
            (error.status, error.code.into_owned())
        };
        let managed = EmulatedSecret::new("a").secret_type("Rds");
        assert_eq!(code(managed), (400, "UnsupportedOperation".to_owned()));
        let planned = DateTime::from_timestamp(1, 0).unwrap();
        let pending = EmulatedSecret::new("a").planned_delete_time(planned);
        assert_eq!(code(pending), (409, "Rejected.ResourceInDeleteWindow".to_owned()));
    }
}
