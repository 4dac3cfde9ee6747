//! Headers of a throttled response: the call ends within its timeout, whatever they ask for.
//!
//! The input is the status, less 400, then lines such as `Retry-After: 5`.

#![no_main]

use std::time::Duration;

use alibabacloud_kms::http::header::{HeaderMap, HeaderName, HeaderValue};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::HttpResponse;
use alibabacloud_kms_fuzz::{client, runtime};
use libfuzzer_sys::fuzz_target;
use tokio::time::Instant;

const CALL_TIMEOUT: Duration = Duration::from_secs(60);

fn headers(lines: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(&line[colon + 1..]);
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

fuzz_target!(|input: &[u8]| {
    let Some((status, lines)) = input.split_first() else { return };
    let (status, headers) = (400 + u16::from(*status), headers(lines));
    let response = move |_: &_| HttpResponse::new(status, "").with_headers(headers.clone());
    let client = client(response)
        .region("cn-hangzhou")
        .retry_policy(RetryPolicy::default())
        .call_timeout(CALL_TIMEOUT)
        .build()
        .expect("the settings are valid");
    runtime().block_on(async {
        let start = Instant::now();
        let error = client.list_secrets(ListSecretsRequest::new()).await;
        let error = error.expect_err("a status of 400 and above is an error");
        assert!(!error.to_string().contains(char::is_control), "{error:?}");
        assert!(start.elapsed() <= CALL_TIMEOUT, "{:?}", start.elapsed());
    });
});
