//! A call whose answer is whatever the fuzzer makes: the whole way from the transport to the caller, without a network.

use alibabacloud_kms::{KmsClient, Result};
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{ListSecretsRequest, ListSecretsResponse};
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};

#[derive(Debug)]
struct Answer {
    status: u16,
    body: Vec<u8>,
}

impl HttpTransport for Answer {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(std::future::ready(Ok(HttpResponse::new(self.status, self.body.clone()))))
    }
}

/// What a call gives that is answered so.
pub fn call_answered(status: u16, body: &[u8]) -> Result<ListSecretsResponse> {
    let client = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .retry_policy(RetryPolicy::disabled())
        .rate_limits(RateLimits::unlimited())
        .transport(Answer { status, body: body.to_vec() })
        .build()
        .expect("the settings are right");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime can be made");
    runtime.block_on(client.list_secrets(ListSecretsRequest::new().fetch_tags(true)))
}
