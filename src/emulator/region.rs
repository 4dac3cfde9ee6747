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

/// The id of the emulated account, which is fake.
pub(super) const ACCOUNT_ID: &str = "1234567890123456";

impl Region {
    /// Returns the ARN of a secret in this region.
    pub(super) fn secret_arn(&self, secret_name: &str) -> String {
        self.arn(&format!("secret/{secret_name}"))
    }

    /// Returns the ARN of a key in this region.
    pub(super) fn key_arn(&self, key_id: &str) -> String {
        self.arn(&format!("key/{key_id}"))
    }

    /// Returns the ARN of an alias, which begins with `alias/`, in this region.
    pub(super) fn alias_arn(&self, alias: &str) -> String {
        self.arn(alias)
    }

    /// Returns the name of a secret that a request names or identifies by its ARN in this region.
    pub(super) fn secret_name<'a>(&self, name_or_arn: &'a str) -> &'a str {
        let resource = self.resource(name_or_arn);
        resource.and_then(|resource| resource.strip_prefix("secret/")).unwrap_or(name_or_arn)
    }

    /// Returns the id or the alias of a key that a request names or identifies by an ARN in this
    /// region.
    pub(super) fn key_name<'a>(&self, name_or_arn: &'a str) -> &'a str {
        match self.resource(name_or_arn) {
            Some(resource) if resource.starts_with("alias/") => resource,
            Some(resource) => resource.strip_prefix("key/").unwrap_or(name_or_arn),
            None => name_or_arn,
        }
    }

    fn arn(&self, resource: &str) -> String {
        format!("acs:kms:{}:{ACCOUNT_ID}:{resource}", self.id)
    }

    /// Returns the last part of an ARN in this region.
    fn resource<'a>(&self, arn: &'a str) -> Option<&'a str> {
        let in_region = arn.strip_prefix("acs:kms:")?.strip_prefix(&*self.id)?;
        in_region.strip_prefix(':')?.strip_prefix(ACCOUNT_ID)?.strip_prefix(':')
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
