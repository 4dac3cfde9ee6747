//! The processor time of a call, without any network: this crate against the same work written straight out.
//!
//! `cargo bench --bench list_secrets` prints a row for each; the ratio of the two is what counts. Both sign a request and
//! decode a page of 100 secrets with two tags each.

use std::fmt::Write as _;

use alibabacloud_kms::{
    Credentials, HttpRequest, HttpResponse, HttpTransport, KmsClient, ListSecretsRequest,
    TransportFuture,
};
use base64::Engine as _;
use divan::{Bencher, black_box};
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;

fn main() {
    divan::main();
}

fn page() -> Vec<u8> {
    let secrets: Vec<_> = (0..100)
        .map(|n| {
            serde_json::json!({
                "SecretName": format!("prod/service-{n}/db"),
                "SecretType": "Generic",
                "CreateTime": "2024-07-17T07:59:05Z",
                "UpdateTime": "2024-07-17T07:59:05Z",
                "OwingService": "",
                "Tags": { "Tag": [
                    { "TagKey": "team", "TagValue": "core" },
                    { "TagKey": "env", "TagValue": "prod" },
                ] },
            })
        })
        .collect();
    let page = serde_json::json!({
        "SecretList": { "Secret": secrets },
        "PageNumber": 1, "PageSize": 100, "TotalCount": 100, "RequestId": "6a6287a0-ff34-4780-a790-fdfca900557f",
    });
    page.to_string().into_bytes()
}

#[derive(Debug)]
struct Canned(Vec<u8>);

impl HttpTransport for Canned {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        black_box(request.url);
        Box::pin(std::future::ready(Ok(HttpResponse::new(200, self.0.clone()))))
    }
}

#[divan::bench]
fn this_crate(bencher: Bencher<'_, '_>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let client = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .transport(Canned(page()))
        .build();
    let (Ok(runtime), Ok(client)) = (runtime, client) else { return };
    bencher.bench_local(|| {
        runtime.block_on(
            client.list_secrets(ListSecretsRequest::new().fetch_tags(true).page_size(100)),
        )
    });
}

#[divan::bench]
fn by_hand(bencher: Bencher<'_, '_>) {
    let body = page();
    bencher.bench_local(|| {
        black_box(signed_url());
        serde_json::from_slice::<by_hand::Page>(&body.clone())
    });
}

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What a program does that signs its requests itself.
fn signed_url() -> String {
    let time = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let nonce = uuid::Uuid::new_v4().to_string();
    let mut parameters = [
        ("Action", "ListSecrets"),
        ("Version", "2016-01-20"),
        ("Format", "JSON"),
        ("AccessKeyId", "fake-id"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &nonce),
        ("Timestamp", &time),
        ("FetchTags", "true"),
        ("PageNumber", "1"),
        ("PageSize", "100"),
    ];
    parameters.sort_unstable();
    let mut query = String::new();
    for (name, value) in parameters {
        if !query.is_empty() {
            query.push('&');
        }
        // Writing to a String cannot fail.
        let _ = write!(
            query,
            "{}={}",
            utf8_percent_encode(name, RESERVED),
            utf8_percent_encode(value, RESERVED)
        );
    }
    let text = format!("GET&%2F&{}", utf8_percent_encode(&query, RESERVED));
    let Ok(mac) = Hmac::<Sha1>::new_from_slice(b"fake-secret&") else { return query };
    let signature = base64::engine::general_purpose::STANDARD
        .encode(mac.chain_update(text.as_bytes()).finalize().into_bytes());
    format!(
        "https://kms.cn-hangzhou.aliyuncs.com/?{query}&Signature={}",
        utf8_percent_encode(&signature, RESERVED)
    )
}

/// The page as a program models it that trusts the documentation: all text, nothing optional.
mod by_hand {
    #![allow(dead_code, reason = "decoding is what is measured")]

    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    pub(super) struct Page {
        page_number: u32,
        page_size: u32,
        total_count: u32,
        request_id: String,
        secret_list: SecretList,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct SecretList {
        secret: Vec<Secret>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Secret {
        secret_name: String,
        secret_type: String,
        create_time: String,
        update_time: String,
        owing_service: String,
        tags: Tags,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Tags {
        tag: Vec<Tag>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Tag {
        tag_key: String,
        tag_value: String,
    }
}
