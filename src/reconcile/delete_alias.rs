//! Deletes an alias. Nothing shows later that it existed.

use std::sync::Arc;

use super::write::is_rejected_retry;
use crate::call::{CallContext, call};
use crate::error::Result;
use crate::keys::delete_alias::{DeleteAliasRequest, DeleteAliasResponse};

pub(crate) async fn delete_alias(
    context: Arc<CallContext>,
    request: DeleteAliasRequest,
) -> Result<DeleteAliasResponse> {
    match call(context, request).await {
        Err(error) if is_rejected_retry(&error, "Forbidden.AliasNotFound") => {
            let reason = "the alias does not exist: this call deleted it, or it never existed";
            Err(error.with_hint(Some(reason)))
        }
        outcome => outcome,
    }
}
