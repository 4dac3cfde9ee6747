//! Which host answers for which region, and which URLs may be called at all.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-endpoint>

use std::fmt;

use url::{Host, Url};

use crate::error::ValidationError;

/// Where requests go: an origin, so always with the path `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Scheme, host and port, then `/`.
    url: String,
    /// Host, and port where it is not the scheme's own.
    host: String,
    /// `None` where a URL was given alone, which does not tell.
    region: Option<String>,
    /// Which of its region's two hosts it is; `None` where a URL or an instance was given.
    network: Option<Network>,
    loopback: bool,
}

/// Which of a region's two hosts is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Network {
    #[default]
    Public,
    /// Reached from inside a VPC of the region only.
    Vpc,
}

/// What an endpoint can be, for who gave none.
const AN_ENDPOINT: &str = "URLs such as https://kms.cn-hangzhou.aliyuncs.com";

/// The domain of the instances' own hosts.
const INSTANCE_DOMAIN: &str = ".cryptoservice.kms.aliyuncs.com";

impl Endpoint {
    /// The host of a region by the service's rule, whether or not the region is known here.
    pub(crate) fn from_region(region: &str, network: Network) -> Result<Self, ValidationError> {
        check_region("region", region)?;
        let prefix = match network {
            Network::Public => "kms",
            Network::Vpc => "kms-vpc",
        };
        let host = format!("{prefix}.{region}.aliyuncs.com");
        Ok(Self {
            url: format!("https://{host}/"),
            host,
            region: Some(region.to_owned()),
            network: Some(network),
            loopback: false,
        })
    }

    /// The host of a KMS instance of the user's own, which answers inside the VPCs that are bound to it.
    pub(crate) fn from_instance(id: &str) -> Result<Self, ValidationError> {
        let named = id.strip_prefix("kst-").is_some_and(|rest| !rest.is_empty());
        if !named || !is_label(id) {
            let allowed = "kst- and 1 to 59 characters of a-z, 0-9 and -";
            return Err(ValidationError::new("dedicated_instance", id, allowed));
        }
        let host = format!("{id}{INSTANCE_DOMAIN}");
        let url = format!("https://{host}/");
        Ok(Self { url, host, region: None, network: None, loopback: false })
    }

    /// The host of another region, in the same network.
    pub(crate) fn for_region(&self, region: &str) -> Result<Self, ValidationError> {
        let Some(network) = self.network else {
            let allowed = "the hosts of regions, for clients of other regions to be made from it";
            return Err(ValidationError::new("endpoint", &self.host, allowed));
        };
        Self::from_region(region, network)
    }

    /// A URL given by the user, or a bare host, which stands for `https://` and that host.
    pub(crate) fn from_url(text: &str, allow_http: bool) -> Result<Self, ValidationError> {
        // What cannot be read as a URL may still hold a password, so only what was understood is ever shown.
        let refused = |shown: fmt::Arguments<'_>, allowed| {
            Err(ValidationError::new("endpoint", shown, allowed))
        };
        let with_scheme =
            if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let Ok(url) = Url::parse(&with_scheme) else {
            return refused(format_args!("not a URL"), AN_ENDPOINT);
        };
        let Some(host) = url.host() else {
            return refused(format_args!("a URL without a host"), AN_ENDPOINT);
        };
        let origin = url.origin().ascii_serialization();
        let loopback = is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if loopback || allow_http => {}
            _ => {
                return refused(
                    format_args!("{origin:?}"),
                    "https:// and, for loopback hosts or with allow_http, http://",
                );
            }
        }
        if !url.username().is_empty() || url.password().is_some() {
            let shown = format_args!("{origin:?} with a user name or password");
            return refused(shown, "URLs without them");
        }
        if url.query().is_some() || url.fragment().is_some() || url.path() != "/" {
            let shown = format_args!("{origin:?} with a path, a query or a fragment");
            return refused(shown, "URLs without them");
        }
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        let url = format!("{origin}/");
        Ok(Self { url, host, region: None, network: None, loopback })
    }

    /// Scheme, host and port, then `/`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Host, and port where it is not the scheme's own.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The host and the port in its URL or of its scheme.
    #[cfg(feature = "tracing")]
    pub(crate) fn address(&self) -> (&str, u16) {
        let told = self.host.rsplit_once(':');
        // What stands behind the last colon of an IPv6 address alone has its bracket.
        match told.and_then(|(address, port)| Some((address, port.parse().ok()?))) {
            Some(told) => told,
            None if self.url.starts_with("https:") => (&self.host, 443),
            None => (&self.host, 80),
        }
    }

    /// The same host, known to be of this region.
    pub(crate) fn with_region(self, region: &str) -> Result<Self, ValidationError> {
        check_region("region", region)?;
        Ok(Self { region: Some(region.to_owned()), ..self })
    }

    /// The region's id, if it was told.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Whether it is an instance's own host, however it was given.
    pub(crate) fn is_instance(&self) -> bool {
        let name = self.host.split(':').next().unwrap_or_default();
        name.ends_with(INSTANCE_DOMAIN)
    }

    /// Whether this machine answers itself, so that no proxy may stand between.
    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }
}

/// Refuses what is no label of a host name. Whether a region of that name exists is for the service to say.
pub(crate) fn check_region(field: &'static str, region: &str) -> Result<(), ValidationError> {
    if is_label(region) {
        return Ok(());
    }
    let allowed = "1 to 63 characters of a-z, 0-9 and -, such as cn-hangzhou";
    Err(ValidationError::new(field, region, allowed))
}

fn is_label(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=63).contains(&text.len()) && text.chars().all(fits)
}

/// Whether a URL is of this machine, so that no proxy may stand between and plain HTTP is seen by nobody.
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
    fn refusal(text: &str) -> String {
        Endpoint::from_url(text, false).unwrap_err().to_string()
    }

    #[test]
    fn a_region_has_a_public_and_a_vpc_host_even_when_it_is_new() {
        let public = Endpoint::from_region("cn-hangzhou", Network::Public).unwrap();
        assert_eq!(public.url(), "https://kms.cn-hangzhou.aliyuncs.com/");
        assert_eq!(public.host(), "kms.cn-hangzhou.aliyuncs.com");
        let vpc = Endpoint::from_region("moon-base-1", Network::Vpc).unwrap();
        assert_eq!(vpc.url(), "https://kms-vpc.moon-base-1.aliyuncs.com/");
    }

    #[test]
    fn another_region_is_found_in_the_same_network() {
        let vpc = Endpoint::from_region("cn-hangzhou", Network::Vpc).unwrap();
        let other = vpc.for_region("cn-beijing").unwrap();
        assert_eq!(other, Endpoint::from_region("cn-beijing", Network::Vpc).unwrap());
        let refused =
            Endpoint::from_url("https://kms.internal", false).unwrap().for_region("cn-beijing");
        assert!(
            refused
                .unwrap_err()
                .to_string()
                .starts_with("endpoint is \"kms.internal\", allowed are the hosts of regions")
        );
    }

    #[test]
    fn what_cannot_be_a_region_is_refused_with_the_value() {
        for region in [
            "",
            "cn.hangzhou",
            "cn/hangzhou",
            "cn-hangzhou@evil.example",
            "CN-HANGZHOU",
            "cn hangzhou",
        ] {
            let text = Endpoint::from_region(region, Network::Public).unwrap_err().to_string();
            assert!(text.starts_with(&format!("region is {region:?}, allowed are")), "{text}");
        }
        assert!(Endpoint::from_region(&"a".repeat(64), Network::Public).is_err());
    }

    #[test]
    fn an_instance_has_a_host_of_its_own_and_is_known_by_it() {
        let instance = Endpoint::from_instance("kst-hzz00000000000fake").unwrap();
        let host = "kst-hzz00000000000fake.cryptoservice.kms.aliyuncs.com";
        assert_eq!((instance.url(), instance.host()), (&*format!("https://{host}/"), host));
        assert!(instance.is_instance());
        assert!(Endpoint::from_url(&format!("https://{host}:8443"), false).unwrap().is_instance());
        assert!(!Endpoint::from_region("cn-hangzhou", Network::Public).unwrap().is_instance());
        for id in ["", "key-hzz00000000000fake", "kst-", "kst-A", "kst-a.evil.example", host] {
            let text = Endpoint::from_instance(id).unwrap_err().to_string();
            assert!(text.starts_with(&format!("dedicated_instance is {id:?}, allowed")), "{text}");
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
        assert_eq!(
            Endpoint::from_url("https://kms.internal:8443", false).unwrap().host(),
            "kms.internal:8443"
        );
        assert_eq!(
            Endpoint::from_url("https://kms.internal:443", false).unwrap().host(),
            "kms.internal"
        );
    }

    #[cfg(feature = "tracing")]
    #[test]
    fn the_port_of_a_host_is_told_apart_from_it() {
        for (text, told) in [
            ("https://kms.internal:8443", ("kms.internal", 8443)),
            ("kms.internal", ("kms.internal", 443)),
            ("http://127.0.0.1:8080", ("127.0.0.1", 8080)),
            ("http://[::1]", ("[::1]", 80)),
            ("https://[::1]:8443", ("[::1]", 8443)),
        ] {
            assert_eq!(Endpoint::from_url(text, false).unwrap().address(), told, "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback_or_by_choice() {
        for text in
            ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:80", "http://127.9.9.9"]
        {
            assert!(Endpoint::from_url(text, false).unwrap().is_loopback(), "{text}");
        }
        assert!(
            refusal("http://kms.cn-hangzhou.aliyuncs.com").contains("allowed are https:// and")
        );
        assert!(refusal("http://localhost.evil.example").contains("https://"));
        assert!(Endpoint::from_url("http://kms.internal", true).is_ok());
        assert!(
            refusal("ftp://127.0.0.1").contains("for loopback hosts or with allow_http, http://")
        );
    }

    #[test]
    fn what_is_more_than_an_origin_is_refused_and_a_password_is_not_shown() {
        let with_password = refusal("https://user:fake-password@kms.internal");
        assert!(
            with_password.contains(
                "\"https://kms.internal\" with a user name or password, allowed are URLs without"
            ),
            "{with_password}"
        );
        assert!(!with_password.contains("fake-password"), "{with_password}");
        let unreadable = refusal("https://user:fake-password@:port");
        assert!(!unreadable.contains("fake-password"), "{unreadable}");
        for text in ["https://h/?a=1", "https://h/path", "https://h/#f"] {
            let told = "endpoint is \"https://h\" with a path, a query or a fragment, allowed are";
            assert!(refusal(text).starts_with(told), "{text}");
        }
        for text in ["", "https://", "https:///", "data:text/plain,hi"] {
            assert!(Endpoint::from_url(text, true).is_err(), "{text}");
        }
        for text in ["", "https://"] {
            assert!(refusal(text).starts_with("endpoint is not a URL, allowed are URLs"), "{text}");
        }
    }
}
