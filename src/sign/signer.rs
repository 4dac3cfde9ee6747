//! [`Signer`]: signs by one version of the signature, with whatever credentials it is given.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::digest::SigningKey;
use super::request::{SignedRequest, UnsignedRequest};
use super::version::SignatureVersion;
use super::{acs3, v1};
use crate::identity::Credentials;

/// Signs requests. It keeps the signing key of the last credentials, since they mostly sign again.
pub(crate) struct Signer {
    version: SignatureVersion,
    last: Mutex<Option<(Credentials, Arc<SigningKey>)>>,
}

impl Signer {
    pub(crate) fn new(version: SignatureVersion) -> Self {
        Self { version, last: Mutex::default() }
    }

    /// Signs `request` as `credentials`, at the time `at`, with a `nonce` that was never used
    /// before.
    pub(crate) fn sign(
        &self,
        request: UnsignedRequest<'_>,
        credentials: &Credentials,
        at: DateTime<Utc>,
        nonce: &str,
    ) -> SignedRequest {
        let key = self.key(credentials);
        match self.version {
            SignatureVersion::V1 => v1::sign(request, credentials, &key, at, nonce),
            SignatureVersion::Acs3HmacSha256 => acs3::sign(request, credentials, &key, at, nonce),
        }
    }

    fn key(&self, credentials: &Credentials) -> Arc<SigningKey> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((signed_last, key)) if signed_last.is_same_set(credentials) => Arc::clone(key),
            _ => {
                let key = Arc::new(match self.version {
                    SignatureVersion::V1 => v1::key(credentials),
                    SignatureVersion::Acs3HmacSha256 => acs3::key(credentials),
                });
                *last = Some((credentials.clone(), Arc::clone(&key)));
                key
            }
        }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("version", &self.version).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::sign::API_VERSION;

    #[test]
    fn changed_credentials_sign_with_their_own_key() {
        let credentials = ["fake-secret-a", "fake-secret-b", "fake-secret-a"]
            .map(|secret| Credentials::new("fake-id", secret));
        for version in [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256] {
            let signature = |signer: &Signer, credentials: &Credentials| {
                let request = UnsignedRequest {
                    method: Method::GET,
                    version: API_VERSION,
                    action: "ListSecrets",
                    host: "kms.cn-hangzhou.aliyuncs.com",
                    parameters: vec![],
                };
                signer.sign(request, credentials, DateTime::UNIX_EPOCH, "fixed-nonce").signature
            };
            let signer = Signer::new(version);
            let signatures = credentials.each_ref().map(|c| signature(&signer, c));
            let expected = credentials.each_ref().map(|c| signature(&Signer::new(version), c));
            assert_eq!(signatures, expected);
            assert_ne!(signatures[0], signatures[1]);
        }
    }
}
