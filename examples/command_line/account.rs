//! The options that choose an account's secrets, by region or URL, or those of an embedded
//! emulator.

mod without_account;

use std::error::Error;
use std::io;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::{ErrorKind, KmsClient, KmsClientBuilder};
use clap::Args;

use without_account::WITHOUT_ACCOUNT;

#[derive(Args)]
pub(crate) struct Account {
    /// The region, such as cn-hangzhou [default: that of ALIBABA_CLOUD_REGION_ID
    /// or of the profile of the aliyun CLI]
    #[arg(long, global = true)]
    region: Option<String>,
    /// A URL to call in place of the region's public host
    #[arg(long, value_name = "URL", global = true)]
    endpoint: Option<String>,
    /// Call an embedded emulator, which needs no account
    #[arg(long, global = true, conflicts_with_all = ["region", "endpoint"])]
    pub(crate) emulator: bool,
}

impl Account {
    /// Starts an emulator with these secrets if `--emulator` is given. It responds until it is
    /// dropped.
    pub(crate) async fn emulator(
        &self,
        secrets: impl IntoIterator<Item = EmulatedSecret>,
    ) -> io::Result<Option<Emulator>> {
        if self.emulator {
            Emulator::builder().secrets(secrets).start().await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// Returns the builder of a client of the emulator or, without one, of the account whose
    /// credentials the default provider chain finds.
    pub(crate) fn builder(&self, emulator: Option<&Emulator>) -> KmsClientBuilder {
        let mut builder = emulator.map_or_else(KmsClient::builder, Emulator::client_builder);
        if let Some(region) = &self.region {
            builder = builder.region(region);
        }
        if let Some(endpoint) = &self.endpoint {
            builder = builder.endpoint(endpoint);
        }
        builder
    }

    /// Returns what to try if credentials are missing, or a region where no option gives one.
    pub(crate) fn hint(&self, error: &(dyn Error + 'static)) -> Option<&'static str> {
        let is_missing = match error.downcast_ref().map(alibabacloud_kms::Error::kind) {
            Some(ErrorKind::Credentials) => self.endpoint.is_none(),
            Some(ErrorKind::Configuration) => self.endpoint.is_none() && self.region.is_none(),
            _ => false,
        };
        is_missing.then_some(WITHOUT_ACCOUNT)
    }
}
