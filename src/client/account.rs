//! The state of KMS for the account, and the regions of KMS.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::keys::describe_account_kms_status::{
    DescribeAccountKmsStatusRequest, DescribeAccountKmsStatusResponse,
};
use crate::keys::describe_regions::{DescribeRegionsRequest, DescribeRegionsResponse};
use crate::keys::open_kms_service::{OpenKmsServiceRequest, OpenKmsServiceResponse};

impl KmsClient {
    /// Activates KMS for the account
    /// ([`OpenKmsService`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-openkmsservice)).
    ///
    /// The service bills an active account for what it uses.
    ///
    /// # Errors
    ///
    /// [`AccountState`](crate::ErrorKind::AccountState) if KMS is active already
    /// (`Forbidden.Opened`) or the account lacks real-name verification, and the [errors of every
    /// call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::keys::{AccountStatus, OpenKmsServiceRequest};
    ///
    /// let status = client.describe_account_kms_status().await?.account_status;
    /// if status == AccountStatus::NotEnabled {
    ///     client.open_kms_service(OpenKmsServiceRequest::new()).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn open_kms_service(
        &self,
        request: OpenKmsServiceRequest,
    ) -> impl Future<Output = Result<OpenKmsServiceResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns the state of KMS for the account
    /// ([`DescribeAccountKmsStatus`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeaccountkmsstatus)).
    ///
    /// # Errors
    ///
    /// The [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::keys::AccountStatus;
    ///
    /// let response = client.describe_account_kms_status().await?;
    /// assert_eq!(response.account_status, AccountStatus::Enabled);
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe_account_kms_status(
        &self,
    ) -> impl Future<Output = Result<DescribeAccountKmsStatusResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), DescribeAccountKmsStatusRequest::new())
    }

    /// Returns the regions of KMS
    /// ([`DescribeRegions`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeregions)).
    ///
    /// # Errors
    ///
    /// The [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::keys::DescribeRegionsRequest;
    ///
    /// let response = client.describe_regions(DescribeRegionsRequest::new()).await?;
    /// assert!(response.regions.iter().any(|region| region.region_id == "cn-hangzhou"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe_regions(
        &self,
        request: DescribeRegionsRequest,
    ) -> impl Future<Output = Result<DescribeRegionsResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }
}
