//! Transports for the tests here, each an implementation of the public seam.

use std::fmt;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};

/// Returns what a closure makes of the parameters of each request.
pub(crate) struct Responding<F>(pub(crate) F);

impl<F> fmt::Debug for Responding<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Responding")
    }
}

impl<F: Fn(Parameters) -> HttpResponse + Send + Sync + 'static> HttpTransport for Responding<F> {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let response = (self.0)(Parameters::of(&request));
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// The parameters in the query and the body of a request.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let url = url::Url::parse(&request.url).unwrap();
        let body = url::form_urlencoded::parse(&request.body);
        Self(url.query_pairs().chain(body).map(|(k, v)| (k.into(), v.into())).collect())
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        &self.0.iter().find(|(known, _)| known == name).unwrap().1
    }

    pub(crate) fn number(&self, name: &str) -> u32 {
        self.get(name).parse().unwrap()
    }
}

/// Returns a client whose requests get the responses of `respond`.
pub(crate) fn client_with_responses(
    respond: impl Fn(Parameters) -> HttpResponse + Send + Sync + 'static,
) -> KmsClient {
    KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .transport(Responding(respond))
        .rate_limits(RateLimits::unlimited())
        .build()
        .unwrap()
}

/// Returns a page of secrets with these names.
pub(crate) fn page(
    names: impl IntoIterator<Item = impl AsRef<str>>,
    total: Option<u32>,
) -> HttpResponse {
    let secrets: Vec<_> =
        names.into_iter().map(|name| serde_json::json!({ "SecretName": name.as_ref() })).collect();
    let mut body = serde_json::json!({ "SecretList": { "Secret": secrets }, "RequestId": "r" });
    if let Some(total) = total {
        body["TotalCount"] = total.into();
    }
    HttpResponse::new(200, body.to_string())
}
