//! CreateSecret: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createsecret>

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Context, RotationFields, json, rotation_interval, secret_data, secret_data_type,
    set_secret_policy, version_id,
};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::rotation::made_up_value;
use crate::emulator::secret::{EmulatedSecret, EmulatedTag, GENERIC};
use crate::emulator::store::Store;
use crate::emulator::tags;
use crate::types::SecretValue;

/// Stands for a name or a value that is made up here.
const AUTO: &str = "$Auto";

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let version_id = version_id(parameters)?;
    let secret = secret(parameters)?;
    let interval = match parameters.boolean("EnableAutomaticRotation")? {
        true => Some(rotation_interval(parameters)?),
        false => None,
    };
    check_combination(parameters, &secret)?;
    let value = value(parameters, &secret.secret_type, version_id)?;
    let value = SecretValue::encoded(value, secret_data_type(parameters)?.into());
    let secret = secret.version(version_id, value);
    let stored = store.create(secret, context.now)?;
    if let Some(interval) = interval {
        stored.rotation.enable(interval, context.now, context.now);
    }
    if let Some(policy) = parameters.get("Policy") {
        policy.clone_into(&mut stored.policy);
    }
    json(&Answer {
        request_id: context.request_id,
        arn: stored.arn.clone(),
        secret_name: &stored.secret.name,
        version_id,
        secret_type: &stored.secret.secret_type,
        instance_id: &stored.secret.instance_id,
        rotation: RotationFields::of(stored),
        extended_config: stored.extended_config(),
    })
}

/// The secret as it was asked for, without its value.
fn secret(parameters: &Parameters) -> Result<EmulatedSecret, Refusal> {
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

fn secret_type(parameters: &Parameters) -> Result<&str, Refusal> {
    match parameters.get("SecretType").unwrap_or(GENERIC) {
        known @ (GENERIC | "Rds" | "Redis" | "RAMCredentials" | "ECS" | "PolarDB") => Ok(known),
        _ => Err(Refusal::invalid_parameter("SecretType", "one of the six types")),
    }
}

/// What a managed secret opens. A generic one has nothing of it.
fn extended_config(
    parameters: &Parameters,
    secret_type: &str,
) -> Result<Map<String, Value>, Refusal> {
    let needed: &[&str] = match secret_type {
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
        return Err(Refusal::invalid_parameter("ExtendedConfig", "at most 1024 characters"));
    }
    match needed.iter().find(|&&field| !config.get(field).is_some_and(Value::is_string)) {
        Some(missing) => {
            Err(Refusal::invalid_parameter("ExtendedConfig", &format!("{missing} is missing")))
        }
        None => Ok(config),
    }
}

/// The name that a secret gets.
fn name(
    asked: &str,
    secret_type: &str,
    extended_config: &Map<String, Value>,
) -> Result<String, Refusal> {
    let is_known = |c: char| c.is_ascii_alphanumeric() || "_/+=.-@".contains(c);
    let fits = (1..=192).contains(&asked.len()) && asked.chars().all(is_known);
    let allowed = match secret_type {
        "RAMCredentials" => asked == AUTO,
        "ECS" => fits && asked.starts_with("acs/ecs/"),
        "PolarDB" => fits,
        _ => fits && !asked.starts_with("acs/"),
    };
    if !allowed {
        return Err(Refusal::invalid_parameter("SecretName", "a name that the type can have"));
    }
    Ok(match extended_config.get("UserName").and_then(Value::as_str) {
        Some(user) if asked == AUTO => format!("acs/ram/user/{user}"),
        _ => asked.to_owned(),
    })
}

/// Which instances there are nobody told: all that are named as the service names them.
fn instance_id(parameters: &Parameters) -> Result<&str, Refusal> {
    match parameters.get("DKMSInstanceId") {
        Some(id) if !id.starts_with("kst-") => Err(Refusal::service(
            403,
            "Forbidden.DKMSInstanceNotFound",
            "The specified KMS instance is not found.",
        )),
        id => Ok(id.unwrap_or_default()),
    }
}

fn tags(parameters: &Parameters) -> Result<Vec<EmulatedTag>, Refusal> {
    let tags: Vec<EmulatedTag> = parameters.json("Tags")?.unwrap_or_default();
    if tags.iter().any(|tag| tags::check(&tag.key, &tag.value).is_err()) {
        let allowed = "tags with keys and values of at most 128 characters";
        return Err(Refusal::invalid_parameter("Tags", allowed));
    }
    tags::with(&[], tags)
}

/// What only some secrets have.
fn check_combination(parameters: &Parameters, secret: &EmulatedSecret) -> Result<(), Refusal> {
    let unsupported = |message| Err(Refusal::service(400, "UnsupportedOperation", message));
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
        Some(policy) => set_secret_policy::check(policy),
        None => Ok(()),
    }
}

/// What is read of the secret from now on: of several accounts or keys the first.
fn value(parameters: &Parameters, secret_type: &str, version_id: &str) -> Result<String, Refusal> {
    let data = secret_data(parameters)?;
    let refused = |allowed| Refusal::invalid_parameter("SecretData", allowed);
    let first_of = |list: &str, allowed| {
        let all: Value = serde_json::from_str(data).map_err(|_| refused(allowed))?;
        let first = all.get(list).and_then(|list| list.get(0)).filter(|first| first.is_object());
        first.map(Value::to_string).ok_or_else(|| refused(allowed))
    };
    match secret_type {
        "Rds" => first_of("Accounts", "an object with a list of Accounts"),
        "RAMCredentials" => first_of("AccessKeys", "an object with a list of AccessKeys"),
        "Redis" | "PolarDB" if data == AUTO => Ok(made_up_value(secret_type, version_id)),
        "Redis" | "PolarDB" => Err(refused(AUTO)),
        _ => Ok(data.to_owned()),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
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

    use super::super::get_secret_value;
    use super::*;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn create_on(
        day_number: i64,
        store: &mut Store,
        parameters: &[(&str, &str)],
    ) -> Result<Value, Refusal> {
        let context = Context { now: day(day_number), request_id: "r-1", host: "host" };
        let body = handle(&parameters.iter().copied().collect(), store, &context)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    fn create(parameters: &[(&str, &str)]) -> Result<Value, Refusal> {
        create_on(0, &mut Store::default(), parameters)
    }

    /// A request for a secret of a type, with all that it needs.
    fn needed<'a>(secret_type: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
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
    fn refused(secret_type: &str, more: &[(&str, &str)], status: u16, code: &str) {
        let refusal = create(&needed(secret_type, more)).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (status, code), "{more:?}");
    }

    #[test]
    fn a_generic_secret_needs_a_name_an_id_and_a_value() {
        let answer = create(&[("SecretName", "a"), ("VersionId", "v1"), ("SecretData", "x")]);
        let arn = "acs:kms:cn-hangzhou:1234567890123456:secret/a";
        let expected = json!({
            "RequestId": "r-1", "Arn": arn, "SecretName": "a", "VersionId": "v1", "SecretType": "Generic",
        });
        assert_eq!(answer, Ok(expected));
        for missing in ["SecretName", "VersionId", "SecretData"] {
            let mut parameters = needed(GENERIC, &[]);
            parameters.retain(|(name, _)| *name != missing);
            assert_eq!(create(&parameters).unwrap_err().code, "MissingParameter");
        }
    }

    #[test]
    fn each_type_is_created_with_its_name_and_read_with_its_value() {
        for (secret_type, name, value) in [
            (GENERIC, "a", "fake"),
            ("Rds", "a", r#"{"AccountName":"fake"}"#),
            ("Redis", "a", r#"{"AccountName":"fake-user","AccountPassword":"fake-password-v1"}"#),
            ("RAMCredentials", "acs/ram/user/robot", r#"{"AccessKeyId":"fake"}"#),
            ("ECS", "acs/ecs/a", r#"{"UserName":"fake","Password":"fake"}"#),
        ] {
            let mut store = Store::default();
            let answer = create_on(0, &mut store, &needed(secret_type, &[])).unwrap();
            assert_eq!(answer["SecretName"], name);
            let context = Context { now: day(0), request_id: "r-2", host: "host" };
            let read = [("SecretName", name)].into();
            let body = get_secret_value::handle(&read, &mut store, &context).unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["SecretData"], value);
        }
    }

    #[test]
    fn rotation_begins_an_interval_after_the_creation() {
        let weekly = [("EnableAutomaticRotation", "true"), ("RotationInterval", "7d")];
        let answer = create(&needed("Rds", &weekly)).unwrap();
        assert_eq!(answer["AutomaticRotation"], "Enabled");
        assert_eq!(answer["NextRotationDate"], "1970-01-08T00:00:00Z");
        let answer = create(&needed("Rds", &[])).unwrap();
        assert_eq!(answer["AutomaticRotation"], "Disabled");
        refused("Rds", &weekly[..1], 400, "MissingParameter");
        refused(GENERIC, &weekly, 400, "UnsupportedOperation");
    }

    #[test]
    fn a_name_is_taken_until_the_deletion_window_has_passed() {
        let mut store = Store::default();
        let generic = needed(GENERIC, &[]);
        create_on(0, &mut store, &generic).unwrap();
        let code = |day, store: &mut Store| create_on(day, store, &generic).unwrap_err().code;
        assert_eq!(code(1, &mut store), "Rejected.ResourceExist");
        store.find("a", day(1)).unwrap().secret.planned_delete_time = Some(day(8));
        assert_eq!(code(7, &mut store), "Rejected.ResourceInDeleteWindow");
        assert!(create_on(8, &mut store, &generic).is_ok());
    }

    #[test]
    fn names_and_values_have_to_fit_the_type() {
        for (secret_type, name) in [
            (GENERIC, "acs/a"),
            (GENERIC, ""),
            (GENERIC, "a b"),
            ("Rds", "acs/a"),
            ("ECS", "a"),
            ("RAMCredentials", "a"),
        ] {
            refused(secret_type, &[("SecretName", name)], 400, "InvalidParameter");
        }
        for secret_type in ["Rds", "RAMCredentials", "Redis"] {
            refused(secret_type, &[("SecretData", "x")], 400, "InvalidParameter");
            refused(secret_type, &[("SecretData", "{}")], 400, "InvalidParameter");
            refused(secret_type, &[("ExtendedConfig", "{}")], 400, "InvalidParameter");
            refused(secret_type, &[("SecretDataType", "binary")], 400, "UnsupportedOperation");
        }
        let long = format!(
            r#"{{"SecretSubType":"SingleUser","DBInstanceId":"rm-1","CustomData":{{"a":"{}"}}}}"#,
            "x".repeat(1_024)
        );
        refused("Rds", &[("ExtendedConfig", &long)], 400, "InvalidParameter");
        refused("Mainframe", &[], 400, "InvalidParameter");
        assert!(create(&needed(GENERIC, &[("SecretDataType", "binary")])).is_ok());
    }

    #[test]
    fn instances_tags_and_policies_have_limits() {
        let policy = ("Policy", r#"{"Version":"1","Statement":[]}"#);
        let instance = ("DKMSInstanceId", "kst-fake");
        assert!(create(&needed(GENERIC, &[policy, instance])).is_ok());
        refused(GENERIC, &[policy], 400, "UnsupportedOperation");
        refused(GENERIC, &[("Policy", "{}"), instance], 400, "InvalidParameter");
        refused(GENERIC, &[("DKMSInstanceId", "x")], 403, "Forbidden.DKMSInstanceNotFound");
        let tags = |count: u32, key: &str| {
            let tag = |n| json!({"TagKey": format!("{key}{n}"), "TagValue": ""});
            Value::from((0..count).map(tag).collect::<Vec<_>>()).to_string()
        };
        assert!(create(&needed(GENERIC, &[("Tags", &tags(20, "k"))])).is_ok());
        refused(GENERIC, &[("Tags", &tags(21, "k"))], 400, "Rejected.LimitExceeded");
        refused(GENERIC, &[("Tags", &tags(1, "acs:"))], 400, "InvalidParameter");
    }
}
