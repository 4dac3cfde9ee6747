//! Parts of responses that several operations have in common.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::secret::{EmulatedSecret, EmulatedTag};
use crate::emulator::store::StoredSecret;

/// Returns the body of a successful response.
pub(super) fn json(response: &impl Serialize) -> Result<Vec<u8>, ErrorResponse> {
    serde_json::to_vec(response)
        .map_err(|error| ErrorResponse::service(500, "InternalFailure", error.to_string()))
}

/// Returns the body of operations whose response is only a request id.
pub(super) fn request_id_only(context: &RequestContext<'_>) -> Result<Vec<u8>, ErrorResponse> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Response<'a> {
        request_id: &'a str,
    }
    json(&Response { request_id: context.request_id })
}

/// Returns the body of operations whose response names only the secret that they changed.
pub(super) fn secret_name_only(
    stored: &StoredSecret,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Response<'a> {
        request_id: &'a str,
        secret_name: &'a str,
    }
    json(&Response { request_id: context.request_id, secret_name: &stored.secret.name })
}

/// The rotation of a secret; empty for a `Generic` secret.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RotationFields {
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
    pub(super) fn from_secret(stored: &StoredSecret) -> Self {
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

/// A list in an object of its own, as the service writes lists.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct VersionStages<'a> {
    version_stage: &'a [String],
}

impl<'a> VersionStages<'a> {
    pub(super) fn new(stages: &'a [String]) -> Self {
        Self { version_stage: stages }
    }
}

/// Tags, in an object of their own likewise.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tags<'a> {
    tag: Vec<Tag<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tag<'a> {
    tag_key: &'a str,
    tag_value: &'a str,
}

impl<'a> Tags<'a> {
    /// Returns the tags of a secret; `None` if it has none, since the service omits the object
    /// then.
    pub(super) fn from_secret(secret: &'a EmulatedSecret) -> Option<Self> {
        let tag = |tag: &'a EmulatedTag| Tag { tag_key: &tag.key, tag_value: &tag.value };
        let tags = &secret.tags;
        (!tags.is_empty()).then(|| Self { tag: tags.iter().map(tag).collect() })
    }
}

/// Formats a time as the service does.
pub(super) fn whole_seconds(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
