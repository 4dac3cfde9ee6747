//! DescribeSecret:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describesecret>

use serde::Serialize;

use super::response_fields::{RotationFields, Tags, json, whole_seconds};
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let fetch_tags = parameters.boolean("FetchTags")?;
    let stored = target::secret(parameters, store, context)?;
    let secret = &stored.secret;
    json(&Response {
        request_id: context.request_id,
        arn: stored.arn.clone(),
        secret_name: &secret.name,
        secret_type: &secret.secret_type,
        description: &secret.description,
        encryption_key_id: &secret.encryption_key_id,
        instance_id: &secret.instance_id,
        create_time: whole_seconds(stored.create_time),
        update_time: whole_seconds(stored.update_time),
        planned_delete_time: secret.planned_delete_time.map(whole_seconds),
        extended_config: stored.extended_config(),
        rotation: RotationFields::from_secret(stored),
        tags: fetch_tags.then(|| Tags::from_secret(secret)).flatten(),
        owing_service: &secret.owning_service,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    arn: String,
    secret_name: &'a str,
    secret_type: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    encryption_key_id: &'a str,
    #[serde(rename = "DKMSInstanceId", skip_serializing_if = "str::is_empty")]
    instance_id: &'a str,
    create_time: String,
    update_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_delete_time: Option<String>,
    /// The JSON text of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_config: Option<String>,
    #[serde(flatten)]
    rotation: RotationFields,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'a>>,
    owing_service: &'a str,
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::{Value, json};

    use super::*;
    use crate::emulator::EmulatedSecret;

    fn describe(secret: EmulatedSecret, fetch_tags: &str) -> Value {
        let mut store = Store::default();
        store.add(secret, DateTime::UNIX_EPOCH);
        let context = RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };
        let parameters = [("SecretName", "a"), ("FetchTags", fetch_tags)].into();
        serde_json::from_slice(&handle(&parameters, &mut store, &context).unwrap()).unwrap()
    }

    #[test]
    fn secret_is_described_with_its_fields() {
        let plain = json!({
            "RequestId": "r-1", "Arn": "acs:kms:cn-hangzhou:1234567890123456:secret/a", "SecretName": "a",
            "SecretType": "Generic", "Description": "", "CreateTime": "1970-01-01T00:00:00Z",
            "UpdateTime": "1970-01-01T00:00:00Z", "OwingService": "",
        });
        assert_eq!(describe(EmulatedSecret::new("a"), "true"), plain);
        let planned = DateTime::from_timestamp(60, 0).unwrap();
        let rich = EmulatedSecret::new("a")
            .description("main database")
            .encryption_key_id("key-fake")
            .instance_id("kst-fake")
            .planned_delete_time(planned)
            .tag("team", "core");
        let described = describe(rich.clone(), "true");
        assert_eq!(described["Description"], "main database");
        assert_eq!(
            (&described["EncryptionKeyId"], &described["DKMSInstanceId"]),
            (&json!("key-fake"), &json!("kst-fake"))
        );
        assert_eq!(described["PlannedDeleteTime"], "1970-01-01T00:01:00Z");
        assert_eq!(described["Tags"], json!({"Tag": [{"TagKey": "team", "TagValue": "core"}]}));
        assert_eq!(describe(rich, "false").get("Tags"), None);
    }

    #[test]
    fn extended_config_of_a_managed_secret_is_a_json_text() {
        let config = crate::types::ExtendedConfig::ram_credentials("robot");
        let managed =
            EmulatedSecret::new("a").secret_type("RAMCredentials").extended_config(&config);
        assert_eq!(
            describe(managed, "false")["ExtendedConfig"],
            r#"{"SecretSubType":"RamUserAccessKey","UserName":"robot"}"#
        );
        let bare = EmulatedSecret::new("a").secret_type("Rds");
        assert_eq!(describe(bare, "false")["ExtendedConfig"], "{}");
    }
}
