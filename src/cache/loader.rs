//! [`Loader`]: reads secrets from the service, several with one request where it can.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::regions::{RegionCall, Regions, Served};
use super::secret_key::SecretKey;
use crate::client::KmsClient;
use crate::error::{ErrorKind, Result};
use crate::secrets::{
    BatchGetSecretValueRequest, BatchGetSecretValueResponse, GetSecretValueRequest,
    GetSecretValueResponse,
};
use crate::types::bare_name;

/// The service returns at most so many secrets in one response.
pub(super) const MAX_BATCH: usize = 20;

/// Reads secrets by the clients of a cache.
#[derive(Debug)]
pub(super) struct Loader {
    regions: Regions,
    fetch_extended_config: bool,
    /// Set when the service does not know batches, or denies them.
    has_no_batches: AtomicBool,
}

pub(super) type Loaded = Result<Served<GetSecretValueResponse>>;

impl Loader {
    pub(super) fn new(regions: Regions, fetch_extended_config: bool) -> Self {
        Self { regions, fetch_extended_config, has_no_batches: AtomicBool::new(false) }
    }

    pub(super) fn client(&self) -> &KmsClient {
        self.regions.first()
    }

    /// Returns the host of the first region, to which writes go.
    pub(super) fn first_host(&self) -> &Arc<str> {
        self.regions.first_host()
    }

    /// Reads one secret.
    pub(super) async fn load(&self, key: &SecretKey<'static>) -> Loaded {
        let call = |client: &KmsClient| -> RegionCall<GetSecretValueResponse> {
            Box::pin(client.get_secret_value(self.request(key)))
        };
        self.call(key.is_arn(), call).await
    }

    /// Reads different secrets with one request, names or ARNs but not both. Returns an outcome for
    /// each; `None` for one that is to be read on its own, since the batch was rejected or lacks
    /// its value: a single read returns its error in full.
    pub(super) async fn load_together(&self, keys: &[&SecretKey<'static>]) -> Vec<Option<Loaded>> {
        if keys.len() < 2 || self.has_no_batches.load(Ordering::Relaxed) {
            return keys.iter().map(|_| None).collect();
        }
        match self.load_batch(keys).await {
            Ok(Served { response, host }) => {
                let mut values = response.values;
                let loaded = keys.iter().map(|key| {
                    let names_it = |value: &GetSecretValueResponse| {
                        bare_name(&value.secret_name) == key.bare_name()
                    };
                    let response = values.swap_remove(values.iter().position(names_it)?);
                    Some(Ok(Served { response, host: Arc::clone(&host) }))
                });
                loaded.collect()
            }
            Err(error) if error.is_retryable() => {
                keys.iter().map(|_| Some(Err(error.clone()))).collect()
            }
            Err(error) => {
                // Without a code, it is a fault of this process that may be repaired.
                if error.code().is_some()
                    && matches!(error.kind(), ErrorKind::Configuration | ErrorKind::AccessDenied)
                {
                    self.has_no_batches.store(true, Ordering::Relaxed);
                }
                keys.iter().map(|_| None).collect()
            }
        }
    }

    async fn load_batch(
        &self,
        keys: &[&SecretKey<'static>],
    ) -> Result<Served<BatchGetSecretValueResponse>> {
        let secrets: Vec<_> = keys.iter().map(|key| self.request(key)).collect();
        let call = |client: &KmsClient| -> RegionCall<BatchGetSecretValueResponse> {
            let request = BatchGetSecretValueRequest::new(secrets.clone());
            Box::pin(client.batch_get_secret_value(request))
        };
        self.call(keys.iter().any(|key| key.is_arn()), call).await
    }

    fn request(&self, key: &SecretKey<'static>) -> GetSecretValueRequest {
        key.to_request().fetch_extended_config(self.fetch_extended_config)
    }

    /// Makes a call. An ARN names a region, so only the first client is asked for one.
    async fn call<T: Send>(
        &self,
        is_by_arn: bool,
        call: impl Fn(&KmsClient) -> RegionCall<T> + Send + Sync,
    ) -> Result<Served<T>> {
        if is_by_arn { self.regions.call_first(call).await } else { self.regions.call(call).await }
    }
}
