//! The bytes that a client receives; each test has its own loopback socket.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::clock::{Clock as _, SystemClock};
use crate::emulator::{CannedResponse, EmulatedSecret, Emulator, Fault};
use crate::sign::{SignatureVersion, Signer, UnsignedRequest};

/// Starts an emulator with one secret, and connects to it.
async fn connected() -> (Emulator, TcpStream) {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_secret(EmulatedSecret::new("a"));
    let stream = connect(&emulator).await;
    (emulator, stream)
}

async fn connect(emulator: &Emulator) -> TcpStream {
    TcpStream::connect(emulator.endpoint().strip_prefix("http://").unwrap()).await.unwrap()
}

fn unsigned(method: http::Method, host: &str) -> UnsignedRequest<'_> {
    UnsignedRequest {
        method,
        version: crate::sign::API_VERSION,
        action: "ListSecrets",
        host,
        parameters: vec![("PageSize".into(), Cow::Borrowed("5"))],
    }
}

fn signed_query(emulator: &Emulator) -> String {
    let request = unsigned(http::Method::GET, "x");
    let credentials = emulator.credentials();
    Signer::new(SignatureVersion::V1)
        .sign(request, &credentials, SystemClock.now(), &SystemClock.nonce())
        .parameters
        .to_string()
}

async fn send(stream: &mut TcpStream, emulator: &Emulator) {
    let head = format!("GET /?{} HTTP/1.1\r\nhost: x\r\n\r\n", signed_query(emulator));
    stream.write_all(head.as_bytes()).await.unwrap();
}

/// Reads until the connection ends, and returns how it ended.
async fn read_to_end(stream: &mut TcpStream) -> (String, Result<(), ErrorKind>) {
    let mut received = Vec::new();
    let end = timeout(Duration::from_secs(10), stream.read_to_end(&mut received)).await.unwrap();
    (String::from_utf8(received).unwrap(), end.map(|_| ()).map_err(|error| error.kind()))
}

/// Reads one response of announced length, so that the connection can be used again.
async fn read_response(stream: &mut TcpStream) -> (String, String) {
    let mut received = String::new();
    loop {
        if let Some((head, body)) = received.split_once("\r\n\r\n")
            && body.len() == announced_length(head)
        {
            return (head.to_owned(), body.to_owned());
        }
        let mut buffer = [0; 1024];
        let read = stream.read(&mut buffer);
        let count = timeout(Duration::from_secs(10), read).await.unwrap().unwrap();
        assert_ne!(count, 0, "cut off after {received}");
        received.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
}

fn announced_length(head: &str) -> usize {
    header(head, "content-length").unwrap().parse().unwrap()
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn is_listing(body: &str) -> bool {
    serde_json::from_str::<Value>(body).is_ok_and(|body| body["TotalCount"] == 1)
}

/// Injects the fault, sends one request and reads until the connection ends.
async fn exchange_with(fault: Fault) -> (String, Result<(), ErrorKind>) {
    let (emulator, mut stream) = connected().await;
    emulator.inject(fault);
    send(&mut stream, &emulator).await;
    read_to_end(&mut stream).await
}

/// Injects the fault and returns the response to a request, after a second request has succeeded on
/// the same connection.
async fn response_with(fault: impl Into<Fault>) -> (String, String) {
    let (emulator, mut stream) = connected().await;
    emulator.inject(fault.into());
    send(&mut stream, &emulator).await;
    let response = read_response(&mut stream).await;
    send(&mut stream, &emulator).await;
    assert!(is_listing(&read_response(&mut stream).await.1));
    response
}

#[tokio::test]
async fn responses_on_one_connection_each_have_an_id_and_a_date() {
    let (emulator, mut stream) = connected().await;
    let at = "2026-01-02T03:04:05Z".parse().unwrap();
    emulator.set_time(at);
    for _ in 0..3 {
        send(&mut stream, &emulator).await;
        let (head, body) = read_response(&mut stream).await;
        assert_eq!(header(&head, "date"), Some("Fri, 02 Jan 2026 03:04:05 GMT"));
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(header(&head, "x-acs-request-id"), body["RequestId"].as_str());
        assert_eq!(body["Code"], "InvalidTimeStamp.Expired");
    }
    assert_eq!(emulator.request_count(), 3);
    emulator.use_system_time();
    send(&mut stream, &emulator).await;
    assert!(is_listing(&read_response(&mut stream).await.1));
}

#[tokio::test]
async fn parameters_in_a_form_are_read() {
    let (emulator, mut stream) = connected().await;
    // It is signed as a GET, so that the error shows which parameters were read.
    let query = signed_query(&emulator);
    let (left, right) = query.split_at(query.find("&SignatureMethod").unwrap());
    let request = format!(
        "POST /?{left} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{right}",
        right.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let (_, body) = read_response(&mut stream).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["Code"], "SignatureDoesNotMatch");
    let message = body["Message"].as_str().unwrap();
    assert!(message.contains("is:POST&%2F&AccessKeyId") && message.contains("SignatureMethod%3D"));
}

/// Unlike version 1.0, ACS3 signs the bytes of the body.
#[tokio::test]
async fn form_signed_by_acs3_for_this_host_is_accepted() {
    let (emulator, mut stream) = connected().await;
    let host = emulator.endpoint().strip_prefix("http://").unwrap();
    let signed = Signer::new(SignatureVersion::Acs3HmacSha256).sign(
        unsigned(http::Method::POST, host),
        &emulator.credentials(),
        SystemClock.now(),
        &SystemClock.nonce(),
    );
    let mut request = format!("POST / HTTP/1.1\r\nhost: {host}\r\n");
    for (name, value) in &signed.headers {
        request.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    let body = signed.parameters;
    request.push_str(&format!("content-length: {}\r\n\r\n{}", body.len(), *body));
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(is_listing(&read_response(&mut stream).await.1));
}

#[tokio::test]
async fn dropped_emulator_closes_its_connections_and_its_port() {
    let (emulator, mut stream) = connected().await;
    emulator.inject(Fault::Hang);
    send(&mut stream, &emulator).await;
    while emulator.request_count() == 0 {
        tokio::task::yield_now().await;
    }
    let endpoint = emulator.endpoint().strip_prefix("http://").unwrap().to_owned();
    drop(emulator);
    let (received, _) = read_to_end(&mut stream).await;
    assert_eq!(received, "");
    assert!(TcpStream::connect(endpoint).await.is_err());
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0);
}

#[tokio::test]
async fn canned_response_leaves_the_connection_usable() {
    let (head, body) = response_with(Fault::throttled()).await;
    assert!(head.starts_with("HTTP/1.1 429 "), "{head}");
    assert!(body.contains(r#""HttpStatus":429,"Code":"Rejected.Throttling""#), "{body}");

    let (head, body) = response_with(Fault::throttled_by_gateway()).await;
    assert!(head.starts_with("HTTP/1.1 400 "), "{head}");
    assert!(body.contains(r#""Code":"Throttling.User""#), "{body}");

    let (head, body) = response_with(Fault::html_page()).await;
    assert!(head.starts_with("HTTP/1.1 502 "), "{head}");
    assert_eq!(header(&head, "content-type"), Some("text/html"));
    assert!(body.starts_with("<html>"), "{body}");

    let (head, body) = response_with(Fault::empty_response()).await;
    assert!(head.starts_with("HTTP/1.1 504 "), "{head}");
    assert_eq!(body, "");

    let (head, _) = response_with(Fault::redirect("http://127.0.0.1:9/elsewhere")).await;
    assert!(head.starts_with("HTTP/1.1 302 "), "{head}");
    assert_eq!(header(&head, "location"), Some("http://127.0.0.1:9/elsewhere"));
}

#[tokio::test]
async fn canned_response_that_http_forbids_is_corrected() {
    let canned =
        CannedResponse::new(99).header("no name", "x").header("x", "\n").header("Date", "?");
    let (head, _) = response_with(canned).await;
    assert!(head.starts_with("HTTP/1.1 500 "), "{head}");
    assert_eq!(header(&head, "date"), Some("?"));
    assert_eq!(header(&head, "x"), None);

    let (head, body) = response_with(CannedResponse::new(100).body("x")).await;
    assert!(head.starts_with("HTTP/1.1 500 "), "{head}");
    assert_eq!(body, "x");
}

#[tokio::test]
async fn truncated_body_is_shorter_than_announced() {
    let (received, end) = exchange_with(Fault::TruncatedBody).await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), announced_length(head) / 2);
    assert_eq!(end, Ok(()));
}

#[tokio::test]
async fn reset_in_the_body_comes_after_half_of_it() {
    let (received, end) = exchange_with(Fault::ResetInBody).await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), announced_length(head) / 2);
    assert_eq!(end, Err(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn reset_before_the_response_sends_nothing() {
    for fault in [Fault::ResetBeforeResponse, Fault::LostResponse, Fault::Unreachable] {
        assert_eq!(exchange_with(fault).await, (String::new(), Err(ErrorKind::ConnectionReset)));
    }
}

#[tokio::test]
async fn request_with_a_lost_response_was_executed() {
    for (fault, status) in [(Fault::LostResponse, Some(200)), (Fault::ResetBeforeResponse, None)] {
        let (emulator, mut stream) = connected().await;
        emulator.inject(fault);
        send(&mut stream, &emulator).await;
        let _ = read_to_end(&mut stream).await;
        assert_eq!(emulator.requests()[0].status, status);
    }
}

#[tokio::test]
async fn connection_closed_after_the_response_is_not_announced() {
    let (received, end) = exchange_with(Fault::CloseAfterResponse).await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(header(head, "connection"), None);
    assert!(is_listing(body), "{body}");
    assert_eq!(end, Ok(()));
}

#[tokio::test]
async fn slow_body_arrives_complete_in_chunks() {
    let pause = Duration::from_millis(2);
    let before = std::time::Instant::now();
    let (_, body) = response_with(Fault::SlowBody { chunk: 10, pause }).await;
    assert!(is_listing(&body), "{body}");
    assert!(before.elapsed() >= pause * (body.len() / 10) as u32);
}

#[tokio::test]
async fn oversized_body_is_unannounced_and_valid() {
    let (emulator, mut stream) = connected().await;
    emulator.inject(Fault::OversizedBody { bytes: 100_000 });
    let query = signed_query(&emulator);
    // HTTP/1.0 has no chunks, so the body is all that follows.
    let head = format!("GET /?{query} HTTP/1.0\r\nhost: x\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let (received, _) = read_to_end(&mut stream).await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(header(head, "content-length"), None);
    assert_eq!(body.len(), 100_000);
    assert!(is_listing(body));
}

#[tokio::test(start_paused = true)]
async fn delay_passes_by_the_timer_of_the_runtime() {
    let (emulator, mut stream) = connected().await;
    emulator.inject(Fault::Delay(Duration::from_secs(3600)));
    send(&mut stream, &emulator).await;
    let before = tokio::time::Instant::now();
    let mut first = [0];
    stream.read_exact(&mut first).await.unwrap();
    assert!(before.elapsed() >= Duration::from_secs(3600));
}

#[tokio::test]
async fn hanging_request_does_not_block_others() {
    let (emulator, mut hanging) = connected().await;
    emulator.inject(Fault::Hang);
    send(&mut hanging, &emulator).await;
    while emulator.request_count() == 0 {
        tokio::task::yield_now().await;
    }
    let mut other = connect(&emulator).await;
    send(&mut other, &emulator).await;
    assert!(is_listing(&read_response(&mut other).await.1));
    let nothing = timeout(Duration::from_millis(50), hanging.read_u8()).await;
    assert!(nothing.is_err());
}

#[tokio::test]
async fn skewed_clock_rejects_a_correct_timestamp() {
    let (head, body) = response_with(Fault::SkewedClock(TimeDelta::days(-3650))).await;
    assert!(body.contains("InvalidTimeStamp.Expired"), "{body}");
    assert!(header(&head, "date").unwrap().contains(" 201"), "{head}");
}

#[tokio::test]
async fn echo_contains_the_signature() {
    let (_, body) = response_with(Fault::EchoRequest).await;
    assert!(body.contains("&Signature="), "{body}");
}

async fn post(stream: &mut TcpStream, content_length: u64, body: &[u8]) {
    let head = format!(
        "POST /?Action=ListSecrets HTTP/1.1\r\nhost: x\r\ncontent-length: {content_length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
}

#[tokio::test]
async fn body_over_the_limit_is_rejected() {
    let (emulator, mut stream) = connected().await;
    for (length, status, code) in [
        (2 * 1024 * 1024, 400, "MissingVersion"),
        (2 * 1024 * 1024 + 1, 413, "RequestEntityTooLarge"),
    ] {
        post(&mut stream, length as u64, &vec![b'x'; length]).await;
        let (head, body) = read_response(&mut stream).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["Code"], code);
        assert_eq!(body["RequestId"], *emulator.requests().pop().unwrap().request_id);
    }
}

#[tokio::test]
async fn body_far_over_the_limit_is_rejected_before_it_arrives() {
    let (_emulator, mut stream) = connected().await;
    post(&mut stream, 1 << 60, b"the first of many bytes").await;
    let (received, _) = read_to_end(&mut stream).await;
    assert!(received.starts_with("HTTP/1.1 413 "), "{received}");
}

/// Without an announced length, and with more than fits into the buffers of a socket: the emulator
/// has to read what it does not keep.
#[tokio::test]
async fn chunked_body_far_over_the_limit_is_rejected_before_its_end() {
    let (_emulator, stream) = connected().await;
    let (mut reading, mut writing) = stream.into_split();
    let sending = tokio::spawn(async move {
        let head =
            "POST /?Action=ListSecrets HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
        writing.write_all(head.as_bytes()).await?;
        let chunk = [b"10000\r\n", &[b'x'; 0x10000][..], b"\r\n"].concat();
        loop {
            writing.write_all(&chunk).await?;
        }
        #[expect(unreachable_code, reason = "it names the type of the error")]
        Ok::<(), std::io::Error>(())
    });
    let mut status = [0; 13];
    timeout(Duration::from_secs(10), reading.read_exact(&mut status)).await.unwrap().unwrap();
    assert_eq!(&status, b"HTTP/1.1 413 ");
    sending.abort();
}
