//! The cache of this crate.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::cache::SecretCache;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};

use crate::{Cache, Outcome, Service};

const RESPONSE: &str = r#"{"SecretName":"a","VersionId":"v1","VersionStages":{"VersionStage":["ACSCurrent"]},"SecretData":"fake-value","SecretDataType":"text","RequestId":"r"}"#;

pub(crate) struct Ours(SecretCache);

impl Cache for Ours {
    fn build(service: Arc<Service>, ttl: Duration) -> Outcome<Self> {
        let client = KmsClient::builder()
            .region("cn-hangzhou")
            .credentials(Credentials::new("fake-id", "fake-secret"))
            .retry_policy(RetryPolicy::disabled())
            .rate_limits(RateLimits::unlimited())
            .transport(Transport(service))
            .build()?;
        Ok(Self(SecretCache::builder(client).ttl(ttl).build()?))
    }

    async fn read(&self, name: &str) -> bool {
        self.0.get(name).await.is_ok()
    }
}

struct Transport(Arc<Service>);

impl HttpTransport for Transport {
    fn send(&self, _: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            if self.0.take().await {
                Ok(HttpResponse::new(200, RESPONSE))
            } else {
                Err(TransportError::new(TransportErrorKind::Connect, "connection refused"))
            }
        })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}
