//! GetSecretValue: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue>

use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::{Context, RotationFields, VersionStages, json, whole_seconds};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::{Store, StoredSecret};
use crate::emulator::versions::{CURRENT, PREVIOUS, Version, no_version};

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let dry_run = parameters.boolean("DryRun")?;
    let answer = read(parameters, store, context);
    if dry_run { Err(outcome(answer)) } else { answer }
}

/// A dry run is always answered with an error. Its status is not documented.
fn outcome(answer: Result<Vec<u8>, Refusal>) -> Refusal {
    match answer {
        Ok(_) => {
            let message = "The request would have succeeded, but the DryRun parameter was set.";
            Refusal::service(400, "DryRunOperationError", message)
        }
        Err(refusal) => {
            let message = format!("The request would have been refused: {}.", refusal.code);
            Refusal::service(400, "ValidationError", message)
        }
    }
}

fn read(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let fetch_extended_config = parameters.boolean("FetchExtendedConfig")?;
    let stored = store.find(parameters.required("SecretName")?, context.now)?;
    let version = version(parameters, stored)?;
    json(&Answer {
        request_id: context.request_id,
        secret_name: &stored.secret.name,
        version_id: &version.id,
        version_stages: VersionStages::new(&version.stages),
        secret_data: version.data.expose_secret(),
        secret_data_type: &version.data_type,
        secret_type: &stored.secret.secret_type,
        create_time: whole_seconds(stored.create_time),
        extended_config: fetch_extended_config.then(|| stored.extended_config()).flatten(),
        rotation: RotationFields::of(stored),
    })
}

fn version<'s>(parameters: &Parameters, stored: &'s StoredSecret) -> Result<&'s Version, Refusal> {
    let stage = parameters.get("VersionStage");
    let found = match parameters.get("VersionId").filter(|_| stored.is_generic()) {
        Some(id) => {
            // What becomes of two that disagree is not documented: here there is no such version.
            let version = stored.versions.get(id);
            version.filter(|version| stage.is_none_or(|stage| version.has(stage)))
        }
        None if !stored.is_generic() && !matches!(stage, None | Some(CURRENT | PREVIOUS)) => {
            return Err(Refusal::invalid_parameter("VersionStage", "ACSCurrent or ACSPrevious"));
        }
        None => stored.versions.labelled(stage.unwrap_or(CURRENT)),
    };
    found.ok_or_else(no_version)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    request_id: &'a str,
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

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::Value;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::types::{ExtendedConfig, SecretSubType, SecretValue};

    /// Reads from a generic secret and a managed one, each with two versions.
    fn get(name: &str, more: &[(&str, &str)]) -> Result<Value, Refusal> {
        let mut store = Store::default();
        let config = ExtendedConfig::rds(SecretSubType::SingleUser, "rm-fake");
        let managed = EmulatedSecret::new("managed").secret_type("Rds").extended_config(&config);
        for secret in [EmulatedSecret::new("generic"), managed] {
            let values = ["1", "2"].map(SecretValue::text);
            let secret = values.into_iter().fold(secret, EmulatedSecret::value);
            store.add(secret, DateTime::UNIX_EPOCH);
        }
        let parameters = [("SecretName", name)].iter().chain(more).copied().collect();
        let context = Context { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };
        let body = handle(&parameters, &mut store, &context)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn a_version_is_found_by_its_id_or_its_label() {
        let id = |more: &[(&str, &str)]| get("generic", more).map(|told| told["VersionId"].clone());
        assert_eq!(id(&[]).unwrap(), "v2");
        assert_eq!(id(&[("VersionId", "v1")]).unwrap(), "v1");
        assert_eq!(id(&[("VersionStage", "ACSPrevious")]).unwrap(), "v1");
        assert_eq!(id(&[("VersionId", "v1"), ("VersionStage", "ACSPrevious")]).unwrap(), "v1");
        assert!(id(&[("VersionId", "v1"), ("VersionStage", "ACSCurrent")]).is_err());
        assert_eq!(id(&[("VersionId", "v9")]).unwrap_err().status, 404);
    }

    #[test]
    fn a_managed_secret_has_two_labels_and_no_ids() {
        let told = get("managed", &[("VersionId", "v1")]).unwrap();
        assert_eq!(told["VersionId"], "v2");
        let refusal = get("managed", &[("VersionStage", "canary")]).unwrap_err();
        assert_eq!(refusal.code, "InvalidParameter");
    }

    #[test]
    fn the_configuration_comes_on_demand_and_for_managed_secrets() {
        let config = r#"{"DBInstanceId":"rm-fake","SecretSubType":"SingleUser"}"#;
        let asked = [("FetchExtendedConfig", "True")];
        assert_eq!(get("managed", &asked).unwrap()["ExtendedConfig"], config);
        assert_eq!(get("managed", &[]).unwrap().get("ExtendedConfig"), None);
        assert_eq!(get("generic", &asked).unwrap().get("ExtendedConfig"), None);
    }

    #[test]
    fn a_dry_run_is_answered_with_an_error_whatever_would_become_of_it() {
        let code = |name| get(name, &[("DryRun", "true")]).unwrap_err().code;
        assert_eq!(code("generic"), "DryRunOperationError");
        assert_eq!(code("none"), "ValidationError");
        assert!(get("generic", &[("DryRun", "false")]).is_ok());
    }
}
