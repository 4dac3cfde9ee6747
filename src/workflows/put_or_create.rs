//! A value for a secret that may not exist yet.

use std::sync::Arc;

use crate::call::{CallContext, call};
use crate::error::Result;
use crate::ops::create_secret::{CreateSecretRequest, CreateSecretResponse};
use crate::ops::put_secret_value::{PutSecretValueRequest, PutSecretValueResponse};
use crate::settle;

/// What [`KmsClient::put_or_create`](crate::KmsClient::put_or_create) did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutOrCreated {
    /// The secret was there, and has a version more.
    Put(PutSecretValueResponse),
    /// The secret was not there, and was created.
    Created(Box<CreateSecretResponse>),
}

pub(crate) async fn put_or_create(
    context: Arc<CallContext>,
    request: CreateSecretRequest,
) -> Result<PutOrCreated> {
    match put(&context, &request).await {
        Err(error) if error.is_not_found() => {}
        outcome => return outcome.map(PutOrCreated::Put),
    }
    match settle::create_secret(Arc::clone(&context), request.clone()).await {
        // Someone else was faster, between the two.
        Err(error) if error.code() == Some("Rejected.ResourceExist") => {
            put(&context, &request).await.map(PutOrCreated::Put)
        }
        outcome => outcome.map(|created| PutOrCreated::Created(Box::new(created))),
    }
}

async fn put(
    context: &Arc<CallContext>,
    request: &CreateSecretRequest,
) -> Result<PutSecretValueResponse> {
    let put = PutSecretValueRequest::new(
        request.secret_name(),
        request.version_id(),
        request.value().clone(),
    );
    call(Arc::clone(context), put).await
}
