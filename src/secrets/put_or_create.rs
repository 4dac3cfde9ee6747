//! The outcome of [`KmsClient::put_or_create_secret`](crate::KmsClient::put_or_create_secret).

use super::create_secret::CreateSecretResponse;
use super::put_secret_value::PutSecretValueResponse;

/// What [`KmsClient::put_or_create_secret`](crate::KmsClient::put_or_create_secret) did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PutOrCreateOutcome {
    /// The secret was there, and has a version more.
    Put(PutSecretValueResponse),
    /// The secret was not there, and was created.
    Created(Box<CreateSecretResponse>),
}

impl PutOrCreateOutcome {
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
