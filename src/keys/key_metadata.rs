//! [`KeyMetadata`]: all that the service returns about a key.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{DeletionProtection, KeySpec, KeyState, KeyUsage, Origin, ProtectionLevel};
use crate::types::{KeyArn, RotationState, wire};

/// All of a key except its material: `KeyMetadata` of the service.
///
/// It serializes with the service's field names. A field is `None` if the response does not contain
/// it, or contains it in a form that this version of the crate cannot read: only the id is certain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct KeyMetadata {
    /// The id of the key.
    pub key_id: String,
    /// The ARN of the key.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub arn: Option<KeyArn>,
    /// The state of the key.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub key_state: Option<KeyState>,
    /// The type and length of the key.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub key_spec: Option<KeySpec>,
    /// The use of the key.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub key_usage: Option<KeyUsage>,
    /// The origin of the key material.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub origin: Option<Origin>,
    /// The protection of the key material.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub protection_level: Option<ProtectionLevel>,
    /// The description, if the key has one.
    #[serde(
        default,
        deserialize_with = "wire::lenient_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub description: Option<String>,
    /// The id of the account that created the key, or the name of a service such as `Ecs`.
    #[serde(
        default,
        deserialize_with = "wire::lenient_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub creator: Option<String>,
    /// The time at which the key was created.
    #[serde(
        default,
        deserialize_with = "wire::lenient_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub creation_date: Option<DateTime<Utc>>,
    /// The KMS instance that holds the key, if one does (`DKMSInstanceId`).
    #[serde(
        rename = "DKMSInstanceId",
        default,
        deserialize_with = "wire::lenient_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub instance_id: Option<String>,
    /// The version that a symmetric key encrypts with. Asymmetric keys have no primary version:
    /// each operation names a version.
    #[serde(
        default,
        deserialize_with = "wire::lenient_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub primary_key_version: Option<String>,
    /// The state of automatic rotation.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub automatic_rotation: Option<RotationState>,
    /// The time between two rotations. `None` if rotation is disabled.
    #[serde(
        default,
        deserialize_with = "wire::lenient_duration",
        serialize_with = "wire::seconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub rotation_interval: Option<Duration>,
    /// The time of the last rotation; for a new key, that of its first version.
    #[serde(
        default,
        deserialize_with = "wire::lenient_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_rotation_date: Option<DateTime<Utc>>,
    /// The time of the next rotation. `None` if rotation is disabled.
    #[serde(
        default,
        deserialize_with = "wire::lenient_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub next_rotation_date: Option<DateTime<Utc>>,
    /// The time at which the key is deleted. `None` unless the key is pending deletion.
    #[serde(
        default,
        deserialize_with = "wire::lenient_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub delete_date: Option<DateTime<Utc>>,
    /// The time at which imported material expires. `None` if it does not.
    #[serde(
        default,
        deserialize_with = "wire::lenient_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub material_expire_time: Option<DateTime<Utc>>,
    /// The state of deletion protection. `CreateKey` does not return it.
    #[serde(
        default,
        deserialize_with = "wire::parse_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub deletion_protection: Option<DeletionProtection>,
    /// The reason for the deletion protection.
    #[serde(
        default,
        deserialize_with = "wire::lenient_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub deletion_protection_description: Option<String>,
}

impl KeyMetadata {
    /// Returns true if the key can be used for cryptography.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.key_state == Some(KeyState::Enabled)
    }

    /// Returns true if the key is pending deletion.
    #[must_use]
    pub fn is_pending_deletion(&self) -> bool {
        self.key_state == Some(KeyState::PendingDeletion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROTATED: &str = r#"{"DeletionProtection":"Enabled","KeyId":"key-hzz6****",
        "NextRotationDate":"2025-05-20T06:34:21Z","KeyState":"Enabled","RotationInterval":"31536000s",
        "Arn":"acs:kms:cn-hangzhou:154035569884****:key/key-hzz6****","Creator":"154035569884****",
        "LastRotationDate":"2024-05-20T06:34:21Z","DeleteDate":"",
        "PrimaryKeyVersion":"515e0b0a-624f-45ab-92b5-54f9b551****","Description":"",
        "KeySpec":"Aliyun_AES_256","Origin":"Aliyun_KMS","MaterialExpireTime":"",
        "DeletionProtectionDescription":"in use","AutomaticRotation":"Enabled",
        "ProtectionLevel":"HSM","KeyUsage":"ENCRYPT/DECRYPT","CreationDate":"2024-05-20T06:34:21Z",
        "DKMSInstanceId":"kst-bjj6****"}"#;

    #[test]
    fn all_of_a_key_is_read_and_written() {
        let key: KeyMetadata = serde_json::from_str(ROTATED).unwrap();
        assert!(key.is_enabled() && !key.is_pending_deletion());
        assert_eq!(key.rotation_interval, Some(Duration::from_secs(365 * 24 * 60 * 60)));
        assert_eq!(key.automatic_rotation, Some(RotationState::Enabled));
        assert_eq!(key.arn.as_ref().unwrap().key_id(), key.key_id);
        assert_eq!(key.instance_id.as_deref(), Some("kst-bjj6****"));
        let written = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<KeyMetadata>(&written).unwrap(), key);
    }

    #[test]
    fn empty_texts_mean_that_a_property_does_not_apply() {
        let key: KeyMetadata = serde_json::from_str(ROTATED).unwrap();
        assert_eq!((key.delete_date, key.material_expire_time), (None, None));
        assert_eq!(key.description, None);
    }

    #[test]
    fn only_the_id_is_required() {
        let key: KeyMetadata =
            serde_json::from_str(r#"{"KeyId":"a","Arn":"odd","CreationDate":7}"#).unwrap();
        assert_eq!((key.arn.as_ref(), key.creation_date), (None, None));
        assert!(!key.is_enabled());
        assert!(serde_json::from_str::<KeyMetadata>(r#"{"KeyState":"Enabled"}"#).is_err());
    }
}
