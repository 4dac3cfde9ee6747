//! Which region an emulator stands for, and among which others.

/// A region, and those that `DescribeRegions` tells of there.
#[derive(Clone, Debug)]
pub(super) struct Location {
    pub(super) region: String,
    pub(super) regions: Vec<String>,
}

/// Those of the official SDKs, July 2026.
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint>
const REGIONS: [&str; 32] = [
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

/// The account, which is made up.
const ACCOUNT: &str = ":1234567890123456:secret/";

impl Location {
    /// The ARN of a secret that is here.
    pub(super) fn arn(&self, name: &str) -> String {
        format!("acs:kms:{}{ACCOUNT}{name}", self.region)
    }

    /// The name of a secret that is told by its name or by the ARN that it has here.
    pub(super) fn name<'a>(&self, name_or_arn: &'a str) -> &'a str {
        let in_region = name_or_arn.strip_prefix("acs:kms:");
        let in_account = in_region.and_then(|rest| rest.strip_prefix(&*self.region));
        in_account.and_then(|rest| rest.strip_prefix(ACCOUNT)).unwrap_or(name_or_arn)
    }
}

impl Default for Location {
    fn default() -> Self {
        Self { region: "cn-hangzhou".to_owned(), regions: REGIONS.map(str::to_owned).into() }
    }
}
