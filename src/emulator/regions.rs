//! [`EmulatedRegions`]: an emulator for each of several regions.

use std::collections::BTreeMap;
use std::future::ready;
use std::io;
use std::ops::Index;

use http::Uri;

use super::region::Region;
use super::running::Emulator;
use super::transport::EmulatorTransport;
use crate::client::{KmsClient, KmsClientBuilder};
use crate::error::Result;
use crate::transport::{
    HttpRequest, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};

/// An [`Emulator`] for each of several regions. Its clients call the hosts of regions, and the
/// emulators respond in process.
///
/// It is for code that calls [`in_region`](KmsClient::in_region) or [`vpc`](KmsClientBuilder::vpc),
/// which a client of a single emulator does not support. Each region has its own secrets and
/// faults, none enforces quotas, and `DescribeRegions` lists only these regions. A call to any
/// other host, such as that of STS, fails as if no connection was made; so does a call to a region
/// with the fault [`Unreachable`](super::Fault::Unreachable).
///
/// ```
/// use alibabacloud_kms::emulator::{EmulatedRegions, EmulatedSecret, Fault};
/// use alibabacloud_kms::{KmsClient, Result};
/// use alibabacloud_kms::keys::DescribeRegionsRequest;
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
/// regions["us-west-1"].inject(Fault::throttled()); // the client retries
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
    /// Starts an emulator for each of these regions. The first one is the region of the
    /// [client](Self::client). Each emulator has a port too, for other programs.
    ///
    /// # Errors
    ///
    /// - If no port can be opened.
    /// - Of kind [`InvalidInput`](io::ErrorKind::InvalidInput) if no region is given.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O and time enabled.
    pub async fn start<R: Into<String>>(regions: impl IntoIterator<Item = R>) -> io::Result<Self> {
        let (home, regions) = all_regions(regions)?;
        let mut emulators = BTreeMap::new();
        for region in regions {
            let emulator = Emulator::builder().region(region.clone()).start().await?;
            emulators.insert(region.id, emulator);
        }
        Ok(Self { home, emulators })
    }

    /// Creates an emulator without a port for each of these regions, as [`Emulator::in_process`]
    /// does. The first one is the region of the [client](Self::client).
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidInput`](io::ErrorKind::InvalidInput) if no region is given.
    pub fn in_process<R: Into<String>>(regions: impl IntoIterator<Item = R>) -> io::Result<Self> {
        let (home, regions) = all_regions(regions)?;
        let mut emulators = BTreeMap::new();
        for region in regions {
            let emulator = Emulator::builder().region(region.clone()).in_process()?;
            emulators.insert(region.id, emulator);
        }
        Ok(Self { home, emulators })
    }

    /// Creates a client of the first region with the settings of
    /// [`client_builder`](Self::client_builder).
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if no region can have the region's name.
    pub fn client(&self) -> Result<KmsClient> {
        self.client_builder().build()
    }

    /// Returns settings of a client of the first region: its name, credentials that all regions
    /// accept, no rate limits, and a [`transport`](KmsClientBuilder::transport) that sends requests
    /// for the public or the VPC host of an emulated region to its emulator.
    pub fn client_builder(&self) -> KmsClientBuilder {
        let transports = self.emulators.iter();
        let transports =
            transports.map(|(region, emulator)| (region.clone(), emulator.transport()));
        self.emulators[&self.home]
            .client_builder_without_endpoint()
            .transport(RegionTransports(transports.collect()))
    }
}

/// Returns the first region, and each with all it knows.
fn all_regions<R: Into<String>>(
    regions: impl IntoIterator<Item = R>,
) -> io::Result<(String, Vec<Region>)> {
    let ids: Vec<String> = regions.into_iter().map(Into::into).collect();
    let Some(home) = ids.first().cloned() else {
        let reason = "`regions` must contain at least one region";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    };
    let region = |id: &String| Region { id: id.clone(), known_regions: ids.clone() };
    Ok((home, ids.iter().map(region).collect()))
}

/// Returns the emulator of a region.
///
/// # Panics
///
/// If the region is not one of those that were started.
impl Index<&str> for EmulatedRegions {
    type Output = Emulator;

    fn index(&self, region: &str) -> &Emulator {
        &self.emulators[region]
    }
}

/// The transports of the emulators, by region.
#[derive(Debug)]
struct RegionTransports(BTreeMap<String, EmulatorTransport>);

impl HttpTransport for RegionTransports {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let uri = request.url.parse::<Uri>().unwrap_or_default();
        let host = uri.host().unwrap_or_default();
        match region_of(host).and_then(|region| self.0.get(region)) {
            Some(transport) => transport.send(request),
            None => {
                let reason = format!("{host:?} is not the host of an emulated region");
                let error = TransportError::new(TransportErrorKind::Connect, reason);
                Box::pin(ready(Err(error)))
            }
        }
    }
}

/// Returns the region of a public or a VPC host.
fn region_of(host: &str) -> Option<&str> {
    let without_prefix = host.strip_prefix("kms.").or_else(|| host.strip_prefix("kms-vpc."))?;
    without_prefix.strip_suffix(".aliyuncs.com")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::{EmulatedSecret, Fault};
    use crate::error::ErrorKind;
    use crate::keys::describe_regions::DescribeRegionsRequest;
    use crate::retry::RetryPolicy;
    use crate::secrets::describe_secret::DescribeSecretRequest;
    use crate::secrets::list_secrets::ListSecretsRequest;
    use crate::sign::SignatureVersion;

    #[tokio::test]
    async fn each_region_has_its_own_secrets_at_both_its_hosts() {
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
    async fn described_regions_are_those_that_were_started() {
        let regions = EmulatedRegions::start(["us-west-1", "cn-beijing"]).await.unwrap();
        let client = regions.client().unwrap();
        let response = client.describe_regions(DescribeRegionsRequest::new()).await.unwrap();
        let ids: Vec<_> = response.regions.iter().map(|region| &*region.region_id).collect();
        assert_eq!(ids, ["us-west-1", "cn-beijing"]);

        let elsewhere = client.in_region("cn-hangzhou").unwrap();
        let elsewhere = elsewhere.with_retry_policy(RetryPolicy::disabled());
        let error = elsewhere.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        assert!(error.to_string().contains("is not the host of an emulated region"), "{error}");
        assert!(!error.to_string().contains("Signature"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Network);

        let none = EmulatedRegions::start([] as [&str; 0]).await.unwrap_err();
        assert_eq!(none.kind(), io::ErrorKind::InvalidInput);
    }

    #[tokio::test]
    async fn unreachable_region_does_not_affect_the_others() {
        let regions = EmulatedRegions::in_process(["us-west-1", "cn-beijing"]).unwrap();
        regions["us-west-1"].inject(Fault::Unreachable.always());
        let client = regions.client_builder().retry_policy(RetryPolicy::disabled());
        let client = client.build().unwrap();
        let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Network);
        assert!(!error.is_outcome_unknown(), "{error}");
        let beijing = client.in_region("cn-beijing").unwrap();
        assert!(beijing.list_secrets(ListSecretsRequest::new()).await.is_ok());
        regions["us-west-1"].clear_faults();
        assert!(client.list_secrets(ListSecretsRequest::new()).await.is_ok());
    }
}
