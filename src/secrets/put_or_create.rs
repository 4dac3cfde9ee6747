//! [`PutOrCreateOutcome`]: a new version or a new secret.

use super::create_secret::CreateSecretResponse;
use super::put_secret_value::PutSecretValueResponse;

/// The outcome of [`KmsClient::put_or_create_secret`](crate::KmsClient::put_or_create_secret): a
/// new version or a new secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PutOrCreateOutcome {
    /// The secret existed, and has one more version.
    Put(PutSecretValueResponse),
    /// The secret did not exist, and was created.
    Created(Box<CreateSecretResponse>),
}

impl PutOrCreateOutcome {
    /// Returns the version that holds the value.
    #[must_use]
    pub fn version_id(&self) -> &str {
        match self {
            Self::Put(put) => &put.version_id,
            Self::Created(created) => &created.version_id,
        }
    }

    /// Returns the service's id of the request that put the value or created the secret.
    #[must_use]
    pub fn request_id(&self) -> &str {
        match self {
            Self::Put(put) => &put.request_id,
            Self::Created(created) => &created.request_id,
        }
    }
}
