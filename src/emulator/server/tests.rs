//! What a client sees on the wire, one loopback socket each.

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

/// An emulator with one secret, and a connection to it.
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
    let keys = emulator.credentials();
    Signer::new(SignatureVersion::V1)
        .sign(request, &keys, SystemClock.now(), &SystemClock.nonce())
        .parameters
        .to_string()
}

async fn send(stream: &mut TcpStream, emulator: &Emulator) {
    let head = format!("GET /?{} HTTP/1.1\r\nhost: x\r\n\r\n", signed_query(emulator));
    stream.write_all(head.as_bytes()).await.unwrap();
}

/// Reads until the connection ends, and how it ended.
async fn read_to_end(stream: &mut TcpStream) -> (String, Result<(), ErrorKind>) {
    let mut received = Vec::new();
    let end = timeout(Duration::from_secs(10), stream.read_to_end(&mut received)).await.unwrap();
    (String::from_utf8(received).unwrap(), end.map(|_| ()).map_err(|error| error.kind()))
}

/// Reads one answer of announced length, so that the connection can be used again.
async fn read_answer(stream: &mut TcpStream) -> (String, String) {
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
async fn meet(fault: Fault) -> (String, Result<(), ErrorKind>) {
    let (emulator, mut stream) = connected().await;
    emulator.inject(fault);
    send(&mut stream, &emulator).await;
    read_to_end(&mut stream).await
}

/// Injects the fault and gives the answer of a request, checking that a second one is answered over the same connection.
async fn meet_answer(fault: impl Into<Fault>) -> (String, String) {
    let (emulator, mut stream) = connected().await;
    emulator.inject(fault.into());
    send(&mut stream, &emulator).await;
    let answer = read_answer(&mut stream).await;
    send(&mut stream, &emulator).await;
    assert!(is_listing(&read_answer(&mut stream).await.1));
    answer
}

#[tokio::test]
async fn one_connection_answers_many_requests_and_each_has_an_id_and_a_date() {
    let (emulator, mut stream) = connected().await;
    let at = "2026-01-02T03:04:05Z".parse().unwrap();
    emulator.set_time(at);
    for _ in 0..3 {
        send(&mut stream, &emulator).await;
        let (head, body) = read_answer(&mut stream).await;
        assert_eq!(header(&head, "date"), Some("Fri, 02 Jan 2026 03:04:05 GMT"));
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(header(&head, "x-acs-request-id"), body["RequestId"].as_str());
        assert_eq!(body["Code"], "InvalidTimeStamp.Expired");
    }
    assert_eq!(emulator.request_count(), 3);
    emulator.use_system_time();
    send(&mut stream, &emulator).await;
    assert!(is_listing(&read_answer(&mut stream).await.1));
}

#[tokio::test]
async fn parameters_may_come_in_a_form() {
    let (emulator, mut stream) = connected().await;
    // Signed as a GET, so that the refusal shows what was read from where.
    let query = signed_query(&emulator);
    let (left, right) = query.split_at(query.find("&SignatureMethod").unwrap());
    let request = format!(
        "POST /?{left} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{right}",
        right.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let (_, body) = read_answer(&mut stream).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["Code"], "SignatureDoesNotMatch");
    let message = body["Message"].as_str().unwrap();
    assert!(message.contains("is:POST&%2F&AccessKeyId") && message.contains("SignatureMethod%3D"));
}

/// Version 1.0 has the same in the query; here it is the body whose bytes are signed.
#[tokio::test]
async fn a_form_is_answered_that_is_signed_by_acs3_for_this_host() {
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
    assert!(is_listing(&read_answer(&mut stream).await.1));
}

#[tokio::test]
async fn dropping_the_emulator_ends_its_connections_and_frees_its_port() {
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
async fn canned_answers_leave_the_connection_in_order() {
    let (head, body) = meet_answer(Fault::throttled()).await;
    assert!(head.starts_with("HTTP/1.1 429 "), "{head}");
    assert!(body.contains(r#""HttpStatus":429,"Code":"Rejected.Throttling""#), "{body}");

    let (head, body) = meet_answer(Fault::throttled_by_gateway()).await;
    assert!(head.starts_with("HTTP/1.1 400 "), "{head}");
    assert!(body.contains(r#""Code":"Throttling.User""#), "{body}");

    let (head, body) = meet_answer(Fault::html_page()).await;
    assert!(head.starts_with("HTTP/1.1 502 "), "{head}");
    assert_eq!(header(&head, "content-type"), Some("text/html"));
    assert!(body.starts_with("<html>"), "{body}");

    let (head, body) = meet_answer(Fault::empty_response()).await;
    assert!(head.starts_with("HTTP/1.1 504 "), "{head}");
    assert_eq!(body, "");

    let (head, _) = meet_answer(Fault::redirect("http://127.0.0.1:9/elsewhere")).await;
    assert!(head.starts_with("HTTP/1.1 302 "), "{head}");
    assert_eq!(header(&head, "location"), Some("http://127.0.0.1:9/elsewhere"));
}

#[tokio::test]
async fn what_http_cannot_say_is_mended() {
    let answer =
        CannedResponse::new(99).header("no name", "x").header("x", "\n").header("Date", "?");
    let (head, _) = meet_answer(answer).await;
    assert!(head.starts_with("HTTP/1.1 500 "), "{head}");
    assert_eq!(header(&head, "date"), Some("?"));
    assert_eq!(header(&head, "x"), None);
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_announced() {
    let (received, end) = meet(Fault::TruncatedBody).await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), announced_length(head) / 2);
    assert_eq!(end, Ok(()));
}

#[tokio::test]
async fn a_reset_in_the_body_comes_after_half_of_it() {
    let (received, end) = meet(Fault::ResetInBody).await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), announced_length(head) / 2);
    assert_eq!(end, Err(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_reset_before_the_answer_sends_nothing() {
    for fault in [Fault::ResetBeforeResponse, Fault::LostResponse] {
        assert_eq!(meet(fault).await, (String::new(), Err(ErrorKind::ConnectionReset)));
    }
}

#[tokio::test]
async fn a_lost_answer_was_carried_out() {
    for (fault, status) in [(Fault::LostResponse, Some(200)), (Fault::ResetBeforeResponse, None)] {
        let (emulator, mut stream) = connected().await;
        emulator.inject(fault);
        send(&mut stream, &emulator).await;
        let _ = read_to_end(&mut stream).await;
        assert_eq!(emulator.requests()[0].status, status);
    }
}

#[tokio::test]
async fn a_closed_connection_was_not_announced() {
    let (received, end) = meet(Fault::CloseAfterResponse).await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(header(head, "connection"), None);
    assert!(is_listing(body), "{body}");
    assert_eq!(end, Ok(()));
}

#[tokio::test]
async fn a_dripping_body_arrives_whole_but_in_pieces() {
    let pause = Duration::from_millis(2);
    let before = std::time::Instant::now();
    let (_, body) = meet_answer(Fault::SlowBody { chunk: 10, pause }).await;
    assert!(is_listing(&body), "{body}");
    assert!(before.elapsed() >= pause * (body.len() / 10) as u32);
}

#[tokio::test]
async fn an_oversized_body_is_unannounced_and_valid() {
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
async fn a_delay_passes_by_the_timer_of_the_runtime() {
    let (emulator, mut stream) = connected().await;
    emulator.inject(Fault::Delay(Duration::from_secs(3600)));
    send(&mut stream, &emulator).await;
    let before = tokio::time::Instant::now();
    let mut first = [0];
    stream.read_exact(&mut first).await.unwrap();
    assert!(before.elapsed() >= Duration::from_secs(3600));
}

#[tokio::test]
async fn a_hanging_request_is_never_answered_and_others_are() {
    let (emulator, mut hanging) = connected().await;
    emulator.inject(Fault::Hang);
    send(&mut hanging, &emulator).await;
    while emulator.request_count() == 0 {
        tokio::task::yield_now().await;
    }
    let mut other = connect(&emulator).await;
    send(&mut other, &emulator).await;
    assert!(is_listing(&read_answer(&mut other).await.1));
    let nothing = timeout(Duration::from_millis(50), hanging.read_u8()).await;
    assert!(nothing.is_err());
}

#[tokio::test]
async fn a_skewed_clock_refuses_a_right_timestamp_and_says_the_wrong_date() {
    let (head, body) = meet_answer(Fault::SkewedClock(TimeDelta::days(-3650))).await;
    assert!(body.contains("InvalidTimeStamp.Expired"), "{body}");
    assert!(header(&head, "date").unwrap().contains(" 201"), "{head}");
}

#[tokio::test]
async fn an_echo_holds_the_signature() {
    let (_, body) = meet_answer(Fault::EchoRequest).await;
    assert!(body.contains("&Signature="), "{body}");
}

#[tokio::test]
async fn a_body_of_more_than_two_mebibytes_is_refused_in_the_services_words() {
    let (emulator, mut stream) = connected().await;
    let length = 2 * 1024 * 1024 + 1;
    let head = format!(
        "POST /?Action=ListSecrets HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b'x'; length]).await.unwrap();
    let (head, body) = read_answer(&mut stream).await;
    assert!(head.starts_with("HTTP/1.1 413 "), "{head}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["Code"], "RequestEntityTooLarge");
    assert_eq!(body["RequestId"], *emulator.requests()[0].request_id);
}
