//! [`Endpoint`]: the host of a region or instance, and which URLs may be called at all.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint>

use std::fmt;

use url::{Host, Url};

use crate::error::ValidationError;

/// The origin that requests are sent to, so the path is always `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// The scheme, host and port, then `/`.
    url: String,
    /// The host, with its port unless that is the scheme's default.
    host: String,
    /// `None` if only a URL was given, which does not name a region.
    region: Option<String>,
    /// The setting that named the region, if it is known.
    region_source: RegionSource,
    /// The one of its region's two hosts that it is; `None` if a URL or an instance was given.
    network: Option<Network>,
    loopback: bool,
}

/// The origin of a client's region. The first of these that names one is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RegionSource {
    /// The program: [`KmsClientBuilder::region`](crate::KmsClientBuilder::region) or
    /// [`KmsClient::in_region`](crate::KmsClient::in_region).
    #[default]
    Program,
    /// The environment variable `ALIBABA_CLOUD_REGION_ID`.
    Environment,
    /// The `region_id` of the profile of the `aliyun` CLI that the credentials provider chooses.
    CliProfile,
    /// The metadata service of the ECS instance
    /// ([`KmsClientBuilder::region_from_metadata`](crate::KmsClientBuilder::region_from_metadata)).
    EcsMetadata,
}

impl fmt::Display for RegionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Program => "the program",
            Self::Environment => "ALIBABA_CLOUD_REGION_ID",
            Self::CliProfile => "the profile of the aliyun CLI",
            Self::EcsMetadata => "the ECS metadata service",
        })
    }
}

/// The network of a host: each region has a host in either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Network {
    #[default]
    Public,
    /// The host that is reached only from inside a VPC of the region.
    Vpc,
}

const URL_EXAMPLE: &str = "a URL such as https://kms.cn-hangzhou.aliyuncs.com";

/// The first label of the hosts that are reached only from inside a VPC.
const VPC_PREFIX: &str = "kms-vpc";

/// The domain of the instances' own hosts.
const INSTANCE_DOMAIN: &str = ".cryptoservice.kms.aliyuncs.com";

impl Endpoint {
    /// Makes the endpoint of a region by the service's naming rule, whether or not the region is
    /// known.
    pub(crate) fn from_region(region: &str, network: Network) -> Result<Self, ValidationError> {
        check_region("region", region)?;
        let prefix = match network {
            Network::Public => "kms",
            Network::Vpc => VPC_PREFIX,
        };
        let host = format!("{prefix}.{region}.aliyuncs.com");
        Ok(Self {
            url: format!("https://{host}/"),
            host,
            region: Some(region.to_owned()),
            region_source: RegionSource::default(),
            network: Some(network),
            loopback: false,
        })
    }

    /// Makes the endpoint of a dedicated KMS instance, which responds inside the VPCs that are
    /// bound to it.
    pub(crate) fn from_instance(id: &str) -> Result<Self, ValidationError> {
        let is_prefixed = id.strip_prefix("kst-").is_some_and(|rest| !rest.is_empty());
        if !is_prefixed || !is_host_label(id) {
            let allowed = "kst- and 1 to 59 characters of a-z, 0-9 and -";
            return Err(ValidationError::new("dedicated_instance", id, allowed));
        }
        let host = format!("{id}{INSTANCE_DOMAIN}");
        let url = format!("https://{host}/");
        let region_source = RegionSource::default();
        Ok(Self { url, host, region: None, region_source, network: None, loopback: false })
    }

    /// Returns the endpoint of another region in the same network.
    pub(crate) fn for_region(&self, region: &str) -> Result<Self, ValidationError> {
        let Some(network) = self.network else {
            let allowed =
                "the host of a region, so that clients of other regions can be made from it";
            return Err(ValidationError::new("endpoint", &self.host, allowed));
        };
        Self::from_region(region, network)
    }

    /// Parses a URL that the user gave, or a bare host, which means `https://` and that host.
    pub(crate) fn from_url(text: &str, allow_http: bool) -> Result<Self, ValidationError> {
        // A text that is not a URL may still contain a password, so errors show only what was
        // parsed.
        let error = |got: &str, allowed| {
            Err(ValidationError::new("endpoint", format_args!("{got}"), allowed))
        };
        let with_scheme =
            if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let Ok(url) = Url::parse(&with_scheme) else {
            return error("another text", URL_EXAMPLE);
        };
        let Some(host) = url.host() else {
            return error("a URL without a host", URL_EXAMPLE);
        };
        let origin = url.origin().ascii_serialization();
        let loopback = is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if loopback || allow_http => {}
            _ => {
                let allowed =
                    "an https:// URL, or an http:// URL of a loopback host or beside `allow_http`";
                return error(&origin, allowed);
            }
        }
        let more = format!("{origin} with them");
        if !url.username().is_empty() || url.password().is_some() {
            return error(&more, "a URL without user name and password");
        }
        if url.query().is_some() || url.fragment().is_some() || url.path() != "/" {
            return error(&more, "a URL without path, query and fragment");
        }
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        let url = format!("{origin}/");
        let region_source = RegionSource::default();
        Ok(Self { url, host, region: None, region_source, network: None, loopback })
    }

    /// Returns the scheme, host and port, then `/`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Returns the host, with its port unless that is the scheme's default.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Returns the host and the port, which may be the scheme's default.
    #[cfg(feature = "tracing")]
    pub(crate) fn address(&self) -> (&str, u16) {
        let with_port = self.host.rsplit_once(':');
        // The text behind the last colon of a bare IPv6 address ends with its bracket.
        match with_port.and_then(|(address, port)| Some((address, port.parse().ok()?))) {
            Some(address) => address,
            None if self.url.starts_with("https:") => (&self.host, 443),
            None => (&self.host, 80),
        }
    }

    /// Returns the same host, known to be of this region.
    pub(crate) fn with_region(self, region: &str) -> Result<Self, ValidationError> {
        check_region("region", region)?;
        Ok(Self { region: Some(region.to_owned()), ..self })
    }

    /// Returns the region's id, if it is known.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns the same host, with the setting that named its region.
    pub(crate) fn with_region_source(self, region_source: RegionSource) -> Self {
        Self { region_source, ..self }
    }

    /// Returns the setting that named the region, if it is known.
    pub(crate) fn region_source(&self) -> Option<RegionSource> {
        self.region.as_ref().map(|_| self.region_source)
    }

    /// Returns true if it is a dedicated instance's own host, however it was given.
    pub(crate) fn is_instance(&self) -> bool {
        let name = self.host.split(':').next().unwrap_or_default();
        name.ends_with(INSTANCE_DOMAIN)
    }

    /// Returns true if it is a region's VPC host, however it was given.
    pub(crate) fn is_vpc(&self) -> bool {
        self.host.split('.').next() == Some(VPC_PREFIX)
    }

    /// Returns true if the host is this system itself, so that no proxy may stand between.
    #[cfg(feature = "reqwest")]
    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }
}

/// Checks that `region` can be part of a host name. Whether it exists is for the service to decide.
pub(crate) fn check_region(field: &'static str, region: &str) -> Result<(), ValidationError> {
    if is_host_label(region) {
        return Ok(());
    }
    let allowed = "1 to 63 characters of a-z, 0-9 and -, such as cn-hangzhou";
    Err(ValidationError::new(field, region, allowed))
}

fn is_host_label(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=63).contains(&text.len()) && text.chars().all(is_allowed)
}

/// Returns true if the URL's host is this system, so that no proxy may stand between and nobody can
/// read plain HTTP.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn url(text: &str) -> String {
        Endpoint::from_url(text, false).unwrap().url
    }

    #[track_caller]
    fn error(text: &str) -> String {
        Endpoint::from_url(text, false).unwrap_err().to_string()
    }

    #[test]
    fn region_has_a_public_and_a_vpc_host_even_when_new() {
        let public = Endpoint::from_region("cn-hangzhou", Network::Public).unwrap();
        assert_eq!(public.url(), "https://kms.cn-hangzhou.aliyuncs.com/");
        assert_eq!(public.host(), "kms.cn-hangzhou.aliyuncs.com");
        let vpc = Endpoint::from_region("moon-base-1", Network::Vpc).unwrap();
        assert_eq!(vpc.url(), "https://kms-vpc.moon-base-1.aliyuncs.com/");
    }

    #[test]
    fn another_region_is_in_the_same_network() {
        let vpc = Endpoint::from_region("cn-hangzhou", Network::Vpc).unwrap();
        let other = vpc.for_region("cn-beijing").unwrap();
        assert_eq!(other, Endpoint::from_region("cn-beijing", Network::Vpc).unwrap());
    }

    #[test]
    fn url_does_not_name_the_host_of_another_region() {
        let endpoint = Endpoint::from_url("https://kms.internal", false).unwrap();
        let error = endpoint.for_region("cn-beijing").unwrap_err().to_string();
        assert!(error.starts_with("`endpoint` must be the host of a region"), "{error}");
    }

    #[test]
    fn impossible_region_is_rejected_with_its_value() {
        for region in [
            "",
            "cn.hangzhou",
            "cn/hangzhou",
            "cn-hangzhou@evil.example",
            "CN-HANGZHOU",
            "cn hangzhou",
        ] {
            let text = Endpoint::from_region(region, Network::Public).unwrap_err().to_string();
            assert!(text.starts_with("`region` must be 1 to 63"), "{text}");
            assert!(text.ends_with(&format!(", got {region:?}")), "{text}");
        }
        assert!(Endpoint::from_region(&"a".repeat(63), Network::Public).is_ok());
        assert!(Endpoint::from_region(&"a".repeat(64), Network::Public).is_err());
    }

    #[test]
    fn instance_has_its_own_host_and_is_recognized_by_it() {
        let instance = Endpoint::from_instance("kst-hzz00000000000fake").unwrap();
        let host = "kst-hzz00000000000fake.cryptoservice.kms.aliyuncs.com";
        assert_eq!((instance.url(), instance.host()), (&*format!("https://{host}/"), host));
        assert!(instance.is_instance());
        assert!(Endpoint::from_url(&format!("https://{host}:8443"), false).unwrap().is_instance());
        assert!(!Endpoint::from_region("cn-hangzhou", Network::Public).unwrap().is_instance());
        for id in ["", "key-hzz00000000000fake", "kst-", "kst-A", "kst-a.evil.example", host] {
            let text = Endpoint::from_instance(id).unwrap_err().to_string();
            assert!(text.starts_with("`dedicated_instance` must be kst- and"), "{text}");
            assert!(text.ends_with(&format!(", got {id:?}")), "{text}");
        }
    }

    #[test]
    fn urls_and_bare_hosts_become_origins() {
        assert_eq!(
            url("https://kms.cn-hangzhou.aliyuncs.com"),
            "https://kms.cn-hangzhou.aliyuncs.com/"
        );
        assert_eq!(
            url("kms-vpc.cn-hangzhou.aliyuncs.com"),
            "https://kms-vpc.cn-hangzhou.aliyuncs.com/"
        );
        assert_eq!(url("https://kms.internal:8443/"), "https://kms.internal:8443/");
        let host = |text| Endpoint::from_url(text, false).unwrap().host;
        assert_eq!(host("https://kms.internal:8443"), "kms.internal:8443");
        assert_eq!(host("https://kms.internal:443"), "kms.internal");
    }

    #[cfg(feature = "tracing")]
    #[test]
    fn address_has_the_host_and_the_port_apart() {
        for (text, address) in [
            ("https://kms.internal:8443", ("kms.internal", 8443)),
            ("kms.internal", ("kms.internal", 443)),
            ("http://127.0.0.1:8080", ("127.0.0.1", 8080)),
            ("http://[::1]", ("[::1]", 80)),
            ("https://[::1]:8443", ("[::1]", 8443)),
        ] {
            assert_eq!(Endpoint::from_url(text, false).unwrap().address(), address, "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback_hosts_or_by_choice() {
        for text in
            ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:80", "http://127.9.9.9"]
        {
            assert!(Endpoint::from_url(text, false).unwrap().is_loopback(), "{text}");
        }
        assert!(Endpoint::from_url("http://kms.internal", true).is_ok());
        for text in [
            "http://kms.cn-hangzhou.aliyuncs.com",
            "http://localhost.evil.example",
            "ftp://127.0.0.1",
        ] {
            let error = error(text);
            assert!(
                error.starts_with("`endpoint` must be an https:// URL, or an http://"),
                "{error}"
            );
            assert!(error.ends_with(&format!(", got {text}")), "{error}");
        }
    }

    #[test]
    fn password_is_rejected_and_not_shown() {
        let with_password = error("https://user:fake-password@kms.internal");
        assert_eq!(
            with_password,
            "`endpoint` must be a URL without user name and password, got https://kms.internal with them"
        );
        let malformed = error("https://user:fake-password@:port");
        assert!(!malformed.contains("fake-password"), "{malformed}");
    }

    #[test]
    fn more_than_an_origin_is_rejected() {
        for text in ["https://h/?a=1", "https://h/path", "https://h/#f"] {
            let expected = "`endpoint` must be a URL without path, query and fragment, got https://h with them";
            assert_eq!(error(text), expected);
        }
        for text in ["", "https://", "https:///", "data:text/plain,hi"] {
            assert!(Endpoint::from_url(text, true).is_err(), "{text}");
        }
        for text in ["", "https://"] {
            assert!(error(text).starts_with("`endpoint` must be a URL such as"), "{text}");
        }
    }
}
