//! Writes that refuse a repeat of what was done already. Where an earlier request of the same call was perhaps carried out, a
//! look at the secret tells whether the refusal means just that; what others did stays the error that it is.
//!
//! `PutSecretValue` and `RotateSecret` need none of this: the service ignores a repeat with the same version id.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use crate::call::{CallContext, call};
use crate::error::Result;
use crate::operation::Operation;
use crate::secrets::create_secret::{CreateSecretRequest, CreateSecretResponse};
use crate::secrets::delete_secret::{DeleteSecretRequest, DeleteSecretResponse};
use crate::secrets::describe_secret::{DescribeSecretRequest, DescribeSecretResponse};
use crate::secrets::get_secret_value::GetSecretValueRequest;
use crate::secrets::list_secret_version_ids::ListSecretVersionIdsRequest;
use crate::secrets::restore_secret::{RestoreSecretRequest, RestoreSecretResponse};
use crate::secrets::update_secret_version_stage::{
    UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse,
};

/// How far the clock may be off that a planned time is held against.
const CLOCK_ERROR: Duration = Duration::from_secs(15 * 60);

/// Creates a secret. One that has the name already is taken for ours if its version of that id holds the same value.
pub(crate) async fn create_secret(
    context: Arc<CallContext>,
    request: CreateSecretRequest,
) -> Result<CreateSecretResponse> {
    let writing = Writing::start(context);
    let outcome = writing.carry_out(request.clone()).await;
    if refused_repeat(&outcome) != Some("Rejected.ResourceExist") {
        return outcome;
    }
    let (name, version_id) = (&*request.secret_name, &*request.version_id);
    match writing.look(GetSecretValueRequest::new(name).version_id(version_id)).await {
        Ok(found) if found.value.is_same(&request.value) => {
            match writing.look(DescribeSecretRequest::new(name)).await {
                Ok(secret) => Ok(created(secret, found.version_id)),
                Err(_) => outcome.map_err(|refusal| refusal.with_hint(Some(NO_LOOK))),
            }
        }
        // Somebody else's: another value, or other versions.
        Ok(_) => outcome,
        Err(error) if error.is_not_found() => outcome,
        Err(_) => outcome.map_err(|refusal| refusal.with_hint(Some(NO_LOOK))),
    }
}

const NO_LOOK: &str = "this call tried to, and could not";

fn created(secret: DescribeSecretResponse, version_id: String) -> CreateSecretResponse {
    CreateSecretResponse {
        secret_name: secret.secret_name,
        arn: secret.arn,
        version_id,
        secret_type: secret.secret_type,
        instance_id: secret.instance_id,
        automatic_rotation: secret.automatic_rotation,
        rotation_interval: secret.rotation_interval,
        next_rotation_date: secret.next_rotation_date,
        extended_config: secret.extended_config,
        request_id: secret.request_id,
    }
}

/// Deletes a secret. One that awaits deletion already is as wanted if it does so for the time that was asked for, and one that
/// is gone if it was to be gone at once.
pub(crate) async fn delete_secret(
    context: Arc<CallContext>,
    request: DeleteSecretRequest,
) -> Result<DeleteSecretResponse> {
    let writing = Writing::start(context);
    let outcome = writing.carry_out(request.clone()).await;
    match (refused_repeat(&outcome), request.recovery_days(), &outcome) {
        (Some("Rejected.ResourceInDeleteWindow"), Some(days), _) => {
            let secret = writing.look(DescribeSecretRequest::new(&*request.secret_name)).await;
            if let Ok(secret) = secret
                && let Some(planned) = secret.planned_delete_time
                && writing.is_planned_by_it(planned, days)
            {
                return Ok(DeleteSecretResponse {
                    secret_name: secret.secret_name,
                    planned_delete_time: Some(planned),
                    request_id: secret.request_id,
                });
            }
        }
        (Some("Forbidden.ResourceNotFound"), None, Err(refusal)) => {
            return Ok(DeleteSecretResponse {
                secret_name: request.secret_name.clone(),
                planned_delete_time: None,
                request_id: refusal.request_id().unwrap_or_default().to_owned(),
            });
        }
        _ => {}
    }
    outcome
}

/// Restores a secret. One that does not await deletion is as wanted.
pub(crate) async fn restore_secret(
    context: Arc<CallContext>,
    request: RestoreSecretRequest,
) -> Result<RestoreSecretResponse> {
    let writing = Writing::start(context);
    let outcome = writing.carry_out(request.clone()).await;
    if refused_repeat(&outcome) == Some("Rejected.ResourceInUse")
        && let Ok(secret) = writing.look(DescribeSecretRequest::new(&*request.secret_name)).await
        && secret.planned_delete_time.is_none()
    {
        let DescribeSecretResponse { secret_name, request_id, .. } = secret;
        return Ok(RestoreSecretResponse { secret_name, request_id });
    }
    outcome
}

/// Moves or removes a label. Whether the service refuses a repeat is not documented; if it does, the label is looked for.
pub(crate) async fn update_secret_version_stage(
    context: Arc<CallContext>,
    request: UpdateSecretVersionStageRequest,
) -> Result<UpdateSecretVersionStageResponse> {
    let writing = Writing::start(context);
    let outcome = writing.carry_out(request.clone()).await;
    let versions = ListSecretVersionIdsRequest::new(&*request.secret_name).include_deprecated(true);
    if refused_repeat(&outcome) == Some("Rejected.InvalidRequest")
        && let Ok(page) = writing.look(versions).await
        && request.is_done(&page.versions)
    {
        return Ok(UpdateSecretVersionStageResponse {
            secret_name: page.secret_name,
            request_id: page.request_id,
        });
    }
    outcome
}

/// The code of a refusal that may be that of a repeat of what was done.
fn refused_repeat<T>(outcome: &Result<T>) -> Option<&str> {
    let refusal = outcome.as_ref().err()?;
    refusal.is_outcome_unknown().then(|| refusal.code()).flatten()
}

/// A write and the time that it has, with the looks at what became of it.
struct Writing {
    context: Arc<CallContext>,
    started: Instant,
}

impl Writing {
    fn start(context: Arc<CallContext>) -> Self {
        let started = context.clock.instant();
        Self { context, started }
    }

    fn carry_out<O: Operation>(
        &self,
        write: O,
    ) -> impl Future<Output = Result<O::Response>> + Send + Sync + use<O> {
        call(Arc::clone(&self.context), write)
    }

    /// Reads something in the time that is left; with none left the read fails at once.
    fn look<O: Operation>(
        &self,
        read: O,
    ) -> impl Future<Output = Result<O::Response>> + Send + Sync + use<O> {
        let mut context = CallContext::clone(&self.context);
        context.limits.call_timeout = context.limits.call_timeout.saturating_sub(self.spent());
        call(Arc::new(context), read)
    }

    fn spent(&self) -> Duration {
        self.context.clock.instant() - self.started
    }

    /// Whether a deletion that is planned for this time was asked for by this write, with a window of so many days.
    fn is_planned_by_it(&self, planned: DateTime<Utc>, days: u32) -> bool {
        let window = planned - self.context.service_time();
        let off = (window - TimeDelta::days(days.into())).abs();
        off.to_std().is_ok_and(|off| off <= self.spent() + CLOCK_ERROR)
    }
}
