//! Moves or removes a stage, and finds out whether a stage was moved by this call. Whether the
//! service rejects such a retry is not documented.

use std::sync::Arc;

use super::write::{Verdict, Write, is_rejected_retry};
use crate::call::CallContext;
use crate::error::Result;
use crate::secrets::list_secret_version_ids::{ListSecretVersionIdsRequest, SecretVersion};
use crate::secrets::update_secret_version_stage::{
    UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse,
};

pub(crate) async fn update_secret_version_stage(
    context: Arc<CallContext>,
    request: UpdateSecretVersionStageRequest,
) -> Result<UpdateSecretVersionStageResponse> {
    let write = Write::start(context);
    let rejection = match write.execute(request.clone()).await {
        Err(error) if is_rejected_retry(&error, "Rejected.InvalidRequest") => error,
        outcome => return outcome,
    };
    let Some(target) = &request.move_to_version else {
        let reason =
            "the version does not have the stage: this call removed it, or it never had it";
        return Err(rejection.with_hint(Some(reason)));
    };
    // One page has all versions with a stage: a secret has at most 8 custom stages.
    let versions = ListSecretVersionIdsRequest::new(&*request.secret_name);
    let Ok(page) = write.read(versions).await else {
        let reason = "this call could not read which version has the stage";
        return Err(rejection.with_hint(Some(reason)));
    };
    let has_stage =
        |version: &&SecretVersion| version.version_stages.contains(&request.version_stage);
    let verdict = match page.versions.iter().find(has_stage) {
        Some(version) if version.version_id == *target => Verdict::Executed,
        _ => Verdict::Unknown("the requested version does not have the stage"),
    };
    verdict.resolve(rejection, || UpdateSecretVersionStageResponse {
        secret_name: page.secret_name,
        request_id: page.request_id,
    })
}
