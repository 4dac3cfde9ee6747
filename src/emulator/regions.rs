//! [`EmulatedRegions`]: an emulator for each of several regions, for programs that make clients of them by themselves.

use std::collections::BTreeMap;
use std::future::ready;
use std::io;
use std::ops::Index;
use std::time::Duration;

use http::HeaderValue;
use http::header::HOST;

use super::Emulator;
use super::location::Location;
use crate::client::{KmsClient, KmsClientBuilder};
use crate::error::Result;
use crate::transport::{
    HttpRequest, HttpTransport, LazyPool, PoolSettings, TransportError, TransportErrorKind,
    TransportFuture,
};

/// An [`Emulator`] for each of several regions, whose clients call the hosts of regions and are answered by these.
///
/// It is for code that calls [`in_region`](KmsClient::in_region) or [`vpc`](KmsClientBuilder::vpc), which the client of one
/// emulator has no use for. Each region has secrets, quotas and faults of its own, and `DescribeRegions` tells of these regions
/// alone. A call to any other host, that of STS among them, fails as one to which no connection was made.
///
/// ```
/// use alibabacloud_kms::emulator::{EmulatedRegions, EmulatedSecret, Fault};
/// use alibabacloud_kms::{KmsClient, Result};
/// use alibabacloud_kms::regions::DescribeRegionsRequest;
/// use alibabacloud_kms::secrets::ListSecretsRequest;
///
/// /// The code under test.
/// async fn regions_with_secrets(client: &KmsClient) -> Result<Vec<String>> {
///     let mut found = Vec::new();
///     for region in client.describe_regions(DescribeRegionsRequest::new()).await?.regions {
///         let request = ListSecretsRequest::new();
///         if client.in_region(&region.region_id)?.list_secrets(request).await?.total_count > 0 {
///             found.push(region.region_id);
///         }
///     }
///     Ok(found)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
/// let regions = EmulatedRegions::start(["cn-hangzhou", "cn-beijing", "us-west-1"]).await?;
/// regions["cn-beijing"].add_secret(EmulatedSecret::new("prod/db"));
/// regions["us-west-1"].inject(Fault::throttled()); // the client tries again
///
/// assert_eq!(regions_with_secrets(&regions.client()?).await?, ["cn-beijing"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct EmulatedRegions {
    home: String,
    emulators: BTreeMap<String, Emulator>,
}

impl EmulatedRegions {
    /// Starts an emulator for each of these regions. The first one is that of the [client](Self::client).
    ///
    /// # Errors
    ///
    /// - When no port can be opened.
    /// - Of kind [`InvalidInput`](io::ErrorKind::InvalidInput), when no region is given.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O and time enabled.
    pub async fn start<R: Into<String>>(regions: impl IntoIterator<Item = R>) -> io::Result<Self> {
        let regions: Vec<String> = regions.into_iter().map(Into::into).collect();
        let Some(home) = regions.first().cloned() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no region is given"));
        };
        let mut emulators = BTreeMap::new();
        for region in &regions {
            let location = Location { region: region.clone(), regions: regions.clone() };
            emulators.insert(region.clone(), Emulator::builder().located(location).start().await?);
        }
        Ok(Self { home, emulators })
    }

    /// A client of the first region, made by [`client_builder`](Self::client_builder) without further settings.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), when the region's name is one that no region can have.
    pub fn client(&self) -> Result<KmsClient> {
        self.client_builder().build()
    }

    /// Settings of a client of the first region: its name, a key that all regions accept, no rate limits, and a
    /// [`transport`](KmsClientBuilder::transport) that takes requests for the public and the VPC host of an emulated region
    /// to its emulator.
    pub fn client_builder(&self) -> KmsClientBuilder {
        self.emulators[&self.home]
            .client_builder_without_endpoint()
            .transport(RegionHosts::of(&self.emulators))
    }
}

/// The emulator of a region.
///
/// # Panics
///
/// When the region is none of those that were started.
impl Index<&str> for EmulatedRegions {
    type Output = Emulator;

    fn index(&self, region: &str) -> &Emulator {
        &self.emulators[region]
    }
}

/// Takes what is for a region's host to the loopback port where that region is emulated.
#[derive(Debug)]
struct RegionHosts {
    endpoints: BTreeMap<String, String>,
    pool: LazyPool,
}

impl RegionHosts {
    fn of(emulators: &BTreeMap<String, Emulator>) -> Self {
        let endpoint = |(region, emulator): (&String, &Emulator)| {
            (region.clone(), emulator.endpoint().to_owned())
        };
        let pool = LazyPool::new(PoolSettings {
            connect_timeout: Duration::from_secs(5),
            bypass_proxy: true,
            roots: None,
        });
        Self { endpoints: emulators.iter().map(endpoint).collect(), pool }
    }

    /// The same request for the emulator; its `Host`, which may be signed, stays that of the region.
    fn redirected(&self, request: HttpRequest) -> std::result::Result<HttpRequest, TransportError> {
        let (host, path) = split(&request.url);
        let endpoint = region(host).and_then(|region| self.endpoints.get(region));
        let (Some(endpoint), Ok(named)) = (endpoint, HeaderValue::from_str(host)) else {
            let reason = format!("no emulated region answers at {host:?}");
            return Err(TransportError::new(TransportErrorKind::Connect, reason));
        };
        let url = format!("{endpoint}/{path}");
        let mut headers = request.headers;
        headers.insert(HOST, named);
        Ok(HttpRequest { url, headers, ..request })
    }
}

impl HttpTransport for RegionHosts {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        match self.redirected(request) {
            Ok(request) => self.pool.send(request),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }
}

/// The host of a URL, with its port if it has one, and what is behind the slash.
fn split(url: &str) -> (&str, &str) {
    let without_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    without_scheme.split_once('/').unwrap_or((without_scheme, ""))
}

/// The region that a host is of, be it the public or the VPC host.
fn region(host: &str) -> Option<&str> {
    let named = host.strip_prefix("kms.").or_else(|| host.strip_prefix("kms-vpc."))?;
    named.strip_suffix(".aliyuncs.com")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::error::ErrorKind;
    use crate::regions::describe_regions::DescribeRegionsRequest;
    use crate::retry::RetryPolicy;
    use crate::secrets::describe_secret::DescribeSecretRequest;
    use crate::secrets::list_secrets::ListSecretsRequest;
    use crate::sign::SignatureVersion;

    #[tokio::test]
    async fn each_region_has_secrets_of_its_own_at_both_its_hosts() {
        let regions = EmulatedRegions::start(["us-west-1", "cn-beijing"]).await.unwrap();
        regions["cn-beijing"].add_secret(EmulatedSecret::new("a"));
        for signature in [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256] {
            let builder = || regions.client_builder().signature_version(signature);
            for (client, prefix) in
                [(builder().build().unwrap(), "kms"), (builder().vpc().build().unwrap(), "kms-vpc")]
            {
                assert_eq!(client.host(), format!("{prefix}.us-west-1.aliyuncs.com"));
                let page = client.list_secrets(ListSecretsRequest::new()).await.unwrap();
                assert_eq!(page.total_count, 0);
                let beijing = client.in_region("cn-beijing").unwrap();
                let arn = "acs:kms:cn-beijing:1234567890123456:secret/a";
                let secret = beijing.describe_secret(DescribeSecretRequest::new(arn)).await;
                assert_eq!(secret.unwrap().arn.unwrap().to_string(), arn);
            }
        }
        assert_eq!(regions["us-west-1"].request_count(), 4);
        assert_eq!(regions["cn-beijing"].request_count(), 4);
    }

    #[tokio::test]
    async fn the_regions_that_there_are_are_those_that_were_started() {
        let regions = EmulatedRegions::start(["us-west-1", "cn-beijing"]).await.unwrap();
        let client = regions.client().unwrap();
        let answer = client.describe_regions(DescribeRegionsRequest::new()).await.unwrap();
        let named: Vec<_> = answer.regions.iter().map(|region| &*region.region_id).collect();
        assert_eq!(named, ["us-west-1", "cn-beijing"]);

        let elsewhere = client.in_region("cn-hangzhou").unwrap();
        let elsewhere = elsewhere.with_retry_policy(RetryPolicy::disabled());
        let error = elsewhere.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        assert!(error.to_string().contains("no emulated region answers at"), "{error}");
        assert!(!error.to_string().contains("Signature"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Network);

        let none = EmulatedRegions::start([] as [&str; 0]).await.unwrap_err();
        assert_eq!(none.kind(), io::ErrorKind::InvalidInput);
    }
}
