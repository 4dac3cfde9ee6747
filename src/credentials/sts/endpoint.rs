//! [`StsHost`]: selects the host of STS. Pure apart from the environment variables.
//!
//! <https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-endpoint>

use super::super::{CredentialsError, ProviderEnv};
use crate::endpoint::{Endpoint, check_region};
use crate::transport::GivenUrl;

/// The host as far as settings or a profile determine it. The environment and the client's region
/// come after.
#[derive(Clone, Debug, Default)]
pub(crate) struct StsHost {
    pub(crate) endpoint: Option<GivenUrl>,
    pub(crate) region: Option<String>,
    pub(crate) vpc: bool,
}

impl StsHost {
    /// Returns the first of: the endpoint that was set, `ALIBABA_CLOUD_STS_ENDPOINT`, the host of
    /// the region that was set or of `ALIBABA_CLOUD_STS_REGION`, that of the client's region, the
    /// global host.
    pub(super) fn resolve(&self, env: &ProviderEnv) -> Result<Endpoint, CredentialsError> {
        if let Some(GivenUrl(url)) = &self.endpoint {
            return endpoint_from_url(url);
        }
        if let Some(url) = env.variable("ALIBABA_CLOUD_STS_ENDPOINT") {
            return endpoint_from_url(&url);
        }
        let vpc = self.vpc || env.is_set_to_true("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED");
        let region = self
            .region
            .clone()
            .or_else(|| env.variable("ALIBABA_CLOUD_STS_REGION"))
            .or_else(|| env.client_region.clone());
        match (region, vpc) {
            (Some(region), vpc) => endpoint_from_region(&region, vpc),
            // The official libraries silently fall back to the public host here.
            (None, true) => Err(CredentialsError::new(
                "the VPC host of STS needs a region: set ALIBABA_CLOUD_STS_REGION",
            )),
            (None, false) => endpoint_from_url("sts.aliyuncs.com"),
        }
    }
}

fn endpoint_from_region(region: &str, vpc: bool) -> Result<Endpoint, CredentialsError> {
    // The finance cloud of Hangzhou has no host of its own.
    let region = if region == "cn-hangzhou-finance" { "cn-hangzhou" } else { region };
    check_region("the region of STS", region)
        .map_err(|problem| CredentialsError::new(problem.to_string()))?;
    let prefix = if vpc { "sts-vpc" } else { "sts" };
    endpoint_from_url(&format!("{prefix}.{region}.aliyuncs.com"))
}

/// Reads a URL or a bare host; `http://` is only for loopback hosts.
fn endpoint_from_url(url: &str) -> Result<Endpoint, CredentialsError> {
    Endpoint::from_url(url, false)
        .map_err(|problem| CredentialsError::new(format!("the STS {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::tests::fake_env::env_with;

    #[track_caller]
    fn host(host: &StsHost, variables: &[(&str, &str)], client_region: Option<&str>) -> String {
        let env = env_with(variables).with_client_region(client_region.map(str::to_owned));
        match host.resolve(&env) {
            Ok(endpoint) => endpoint.host().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    fn region(region: &str, vpc: bool) -> StsHost {
        StsHost { endpoint: None, region: Some(region.to_owned()), vpc }
    }

    const VPC: (&str, &str) = ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "TRUE");
    const STS_REGION: (&str, &str) = ("ALIBABA_CLOUD_STS_REGION", "cn-beijing");
    const ENDPOINT: (&str, &str) =
        ("ALIBABA_CLOUD_STS_ENDPOINT", "sts-vpc.cn-shanghai.aliyuncs.com");

    #[test]
    fn most_specific_setting_selects_the_host() {
        let set =
            StsHost { endpoint: Some(GivenUrl("https://sts.example".into())), ..region("a", true) };
        let unset = StsHost::default();
        let everything = [VPC, STS_REGION, ENDPOINT];
        assert_eq!(host(&set, &everything, Some("c")), "sts.example");
        assert_eq!(
            host(&region("a", false), &everything, Some("c")),
            "sts-vpc.cn-shanghai.aliyuncs.com"
        );
        assert_eq!(host(&region("a", false), &[STS_REGION], Some("c")), "sts.a.aliyuncs.com");
        assert_eq!(host(&unset, &[VPC, STS_REGION], Some("c")), "sts-vpc.cn-beijing.aliyuncs.com");
        assert_eq!(host(&unset, &[], Some("eu-central-1")), "sts.eu-central-1.aliyuncs.com");
        assert_eq!(host(&unset, &[VPC], Some("c")), "sts-vpc.c.aliyuncs.com");
        assert_eq!(host(&unset, &[], None), "sts.aliyuncs.com");
    }

    #[test]
    fn debug_of_the_host_omits_user_and_password() {
        let url = GivenUrl("https://fake-user:fake-password@sts.example".into());
        let shown = format!("{:?}", StsHost { endpoint: Some(url), ..StsHost::default() });
        assert!(shown.contains("sts.example") && !shown.contains("fake"), "{shown}");
    }

    /// The official libraries call the public host instead.
    #[test]
    fn vpc_host_without_a_region_is_an_error() {
        let error = host(&StsHost::default(), &[VPC], None);
        assert!(error.contains("set ALIBABA_CLOUD_STS_REGION"), "{error}");
    }

    #[test]
    fn hangzhou_finance_uses_the_host_of_hangzhou() {
        assert_eq!(
            host(&region("cn-hangzhou-finance", false), &[], None),
            "sts.cn-hangzhou.aliyuncs.com"
        );
        assert!(host(&region("cn.evil", false), &[], None).contains("must be"));
        let http =
            StsHost { endpoint: Some(GivenUrl("http://sts.example".into())), ..StsHost::default() };
        assert!(
            host(&http, &[], None).contains("the STS `endpoint` must be an https:// URL"),
            "{}",
            host(&http, &[], None)
        );
    }
}
