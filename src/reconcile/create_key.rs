//! Creates a key. Each success creates one, so that the request is never retried once it may have
//! been executed.

use std::sync::Arc;

use crate::call::{CallContext, call};
use crate::error::Result;
use crate::keys::create_key::{CreateKeyRequest, CreateKeyResponse};

pub(crate) async fn create_key(
    context: Arc<CallContext>,
    request: CreateKeyRequest,
) -> Result<CreateKeyResponse> {
    call(context, request).await.map_err(|error| {
        if !error.is_outcome_unknown() {
            return error;
        }
        let reason =
            "the key may exist: if it has a tag of its own, look for it with find_keys_by_tag";
        error.with_hint(Some(reason))
    })
}
