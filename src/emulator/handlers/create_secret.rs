//! CreateSecret:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createsecret>

use serde::Serialize;
use serde_json::{Map, Value};

use super::policy;
use super::request_fields::{
    instance_id, rotation_interval, secret_data, secret_data_type, tags, version_id,
};
use super::response_fields::{RotationFields, json};
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::rotation::generated_value;
use crate::emulator::secret::{EmulatedSecret, GENERIC};
use crate::emulator::store::Store;
use crate::types::SecretValue;

/// Means a name or a value that KMS generates.
const AUTO: &str = "$Auto";

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let version_id = version_id(parameters)?;
    let secret = secret(parameters)?;
    let interval = rotation_interval(parameters)?;
    check_combination(parameters, &secret)?;
    let value = value(parameters, &secret.secret_type, version_id)?;
    let value = SecretValue::encoded(value, secret_data_type(parameters)?.into());
    let secret = secret.version(version_id, value);
    store.require_encryption_key(&secret.encryption_key_id, context.now)?;
    let stored = store.create(secret, context.now)?;
    if let Some(interval) = interval {
        stored.rotation.enable(interval, context.now, context.now);
    }
    if let Some(policy) = parameters.get("Policy") {
        policy.clone_into(&mut stored.policy);
    }
    json(&Response {
        request_id: context.request_id,
        arn: stored.arn.clone(),
        secret_name: &stored.secret.name,
        version_id,
        secret_type: &stored.secret.secret_type,
        instance_id: &stored.secret.instance_id,
        rotation: RotationFields::from_secret(stored),
        extended_config: stored.extended_config(),
    })
}

/// Returns the requested secret, without its value.
fn secret(parameters: &Parameters) -> Result<EmulatedSecret, ErrorResponse> {
    let secret_type = secret_type(parameters)?;
    let extended_config = extended_config(parameters, secret_type)?;
    let name = name(parameters.required("SecretName")?, secret_type, &extended_config)?;
    let text = |name: &str| parameters.get(name).unwrap_or_default();
    let mut secret = EmulatedSecret::new(name)
        .secret_type(secret_type)
        .description(text("Description"))
        .encryption_key_id(text("EncryptionKeyId"))
        .instance_id(instance_id(parameters)?);
    secret.tags = tags(parameters)?;
    secret.extended_config = extended_config;
    Ok(secret)
}

fn secret_type(parameters: &Parameters) -> Result<&str, ErrorResponse> {
    match parameters.get("SecretType").unwrap_or(GENERIC) {
        known @ (GENERIC | "Rds" | "Redis" | "RAMCredentials" | "ECS" | "PolarDB") => Ok(known),
        _ => Err(ErrorResponse::invalid_parameter("SecretType", "one of the six types")),
    }
}

/// Returns the extended configuration of a managed secret; a generic one has none.
fn extended_config(
    parameters: &Parameters,
    secret_type: &str,
) -> Result<Map<String, Value>, ErrorResponse> {
    let required: &[&str] = match secret_type {
        "Rds" => &["SecretSubType", "DBInstanceId"],
        "Redis" => &[
            "SecretSubType",
            "AccountName",
            "CloneAccountName",
            "AccountPrivilege",
            "InstanceId",
            "RegionId",
        ],
        "RAMCredentials" => &["SecretSubType", "UserName"],
        "ECS" => &["SecretSubType", "RegionId", "InstanceId"],
        "PolarDB" => &["SecretSubType", "RegionId", "DBClusterId", "DBType", "AccountName"],
        _ => return Ok(Map::new()),
    };
    let text = parameters.required("ExtendedConfig")?;
    let config: Map<String, Value> = parameters.json("ExtendedConfig")?.unwrap_or_default();
    if text.chars().count() > 1_024 {
        let allowed = "at most 1,024 characters";
        return Err(ErrorResponse::invalid_parameter("ExtendedConfig", allowed));
    }
    match required.iter().find(|&&field| !config.get(field).is_some_and(Value::is_string)) {
        Some(missing) => Err(ErrorResponse::invalid_parameter(
            "ExtendedConfig",
            &format!("{missing} is missing"),
        )),
        None => Ok(config),
    }
}

/// Returns the name of the secret, which KMS generates for some types.
fn name(
    requested: &str,
    secret_type: &str,
    extended_config: &Map<String, Value>,
) -> Result<String, ErrorResponse> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_/+=.-@".contains(c);
    let is_valid = (1..=192).contains(&requested.len()) && requested.chars().all(is_allowed);
    let allowed = match secret_type {
        "RAMCredentials" => requested == AUTO,
        "ECS" => is_valid && requested.starts_with("acs/ecs/"),
        "PolarDB" => is_valid,
        _ => is_valid && !requested.starts_with("acs/"),
    };
    if !allowed {
        return Err(ErrorResponse::invalid_parameter(
            "SecretName",
            "a name that the type can have",
        ));
    }
    Ok(match extended_config.get("UserName").and_then(Value::as_str) {
        Some(user) if requested == AUTO => format!("acs/ram/user/{user}"),
        _ => requested.to_owned(),
    })
}

/// Rejects parameters that the type of the secret does not support.
fn check_combination(
    parameters: &Parameters,
    secret: &EmulatedSecret,
) -> Result<(), ErrorResponse> {
    let unsupported = |message| Err(ErrorResponse::service(400, "UnsupportedOperation", message));
    let generic = secret.secret_type == GENERIC;
    if generic && parameters.boolean("EnableAutomaticRotation")? {
        return unsupported("A secret of the type Generic is not rotated.");
    }
    if !generic && secret_data_type(parameters)? != "text" {
        return unsupported("Only a secret of the type Generic can be binary.");
    }
    match parameters.get("Policy") {
        Some(_) if secret.instance_id.is_empty() => {
            unsupported("Only a secret in a KMS instance has a policy.")
        }
        Some(policy) => policy::check(policy),
        None => Ok(()),
    }
}

/// Returns the value of the first version: of several accounts or access keys the first one.
fn value(
    parameters: &Parameters,
    secret_type: &str,
    version_id: &str,
) -> Result<String, ErrorResponse> {
    let data = secret_data(parameters)?;
    let invalid = |allowed| ErrorResponse::invalid_parameter("SecretData", allowed);
    let first_of = |list: &str, allowed| {
        let all: Value = serde_json::from_str(data).map_err(|_| invalid(allowed))?;
        let first = all.get(list).and_then(|list| list.get(0)).filter(|first| first.is_object());
        first.map(Value::to_string).ok_or_else(|| invalid(allowed))
    };
    match secret_type {
        "Rds" => first_of("Accounts", "an object with a list of Accounts"),
        "RAMCredentials" => first_of("AccessKeys", "an object with a list of AccessKeys"),
        "Redis" | "PolarDB" if data == AUTO => Ok(generated_value(secret_type, version_id)),
        "Redis" | "PolarDB" => Err(invalid(AUTO)),
        _ => Ok(data.to_owned()),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    arn: String,
    secret_name: &'a str,
    version_id: &'a str,
    secret_type: &'a str,
    #[serde(rename = "DKMSInstanceId", skip_serializing_if = "str::is_empty")]
    instance_id: &'a str,
    #[serde(flatten)]
    rotation: RotationFields,
    /// The JSON text of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_config: Option<String>,
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use serde_json::json;

    use super::*;
    use crate::emulator::handlers::get_secret_value;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn create_on(
        day_number: i64,
        store: &mut Store,
        parameters: &[(&str, &str)],
    ) -> Result<Value, ErrorResponse> {
        let context = RequestContext { now: day(day_number), request_id: "r-1", host: "host" };
        let body = handle(&parameters.iter().copied().collect(), store, &context)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    fn create(parameters: &[(&str, &str)]) -> Result<Value, ErrorResponse> {
        create_on(0, &mut Store::default(), parameters)
    }

    /// Returns the parameters of a secret of this type, with all that it requires.
    fn required<'a>(secret_type: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let (name, data, config) = match secret_type {
            "Rds" => (
                "a",
                r#"{"Accounts":[{"AccountName":"fake"}]}"#,
                r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#,
            ),
            "Redis" => (
                "a",
                AUTO,
                r#"{"SecretSubType":"DoubleUsers","AccountName":"a","CloneAccountName":"a_clone",
                    "AccountPrivilege":"RoleReadOnly","InstanceId":"r-1","RegionId":"cn-hangzhou"}"#,
            ),
            "RAMCredentials" => (
                AUTO,
                r#"{"AccessKeys":[{"AccessKeyId":"fake"}]}"#,
                r#"{"SecretSubType":"RamUserAccessKey","UserName":"robot"}"#,
            ),
            "ECS" => (
                "acs/ecs/a",
                r#"{"UserName":"fake","Password":"fake"}"#,
                r#"{"SecretSubType":"Password","RegionId":"cn-hangzhou","InstanceId":"i-1"}"#,
            ),
            _ => ("a", "fake", ""),
        };
        let all = [
            ("SecretType", secret_type),
            ("SecretName", name),
            ("VersionId", "v1"),
            ("SecretData", data),
            ("ExtendedConfig", config),
        ];
        let is_set = |(name, _): &(&str, &str)| more.iter().all(|(other, _)| other != name);
        all.into_iter().filter(is_set).chain(more.iter().copied()).collect()
    }

    #[track_caller]
    fn assert_rejected(secret_type: &str, more: &[(&str, &str)], status: u16, code: &str) {
        let error = create(&required(secret_type, more)).unwrap_err();
        assert_eq!((error.status, &*error.code), (status, code), "{more:?}");
    }

    #[test]
    fn generic_secret_requires_name_version_and_value() {
        let response = create(&[("SecretName", "a"), ("VersionId", "v1"), ("SecretData", "x")]);
        let arn = "acs:kms:cn-hangzhou:1234567890123456:secret/a";
        let expected = json!({
            "RequestId": "r-1", "Arn": arn, "SecretName": "a", "VersionId": "v1", "SecretType": "Generic",
        });
        assert_eq!(response, Ok(expected));
        for missing in ["SecretName", "VersionId", "SecretData"] {
            let mut parameters = required(GENERIC, &[]);
            parameters.retain(|(name, _)| *name != missing);
            assert_eq!(create(&parameters).unwrap_err().code, "MissingParameter");
        }
    }

    #[test]
    fn each_type_has_its_own_name_and_value() {
        for (secret_type, name, value) in [
            (GENERIC, "a", "fake"),
            ("Rds", "a", r#"{"AccountName":"fake"}"#),
            ("Redis", "a", r#"{"AccountName":"fake-user","AccountPassword":"fake-password-v1"}"#),
            ("RAMCredentials", "acs/ram/user/robot", r#"{"AccessKeyId":"fake"}"#),
            ("ECS", "acs/ecs/a", r#"{"UserName":"fake","Password":"fake"}"#),
        ] {
            let mut store = Store::default();
            let response = create_on(0, &mut store, &required(secret_type, &[])).unwrap();
            assert_eq!(response["SecretName"], name);
            let context = RequestContext { now: day(0), request_id: "r-2", host: "host" };
            let read = [("SecretName", name)].into();
            let body = get_secret_value::handle(&read, &mut store, &context).unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["SecretData"], value);
        }
    }

    #[test]
    fn rotation_starts_an_interval_after_the_creation() {
        let weekly = [("EnableAutomaticRotation", "true"), ("RotationInterval", "7d")];
        let response = create(&required("Rds", &weekly)).unwrap();
        assert_eq!(response["AutomaticRotation"], "Enabled");
        assert_eq!(response["NextRotationDate"], "1970-01-08T00:00:00Z");
        let response = create(&required("Rds", &[])).unwrap();
        assert_eq!(response["AutomaticRotation"], "Disabled");
        assert_rejected("Rds", &weekly[..1], 400, "MissingParameter");
        assert_rejected(GENERIC, &weekly, 400, "UnsupportedOperation");
    }

    #[test]
    fn name_is_in_use_until_the_recovery_window_ends() {
        let mut store = Store::default();
        let generic = required(GENERIC, &[]);
        create_on(0, &mut store, &generic).unwrap();
        let code = |day, store: &mut Store| create_on(day, store, &generic).unwrap_err().code;
        assert_eq!(code(1, &mut store), "Rejected.ResourceExist");
        store.find("a", day(1)).unwrap().secret.planned_delete_time = Some(day(8));
        assert_eq!(code(7, &mut store), "Rejected.ResourceInDeleteWindow");
        assert!(create_on(8, &mut store, &generic).is_ok());
    }

    #[test]
    fn name_or_value_that_the_type_does_not_allow_is_rejected() {
        for (secret_type, name) in [
            (GENERIC, "acs/a"),
            (GENERIC, ""),
            (GENERIC, "a b"),
            ("Rds", "acs/a"),
            ("ECS", "a"),
            (GENERIC, &"n".repeat(193)),
            ("RAMCredentials", "a"),
        ] {
            assert_rejected(secret_type, &[("SecretName", name)], 400, "InvalidParameter");
        }
        assert!(create(&required(GENERIC, &[("SecretName", &"n".repeat(192))])).is_ok());
        for secret_type in ["Rds", "RAMCredentials", "Redis"] {
            assert_rejected(secret_type, &[("SecretData", "x")], 400, "InvalidParameter");
            assert_rejected(secret_type, &[("SecretData", "{}")], 400, "InvalidParameter");
            assert_rejected(secret_type, &[("ExtendedConfig", "{}")], 400, "InvalidParameter");
            assert_rejected(
                secret_type,
                &[("SecretDataType", "binary")],
                400,
                "UnsupportedOperation",
            );
        }
        let config = |length: usize| {
            let start =
                r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1","CustomData":{"a":""#;
            let text = format!("{start}{}\"}}}}", "é".repeat(length - start.len() - 3));
            assert_eq!(text.chars().count(), length);
            text
        };
        assert!(create(&required("Rds", &[("ExtendedConfig", &config(1_024))])).is_ok());
        assert_rejected("Rds", &[("ExtendedConfig", &config(1_025))], 400, "InvalidParameter");
        assert_rejected("Mainframe", &[], 400, "InvalidParameter");
        assert!(create(&required(GENERIC, &[("SecretDataType", "binary")])).is_ok());
    }

    #[test]
    fn instance_tags_or_policy_outside_the_limits_are_rejected() {
        let policy = ("Policy", r#"{"Version":"1","Statement":[]}"#);
        let instance = ("DKMSInstanceId", "kst-fake");
        assert!(create(&required(GENERIC, &[policy, instance])).is_ok());
        assert_rejected(GENERIC, &[policy], 400, "UnsupportedOperation");
        assert_rejected(GENERIC, &[("Policy", "{}"), instance], 400, "InvalidParameter");
        assert_rejected(GENERIC, &[("DKMSInstanceId", "x")], 403, "Forbidden.DKMSInstanceNotFound");
        let tags = |count: u32, key: &str| {
            let tag = |n| json!({"TagKey": format!("{key}{n}"), "TagValue": ""});
            Value::from((0..count).map(tag).collect::<Vec<_>>()).to_string()
        };
        assert!(create(&required(GENERIC, &[("Tags", &tags(20, "k"))])).is_ok());
        assert_rejected(GENERIC, &[("Tags", &tags(21, "k"))], 400, "Rejected.LimitExceeded");
        assert_rejected(GENERIC, &[("Tags", &tags(1, "acs:"))], 400, "InvalidParameter");
    }
}
