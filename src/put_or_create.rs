//! Puts a value into a secret, and creates the secret if it does not exist.

use std::sync::Arc;

use crate::call::{CallContext, call};
use crate::error::Result;
use crate::operation::Operation as _;
use crate::reconcile;
use crate::secrets::PutOrCreateOutcome;
use crate::secrets::create_secret::CreateSecretRequest;
use crate::secrets::put_secret_value::{PutSecretValueRequest, PutSecretValueResponse};

pub(crate) async fn put_or_create_secret(
    context: Arc<CallContext>,
    request: CreateSecretRequest,
) -> Result<PutOrCreateOutcome> {
    // Most of the request is not sent for an existing secret, so the service would reject it only
    // where there is none.
    request.check()?;
    match put(&context, &request).await {
        Err(error) if error.is_not_found() => {}
        outcome => return outcome.map(PutOrCreateOutcome::Put),
    }
    match reconcile::create_secret(Arc::clone(&context), request.clone()).await {
        // Another caller created it between the two calls, or this one did and cannot know it.
        Err(rejection) if rejection.code() == Some("Rejected.ResourceExist") => {
            put(&context, &request).await.map(PutOrCreateOutcome::Put).map_err(|error| {
                let is_unknown = rejection.is_outcome_unknown() || error.is_outcome_unknown();
                error.with_outcome_unknown(is_unknown, true)
            })
        }
        outcome => outcome.map(|created| PutOrCreateOutcome::Created(Box::new(created))),
    }
}

async fn put(
    context: &Arc<CallContext>,
    request: &CreateSecretRequest,
) -> Result<PutSecretValueResponse> {
    let put = PutSecretValueRequest::new(&*request.secret_name, request.value.clone());
    call(Arc::clone(context), put.version_id(&*request.version_id)).await
}
