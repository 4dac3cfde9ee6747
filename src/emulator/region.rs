//! [`Region`]: the region that an emulator serves, with the names that secrets have in it.

/// A region, and the regions that `DescribeRegions` lists there.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub(super) id: String,
    pub(super) known_regions: Vec<String>,
}

/// The regions of KMS, as the official SDKs list them (July 2026).
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint>
const KNOWN_REGIONS: [&str; 32] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "cn-beijing",
    "cn-beijing-finance-1",
    "cn-chengdu",
    "cn-fuzhou",
    "cn-guangzhou",
    "cn-hangzhou",
    "cn-hangzhou-finance",
    "cn-heyuan",
    "cn-hongkong",
    "cn-huhehaote",
    "cn-qingdao",
    "cn-shanghai",
    "cn-shanghai-finance-1",
    "cn-shenzhen",
    "cn-shenzhen-finance-1",
    "cn-wuhan-lr",
    "cn-wulanchabu",
    "cn-zhangjiakou",
    "cn-zhengzhou-jva",
    "eu-central-1",
    "eu-west-1",
    "me-central-1",
    "me-east-1",
    "us-east-1",
    "us-west-1",
];

/// The part of an ARN between the region and the secret's name. The account id is fake.
const ARN_ACCOUNT: &str = ":1234567890123456:secret/";

impl Region {
    /// Returns the ARN of a secret in this region.
    pub(super) fn secret_arn(&self, secret_name: &str) -> String {
        format!("acs:kms:{}{ARN_ACCOUNT}{secret_name}", self.id)
    }

    /// Returns the name of a secret that a request names or identifies by its ARN in this region.
    pub(super) fn secret_name<'a>(&self, name_or_arn: &'a str) -> &'a str {
        let in_region = name_or_arn.strip_prefix("acs:kms:");
        let in_account = in_region.and_then(|rest| rest.strip_prefix(&*self.id));
        in_account.and_then(|rest| rest.strip_prefix(ARN_ACCOUNT)).unwrap_or(name_or_arn)
    }
}

impl Default for Region {
    fn default() -> Self {
        Self {
            id: "cn-hangzhou".to_owned(),
            known_regions: KNOWN_REGIONS.map(str::to_owned).into(),
        }
    }
}
