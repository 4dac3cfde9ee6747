//! A value for a secret that may not exist yet.

use std::sync::Arc;

use crate::call::{CallContext, call};
use crate::error::{Error, Result};
use crate::ops::Operation as _;
use crate::ops::create_secret::{CreateSecretRequest, CreateSecretResponse};
use crate::ops::put_secret_value::{PutSecretValueRequest, PutSecretValueResponse};
use crate::settle;

/// What [`KmsClient::put_or_create`](crate::KmsClient::put_or_create) did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PutOrCreated {
    /// The secret was there, and has a version more.
    Put(PutSecretValueResponse),
    /// The secret was not there, and was created.
    Created(Box<CreateSecretResponse>),
}

impl PutOrCreated {
    /// The version that holds the value now.
    #[must_use]
    pub fn version_id(&self) -> &str {
        match self {
            Self::Put(put) => &put.version_id,
            Self::Created(created) => &created.version_id,
        }
    }

    /// The service's id of the request that put or created, to be named to its support.
    #[must_use]
    pub fn request_id(&self) -> &str {
        match self {
            Self::Put(put) => &put.request_id,
            Self::Created(created) => &created.request_id,
        }
    }
}

pub(crate) async fn put_or_create(
    context: Arc<CallContext>,
    request: CreateSecretRequest,
) -> Result<PutOrCreated> {
    // Of an existing secret most of the request is not sent, and would be refused only where there is none.
    request.validate().map_err(|problem| {
        let error = Error::invalid_input(&problem).in_operation(CreateSecretRequest::NAME);
        error.about(request.resource())
    })?;
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
