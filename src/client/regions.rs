//! Where KMS can be called.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::regions::describe_regions::{DescribeRegionsRequest, DescribeRegionsResponse};

impl KmsClient {
    /// Gets the regions of KMS
    /// ([`DescribeRegions`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeregions)).
    ///
    /// The identity needs the RAM action `kms:DescribeRegions`; the service allows 50 requests a
    /// second for an account and region, shared with `ListTagResources` and the reads of keys.
    ///
    /// # Errors
    ///
    /// As [`list_secrets`](Self::list_secrets) tells.
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
    /// let answer = client.describe_regions(DescribeRegionsRequest::new()).await?;
    /// assert!(answer.regions.iter().any(|region| region.region_id == "cn-hangzhou"));
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
