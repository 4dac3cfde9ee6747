//! Restores a secret. Nothing shows later that it was pending deletion.

use std::sync::Arc;

use super::write::is_rejected_retry;
use crate::call::{CallContext, call};
use crate::error::Result;
use crate::secrets::restore_secret::{RestoreSecretRequest, RestoreSecretResponse};

pub(crate) async fn restore_secret(
    context: Arc<CallContext>,
    request: RestoreSecretRequest,
) -> Result<RestoreSecretResponse> {
    match call(context, request).await {
        Err(error) if is_rejected_retry(&error, "Rejected.ResourceInUse") => {
            let reason =
                "the secret is not pending deletion: this call restored it, or it never was";
            Err(error.with_hint(Some(reason)))
        }
        outcome => outcome,
    }
}
