//! The loop with prepared responses: no sockets, and time that stands still or is paused.

mod quota;
#[cfg(feature = "emulator")]
mod reliability;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use http::header::HeaderValue;
use tokio::time::{Instant, sleep};

use super::*;
use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::credentials::ProvideCredentials;
use crate::endpoint::Endpoint;
use crate::endpoint::Network;
use crate::error::ErrorKind;
use crate::operation::dry_run::{DryRun, DryRunOutcome};
use crate::rate_limit::RateLimits;
use crate::retry::RetryDecision;
use crate::retry::RetryPolicy;
use crate::secrets::get_secret_value::GetSecretValueRequest;
use crate::secrets::list_secrets::ListSecretsRequest;
use crate::secrets::update_secret::UpdateSecretRequest;
use crate::sign::SignatureVersion;
use crate::sign::Signer;
use crate::transport::HttpTransport;
use crate::transport::{
    HttpRequest, HttpResponse, TransportError, TransportErrorKind, TransportFuture,
};

const EMPTY_PAGE: &str = r#"{"TotalCount":0,"RequestId":"r-ok"}"#;

/// Returns prepared responses in turn and keeps the requested URLs. Once none is left it never
/// responds.
#[derive(Debug, Default)]
struct Script {
    responses: Mutex<VecDeque<Result<HttpResponse, TransportError>>>,
    urls: Mutex<Vec<String>>,
}

impl HttpTransport for Script {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        self.urls.lock().unwrap().push(request.url.to_string());
        match self.responses.lock().unwrap().pop_front() {
            Some(response) => Box::pin(std::future::ready(response)),
            None => Box::pin(std::future::pending()),
        }
    }
}

/// Always the same second; nonces count up.
#[derive(Debug, Default)]
struct FixedClock {
    nonces: Mutex<u32>,
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn nonce(&self) -> String {
        let mut nonces = self.nonces.lock().unwrap();
        *nonces += 1;
        format!("nonce-{nonces}")
    }

    fn draw(&self) -> f64 {
        0.5
    }
}

fn response(status: u16, body: &str) -> Result<HttpResponse, TransportError> {
    Ok(HttpResponse::new(status, body))
}

fn context(
    responses: impl IntoIterator<Item = Result<HttpResponse, TransportError>>,
) -> (CallContext, Arc<Script>) {
    let script = Arc::new(Script {
        responses: Mutex::new(responses.into_iter().collect()),
        ..Script::default()
    });
    let context = CallContext {
        endpoint: Arc::new(Endpoint::from_region("cn-hangzhou", Network::Public).unwrap()),
        signer: Arc::new(Signer::new(SignatureVersion::V1)),
        credentials: Arc::new(
            Credentials::new("fake-id", "fake-secret").with_security_token("fake-token"),
        ),
        transport: Arc::clone(&script) as Arc<dyn HttpTransport>,
        clock: Arc::new(FixedClock::default()),
        user_agent: HeaderValue::from_static("test"),
        correction: Arc::default(),
        retry_tokens: Arc::default(),
        rate_limits: RateLimits::unlimited(),
        observed: Arc::default(),
        limits: CallLimits {
            connect_timeout: Duration::from_secs(5),
            shorter_connect_timeout: None,
            attempt_timeout: Duration::from_secs(15),
            call_timeout: Duration::from_secs(60),
            max_response_bytes: 1_000,
            retry: RetryPolicy::disabled(),
        },
    };
    (context, script)
}

async fn failure_of(response: Result<HttpResponse, TransportError>) -> Error {
    let (context, _) = context([response]);
    call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err()
}

#[tokio::test]
async fn call_sends_one_signed_request_and_returns_its_response() {
    let (context, script) = context([response(200, EMPTY_PAGE)]);
    let page = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap();
    assert_eq!(page.request_id, "r-ok");
    let urls = script.urls.lock().unwrap();
    let [url] = &urls[..] else { panic!("one request") };
    assert!(
        url.starts_with(
            "https://kms.cn-hangzhou.aliyuncs.com/?AccessKeyId=fake-id&Action=ListSecrets&"
        ),
        "{url}"
    );
    for part in [
        "SignatureNonce=nonce-1&",
        "Timestamp=2023-11-14T22%3A13%3A20Z&",
        "SecurityToken=fake-token&",
        "&Signature=",
    ] {
        assert!(url.contains(part), "{part} in {url}");
    }
    assert!(!url.contains("fake-secret"));
}

#[tokio::test]
async fn bad_input_is_an_error_before_anything_is_sent() {
    let (context, script) = context([]);
    let error = call(Arc::new(context), ListSecretsRequest::new().page_size(0)).await.unwrap_err();
    assert!(error.is_invalid_input());
    assert_eq!(error.attempts(), 0);
    assert!(
        error.to_string().starts_with("ListSecrets failed: `page_size` must be 1 to 100, got 0")
    );
    assert!(script.urls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn operation_that_an_instance_lacks_is_not_sent() {
    let (mut context, script) = context([]);
    context.endpoint = Arc::new(Endpoint::from_instance("kst-fake").unwrap());
    let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
    assert!(error.is_invalid_input());
    assert_eq!(error.attempts(), 0);
    assert_eq!(
        error.to_string(),
        "ListSecrets failed: the endpoint is a dedicated instance, which does not serve this operation; \
         send it with a client of the instance's region"
    );
    assert!(script.urls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn instance_without_dry_runs_still_returns_an_outcome() {
    let body = r#"{"SecretName":"a","SecretData":"fake-value","RequestId":"r-1"}"#;
    let (mut context, script) = context([Ok(HttpResponse::new(200, body))]);
    context.endpoint = Arc::new(Endpoint::from_instance("kst-fake").unwrap());
    let outcome = call(Arc::new(context), DryRun(GetSecretValueRequest::new("a"))).await;
    assert!(DryRunOutcome::from_outcome(outcome).unwrap().would_succeed());
    assert!(script.urls.lock().unwrap()[0].contains("DryRun=true"));
}

#[tokio::test]
async fn value_of_an_instance_is_read_at_its_own_host() {
    let body = r#"{"SecretName":"a","SecretData":"fake-value","RequestId":"r-1"}"#;
    let (mut context, script) = context([Ok(HttpResponse::new(200, body))]);
    context.endpoint = Arc::new(Endpoint::from_instance("kst-fake").unwrap());
    call(Arc::new(context), GetSecretValueRequest::new("a")).await.unwrap();
    let urls = script.urls.lock().unwrap();
    assert!(
        urls[0].starts_with("https://kst-fake.cryptoservice.kms.aliyuncs.com/?"),
        "{}",
        urls[0]
    );
}

#[tokio::test]
async fn malformed_credentials_are_an_error_before_sending() {
    let (mut context, script) = context([]);
    context.credentials = Arc::new(Credentials::new("fake-id", "fake-secret\r\n"));
    let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("the access key secret contains U+000D"), "{error}");
    assert!(!error.to_string().contains("fake-secret"), "{error}");
    assert!(script.urls.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn attempt_without_a_response_ends_at_its_timeout() {
    let (context, _) = context([]);
    let started = Instant::now();
    let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(started.elapsed(), Duration::from_secs(15));
    assert!(error.to_string().contains("no response arrived within 15 s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn call_that_waits_for_credentials_ends_at_its_timeout() {
    #[derive(Debug)]
    struct Silent;
    impl ProvideCredentials for Silent {
        fn credentials(&self) -> crate::credentials::CredentialsFuture<'_> {
            Box::pin(std::future::pending())
        }
    }
    let (mut context, _) = context([]);
    context.credentials = Arc::new(Silent);
    let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0));
    assert!(error.is_retryable() && !error.is_outcome_unknown());
    let expected =
        "ListSecrets failed: the provider returned no credentials within the call's 60 s";
    assert_eq!(error.to_string(), expected, "no host, as nothing was sent");
}

#[tokio::test]
async fn each_form_of_an_error_body_gives_its_kind_and_words() {
    let json = r#"{"HttpStatus":403,"Code":"Forbidden.NoPermission","Message":"Not allowed.","RequestId":"r-1"}"#;
    let xml = "<KMS><HttpStatus>403</HttpStatus><Code>Forbidden.NoPermission</Code><Message>Not allowed.</Message>\
               <RequestId>r-1</RequestId></KMS>";
    for body in [json, xml] {
        let error = failure_of(response(403, body)).await;
        assert!(error.is_access_denied());
        assert_eq!(error.code(), Some("Forbidden.NoPermission"));
        assert_eq!(error.message(), Some("Not allowed"));
        assert_eq!(error.request_id(), Some("r-1"));
        assert_eq!(error.http_status(), Some(403));
        assert_eq!(error.host(), Some("kms.cn-hangzhou.aliyuncs.com"));
        assert_eq!(error.operation(), Some("ListSecrets"));
        assert_eq!(
            error.to_string(),
            "ListSecrets failed: the service returned Forbidden.NoPermission: Not allowed (HTTP 403, request id r-1, \
             host kms.cn-hangzhou.aliyuncs.com); allow the RAM action kms:ListSecrets for this identity"
        );
    }
    for (status, body, kind, words) in [
        (
            502,
            "<html><h1>Bad Gateway</h1></html>",
            ErrorKind::Unavailable,
            "the response is an HTML page",
        ),
        (504, "", ErrorKind::Unavailable, "the response is an error without a body"),
        (404, "<!doctype html>", ErrorKind::Decode, "the response is an HTML page"),
        (400, r#"{"Code":"Rejected.Thr"#, ErrorKind::Decode, "whose body is truncated"),
        (302, "", ErrorKind::Decode, "the response is a redirect, which is not followed"),
        (
            200,
            "<html>login</html>",
            ErrorKind::Decode,
            "the response is an HTML page, so it is not from KMS",
        ),
        (200, "", ErrorKind::Decode, "the response has no body"),
        (
            400,
            r#"{"Message":"denied."}"#,
            ErrorKind::Decode,
            "the response is an error without a code: denied (HTTP 400",
        ),
        (200, r#"{"TotalCount":1,"#, ErrorKind::Decode, "the body ends too early"),
        (
            200,
            r#"{"RequestId":"r","Arn":"a"}"#,
            ErrorKind::Decode,
            "a value of another form than documented",
        ),
        (
            200,
            r#"{"Code":"InternalFailure","Message":"m"}"#,
            ErrorKind::Unavailable,
            "InternalFailure: m (HTTP 200",
        ),
        (
            400,
            EMPTY_PAGE,
            ErrorKind::Decode,
            "the response is an error whose body is truncated or not from KMS",
        ),
    ] {
        let error = failure_of(response(status, body)).await;
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(error.http_status(), Some(status));
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn request_id_of_the_header_completes_a_body_without_one() {
    let mut headers = HeaderMap::new();
    headers.insert("x-acs-request-id", HeaderValue::from_static("r-header"));
    let response = HttpResponse::new(400, r#"{"Code":"InvalidParameter"}"#).with_headers(headers);
    assert_eq!(failure_of(Ok(response)).await.request_id(), Some("r-header"));
}

#[tokio::test]
async fn request_id_is_kept_whatever_the_body_is() {
    let id = |status, body: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("x-acs-request-id", HeaderValue::from_static("r-header"));
        let response = HttpResponse::new(status, body).with_headers(headers);
        async move { failure_of(Ok(response)).await.request_id().map(str::to_owned) }
    };
    for (status, body, expected) in [
        (502, "<html>502</html>", "r-header"),
        (502, "", "r-header"),
        (400, r#"{"Message":"denied","RequestId":"r-body"}"#, "r-body"),
        (200, "<html>login</html>", "r-header"),
        (200, r#"{"TotalCount":"#, "r-header"),
        (200, r#"{"TotalCount":[],"RequestId":"r-body"}"#, "r-body"),
    ] {
        assert_eq!(id(status, body).await.as_deref(), Some(expected), "{status} {body}");
    }
}

#[tokio::test]
async fn compressed_success_is_named_as_compressed() {
    let body = b"\x1f\x8b\x08\x00fake".to_vec();
    let error = failure_of(Ok(HttpResponse::new(200, body))).await;
    let words = "the response is compressed, which was not asked for";
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn byte_order_mark_hides_neither_success_nor_error() {
    let (client, _) = context([response(200, &format!("\u{feff}{EMPTY_PAGE}"))]);
    let page = call(Arc::new(client), ListSecretsRequest::new()).await.unwrap();
    assert_eq!(page.request_id, "r-ok");

    let mut headers = HeaderMap::new();
    headers.insert("x-acs-request-id", HeaderValue::from_static("r-1"));
    let marked = "\u{feff}{\"Code\":\"Forbidden.NoPermission\"}";
    let (client, _) = context([Ok(HttpResponse::new(200, marked).with_headers(headers))]);
    let written = call(Arc::new(client), UpdateSecretRequest::new("a").description("b")).await;
    assert!(written.unwrap_err().is_access_denied());
}

#[tokio::test]
async fn echoed_parts_of_the_url_are_not_shown() {
    for body in [
        r#"{"Code":"X","Message":"AccessKeyId: fake-id, nonce: nonce-1, at 2023-11-14T22%3A13%3A20Z"}"#,
        r#"{"Message":"no route for fake-id nonce-1 2023-11-14T22:13:20Z"}"#,
        r#"{"Code":"X","Recommend":"https://help.example/?AccessKeyId=fake-id&SignatureNonce=nonce-1"}"#,
    ] {
        let error = failure_of(response(400, body)).await;
        for part in ["fake-id", "nonce-1", "2023-11"] {
            assert!(!format!("{error:?}").contains(part), "{error:?}");
        }
    }
}

#[tokio::test]
async fn echoed_credentials_are_redacted() {
    let body = r#"{"Code":"InvalidParameter","Message":"fake-secret fake-token server string to sign is:GET&fake-token"}"#;
    let error = failure_of(response(400, body)).await;
    for text in [error.to_string(), format!("{error:?}"), error.message().unwrap().to_owned()] {
        assert!(!text.contains("fake-secret") && !text.contains("fake-token"), "{text}");
    }
}

#[tokio::test]
async fn broken_connection_is_reported_with_cause_and_host() {
    let reason = "the connection was refused";
    let error = failure_of(Err(TransportError::new(TransportErrorKind::Connect, reason))).await;
    assert_eq!(error.kind(), ErrorKind::Network);
    assert!(error.to_string().starts_with(
        "ListSecrets failed: the connection was refused (host kms.cn-hangzhou.aliyuncs.com); check the region"
    ));
}

/// The docs of the client promise it, for spawning and storing.
#[test]
fn future_of_a_call_is_send_sync_and_static() {
    fn owned<T: Send + Sync + 'static>(_: &T) {}
    let (context, _) = context([]);
    owned(&call(Arc::new(context), ListSecretsRequest::new()));
}

const THROTTLED: &str =
    r#"{"HttpStatus":429,"Code":"Rejected.Throttling","Message":"QPS Limit Exceeded"}"#;
const UNAVAILABLE: &str = r#"{"Code":"ServiceUnavailableTemporary"}"#;

fn response_with(
    status: u16,
    body: &str,
    fields: &[(&'static str, &str)],
) -> Result<HttpResponse, TransportError> {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.insert(*name, value.parse().unwrap());
    }
    Ok(HttpResponse::new(status, body).with_headers(headers))
}

/// Like [`context`], with the default retry policy.
fn retrying(
    responses: impl IntoIterator<Item = Result<HttpResponse, TransportError>>,
) -> (CallContext, Arc<Script>) {
    let (mut context, script) = context(responses);
    context.limits.retry = RetryPolicy::new();
    (context, script)
}

async fn list(context: &CallContext) -> Result<crate::secrets::ListSecretsResponse, Error> {
    call(Arc::new(context.clone()), ListSecretsRequest::new()).await
}

#[track_caller]
fn parameter(url: &str, name: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
}

#[tokio::test(start_paused = true)]
async fn transient_errors_are_retried_with_new_signatures() {
    let (context, script) =
        retrying([response(429, THROTTLED), response(503, UNAVAILABLE), response(200, EMPTY_PAGE)]);
    let started = Instant::now();
    list(&context).await.unwrap();
    // Half of 200 ms, then half of 400 ms: the draw is always 0.5.
    assert_eq!(started.elapsed(), Duration::from_millis(100 + 200));
    let urls = script.urls.lock().unwrap();
    let nonces: Vec<_> = urls.iter().map(|url| parameter(url, "SignatureNonce")).collect();
    assert_eq!(nonces, ["nonce-1", "nonce-2", "nonce-3"]);
    let signatures: std::collections::HashSet<_> =
        urls.iter().map(|url| parameter(url, "Signature")).collect();
    assert_eq!(signatures.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn last_error_is_returned_with_the_number_of_attempts() {
    let (context, _) =
        retrying([response(429, THROTTLED), response(429, THROTTLED), response(503, UNAVAILABLE)]);
    let error = list(&context).await.unwrap_err();
    assert_eq!((error.attempts(), error.code()), (3, Some("ServiceUnavailableTemporary")));
    assert!(error.to_string().contains("all 3 attempts)"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn final_errors_are_not_retried_nor_any_without_a_policy() {
    let quota = r#"{"Code":"Rejected.LimitExceeded"}"#;
    let (context, script) = retrying([response(400, quota)]);
    assert_eq!(list(&context).await.unwrap_err().kind(), ErrorKind::QuotaExceeded);
    assert_eq!(script.urls.lock().unwrap().len(), 1);

    let (mut context, script) = retrying([response(429, THROTTLED)]);
    context.limits.retry = RetryPolicy::disabled();
    assert!(list(&context).await.unwrap_err().is_throttled());
    assert_eq!(script.urls.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn wait_that_the_service_asks_for_is_kept() {
    let asked = [("x-acs-retry-after", "1500")];
    let (context, _) = retrying([response_with(429, THROTTLED, &asked), response(200, EMPTY_PAGE)]);
    let started = Instant::now();
    list(&context).await.unwrap();
    // The draw is 0.5, and up to a quarter is added; tokio's timers round up to a millisecond.
    assert_eq!(started.elapsed(), Duration::from_millis(1_688));
}

#[tokio::test(start_paused = true)]
async fn wait_beyond_the_deadline_of_the_call_is_not_begun() {
    let (context, script) = retrying([response_with(429, THROTTLED, &[("retry-after", "61")])]);
    let started = Instant::now();
    let error = list(&context).await.unwrap_err();
    assert!(error.is_throttled());
    assert!(error.to_string().contains("(HTTP 429, host kms.cn-hangzhou.aliyuncs.com, not retried: too little of call_timeout is left)"), "{error}");
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(script.urls.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn call_ends_at_its_timeout_with_attempts_left() {
    let (mut context, script) = retrying([]);
    context.limits.retry = RetryPolicy::new().max_attempts(100);
    let started = Instant::now();
    let error = list(&context).await.unwrap_err();
    assert!(error.is_timeout());
    assert!(started.elapsed() <= Duration::from_secs(60));
    assert_eq!(error.attempts() as usize, script.urls.lock().unwrap().len());
}

#[tokio::test(start_paused = true)]
async fn limit_of_zero_is_an_error_before_anything_is_sent() {
    for change in [
        (|limits| limits.call_timeout = Duration::ZERO) as fn(&mut CallLimits),
        |limits| limits.attempt_timeout = Duration::MAX,
        |limits| limits.shorter_connect_timeout = Some(Duration::ZERO),
        |limits| limits.shorter_connect_timeout = Some(Duration::from_secs(6)),
        |limits| limits.retry = RetryPolicy::new().max_attempts(0),
    ] {
        let (mut context, script) = context([]);
        change(&mut context.limits);
        assert!(list(&context).await.unwrap_err().is_invalid_input());
        assert!(script.urls.lock().unwrap().is_empty());
    }
}

/// Gives a new key at each asking.
#[derive(Debug, Default)]
struct Renewing {
    asked: Mutex<u32>,
}

impl ProvideCredentials for Renewing {
    fn credentials(&self) -> crate::credentials::CredentialsFuture<'_> {
        let mut asked = self.asked.lock().unwrap();
        *asked += 1;
        let keys = Credentials::new(format!("fake-id-{asked}"), "fake-secret")
            .with_security_token("fake-token");
        Box::pin(std::future::ready(Ok(keys)))
    }
}

#[tokio::test(start_paused = true)]
async fn expired_token_is_renewed_once_if_its_provider_can() {
    let expired = || response(400, r#"{"Code":"InvalidSecurityToken.Expired"}"#);
    let (mut context, script) =
        retrying([expired(), response(200, EMPTY_PAGE), expired(), expired()]);
    context.credentials = Arc::new(Renewing::default());
    list(&context).await.unwrap();
    let keys: Vec<_> =
        script.urls.lock().unwrap().iter().map(|url| parameter(url, "AccessKeyId")).collect();
    assert_eq!(keys, ["fake-id-1", "fake-id-2"]);
    assert_eq!(list(&context).await.unwrap_err().attempts(), 2);

    let (fixed, script) = retrying([expired()]);
    assert!(list(&fixed).await.unwrap_err().is_authentication());
    assert_eq!(script.urls.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn used_nonce_is_replaced_once() {
    let used = || response(400, r#"{"Code":"SignatureNonceUsed"}"#);
    let (context, _) = retrying([used(), response(200, EMPTY_PAGE), used(), used()]);
    list(&context).await.unwrap();
    assert_eq!(list(&context).await.unwrap_err().attempts(), 2);
}

const EXPIRED: &str = r#"{"Code":"InvalidTimeStamp.Expired"}"#;

/// Returns a response of a service whose clock is that many minutes ahead.
fn dated(status: u16, body: &str, minutes: i64) -> Result<HttpResponse, TransportError> {
    let date = FixedClock::default().now() + TimeDelta::minutes(minutes);
    response_with(status, body, &[("date", &date.format("%a, %d %b %Y %H:%M:%S GMT").to_string())])
}

/// By how many minutes each request was signed for later than this machine's time.
fn minutes_signed_ahead(script: &Script) -> Vec<i64> {
    let now = FixedClock::default().now();
    let ahead = |url: &String| {
        (parameter(url, "Timestamp").parse::<DateTime<Utc>>().unwrap() - now).num_minutes()
    };
    script.urls.lock().unwrap().iter().map(ahead).collect()
}

#[tokio::test(start_paused = true)]
async fn wrong_clock_is_corrected_by_the_date_of_a_response() {
    let (context, script) =
        retrying([dated(400, EXPIRED, 60), dated(200, EMPTY_PAGE, 60), dated(200, EMPTY_PAGE, 60)]);
    list(&context).await.unwrap();
    list(&context).await.unwrap();
    assert_eq!(minutes_signed_ahead(&script), [0, 60, 60]);
}

#[tokio::test(start_paused = true)]
async fn single_response_with_a_wrong_date_spoils_no_call() {
    // One server of many is an hour ahead: it rejects the right time, and the others reject its
    // time.
    let (context, script) = retrying([
        dated(400, EXPIRED, 60),
        dated(400, EXPIRED, 0),
        dated(200, EMPTY_PAGE, 0),
        dated(200, EMPTY_PAGE, 0),
    ]);
    list(&context).await.unwrap();
    list(&context).await.unwrap();
    assert_eq!(minutes_signed_ahead(&script), [0, 60, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn service_whose_time_keeps_changing_ends_the_call() {
    let (mut context, script) = retrying((0..10).map(|n| dated(400, EXPIRED, n % 2 * 60)));
    context.limits.retry = RetryPolicy::new().max_attempts(10);
    let error = list(&context).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::ClockSkew, 3));
    assert_eq!(minutes_signed_ahead(&script), [0, 0, 60]);
}

#[tokio::test(start_paused = true)]
async fn clock_that_cannot_be_corrected_ends_the_call() {
    let expired = r#"{"Code":"IllegalTimestamp"}"#;
    let (context, _) = retrying([response_with(400, expired, &[("date", "not a date")])]);
    let error = list(&context).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::ClockSkew, 1));
    assert!(
        error.to_string().ends_with("the response has no date to correct it by, so set it"),
        "{error}"
    );

    let (context, _) = retrying((0..3).map(|_| dated(400, expired, 20)));
    let error = list(&context).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert!(
        error.to_string().ends_with("the local clock is 20 min behind the service's, so set it"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn drifting_clock_is_corrected_before_a_rejection() {
    let (context, script) = retrying((0..3).map(|_| dated(200, EMPTY_PAGE, 10)));
    for _ in 0..3 {
        list(&context).await.unwrap();
    }
    assert_eq!(minutes_signed_ahead(&script), [0, 0, 10]);
}

#[tokio::test(start_paused = true)]
async fn user_decides_last_on_a_retry() {
    let (mut context, script) =
        retrying([response(403, r#"{"Code":"Forbidden.NoPermission"}"#), response(429, THROTTLED)]);
    context.limits.retry =
        RetryPolicy::new().with_classifier(|error, proposed| match error.http_status() {
            Some(403) => {
                assert_eq!(proposed, RetryDecision::Stop);
                RetryDecision::Retry
            }
            _ => RetryDecision::Stop,
        });
    assert!(list(&context).await.unwrap_err().is_throttled());
    assert_eq!(script.urls.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn error_names_the_budget_that_ended_the_retries() {
    let (context, script) = retrying((0..100).map(|_| response(503, UNAVAILABLE)));
    let mut errors = Vec::new();
    for _ in 0..7 {
        errors.push(list(&context).await.unwrap_err().to_string());
    }
    let (retried, not_retried) = errors.split_at(5);
    assert!(retried.iter().all(|error| error.contains("all 3 attempts)")), "{retried:?}");
    let expected = "(HTTP 503, host kms.cn-hangzhou.aliyuncs.com, not retried: the client's retry budget is used up)";
    assert!(not_retried.iter().all(|error| error.contains(expected)), "{not_retried:?}");
    assert_eq!(script.urls.lock().unwrap().len(), 5 * 3 + 2);
}

#[tokio::test(start_paused = true)]
async fn user_is_not_asked_about_attempts_without_a_request() {
    let (mut context, script) = retrying([]);
    context.credentials = Arc::new(Credentials::new("fake-id", "fake-secret\r\n"));
    context.limits.retry = RetryPolicy::new().with_classifier(|_, _| RetryDecision::Retry);
    let error = list(&context).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0));
    assert!(script.urls.lock().unwrap().is_empty());
    // Ten at first.
    assert_eq!((0..).take_while(|_| context.retry_tokens.spend()).count(), 10);
}

#[tokio::test(start_paused = true)]
async fn user_can_forbid_retries_after_unknown_outcomes() {
    let (mut context, script) = retrying([response(429, THROTTLED), response(503, UNAVAILABLE)]);
    context.limits.retry = RetryPolicy::new().with_classifier(|error, proposed| {
        if error.is_outcome_unknown() { RetryDecision::Stop } else { proposed }
    });
    let error = list(&context).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!((error.attempts(), script.urls.lock().unwrap().len()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn rejection_after_a_lost_response_has_unknown_outcome() {
    let exists = r#"{"Code":"Rejected.ResourceExist"}"#;
    let lost = || Err(TransportError::new(TransportErrorKind::Interrupted, "broken"));
    let (context, _) = retrying([lost(), response(409, exists), response(409, exists)]);
    let error = list(&context).await.unwrap_err();
    assert!(error.is_conflict() && error.is_outcome_unknown());
    let error = list(&context).await.unwrap_err();
    assert!(error.is_conflict() && !error.is_outcome_unknown());
}

/// Responds to everything with 503, and counts.
#[derive(Debug, Default)]
struct Outage {
    requests: Mutex<u32>,
}

impl HttpTransport for Outage {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        *self.requests.lock().unwrap() += 1;
        Box::pin(std::future::ready(Ok(HttpResponse::new(503, UNAVAILABLE))))
    }
}

#[tokio::test(start_paused = true)]
async fn outage_raises_traffic_by_at_most_a_fifth() {
    const CALLS: u32 = 100;
    let (mut context, _) = retrying([]);
    let outage = Arc::new(Outage::default());
    context.transport = Arc::clone(&outage) as Arc<dyn HttpTransport>;
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let context = context.clone();
            tokio::spawn(async move {
                for _ in 0..CALLS {
                    assert!(list(&context).await.is_err());
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let requests = *outage.requests.lock().unwrap();
    assert!((100 * CALLS..=120 * CALLS).contains(&requests), "{requests}");
}
