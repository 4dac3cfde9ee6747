//! Resume tokens: any text is a token or an error, a listing from any checkpoint ends, with items
//! or an error, and a token survives storage.

#![no_main]

use alibabacloud_kms::pagination::ResumeToken;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse};
use alibabacloud_kms::{ErrorKind, serde_json};
use alibabacloud_kms_fuzz::{client, runtime};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::StreamExt as _;
use libfuzzer_sys::fuzz_target;
use url::Url;

const TOTAL: usize = 7;

/// Returns the page that a request asks for, of a listing of [`TOTAL`] secrets.
fn page(request: &HttpRequest) -> HttpResponse {
    let url = Url::parse(&request.url).expect("the client sends to a URL");
    let number = |name: &str| {
        let value = url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        value.and_then(|value| value.parse::<usize>().ok())
    };
    let (page, size) = (number("PageNumber").unwrap_or(1), number("PageSize").unwrap_or(10));
    assert!(page > 0 && (1..=100).contains(&size), "page {page} of {size}");
    let names = (0..TOTAL).skip((page - 1).saturating_mul(size)).take(size);
    let secrets: Vec<_> = names.map(|n| format!(r#"{{"SecretName":"secret-{n}"}}"#)).collect();
    let body = format!(
        r#"{{"RequestId":"fake-id","TotalCount":{TOTAL},"PageNumber":{page},"PageSize":{size},
            "SecretList":{{"Secret":[{}]}}}}"#,
        secrets.join(",")
    );
    HttpResponse::new(200, body)
}

/// Returns a token of the listing with any checkpoint.
fn with_checkpoint(token: &ResumeToken, checkpoint: &[u8]) -> Option<ResumeToken> {
    let json = URL_SAFE_NO_PAD.decode(token.to_string()).expect("a token is Base64");
    let mut json: serde_json::Value = serde_json::from_slice(&json).expect("of JSON");
    json["checkpoint"] = serde_json::from_slice(checkpoint).ok()?;
    URL_SAFE_NO_PAD.encode(json.to_string()).parse().ok()
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = str::from_utf8(bytes) {
        let _ = text.parse::<ResumeToken>();
    }
    let client = client(page).region("cn-hangzhou").build().expect("the settings are valid");
    let listing = client.list_secrets_paginator(ListSecretsRequest::new().page_size(3));
    let start = listing.clone().items().resume_token().expect("the listing is not complete");
    let Some(token) = with_checkpoint(&start, bytes) else { return };
    let stored = serde_json::to_vec(&token).expect("a token can be stored");
    assert_eq!(serde_json::from_slice::<ResumeToken>(&stored).ok().as_ref(), Some(&token));

    let secrets = listing.resume(token).items();
    let items: Vec<_> = runtime().block_on(secrets.take(TOTAL + 2).collect());
    assert!(items.len() <= TOTAL, "the listing has no end");
    for item in items {
        if let Err(error) = item {
            let expected = [ErrorKind::InvalidInput, ErrorKind::Pagination];
            assert!(expected.contains(&error.kind()), "{error}");
        }
    }
});
