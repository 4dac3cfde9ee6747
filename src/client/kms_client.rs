//! [`KmsClient`], whose methods are in the files beside this one.

use std::fmt;
use std::sync::Arc;

use crate::call::CallContext;

/// The client of one region of KMS, with one identity.
///
/// Each operation of the service has a method of its name, and methods for workflows of several
/// calls stand beside them. A method that needs only a name takes the name or a request.
///
/// A clone is cheap and shares the connections and the
/// [`RateLimits`](crate::rate_limit::RateLimits), so make one client and clone it. The future of a
/// call owns what it needs and can be spawned. If it is dropped, the call is cancelled; the service
/// may still execute a request that was sent.
///
/// ```no_run
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::secrets::ListSecretsRequest;
///
/// # async fn example() -> alibabacloud_kms::Result<()> {
/// let client = KmsClient::builder().region("cn-hangzhou").build()?;
/// let page = client.list_secrets(ListSecretsRequest::new()).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Permissions and quotas
///
/// The identity needs the RAM action `kms:` and the operation's name, such as `kms:ListSecrets`.
/// Methods that need more say so. The service limits the requests of an account and region by
/// [`QuotaGroup`](crate::rate_limit::QuotaGroup), and the client keeps to these quotas.
///
/// # Errors
///
/// Any call can fail with these kinds; methods list further ones.
///
/// - [`Configuration`](crate::ErrorKind::Configuration) if the process or the network setup lacks
///   what a call needs, such as a tokio runtime. Nothing was sent.
/// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if a field of the request is outside its
///   documented range. It is checked before anything is sent, and again by the service.
/// - [`Credentials`](crate::ErrorKind::Credentials) if the credentials provider has no credentials.
///   Nothing was sent.
/// - [`Authentication`](crate::ErrorKind::Authentication),
///   [`ClockSkew`](crate::ErrorKind::ClockSkew), [`AccessDenied`](crate::ErrorKind::AccessDenied)
///   and [`AccountState`](crate::ErrorKind::AccountState) if the service rejected the identity, the
///   local clock or the account.
/// - [`Throttled`](crate::ErrorKind::Throttled), [`Unavailable`](crate::ErrorKind::Unavailable),
///   [`Network`](crate::ErrorKind::Network) and [`Timeout`](crate::ErrorKind::Timeout) if a
///   transient failure outlasted the retries.
/// - [`Decode`](crate::ErrorKind::Decode) if the response is not what the operation returns.
/// - [`Unknown`](crate::ErrorKind::Unknown) if the service returned a code and a status that this
///   version does not know, or if the runtime shut down during the call.
///
/// If a write may have been executed although its call failed,
/// [`Error::is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true.
#[derive(Clone)]
pub struct KmsClient {
    pub(super) context: Arc<CallContext>,
}

impl fmt::Debug for KmsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsClient").field("host", &self.host()).finish_non_exhaustive()
    }
}
