//! Parts of responses about keys.

use serde::Serialize;

use super::response_fields::whole_seconds;
use crate::emulator::context::RequestContext;
use crate::emulator::keys::{Key, KeyState, KeyVersion};
use crate::emulator::region::ACCOUNT_ID;

/// `KeyMetadata`. What does not apply to the key is an empty text or absent, as the service has it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyMetadata<'a> {
    arn: &'a str,
    automatic_rotation: &'static str,
    creation_date: String,
    creator: &'static str,
    #[serde(rename = "DKMSInstanceId", skip_serializing_if = "str::is_empty")]
    instance_id: &'a str,
    /// Empty unless the key is pending deletion.
    delete_date: String,
    description: &'a str,
    key_id: &'a str,
    key_spec: &'a str,
    key_state: String,
    key_usage: &'a str,
    last_rotation_date: Option<String>,
    /// Empty if the material does not expire.
    material_expire_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<String>,
    origin: &'a str,
    primary_key_version: &'a str,
    protection_level: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_interval: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    deletion_protection: Option<DeletionProtectionFields<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DeletionProtectionFields<'a> {
    deletion_protection: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_protection_description: Option<&'a str>,
}

impl<'a> KeyMetadata<'a> {
    /// Returns the metadata in the response of `CreateKey`.
    pub(super) fn new(key: &'a Key, context: &RequestContext<'_>) -> Self {
        let state = key.state(context.now);
        let schedule = key.rotation.schedule();
        let attributes = &key.attributes;
        Self {
            arn: &key.arn,
            automatic_rotation: match (schedule, state) {
                (None, _) => "Disabled",
                (Some(_), KeyState::Enabled) => "Enabled",
                (Some(_), _) => "Suspended",
            },
            creation_date: whole_seconds(key.create_time),
            creator: ACCOUNT_ID,
            instance_id: &attributes.instance_id,
            delete_date: key.delete_date().map(whole_seconds).unwrap_or_default(),
            description: &attributes.description,
            key_id: &key.id,
            key_spec: attributes.spec.as_str(),
            key_state: state.to_string(),
            key_usage: attributes.usage.as_str(),
            last_rotation_date: key.rotation.last().map(whole_seconds),
            material_expire_time: key.material_expire_time().map(whole_seconds).unwrap_or_default(),
            next_rotation_date: schedule.map(|schedule| whole_seconds(schedule.next)),
            origin: attributes.origin.as_str(),
            primary_key_version: &key.primary_version().id,
            protection_level: attributes.protection_level.as_str(),
            rotation_interval: schedule.map(|s| format!("{}s", s.interval.num_seconds())),
            deletion_protection: None,
        }
    }

    /// Adds what only `DescribeKey` returns.
    pub(super) fn with_deletion_protection(self, key: &'a Key) -> Self {
        let protection = key.deletion_protection.as_ref();
        let fields = DeletionProtectionFields {
            deletion_protection: if protection.is_some() { "Enabled" } else { "Disabled" },
            deletion_protection_description: protection.map(|p| &*p.description),
        };
        Self { deletion_protection: Some(fields), ..self }
    }
}

/// One version of a key.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyVersionFields<'a> {
    key_id: &'a str,
    key_version_id: &'a str,
    creation_date: String,
}

impl<'a> KeyVersionFields<'a> {
    pub(super) fn new(key_id: &'a str, version: &'a KeyVersion) -> Self {
        Self {
            key_id,
            key_version_id: &version.id,
            creation_date: whole_seconds(version.create_time),
        }
    }
}
