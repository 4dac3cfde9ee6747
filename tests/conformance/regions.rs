//! The regions of KMS.

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::keys::DescribeRegionsRequest;

use crate::account::on_every_account;

#[test]
fn client_is_built_for_each_described_region() {
    on_every_account(async |account| {
        let request = DescribeRegionsRequest::new();
        let regions = account.client.describe_regions(request).await.unwrap().regions;
        assert!(regions.iter().any(|region| region.region_id == "cn-hangzhou"));
        for region in regions {
            KmsClient::builder().region(region.region_id).build().unwrap();
        }
    });
}
