//! [`Loader`]: reads secrets from the service, several in one request where it can.

use super::regions::{RegionCall, Regions, Served};
use super::secret_key::SecretKey;
use crate::client::KmsClient;
use crate::error::Result;
use crate::secrets::GetSecretValueResponse;

/// The service returns at most so many secrets in one response.
pub(super) const MAX_BATCH: usize = 20;

/// Reads secrets by the clients of a cache.
#[derive(Debug)]
pub(super) struct Loader {
    regions: Regions,
    fetch_extended_config: bool,
}

pub(super) type Loaded = Result<Served<GetSecretValueResponse>>;

impl Loader {
    pub(super) fn new(regions: Regions, fetch_extended_config: bool) -> Self {
        Self { regions, fetch_extended_config }
    }

    pub(super) fn client(&self) -> &KmsClient {
        self.regions.first()
    }

    /// Reads one secret. An ARN names a region, so only the first client is asked for one.
    pub(super) async fn load(&self, key: &SecretKey<'static>) -> Loaded {
        let call = |client: &KmsClient| -> RegionCall<GetSecretValueResponse> {
            let request = key.to_request().fetch_extended_config(self.fetch_extended_config);
            Box::pin(client.get_secret_value(request))
        };
        if key.is_arn() {
            self.regions.call_first(call).await
        } else {
            self.regions.call(call).await
        }
    }

    /// Reads several secrets with one request; `None` if the service does not allow it.
    pub(super) async fn load_together(&self, _keys: &[&SecretKey<'static>]) -> Option<Vec<Loaded>> {
        None
    }
}
