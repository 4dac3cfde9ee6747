//! A listing written by hand, as tight as it gets: one client of reqwest, a signing key that is
//! prepared once, buffers that are used again, the pages as owned text. It has no retries, no
//! timeouts, no rate limits and no spans, and it requires every field that the documentation calls
//! present.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use sha1::Sha1;

pub const PAGE_SIZE: usize = 100;

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the request failed")]
    Http(#[from] reqwest::Error),
    #[error("the response is not a page of secrets")]
    Decode(#[from] serde_json::Error),
}

pub struct Lister {
    http: reqwest::Client,
    endpoint: String,
    key_id: String,
    key: SigningKey,
}

/// Memory that pages use again.
#[derive(Default)]
pub struct Buffers {
    query: String,
    text: String,
    url: String,
    body: Vec<u8>,
}

impl Lister {
    pub fn new(endpoint: &str, key_id: &str, key_secret: &str) -> Result<Self, Error> {
        Ok(Self {
            http: reqwest::Client::builder().build()?,
            endpoint: endpoint.to_owned(),
            key_id: key_id.to_owned(),
            key: SigningKey::new(key_secret),
        })
    }

    /// Passes every secret to `visit`, one page after the other.
    pub async fn list(&self, mut visit: impl FnMut(Secret)) -> Result<(), Error> {
        let mut buffers = Buffers::default();
        for page_number in 1.. {
            let secrets = self.page(page_number, &mut buffers).await?.secret_list.secret;
            let last = secrets.len() < PAGE_SIZE;
            secrets.into_iter().for_each(&mut visit);
            if last {
                break;
            }
        }
        Ok(())
    }

    pub async fn page(&self, number: u32, buffers: &mut Buffers) -> Result<Page, Error> {
        let url = self.signed_url(number, buffers);
        let mut response = self.http.get(url).send().await?.error_for_status()?;
        buffers.body.clear();
        while let Some(chunk) = response.chunk().await? {
            buffers.body.extend_from_slice(&chunk);
        }
        Ok(serde_json::from_slice(&buffers.body)?)
    }

    pub fn signed_url<'b>(&self, page_number: u32, buffers: &'b mut Buffers) -> &'b str {
        let Buffers { query, text, url, .. } = buffers;
        let (mut time, mut page) = (String::with_capacity(20), String::with_capacity(4));
        push_time(&mut time, Utc::now());
        push_number(&mut page, page_number, 1);
        let nonce = uuid::Uuid::new_v4().as_hyphenated().to_string();
        query.clear();
        // In the order in which they are signed.
        for (name, value) in [
            ("AccessKeyId=", self.key_id.as_str()),
            ("&Action=", "ListSecrets"),
            ("&FetchTags=", "true"),
            ("&Format=", "JSON"),
            ("&PageNumber=", &page),
            ("&PageSize=", "100"),
            ("&SignatureMethod=", "HMAC-SHA1"),
            ("&SignatureNonce=", &nonce),
            ("&SignatureVersion=", "1.0"),
            ("&Timestamp=", &time),
            ("&Version=", "2016-01-20"),
        ] {
            query.push_str(name);
            query.extend(utf8_percent_encode(value, RESERVED));
        }
        text.clear();
        text.push_str("GET&%2F&");
        text.extend(utf8_percent_encode(query, RESERVED));
        let signature = STANDARD.encode(self.key.sign(text));
        url.clear();
        for part in [&self.endpoint, "/?", query, "&Signature="] {
            url.push_str(part);
        }
        url.extend(utf8_percent_encode(&signature, RESERVED));
        url
    }
}

/// Writes `2026-11-29T08:05:09Z` without reading a format.
fn push_time(text: &mut String, time: DateTime<Utc>) {
    push_number(text, time.year().unsigned_abs(), 4);
    for (before, number) in [
        ('-', time.month()),
        ('-', time.day()),
        ('T', time.hour()),
        (':', time.minute()),
        (':', time.second()),
    ] {
        text.push(before);
        push_number(text, number, 2);
    }
    text.push('Z');
}

/// Writes a number with at least so many digits.
fn push_number(text: &mut String, number: u32, digits: u32) {
    if number > 9 || digits > 1 {
        push_number(text, number / 10, digits.saturating_sub(1));
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// An HMAC-SHA1 whose key is prepared.
pub struct SigningKey(Hmac<Sha1>);

impl SigningKey {
    pub fn new(key_secret: &str) -> Self {
        match Hmac::new_from_slice(format!("{key_secret}&").as_bytes()) {
            Ok(key) => Self(key),
            Err(_) => unreachable!("HMAC takes keys of any length"),
        }
    }

    pub fn sign(&self, text: &str) -> [u8; 20] {
        self.0.clone().chain_update(text.as_bytes()).finalize().into_bytes().into()
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page {
    pub page_number: u32,
    pub page_size: u32,
    pub total_count: u32,
    pub request_id: String,
    pub secret_list: SecretList,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SecretList {
    pub secret: Vec<Secret>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Secret {
    pub secret_name: String,
    pub secret_type: String,
    pub create_time: String,
    pub update_time: String,
    pub planned_delete_time: Option<String>,
    pub owing_service: Option<String>,
    pub tags: Tags,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tags {
    pub tag: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    pub tag_key: String,
    pub tag_value: String,
}
