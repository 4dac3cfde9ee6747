//! CreateKey:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createkey>

use std::time::Duration;

use serde::Serialize;

use super::key_fields::KeyMetadata;
use super::policy;
use super::request_fields::{instance_id, interval_between, tags};
use super::response_fields::json;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{DEFAULT_POLICY, KeyAttributes};
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::keys::{KeySpec, KeyUsage, Origin, ProtectionLevel};

const MAX_DESCRIPTION: usize = 8_192;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let attributes = attributes(parameters)?;
    let interval = rotation_interval(parameters, &attributes)?;
    let key = store.keys.create(attributes, context.now)?;
    if let Some(interval) = interval {
        key.enable_rotation(interval, context.now);
    }
    json(&Response { request_id: context.request_id, key_metadata: KeyMetadata::new(key, context) })
}

fn attributes(parameters: &Parameters) -> Result<KeyAttributes, ErrorResponse> {
    let instance_id = instance_id(parameters)?;
    let spec = spec(parameters, instance_id)?;
    Ok(KeyAttributes {
        usage: usage(parameters, &spec)?,
        spec,
        origin: origin(parameters)?,
        protection_level: protection_level(parameters, instance_id)?,
        instance_id: instance_id.to_owned(),
        description: description(parameters)?.to_owned(),
        policy: policy(parameters, instance_id)?.to_owned(),
        tags: tags(parameters)?,
    })
}

/// Returns the specification. Outside an instance there are only keys of 256-bit AES.
fn spec(parameters: &Parameters, instance_id: &str) -> Result<KeySpec, ErrorResponse> {
    let spec = parameters.get("KeySpec").map_or(KeySpec::Aes256, KeySpec::from);
    if instance_id.is_empty() && spec != KeySpec::Aes256 {
        return Err(unsupported_operation());
    }
    Ok(spec)
}

/// Returns the usage, by default signatures for a key that can sign.
fn usage(parameters: &Parameters, spec: &KeySpec) -> Result<KeyUsage, ErrorResponse> {
    if spec.as_str().starts_with("HMAC_") {
        // The service's name is not documented.
        return Ok(KeyUsage::from("GENERATE/VERIFY"));
    }
    let signs = !spec.signing_algorithms().is_empty();
    let encrypts = !signs || !spec.encryption_algorithms().is_empty();
    let usage = match parameters.get("KeyUsage") {
        Some(usage) => KeyUsage::from(usage),
        None if signs => KeyUsage::SignVerify,
        None => KeyUsage::EncryptDecrypt,
    };
    match usage {
        KeyUsage::SignVerify if signs => Ok(usage),
        KeyUsage::EncryptDecrypt if encrypts => Ok(usage),
        _ => Err(ErrorResponse::invalid_parameter("KeyUsage", "a usage of keys of KeySpec")),
    }
}

fn origin(parameters: &Parameters) -> Result<Origin, ErrorResponse> {
    match parameters.get("Origin") {
        None | Some("Aliyun_KMS") => Ok(Origin::AliyunKms),
        Some("EXTERNAL") => Ok(Origin::External),
        Some(_) => Err(ErrorResponse::invalid_parameter("Origin", "Aliyun_KMS or EXTERNAL")),
    }
}

/// Returns the protection level: that of the instance, or outside an instance the requested one.
///
/// An instance has hardware if the request says how the hardware stores the key.
fn protection_level(
    parameters: &Parameters,
    instance_id: &str,
) -> Result<ProtectionLevel, ErrorResponse> {
    let is_hardware = match parameters.get("KeyStorageMechanism") {
        None => false,
        Some("HsmInternal" | "HsmEncryptedDatabase") if !instance_id.is_empty() => true,
        Some(_) => {
            let allowed = "HsmInternal or HsmEncryptedDatabase, in an instance";
            return Err(ErrorResponse::invalid_parameter("KeyStorageMechanism", allowed));
        }
    };
    match parameters.get("ProtectionLevel") {
        _ if is_hardware => Ok(ProtectionLevel::Hsm),
        _ if !instance_id.is_empty() => Ok(ProtectionLevel::Software),
        None | Some("SOFTWARE") => Ok(ProtectionLevel::Software),
        Some("HSM") => Ok(ProtectionLevel::Hsm),
        Some(_) => Err(ErrorResponse::invalid_parameter("ProtectionLevel", "SOFTWARE or HSM")),
    }
}

pub(super) fn description(parameters: &Parameters) -> Result<&str, ErrorResponse> {
    let description = parameters.get("Description").unwrap_or_default();
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(ErrorResponse::invalid_parameter("Description", "at most 8,192 characters"));
    }
    Ok(description)
}

fn policy<'a>(parameters: &'a Parameters, instance_id: &str) -> Result<&'a str, ErrorResponse> {
    match parameters.get("Policy") {
        // Only keys in instances have policies.
        Some(_) if instance_id.is_empty() => Err(unsupported_operation()),
        Some(text) => policy::check(text).map(|()| text),
        None => Ok(DEFAULT_POLICY),
    }
}

/// Returns the interval of automatic rotation if it is enabled: a year outside an instance, and 7
/// days to a year in an instance of software.
fn rotation_interval(
    parameters: &Parameters,
    attributes: &KeyAttributes,
) -> Result<Option<Duration>, ErrorResponse> {
    if !parameters.boolean("EnableAutomaticRotation")? {
        return Ok(None);
    }
    // Hardware rotates only the keys that it stores outside itself.
    let is_internal = parameters.get("KeyStorageMechanism") == Some("HsmInternal");
    if is_internal || !attributes.is_rotatable() {
        return Err(unsupported_operation());
    }
    let interval = if attributes.instance_id.is_empty() {
        interval_between(parameters, 365 * DAY..=365 * DAY, "365 days")?
    } else {
        interval_between(parameters, 7 * DAY..=365 * DAY, "7 days to 365 days")?
    };
    Ok(Some(interval))
}

/// Returns the error for a key that cannot be created so.
fn unsupported_operation() -> ErrorResponse {
    ErrorResponse::service(400, "UnsupportedOperation", "This action is not supported.")
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    key_metadata: KeyMetadata<'a>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emulator::handlers::list_keys;
    use crate::emulator::handlers::test_account::TestAccount;

    #[track_caller]
    fn assert_rejected(parameters: &[(&str, &str)], code: &str) {
        assert_eq!(TestAccount::new().code(handle, parameters), code, "{parameters:?}");
    }

    #[test]
    fn key_without_parameters_has_the_documented_defaults() {
        let mut account = TestAccount::new();
        let created = account.call(handle, &[]).unwrap();
        let metadata = &created["KeyMetadata"];
        let id = metadata["KeyId"].as_str().unwrap();
        assert_eq!(id.len(), 25);
        assert_eq!(metadata["PrimaryKeyVersion"].as_str().unwrap().len(), 36);
        let expected = json!({
            "Arn": format!("acs:kms:cn-hangzhou:1234567890123456:key/{id}"),
            "AutomaticRotation": "Disabled",
            "CreationDate": "1970-01-01T00:00:00Z",
            "Creator": "1234567890123456",
            "DeleteDate": "",
            "Description": "",
            "KeyId": id,
            "KeySpec": "Aliyun_AES_256",
            "KeyState": "Enabled",
            "KeyUsage": "ENCRYPT/DECRYPT",
            "LastRotationDate": "1970-01-01T00:00:00Z",
            "MaterialExpireTime": "",
            "Origin": "Aliyun_KMS",
            "PrimaryKeyVersion": metadata["PrimaryKeyVersion"],
            "ProtectionLevel": "SOFTWARE",
        });
        assert_eq!(*metadata, expected);
    }

    #[test]
    fn key_in_an_instance_has_what_was_requested() {
        let mut account = TestAccount::new();
        let id = account.key(&[
            ("DKMSInstanceId", "kst-fake"),
            ("KeySpec", "Aliyun_AES_256"),
            ("Description", "fake"),
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "605800s"),
            ("Tags", r#"[{"TagKey":"team","TagValue":"core"}]"#),
        ]);
        let described = account.describe(&id);
        let fields = ["DKMSInstanceId", "Description", "AutomaticRotation", "RotationInterval"];
        assert_eq!(
            fields.map(|field| described[field].as_str().unwrap()),
            ["kst-fake", "fake", "Enabled", "605800s"]
        );
        assert_eq!(described["NextRotationDate"], "1970-01-08T00:16:40Z");
        assert_eq!(described["PrimaryKeyVersion"].as_str().unwrap().len(), 36);
        assert_eq!(described["DeletionProtection"], "Disabled");
    }

    #[test]
    fn usage_depends_on_the_specification() {
        let mut account = TestAccount::new();
        for (spec, usage) in [("EC_P256K", "SIGN/VERIFY"), ("Aliyun_AES_128", "ENCRYPT/DECRYPT")] {
            let id = account.instance_key(spec);
            assert_eq!(account.describe(&id)["KeyUsage"], usage, "{spec}");
        }
        for (spec, usage) in [("Aliyun_AES_256", "SIGN/VERIFY"), ("EC_P256", "ENCRYPT/DECRYPT")] {
            let parameters =
                [("DKMSInstanceId", "kst-fake"), ("KeySpec", spec), ("KeyUsage", usage)];
            assert_rejected(&parameters, "InvalidParameter");
        }
    }

    #[test]
    fn what_cannot_be_created_is_rejected() {
        let instance = ("DKMSInstanceId", "kst-fake");
        let rotated = ("EnableAutomaticRotation", "true");
        assert_rejected(&[("KeySpec", "RSA_2048")], "UnsupportedOperation");
        assert_rejected(&[instance, ("KeySpec", "EC_SM2")], "UnsupportedOperation");
        assert_rejected(&[instance, ("KeySpec", "Aliyun_SM4")], "UnsupportedOperation");
        for spec in ["EC_SM2", "Aliyun_SM4", "HMAC_SM3", "AES_256"] {
            let imported = [instance, ("KeySpec", spec), ("Origin", "EXTERNAL")];
            assert_rejected(&imported, "UnsupportedOperation");
        }
        assert_rejected(&[("Policy", "{}")], "UnsupportedOperation");
        assert_rejected(&[instance, ("Policy", "{}")], "InvalidParameter");
        assert_rejected(&[("DKMSInstanceId", "fake")], "Forbidden.DKMSInstanceNotFound");
        assert_rejected(&[("Origin", "external")], "InvalidParameter");
        assert_rejected(&[("ProtectionLevel", "NONE")], "InvalidParameter");
        assert_rejected(&[("KeyStorageMechanism", "HsmInternal")], "InvalidParameter");
        assert_rejected(&[("Description", &"d".repeat(8_193))], "InvalidParameter");
        assert_rejected(&[rotated], "MissingParameter");
        assert_rejected(&[rotated, ("RotationInterval", "364d")], "InvalidParameter");
        let too_short = [instance, rotated, ("RotationInterval", "604799s")];
        assert_rejected(&too_short, "InvalidParameter");
        let year = ("RotationInterval", "365d");
        assert_rejected(&[rotated, year, ("Origin", "EXTERNAL")], "UnsupportedOperation");
        let asymmetric = [instance, rotated, year, ("KeySpec", "EC_P256")];
        assert_rejected(&asymmetric, "UnsupportedOperation");
    }

    #[test]
    fn rejected_rotation_creates_no_key() {
        let rotated = [("EnableAutomaticRotation", "true"), ("RotationInterval", "365d")];
        let mut account = TestAccount::new();
        let asymmetric = [("DKMSInstanceId", "kst-fake"), ("KeySpec", "EC_P256")];
        for attributes in [&asymmetric[..], &[("Origin", "EXTERNAL")]] {
            let parameters = [attributes, &rotated].concat();
            assert_eq!(account.code(handle, &parameters), "UnsupportedOperation");
        }
        assert_eq!(account.call(list_keys::handle, &[]).unwrap()["TotalCount"], 0);
    }

    #[test]
    fn key_over_the_quota_is_rejected() {
        let mut account = TestAccount::new();
        for _ in 0..200 {
            account.key(&[]);
        }
        assert_eq!(account.code(handle, &[]), "Rejected.LimitExceeded");
    }

    #[test]
    fn ids_are_the_same_in_every_run() {
        let created = || TestAccount::new().call(handle, &[]).unwrap();
        assert_eq!(created(), created());
    }
}
