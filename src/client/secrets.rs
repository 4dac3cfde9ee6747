//! Secrets as a whole, without what they hold.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::ops::describe_secret::{DescribeSecretRequest, DescribeSecretResponse};

impl KmsClient {
    /// Tells all of a secret but its value and its versions
    /// ([`DescribeSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describesecret)).
    ///
    /// The identity needs the RAM action `kms:DescribeSecret`. The service allows 450 requests a second for an account and
    /// region, shared with `GetSecretValue`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret; otherwise as [`list_secrets`](Self::list_secrets)
    /// tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::KmsClient;
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add(EmulatedSecret::new("prod/db").description("main database"));
    /// # let client =
    /// #     KmsClient::builder().endpoint(emulator.endpoint()).credentials(emulator.credentials()).build()?;
    /// use alibabacloud_kms::DescribeSecretRequest;
    ///
    /// let secret = client.describe_secret(DescribeSecretRequest::new("prod/db")).await?;
    /// assert_eq!(secret.description.as_deref(), Some("main database"));
    /// assert_eq!(secret.planned_delete_time, None); // it does not await deletion
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe_secret(
        &self,
        request: DescribeSecretRequest,
    ) -> impl Future<Output = Result<DescribeSecretResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }
}
