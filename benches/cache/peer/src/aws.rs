//! AWS's cache, which serves stale values while the service is down, as ours does.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_secretsmanager::{Client, Config};
use aws_secretsmanager_caching::SecretsManagerCachingClient;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

use crate::{Cache, Outcome, Service};

const RESPONSE: &str = r#"{"ARN":"arn:aws:secretsmanager:us-west-2:1:secret:a-1","Name":"a","VersionId":"v1","VersionStages":["AWSCURRENT"],"SecretString":"fake-value","CreatedDate":1700000000,"VersionIdsToStages":{"v1":["AWSCURRENT"]}}"#;

pub(crate) struct Aws(SecretsManagerCachingClient);

impl Cache for Aws {
    fn build(service: Arc<Service>, ttl: Duration) -> Outcome<Self> {
        let connector = SharedHttpConnector::new(Connector(service));
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-west-2"))
            .credentials_provider(Credentials::new("fake-id", "fake-secret", None, None, "fake"))
            .retry_config(RetryConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build();
        let entries = NonZeroUsize::new(1_000).ok_or("zero entries")?;
        Ok(Self(SecretsManagerCachingClient::new(Client::from_conf(config), entries, ttl, true)?))
    }

    async fn read(&self, name: &str) -> bool {
        self.0.get_secret_value(name, None, None, false).await.is_ok()
    }
}

#[derive(Debug)]
struct Connector(Arc<Service>);

impl HttpConnector for Connector {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let service = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            if service.take().await {
                let status =
                    200.try_into().map_err(|error| ConnectorError::other(Box::new(error), None))?;
                Ok(HttpResponse::new(status, SdkBody::from(RESPONSE)))
            } else {
                Err(ConnectorError::io("connection refused".into()))
            }
        })
    }
}
