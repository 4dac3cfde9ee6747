//! Deletes a secret, and finds out whether a deletion that is scheduled was scheduled by this call.

use std::sync::Arc;

use chrono::TimeDelta;

use super::write::{Verdict, Write};
use crate::call::CallContext;
use crate::error::{Error, Result};
use crate::secrets::delete_secret::{DeleteSecretRequest, DeleteSecretResponse};
use crate::secrets::describe_secret::DescribeSecretRequest;

pub(crate) async fn delete_secret(
    context: Arc<CallContext>,
    request: DeleteSecretRequest,
) -> Result<DeleteSecretResponse> {
    let write = Write::start(context);
    let error = match write.execute(request.clone()).await {
        Err(error) if error.is_outcome_unknown() => error,
        outcome => return outcome,
    };
    match (error.code(), request.recovery_days()) {
        (Some("Rejected.ResourceInDeleteWindow"), days) => {
            // The service may take a while to execute an immediate deletion, which is due now.
            find_schedule(&write, request, days.unwrap_or(0), error).await
        }
        (Some("Forbidden.ResourceNotFound"), None) => {
            let reason = "the secret does not exist: this call deleted it, or it never existed";
            Err(error.with_hint(Some(reason)))
        }
        // A recovery window leaves the secret.
        (Some("Forbidden.ResourceNotFound"), Some(_)) => {
            Err(error.with_outcome_unknown(false, true))
        }
        _ => Err(error),
    }
}

/// Returns the deletion that is scheduled if it is the one that was requested.
async fn find_schedule(
    write: &Write,
    request: DeleteSecretRequest,
    days: u32,
    rejection: Error,
) -> Result<DeleteSecretResponse> {
    let secret = match write.read(DescribeSecretRequest::new(&*request.secret_name)).await {
        Ok(secret) => secret,
        Err(_) => {
            let reason =
                "the secret is pending deletion, and this call could not read its schedule";
            return Err(rejection.with_hint(Some(reason)));
        }
    };
    let window = TimeDelta::days(days.into());
    let verdict = match secret.planned_delete_time {
        Some(planned) if write.may_have_caused(planned - window) => Verdict::Executed,
        Some(_) => Verdict::NotExecuted,
        None => Verdict::Unknown("the secret was pending deletion, and no longer is"),
    };
    verdict.resolve(rejection, || DeleteSecretResponse {
        secret_name: secret.secret_name,
        planned_delete_time: secret.planned_delete_time,
        request_id: secret.request_id,
    })
}
