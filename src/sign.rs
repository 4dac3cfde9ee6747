//! Request parts, credentials, a time and a nonce in; a signed request out.
//!
//! Pure: nothing here reads a clock, draws randomness or knows a socket. The scheme is an implementation detail of this
//! room: operations only name their parameters, and [`SignedRequest`] is all that the call loop sees of the result.

mod acs3;
pub(crate) mod canonical;
pub(crate) mod digest;
mod v1;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, Method};
use zeroize::Zeroizing;

use self::digest::SigningKey;
use crate::identity::Credentials;

/// The API version of KMS, sent with every request to it.
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/request-syntax>
pub(crate) const API_VERSION: &str = "2016-01-20";

/// The type of the body of every `POST`.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// How requests are signed, set by [`signature_version`](crate::KmsClientBuilder::signature_version).
///
/// The official libraries default to ACS3 today; the service takes both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureVersion {
    /// Version 1.0, HMAC-SHA1 over all parameters, which newer pages call
    /// [signature method V2 for RPC](https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism): the signature and
    /// the security token are parameters too, so they stand in the URL of a call that reads.
    #[default]
    V1,
    /// ACS3-HMAC-SHA256, the
    /// [signature method V3](https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature):
    /// it covers the host and the bytes of the body as well, and travels in headers with the security token. What stands
    /// between may not change the `Host` header.
    Acs3HmacSha256,
}

/// Parameters of a request by name, values not yet encoded. Names of lists are numbered, such as `TagKey.1`.
pub(crate) type Parameters<'a> = Vec<(Cow<'static, str>, Cow<'a, str>)>;

/// What one attempt of a call asks for, before anything of the signature is added.
#[derive(Debug)]
pub(crate) struct UnsignedRequest<'a> {
    pub(crate) method: Method,
    /// The API version of the service that is asked: STS has another one than KMS.
    pub(crate) version: &'static str,
    pub(crate) action: &'static str,
    /// As the `Host` header will have it: with the port where it is not the scheme's own.
    pub(crate) host: &'a str,
    pub(crate) parameters: Parameters<'a>,
}

/// A request that is ready to be sent, and what a mismatch of signatures is explained with.
pub(crate) struct SignedRequest {
    pub(crate) method: Method,
    /// All parameters, percent-encoded: the query of a `GET`, the form body of a `POST`.
    pub(crate) parameters: Zeroizing<String>,
    /// What the scheme sends beside them.
    pub(crate) headers: HeaderMap,
    /// The signature by itself, so that it can be kept out of what is shown.
    pub(crate) signature: String,
    /// What was signed. It can hold every parameter, so it goes into no log and no error.
    pub(crate) string_to_sign: Zeroizing<String>,
}

/// Signs by one scheme. It keeps the key of the credentials that signed last, as they mostly sign again.
pub(crate) struct Signer {
    version: SignatureVersion,
    last: Mutex<Option<(Credentials, Arc<SigningKey>)>>,
}

impl Signer {
    pub(crate) fn new(version: SignatureVersion) -> Self {
        Self { version, last: Mutex::default() }
    }

    /// Signs `request` as `credentials`, at the time `at`, with a `nonce` that was never used before.
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
            Some((of, key)) if of.is_same_set(credentials) => Arc::clone(key),
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

/// A time as requests carry it, `yyyy-MM-ddTHH:mm:ssZ`: whole seconds, or the service answers `InvalidTimeStamp.Format`.
pub(crate) fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_keys_signs_with_its_own() {
        let keys = ["fake-secret-a", "fake-secret-b", "fake-secret-a"]
            .map(|secret| Credentials::new("fake-id", secret));
        for version in [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256] {
            let signature = |signer: &Signer, keys: &Credentials| {
                let request = UnsignedRequest {
                    method: Method::GET,
                    version: API_VERSION,
                    action: "ListSecrets",
                    host: "kms.cn-hangzhou.aliyuncs.com",
                    parameters: vec![],
                };
                signer.sign(request, keys, DateTime::UNIX_EPOCH, "fixed-nonce").signature
            };
            let signer = Signer::new(version);
            let signatures = keys.each_ref().map(|keys| signature(&signer, keys));
            assert_eq!(
                signatures,
                keys.each_ref().map(|keys| signature(&Signer::new(version), keys))
            );
            assert_ne!(signatures[0], signatures[1]);
        }
    }
}
