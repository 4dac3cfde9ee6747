//! [`KmsClient`], whose methods are in the files beside this one.

use std::fmt;
use std::sync::Arc;

use crate::call::CallContext;

/// Calls the secrets of KMS in one region, as one identity.
///
/// A clone is cheap and shares the connections and the
/// [`RateLimits`](crate::rate_limit::RateLimits): make one client and pass clones along. The future
/// of a call owns what it needs, so it can be spawned; dropping it gives up the request, which the
/// service may carry out all the same.
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
#[derive(Clone)]
pub struct KmsClient {
    pub(super) context: Arc<CallContext>,
}

impl fmt::Debug for KmsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsClient").field("host", &self.host()).finish_non_exhaustive()
    }
}
