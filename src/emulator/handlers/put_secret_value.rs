//! PutSecretValue: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue>

use serde::Serialize;

use super::{Context, VersionStages, json, secret_data, secret_data_type, version_id};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::emulator::versions::{CURRENT, Version, no_version};

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let stages: Option<Vec<String>> = parameters.json("VersionStages")?;
    let version = Version {
        id: version_id(parameters)?.to_owned(),
        data: secret_data(parameters)?.into(),
        data_type: secret_data_type(parameters)?.to_owned(),
        stages: stages.unwrap_or_else(|| vec![CURRENT.to_owned()]),
        create_time: context.now,
    };
    let id = version.id.clone();
    let stored = store.find_live(parameters.required("SecretName")?, context.now)?;
    if !stored.is_generic() {
        let message = "Only a secret of the type Generic takes a value.";
        return Err(Refusal::service(400, "UnsupportedOperation", message));
    }
    stored.versions.put(version)?;
    stored.update_time = context.now;
    let version = stored.versions.get(&id).ok_or_else(no_version)?;
    json(&Answer {
        request_id: context.request_id,
        secret_name: &stored.secret.name,
        version_id: &version.id,
        version_stages: VersionStages::new(&version.stages),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    request_id: &'a str,
    secret_name: &'a str,
    version_id: &'a str,
    version_stages: VersionStages<'a>,
}
