//! [`EmulatorTransport`]: the emulator as a transport, without sockets.

use std::fmt;
use std::future::pending;
use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::header::HOST;
use http::{HeaderValue, Uri};
use tokio::time::sleep;

use super::faults::Fault;
use super::request::{MAX_BODY_BYTES, Request, RequestBody};
use super::response::Response;
use super::state::{Exchange, SharedState};
use crate::clock::{Clock as _, SystemClock};
use crate::transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};

/// A transport whose requests an [`Emulator`](super::Emulator) responds to in process, created by
/// [`Emulator::transport`](super::Emulator::transport).
///
/// Faults that wait need the tokio runtime's timer; nothing else needs a runtime.
#[derive(Clone)]
pub struct EmulatorTransport {
    state: Weak<SharedState>,
}

impl EmulatorTransport {
    pub(super) fn new(state: &Arc<SharedState>) -> Self {
        Self { state: Arc::downgrade(state) }
    }

    /// Executes a request at this system time. [`deliver`] does the rest.
    pub(crate) fn exchange(
        &self,
        request: &HttpRequest,
        system_time: DateTime<Utc>,
    ) -> Result<Exchange, TransportError> {
        let received = receive(request)?;
        let dropped = "the emulator was dropped; keep it for as long as its clients";
        let state = self.state.upgrade().ok_or_else(|| connect_error(dropped))?;
        let request_id = SystemClock.nonce().to_uppercase();
        Ok(state.exchange(&received, system_time, request_id))
    }
}

impl HttpTransport for EmulatorTransport {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let exchange = self.exchange(&request, SystemClock.now())?;
            deliver(exchange, request.max_response_bytes).await
        })
    }
}

impl fmt::Debug for EmulatorTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmulatorTransport")
    }
}

/// Reads the request as a server would, with the URL's host as its `Host` header.
fn receive(request: &HttpRequest) -> Result<Request, TransportError> {
    let uri: Uri = request.url.parse().map_err(|_| connect_error("the URL is not valid"))?;
    let mut headers = request.headers.clone();
    let host = uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(host) = host {
        headers.entry(HOST).or_insert(host);
    }
    let is_too_large = request.body.len() > MAX_BODY_BYTES;
    let body =
        if is_too_large { RequestBody::TooLarge } else { RequestBody::Complete(&request.body) };
    let query = uri.query().unwrap_or_default();
    Ok(Request::new(request.method.as_str(), uri.path(), query, &headers, body))
}

/// Returns what a client of a socket gets, after the time that the fault says.
pub(crate) async fn deliver(
    exchange: Exchange,
    max_response_bytes: usize,
) -> Result<HttpResponse, TransportError> {
    let Exchange { response, fault, .. } = exchange;
    match fault {
        Some(Fault::Unreachable) => return Err(connect_error("the connection was refused")),
        Some(
            Fault::ResetBeforeResponse
            | Fault::LostResponse
            | Fault::TruncatedBody
            | Fault::ResetInBody,
        ) => {
            let reason = "the connection broke before the response was complete";
            return Err(TransportError::new(TransportErrorKind::Interrupted, reason));
        }
        Some(Fault::Delay(by)) => sleep(by).await,
        _ => {}
    }
    // `Hang`: the client gives up.
    let Some(Response { status, headers, mut body, .. }) = response else {
        return pending().await;
    };
    if let Some(Fault::SlowBody { chunk, pause }) = fault {
        sleep(time_to_send(body.len(), chunk, pause)).await;
    }
    let padded = match fault {
        Some(Fault::OversizedBody { bytes }) => usize::try_from(bytes).unwrap_or(usize::MAX),
        _ => 0,
    };
    let length = padded.max(body.len());
    if length > max_response_bytes {
        let reason = format!("the response has more than {max_response_bytes} bytes");
        return Err(TransportError::new(TransportErrorKind::ResponseTooLarge, reason));
    }
    body.resize(length, b' ');
    Ok(HttpResponse::new(status.as_u16(), body).with_headers(headers))
}

fn time_to_send(bytes: usize, chunk: usize, pause: Duration) -> Duration {
    let chunks = u32::try_from(bytes.div_ceil(chunk.max(1))).unwrap_or(u32::MAX);
    pause.saturating_mul(chunks)
}

fn connect_error(reason: &'static str) -> TransportError {
    TransportError::new(TransportErrorKind::Connect, reason)
}

#[cfg(test)]
mod tests {
    use http::Method;
    use tokio::time::{Instant, timeout};

    use super::*;
    use crate::emulator::{EmulatedSecret, Emulator};
    use crate::error::ErrorKind;
    use crate::retry::RetryPolicy;
    use crate::secrets::list_secrets::ListSecretsRequest;
    use crate::sign::SignatureVersion;

    /// Sends an unsigned request, which has an error of some 300 bytes as its response.
    async fn send(emulator: &Emulator) -> Result<HttpResponse, TransportErrorKind> {
        let request =
            HttpRequest::new(Method::GET, "https://kms.cn-hangzhou.aliyuncs.com/?Action=A");
        emulator.transport().send(request).await.map_err(|error| error.kind())
    }

    #[tokio::test]
    async fn both_signature_versions_are_accepted_without_a_socket() {
        let emulator = Emulator::in_process();
        emulator.add_secret(EmulatedSecret::new("a"));
        for version in [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256] {
            let client = emulator.client_builder().signature_version(version).build().unwrap();
            let page = client.list_secrets(ListSecretsRequest::new()).await.unwrap();
            assert_eq!(page.total_count, 1);
            assert!(!page.request_id.is_empty());
        }
        assert_eq!((emulator.request_count(), emulator.connection_count()), (2, 0));
    }

    #[tokio::test]
    async fn dropped_emulator_is_unreachable() {
        let emulator = Emulator::in_process();
        let client = emulator.client_builder().retry_policy(RetryPolicy::disabled());
        let client = client.build().unwrap();
        drop(emulator);
        let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Network);
        assert!(error.to_string().contains("the emulator was dropped"), "{error}");
    }

    #[tokio::test]
    async fn connection_faults_become_transport_errors() {
        use TransportErrorKind::{Connect, Interrupted, ResponseTooLarge};
        for (fault, kind) in [
            (Fault::Unreachable, Connect),
            (Fault::ResetBeforeResponse, Interrupted),
            (Fault::LostResponse, Interrupted),
            (Fault::TruncatedBody, Interrupted),
            (Fault::ResetInBody, Interrupted),
            (Fault::OversizedBody { bytes: u64::MAX }, ResponseTooLarge),
        ] {
            let emulator = Emulator::in_process();
            emulator.inject(fault.clone());
            assert_eq!(send(&emulator).await.unwrap_err(), kind, "{fault:?}");
            assert!(send(&emulator).await.is_ok());
        }
    }

    #[tokio::test]
    async fn oversized_body_is_padded_with_spaces() {
        let emulator = Emulator::in_process();
        emulator.inject(Fault::OversizedBody { bytes: 10_000 });
        let response = send(&emulator).await.unwrap();
        assert_eq!(response.body.len(), 10_000);
        assert!(serde_json::from_slice::<serde_json::Value>(&response.body).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn delays_pass_by_the_timer_of_the_runtime() {
        let hour = Duration::from_secs(3600);
        let slow = Fault::SlowBody { chunk: usize::MAX, pause: hour };
        for (fault, delay) in [(Fault::Delay(hour), hour), (slow, hour)] {
            let emulator = Emulator::in_process();
            emulator.inject(fault);
            let start = Instant::now();
            assert!(send(&emulator).await.is_ok());
            // The timer of tokio counts whole milliseconds.
            assert_eq!(start.elapsed().as_secs(), delay.as_secs());
        }
        let emulator = Emulator::in_process();
        emulator.inject(Fault::Hang);
        assert!(timeout(hour, send(&emulator)).await.is_err());
    }

    #[tokio::test]
    async fn body_over_the_limit_is_rejected() {
        let emulator = Emulator::in_process();
        for (length, status) in [(MAX_BODY_BYTES, 400), (MAX_BODY_BYTES + 1, 413)] {
            let mut request = HttpRequest::new(Method::POST, emulator.endpoint());
            request.body.resize(length, b'x');
            assert_eq!(emulator.transport().send(request).await.unwrap().status, status);
        }
    }
}
