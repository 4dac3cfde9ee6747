//! Signed requests to the emulator with any parameters: a JSON response with a request id.
//!
//! The input is the method, then lines such as `Action=ListSecrets`.

#![no_main]

use std::sync::atomic::{AtomicU64, Ordering};

use alibabacloud_kms::serde_json::Value;
use alibabacloud_kms_fuzz::{exchange, sign, with_emulator};
use libfuzzer_sys::fuzz_target;

/// A nonce must be new to the emulator.
static NONCE: AtomicU64 = AtomicU64::new(0);

fuzz_target!(|input: (bool, &str)| {
    let (is_post, lines) = input;
    let method = if is_post { "POST" } else { "GET" };
    let nonce = NONCE.fetch_add(1, Ordering::Relaxed).to_string();
    with_emulator(async |emulator| {
        let timestamp = emulator.time().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let fixed = [
            ("AccessKeyId", "fake-id"),
            ("Format", "JSON"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", &nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", &timestamp),
            ("Version", "2016-01-20"),
        ];
        let mut parameters: Vec<(String, String)> =
            fixed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        for line in lines.lines() {
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            if parameters.iter().all(|(known, _)| known != name) {
                parameters.push((name.to_owned(), value.replace('\\', "\n")));
            }
        }
        let signed = sign(method, "fake-secret", parameters);
        let request = if is_post {
            format!(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{signed}",
                signed.len()
            )
        } else {
            format!("GET /?{signed} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        };
        let response = exchange(emulator, request.as_bytes()).await;
        let response = String::from_utf8(response).expect("the emulator sends UTF-8");
        let Some((head, body)) = response.split_once("\r\n\r\n") else {
            panic!("no response: {response}")
        };
        if head.starts_with("HTTP/1.1 414") || head.starts_with("HTTP/1.1 431") {
            return;
        }
        assert!(!head.starts_with("HTTP/1.1 5"), "{response}");
        assert!(!body.contains("SignatureDoesNotMatch"), "{response}");
        let body: Value = alibabacloud_kms::serde_json::from_str(body).expect("the body is JSON");
        assert!(body["RequestId"].is_string(), "{response}");
    });
});
