//! PutSecretValue:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue>

use serde::Serialize;

use super::request_fields::{secret_data, secret_data_type, version_id};
use super::response_fields::{VersionStages, json};
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::emulator::versions::{CURRENT, Version, version_not_found};

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let stages: Option<Vec<String>> = parameters.json("VersionStages")?;
    let version = Version {
        id: version_id(parameters)?.to_owned(),
        data: secret_data(parameters)?.into(),
        data_type: secret_data_type(parameters)?.to_owned(),
        stages: stages.unwrap_or_else(|| vec![CURRENT.to_owned()]),
        create_time: context.now,
    };
    let id = version.id.clone();
    let stored = target::active_secret(parameters, store, context)?;
    if !stored.is_generic() {
        let message = "Only a secret of the type Generic takes a value.";
        return Err(ErrorResponse::service(400, "UnsupportedOperation", message));
    }
    stored.versions.put(version)?;
    stored.update_time = context.now;
    let version = stored.versions.get(&id).ok_or_else(version_not_found)?;
    json(&Response {
        request_id: context.request_id,
        secret_name: &stored.secret.name,
        version_id: &version.id,
        version_stages: VersionStages::new(&version.stages),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    secret_name: &'a str,
    version_id: &'a str,
    version_stages: VersionStages<'a>,
}
