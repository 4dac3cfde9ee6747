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
pub(crate) fn call<O: Operation + Sync>(
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
    let secret = credentials.access_key_secret().expose_secret();
    let token = credentials.security_token().map_or("", |token| token.expose_secret());
    match (ErrorBody::read(&body, &[secret, token]), undecodable) {
        (ErrorBody::Service(mut error), _) => {
            error.request_id = error.request_id.or_else(|| request_id(&headers));
            Err(failure::refused(O::NAME, status, *error, &signed.string_to_sign))
        }
        (_, Some(error)) => Err(failure::not_decoded(&error)),
        (body, None) => Err(failure::not_from_the_service(status, &body)),
    }
}

/// The gateway's own id of a request, for answers whose body names none.
fn request_id(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("x-acs-request-id")?.to_str().ok()?.to_owned())
}
