//! GetSecretValue: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue>

use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::{Context, VersionStages, json, whole_seconds};
use crate::emulator::refusal::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::emulator::versions::{CURRENT, no_version};

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let stored = store.find(parameters.required("SecretName")?, context.now)?;
    let versions = &stored.versions;
    let found = match (parameters.get("VersionId"), parameters.get("VersionStage")) {
        (Some(id), None) => versions.get(id),
        (None, stage) => versions.labelled(stage.unwrap_or(CURRENT)),
        // What becomes of two that disagree is not documented: here there is no such version.
        (Some(id), Some(stage)) => versions.labelled(stage).filter(|version| version.id == id),
    };
    let version = found.ok_or_else(no_version)?;
    json(&Answer {
        request_id: context.request_id,
        secret_name: &stored.secret.name,
        version_id: &version.id,
        version_stages: VersionStages::new(&version.stages),
        secret_data: version.data.expose_secret(),
        secret_data_type: &version.data_type,
        secret_type: &stored.secret.secret_type,
        create_time: whole_seconds(stored.create_time),
    })
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
}
