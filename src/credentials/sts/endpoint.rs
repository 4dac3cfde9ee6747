//! Which host of the token service is asked. Pure but for the variables.
//!
//! <https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-endpoint>

use super::super::{CredentialsError, ProviderEnv};
use crate::endpoint::{Endpoint, check_region};

/// What is known of the host from settings or a profile. The environment and the client's region come after.
#[derive(Clone, Debug, Default)]
pub(in crate::credentials) struct StsHost {
    pub(in crate::credentials) endpoint: Option<String>,
    pub(in crate::credentials) region: Option<String>,
    pub(in crate::credentials) vpc: bool,
}

impl StsHost {
    /// In this order: an endpoint that was set, `ALIBABA_CLOUD_STS_ENDPOINT`, a region that was set or
    /// `ALIBABA_CLOUD_STS_REGION`, the client's region, the global host.
    pub(super) fn resolve(&self, around: &ProviderEnv) -> Result<Endpoint, CredentialsError> {
        if let Some(url) = &self.endpoint {
            return of_url(url);
        }
        if let Some(url) = around.variable("ALIBABA_CLOUD_STS_ENDPOINT") {
            return of_url(&url);
        }
        let vpc = self.vpc || around.is_set_to_true("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED");
        let region = self
            .region
            .clone()
            .or_else(|| around.variable("ALIBABA_CLOUD_STS_REGION"))
            .or_else(|| around.client_region.clone());
        match (region, vpc) {
            (Some(region), vpc) => of_region(&region, vpc),
            // The official libraries fall back to the public host here, in silence.
            (None, true) => Err(CredentialsError::new(
                "the VPC host of STS is wanted, and no region is known: set ALIBABA_CLOUD_STS_REGION",
            )),
            (None, false) => of_url("sts.aliyuncs.com"),
        }
    }
}

fn of_region(region: &str, vpc: bool) -> Result<Endpoint, CredentialsError> {
    // The finance cloud of Hangzhou has no host of its own.
    let region = if region == "cn-hangzhou-finance" { "cn-hangzhou" } else { region };
    check_region("the region of STS", region)
        .map_err(|problem| CredentialsError::new(problem.to_string()))?;
    let prefix = if vpc { "sts-vpc" } else { "sts" };
    of_url(&format!("{prefix}.{region}.aliyuncs.com"))
}

/// A URL or a bare host; `http://` for this machine alone.
fn of_url(url: &str) -> Result<Endpoint, CredentialsError> {
    Endpoint::from_url(url, false)
        .map_err(|problem| CredentialsError::new(format!("the STS {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::tests::surroundings::around;

    #[track_caller]
    fn host(host: &StsHost, variables: &[(&str, &str)], client_region: Option<&str>) -> String {
        let around = around(variables).with_client_region(client_region.map(str::to_owned));
        match host.resolve(&around) {
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
    fn what_is_nearer_decides() {
        let set = StsHost { endpoint: Some("https://sts.example".into()), ..region("a", true) };
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

    /// The official libraries call the public host instead.
    #[test]
    fn the_vpc_host_without_a_region_is_refused() {
        let told = host(&StsHost::default(), &[VPC], None);
        assert!(told.contains("set ALIBABA_CLOUD_STS_REGION"), "{told}");
    }

    #[test]
    fn hangzhou_finance_is_answered_by_hangzhou_and_odd_values_are_refused() {
        assert_eq!(
            host(&region("cn-hangzhou-finance", false), &[], None),
            "sts.cn-hangzhou.aliyuncs.com"
        );
        assert!(host(&region("cn.evil", false), &[], None).contains("must be"));
        let http = StsHost { endpoint: Some("http://sts.example".into()), ..StsHost::default() };
        assert!(
            host(&http, &[], None).contains("the STS `endpoint` must be an https:// URL"),
            "{}",
            host(&http, &[], None)
        );
    }
}
