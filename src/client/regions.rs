//! The regions of KMS.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::regions::describe_regions::{DescribeRegionsRequest, DescribeRegionsResponse};

impl KmsClient {
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
    /// use alibabacloud_kms::regions::DescribeRegionsRequest;
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
