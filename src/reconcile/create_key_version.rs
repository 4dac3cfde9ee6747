//! Creates a version of a key. Each success creates one, so that the request is never retried once
//! it may have been executed.

use std::sync::Arc;

use crate::call::{CallContext, call};
use crate::error::Result;
use crate::keys::create_key_version::{CreateKeyVersionRequest, CreateKeyVersionResponse};

pub(crate) async fn create_key_version(
    context: Arc<CallContext>,
    request: CreateKeyVersionRequest,
) -> Result<CreateKeyVersionResponse> {
    call(context, request).await.map_err(|error| {
        if !error.is_outcome_unknown() {
            return error;
        }
        let reason = "the version may exist: look for one that is newer than this call with \
            list_key_versions";
        error.with_hint(Some(reason))
    })
}
