//! One call from request to answer: the only place where signing, credentials, clock and transport meet.

mod failure;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};
use secrecy::ExposeSecret as _;
use sync_wrapper::SyncFuture;
use tokio::time::timeout;

use crate::clock::Clock;
use crate::credentials::{Credentials, ProvideCredentials};
use crate::error::{Error, ErrorBody};
use crate::ops::Operation;
use crate::region::Endpoint;
use crate::sign::{self, SignedRequest, UnsignedRequest};
use crate::transport::{HttpRequest, HttpResponse, HttpTransport};

/// What calls are made with, shared by all clones of a client.
#[derive(Debug)]
pub(crate) struct CallContext {
    pub(crate) endpoint: Endpoint,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transport: Arc<dyn HttpTransport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) attempt_timeout: Duration,
    pub(crate) call_timeout: Duration,
    pub(crate) max_response_bytes: usize,
}

/// Carries out `operation`, within the time that a whole call may take.
#[expect(
    clippy::manual_async_fn,
    reason = "an async fn could not promise that its future is Send, Sync and 'static"
)]
pub(crate) fn call<O: Operation>(
    context: Arc<CallContext>,
    operation: O,
) -> impl Future<Output = Result<O::Response, Error>> + Send + Sync + 'static {
    async move {
        operation
            .validate()
            .map_err(|problem| failure::invalid_input(&problem).in_operation(O::NAME))?;
        let limit = context.call_timeout;
        let outcome = timeout(limit, context.attempt(&operation)).await;
        outcome
            .unwrap_or_else(|_| Err(failure::timed_out(limit)))
            .map_err(|error| error.in_operation(O::NAME).at_host(context.endpoint.host()))
    }
}

impl CallContext {
    /// One request and its answer, with keys, time and nonce of its own.
    async fn attempt<O: Operation>(&self, operation: &O) -> Result<O::Response, Error> {
        let credentials = self.fresh_credentials().await?;
        let unsigned = UnsignedRequest { action: O::NAME, parameters: operation.parameters() };
        let signed = sign::sign(unsigned, &credentials, self.clock.now(), &self.clock.nonce());
        let response = self.send(&signed).await.map_err(|error| error.after_attempts(1))?;
        let status = response.status;
        read_answer(operation, response, &signed, &credentials)
            .map_err(|error| error.with_http_status(status).after_attempts(1))
    }

    async fn fresh_credentials(&self) -> Result<Credentials, Error> {
        let credentials = SyncFuture::new(self.credentials.credentials())
            .await
            .map_err(failure::no_credentials)?;
        credentials.validate().map_err(failure::no_credentials)?;
        Ok(credentials)
    }

    async fn send(&self, signed: &SignedRequest) -> Result<HttpResponse, Error> {
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, self.user_agent.clone());
        let request = HttpRequest {
            method: http::Method::GET,
            url: format!("{}?{}", self.endpoint.url(), signed.query),
            headers,
            max_response_bytes: self.max_response_bytes,
        };
        match timeout(self.attempt_timeout, SyncFuture::new(self.transport.send(request))).await {
            Ok(outcome) => outcome.map_err(failure::not_answered),
            Err(_) => Err(failure::timed_out(self.attempt_timeout)),
        }
    }
}

/// A result, or the error that the answer stands for, whatever its status claims.
fn read_answer<O: Operation>(
    operation: &O,
    response: HttpResponse,
    signed: &SignedRequest,
    credentials: &Credentials,
) -> Result<O::Response, Error> {
    let HttpResponse { status, headers, body } = response;
    let undecodable = if (200..300).contains(&status) {
        match operation.decode(&body) {
            Ok(answer) => return Ok(answer),
            Err(error) => Some(error),
        }
    } else {
        None
    };
    match (ErrorBody::read(&body, &sensitive_texts(signed, credentials)), undecodable) {
        (ErrorBody::Service(mut error), _) => {
            error.request_id = error.request_id.or_else(|| request_id(&headers));
            Err(failure::refused(O::NAME, status, *error, &signed.string_to_sign))
        }
        (_, Some(error)) => Err(failure::not_decoded(&error)),
        (body, None) => Err(failure::not_from_the_service(status, &body)),
    }
}

/// What an answer might echo and no error may show.
fn sensitive_texts<'a>(signed: &'a SignedRequest, credentials: &'a Credentials) -> [&'a str; 3] {
    let token = credentials.security_token().map_or("", |token| token.expose_secret());
    [credentials.access_key_secret().expose_secret(), token, &signed.signature]
}

/// The gateway's own id of a request, for answers whose body names none.
fn request_id(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("x-acs-request-id")?.to_str().ok()?.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::error::ErrorKind;
    use crate::ops::list_secrets::ListSecretsRequest;
    use crate::region::Network;
    use crate::transport::{TransportError, TransportErrorKind, TransportFuture};

    const EMPTY_PAGE: &str = r#"{"TotalCount":0,"RequestId":"r-ok"}"#;

    /// Gives prepared answers in turn and keeps the URLs it was asked for; with none left it never answers.
    #[derive(Debug, Default)]
    struct Script {
        answers: Mutex<VecDeque<Result<HttpResponse, TransportError>>>,
        urls: Mutex<Vec<String>>,
    }

    impl HttpTransport for Script {
        fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
            self.urls.lock().unwrap().push(request.url);
            match self.answers.lock().unwrap().pop_front() {
                Some(answer) => Box::pin(std::future::ready(answer)),
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
    }

    fn answer(status: u16, body: &str) -> Result<HttpResponse, TransportError> {
        Ok(HttpResponse::new(status, body))
    }

    fn context(
        answers: impl IntoIterator<Item = Result<HttpResponse, TransportError>>,
    ) -> (CallContext, Arc<Script>) {
        let script = Arc::new(Script {
            answers: Mutex::new(answers.into_iter().collect()),
            ..Script::default()
        });
        let context = CallContext {
            endpoint: Endpoint::of_region("cn-hangzhou", Network::Public).unwrap(),
            credentials: Arc::new(
                Credentials::new("fake-id", "fake-secret").with_security_token("fake-token"),
            ),
            transport: Arc::clone(&script) as Arc<dyn HttpTransport>,
            clock: Arc::new(FixedClock::default()),
            user_agent: HeaderValue::from_static("test"),
            attempt_timeout: Duration::from_secs(15),
            call_timeout: Duration::from_secs(60),
            max_response_bytes: 1_000,
        };
        (context, script)
    }

    async fn failure_of(answer: Result<HttpResponse, TransportError>) -> Error {
        let (context, _) = context([answer]);
        call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_call_sends_one_signed_request_and_gives_the_answer() {
        let (context, script) = context([answer(200, EMPTY_PAGE)]);
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
    async fn bad_input_is_told_before_anything_is_sent() {
        let (context, script) = context([]);
        let error =
            call(Arc::new(context), ListSecretsRequest::new().page_size(0)).await.unwrap_err();
        assert!(error.is_invalid_input());
        assert_eq!(error.attempts(), 0);
        assert!(
            error
                .to_string()
                .starts_with("ListSecrets failed: page_size is 0, allowed are 1 to 100")
        );
        assert!(script.urls.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn keys_that_cannot_be_keys_are_told_before_anything_is_sent() {
        let (mut context, script) = context([]);
        context.credentials = Arc::new(Credentials::new("fake-id", "fake-secret\r\n"));
        let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(
            error.to_string().contains("the access key secret has a control character"),
            "{error}"
        );
        assert!(!error.to_string().contains("fake-secret"), "{error}");
        assert!(script.urls.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_without_an_answer_ends_in_its_own_time() {
        let (context, _) = context([]);
        let started = tokio::time::Instant::now();
        let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(started.elapsed(), Duration::from_secs(15));
        assert!(error.to_string().contains("no answer came within 15 s"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_waits_for_keys_ends_in_its_own_time_too() {
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
        assert!(error.is_timeout());
        assert_eq!(error.attempts(), 0);
        assert!(error.to_string().contains("within 60 s"), "{error}");
    }

    #[tokio::test]
    async fn each_form_of_an_error_body_gives_its_kind_and_words() {
        let json = r#"{"HttpStatus":403,"Code":"Forbidden.NoPermission","Message":"Not allowed.","RequestId":"r-1"}"#;
        let xml = "<KMS><HttpStatus>403</HttpStatus><Code>Forbidden.NoPermission</Code><Message>Not allowed.</Message>\
                   <RequestId>r-1</RequestId></KMS>";
        for body in [json, xml] {
            let error = failure_of(answer(403, body)).await;
            assert!(error.is_access_denied());
            assert_eq!(error.code(), Some("Forbidden.NoPermission"));
            assert_eq!(error.message(), Some("Not allowed"));
            assert_eq!(error.request_id(), Some("r-1"));
            assert_eq!(error.http_status(), Some(403));
            assert_eq!(error.host(), Some("kms.cn-hangzhou.aliyuncs.com"));
            assert_eq!(error.operation(), Some("ListSecrets"));
            assert_eq!(
                error.to_string(),
                "ListSecrets failed: the service answered Forbidden.NoPermission: Not allowed (HTTP 403, request id r-1, \
                 host kms.cn-hangzhou.aliyuncs.com); allow the RAM action kms:ListSecrets for this identity"
            );
        }
        for (status, body, kind, words) in [
            (
                502,
                "<html><h1>Bad Gateway</h1></html>",
                ErrorKind::Unavailable,
                "a page of HTML was answered",
            ),
            (504, "", ErrorKind::Unavailable, "an error without a body was answered"),
            (404, "<!doctype html>", ErrorKind::Decode, "a page of HTML was answered"),
            (400, r#"{"Code":"Rejected.Thr"#, ErrorKind::Decode, "whose body is cut off"),
            (302, "", ErrorKind::Decode, "a redirect was answered, which is not followed"),
            (
                200,
                "<html>login</html>",
                ErrorKind::Decode,
                "the answer cannot be read: at ., line 1 column 1: not JSON",
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
                "an error was answered whose body is cut off or not of KMS",
            ),
        ] {
            let error = failure_of(answer(status, body)).await;
            assert_eq!(error.kind(), kind, "{status} {body}");
            assert!(error.to_string().contains(words), "{error}");
            assert_eq!(error.http_status(), Some(status));
            assert_eq!(error.attempts(), 1);
        }
    }

    #[tokio::test]
    async fn the_gateways_header_names_a_request_whose_body_does_not() {
        let mut headers = HeaderMap::new();
        headers.insert("x-acs-request-id", HeaderValue::from_static("r-header"));
        let response =
            HttpResponse::new(400, r#"{"Code":"InvalidParameter"}"#).with_headers(headers);
        assert_eq!(failure_of(Ok(response)).await.request_id(), Some("r-header"));
    }

    #[tokio::test]
    async fn an_answer_that_echoes_the_keys_does_not_get_them_shown() {
        let body = r#"{"Code":"InvalidParameter","Message":"fake-secret fake-token server string to sign is:GET&fake-token"}"#;
        let error = failure_of(answer(400, body)).await;
        for text in [error.to_string(), format!("{error:?}"), error.message().unwrap().to_owned()] {
            assert!(!text.contains("fake-secret") && !text.contains("fake-token"), "{text}");
        }
    }

    #[tokio::test]
    async fn a_broken_connection_says_how_and_where() {
        let reason = "the connection was refused";
        let error = failure_of(Err(TransportError::new(TransportErrorKind::Connect, reason))).await;
        assert_eq!(error.kind(), ErrorKind::Network);
        assert!(error.to_string().starts_with(
            "ListSecrets failed: the connection was refused (host kms.cn-hangzhou.aliyuncs.com); check the region"
        ));
    }

    /// What the documentation of the client promises for spawning and storing.
    #[test]
    fn the_future_of_a_call_is_send_sync_and_static() {
        fn owned<T: Send + Sync + 'static>(_: &T) {}
        let (context, _) = context([]);
        owned(&call(Arc::new(context), ListSecretsRequest::new()));
    }
}
