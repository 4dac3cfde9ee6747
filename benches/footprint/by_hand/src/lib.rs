//! A listing written straight out: one client of reqwest, the signature, the pages as owned text.
//! No retries, no limits of time or rate, no spans, and nothing optional that the documentation
//! calls present.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use sha1::Sha1;
use url::Url;

pub const PAGE_SIZE: usize = 100;

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the endpoint is not a URL")]
    Endpoint(#[from] url::ParseError),
    #[error("the request failed")]
    Http(#[from] reqwest::Error),
    #[error("the response is not a page of secrets")]
    Decode(#[from] serde_json::Error),
}

#[derive(Debug)]
pub struct Lister {
    http: reqwest::Client,
    endpoint: Url,
    key_id: String,
    key_secret: String,
}

impl Lister {
    pub fn new(endpoint: &str, key_id: &str, key_secret: &str) -> Result<Self, Error> {
        Ok(Self {
            http: reqwest::Client::builder().build()?,
            endpoint: Url::parse(endpoint)?,
            key_id: key_id.to_owned(),
            key_secret: key_secret.to_owned(),
        })
    }

    /// Hands every secret to `visit`, one page after the other.
    pub async fn list(&self, mut visit: impl FnMut(Secret)) -> Result<(), Error> {
        for page_number in 1.. {
            let secrets = self.page(page_number).await?.secret_list.secret;
            let last = secrets.len() < PAGE_SIZE;
            secrets.into_iter().for_each(&mut visit);
            if last {
                break;
            }
        }
        Ok(())
    }

    async fn page(&self, number: u32) -> Result<Page, Error> {
        let response = self.http.get(self.signed_url(number)).send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }

    pub fn signed_url(&self, page_number: u32) -> String {
        let page_number = page_number.to_string();
        let time = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let nonce = uuid::Uuid::new_v4().to_string();
        let mut parameters = [
            ("Action", "ListSecrets"),
            ("Version", "2016-01-20"),
            ("Format", "JSON"),
            ("AccessKeyId", &self.key_id),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", &nonce),
            ("Timestamp", &time),
            ("FetchTags", "true"),
            ("PageNumber", &page_number),
            ("PageSize", "100"),
        ];
        parameters.sort_unstable();
        let mut query = String::new();
        for (name, value) in parameters {
            if !query.is_empty() {
                query.push('&');
            }
            query.extend(utf8_percent_encode(name, RESERVED));
            query.push('=');
            query.extend(utf8_percent_encode(value, RESERVED));
        }
        let signature = hmac_sha1(&self.key_secret, &string_to_sign(&query));
        let signature = STANDARD.encode(signature);
        let mut url = format!("{}?{query}&Signature=", self.endpoint);
        // Writing to a String cannot fail.
        let _ = write!(url, "{}", utf8_percent_encode(&signature, RESERVED));
        url
    }
}

pub fn string_to_sign(query: &str) -> String {
    format!("GET&%2F&{}", utf8_percent_encode(query, RESERVED))
}

pub fn hmac_sha1(key_secret: &str, text: &str) -> [u8; 20] {
    match Hmac::<Sha1>::new_from_slice(format!("{key_secret}&").as_bytes()) {
        Ok(mac) => mac.chain_update(text.as_bytes()).finalize().into_bytes().into(),
        Err(_) => unreachable!("HMAC takes keys of any length"),
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
