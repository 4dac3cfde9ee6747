use std::io;
use std::path::{Path, PathBuf};

use futures_util::FutureExt as _;
use zeroize::Zeroizing;

use super::*;
use crate::credentials::CredentialsFuture;
use crate::os::{CommandOutput, OsFuture};
use crate::rate_limit::QuotaGroup;

/// A system with a value of `ALIBABA_CLOUD_REGION_ID`, if any, and nothing else.
#[derive(Debug)]
struct OneVariable(Option<&'static str>);

impl Os for OneVariable {
    fn variable(&self, name: &str) -> Option<String> {
        (name == REGION_VARIABLE).then_some(self.0?.to_owned())
    }

    fn home(&self) -> Option<PathBuf> {
        None
    }

    fn read_file<'a>(&'a self, _: &'a Path, _: u64) -> OsFuture<'a, Zeroizing<Vec<u8>>> {
        unreachable!("providers have a system of their own")
    }

    fn read_regular_file(&self, _: &Path, _: u64) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        unreachable!("providers have a system of their own")
    }

    fn run<'a>(&'a self, _: &'a str, _: &'a [String]) -> OsFuture<'a, CommandOutput> {
        unreachable!("providers have a system of their own")
    }
}

/// Builds the client on a system whose environment variable has this value.
fn build(
    builder: KmsClientBuilder,
    variable: impl Into<Option<&'static str>>,
) -> Result<KmsClient, String> {
    let builder = builder.or_region_of_configuration(&OneVariable(variable.into()));
    builder.and_then(KmsClientBuilder::build_as_set).map_err(|error| error.to_string())
}

/// Returns the host that is called.
fn host(builder: KmsClientBuilder, variable: &'static str) -> Result<String, String> {
    let builder = builder.credentials(Credentials::new("fake-id", "fake-secret"));
    build(builder, variable).map(|client| client.host().to_owned())
}

#[test]
fn environment_sets_the_region_if_no_setting_does() {
    let unset = KmsClient::builder;
    assert_eq!(host(unset(), " cn-beijing\n").unwrap(), "kms.cn-beijing.aliyuncs.com");
    assert_eq!(host(unset().vpc(), "cn-beijing").unwrap(), "kms-vpc.cn-beijing.aliyuncs.com");
    let region = unset().region("cn-hangzhou");
    assert_eq!(host(region, "cn-beijing").unwrap(), "kms.cn-hangzhou.aliyuncs.com");
    assert_eq!(host(unset().endpoint("kms.internal"), "no region").unwrap(), "kms.internal");
    let instance = unset().dedicated_instance("kst-hzz00000000000fake");
    assert!(host(instance, "no region").unwrap().starts_with("kst-"));
}

#[test]
fn debug_of_the_builder_omits_user_and_password() {
    for endpoint in ["https://fake-user:fake-password@kms.example", "fake-user@kms.example"] {
        let shown = format!("{:?}", KmsClient::builder().endpoint(endpoint));
        assert!(shown.contains("kms.example") && !shown.contains("fake"), "{shown}");
    }
}

#[test]
fn builder_without_default_credentials_needs_them() {
    let unset = || KmsClient::builder_without_default_credentials().region("cn-hangzhou");
    assert_eq!(
        unset().build().unwrap_err().to_string(),
        "`credentials` is missing: set credentials or a credentials_provider on the builder, \
         or start with KmsClient::builder(), which finds them in the environment"
    );
    let credentials = || Credentials::new("fake-id", "fake-secret");
    assert!(unset().credentials(credentials()).build().is_ok());
    assert!(unset().credentials_provider(credentials()).build().is_ok());
}

#[test]
fn missing_or_malformed_region_names_where_to_set_it() {
    let wrong = host(KmsClient::builder(), "Hangzhou").unwrap_err();
    assert!(wrong.starts_with("`ALIBABA_CLOUD_REGION_ID` must be 1 to 63"), "{wrong}");
    let missing = "`region` is missing: set a region such as cn-hangzhou on the builder, in \
                   ALIBABA_CLOUD_REGION_ID or in the profile of the aliyun CLI";
    for variable in ["", " "] {
        let text = host(KmsClient::builder(), variable).unwrap_err();
        assert!(text.starts_with(missing), "{text}");
    }
    let given = KmsClient::builder().credentials(Credentials::new("fake-id", "fake-secret"));
    assert!(build(given, None).is_err());
}

/// A provider whose configuration names a region, or is damaged.
#[derive(Debug)]
struct Configured(Result<&'static str, &'static str>);

impl ProvideCredentials for Configured {
    fn credentials(&self) -> CredentialsFuture<'_> {
        unreachable!("nothing is called")
    }

    fn configured_region(&self) -> Result<Option<String>, CredentialsError> {
        self.0.map(|region| Some(region.to_owned())).map_err(CredentialsError::new)
    }
}

#[test]
fn first_place_with_a_region_is_the_source() {
    // In an Arc, which passes the call on.
    let provided =
        |region| KmsClient::builder().credentials_provider(Arc::new(Configured(Ok(region))));
    let found = |builder, variable| {
        let client = build(builder, variable).unwrap();
        (client.region().unwrap().to_owned(), client.region_source().unwrap())
    };
    let (profile, environment) = ("cn-beijing", Some("cn-shanghai"));
    let set = provided(profile).region("cn-hangzhou");
    assert_eq!(found(set, environment), ("cn-hangzhou".to_owned(), RegionSource::Program));
    let both = found(provided(profile), environment);
    assert_eq!(both, ("cn-shanghai".to_owned(), RegionSource::Environment));
    let only = found(provided(profile), None);
    assert_eq!(only, (profile.to_owned(), RegionSource::CliProfile));
    let error = build(provided("Beijing"), None).unwrap_err();
    assert!(error.starts_with("`region_id` must be 1 to 63"), "{error}");
}

#[test]
fn damaged_configuration_matters_only_without_another_region() {
    let damaged =
        || KmsClient::builder().credentials_provider(Configured(Err("fake.json is damaged")));
    assert!(build(damaged(), "cn-beijing").is_ok());
    assert!(build(damaged().region("cn-beijing"), None).is_ok());
    let error = build(damaged(), None).unwrap_err();
    let expected = "`region` is missing, and fake.json is damaged: set a region";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn metadata_service_has_the_region_of_last_resort() {
    let unset = || KmsClient::builder().credentials(Credentials::new("fake-id", "fake-secret"));
    let found = |region: Result<&str, &'static str>| {
        let found = region.map(str::to_owned).map_err(CredentialsError::new);
        unset().or_region_of_instance(found)?.build_as_set()
    };
    let client = found(Ok("cn-hangzhou")).unwrap();
    assert_eq!(client.host(), "kms.cn-hangzhou.aliyuncs.com");
    assert_eq!(client.region_source(), Some(RegionSource::EcsMetadata));
    assert!(found(Ok("<html>")).unwrap_err().to_string().contains("region-id"));
    let error = found(Err("nobody listens")).unwrap_err().to_string();
    assert!(error.starts_with("`region` is missing, and nobody listens: set"), "{error}");
}

#[test]
fn default_limits_are_the_documented_ones() {
    let limits = KmsClientBuilder::new().limits;
    let seconds = [limits.connect_timeout, limits.attempt_timeout, limits.call_timeout];
    assert_eq!(seconds.map(|limit| limit.as_secs()), [5, 15, 60]);
    assert_eq!(limits.max_response_bytes, 8 << 20);
}

#[test]
fn region_of_a_setting_makes_no_request() {
    for builder in [
        KmsClient::builder().region("cn-hangzhou"),
        KmsClient::builder().endpoint("https://kms.internal"),
    ] {
        // Ready at once and without a runtime, so nothing was sent.
        assert!(builder.region_from_metadata().now_or_never().unwrap().is_ok());
    }
}

#[test]
fn hosts_with_quotas_have_limits_unless_others_are_set() {
    let limited = |builder: KmsClientBuilder| {
        let client = builder.credentials(Credentials::new("fake-id", "fake-secret")).build();
        client.unwrap().context.rate_limits.queue(QuotaGroup::Read).is_some()
    };
    let region = || KmsClient::builder().region("cn-hangzhou");
    let dedicated =
        || KmsClient::builder().endpoint("https://kst-fake.cryptoservice.kms.aliyuncs.com");
    assert!(limited(region()));
    assert!(!limited(region().rate_limits(RateLimits::unlimited())));
    assert!(!limited(dedicated()));
    assert!(limited(dedicated().rate_limits(RateLimits::service_defaults())));
}
