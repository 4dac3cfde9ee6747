//! Cancels the scheduled deletion of a key. Nothing shows later that it was pending deletion.

use std::sync::Arc;

use super::write::is_rejected_retry;
use crate::call::{CallContext, call};
use crate::error::Result;
use crate::keys::cancel_key_deletion::{CancelKeyDeletionRequest, CancelKeyDeletionResponse};

pub(crate) async fn cancel_key_deletion(
    context: Arc<CallContext>,
    request: CancelKeyDeletionRequest,
) -> Result<CancelKeyDeletionResponse> {
    match call(context, request).await {
        Err(error) if is_rejected_retry(&error, "Rejected.StateModifiedFailed") => {
            let reason = "the key is not pending deletion: this call cancelled it, or it never was";
            Err(error.with_hint(Some(reason)))
        }
        outcome => outcome,
    }
}
