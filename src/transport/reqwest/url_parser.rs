//! [`UrlParser`]: parses the URLs of requests, most of which differ only in their query.

use std::sync::{Mutex, PoisonError};

use reqwest::Url;
use url::ParseError;

/// Parses URLs, and keeps the last one without its query, so that the next one for the same
/// endpoint costs only the reading of its query.
#[derive(Default)]
pub(super) struct UrlParser {
    last: Mutex<Option<(String, Url)>>,
}

impl UrlParser {
    /// Parses a URL as [`Url::parse`] does.
    pub(super) fn parse(&self, url: &str) -> Result<Url, ParseError> {
        let Some((endpoint, query)) = url.split_once('?').filter(|_| !url.contains('#')) else {
            return Url::parse(url);
        };
        let mut parsed = self.parse_endpoint(endpoint)?;
        parsed.set_query(Some(query));
        Ok(parsed)
    }

    fn parse_endpoint(&self, endpoint: &str) -> Result<Url, ParseError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, parsed)) = &*last
            && known == endpoint
        {
            return Ok(parsed.clone());
        }
        let parsed = Url::parse(endpoint)?;
        *last = Some((endpoint.to_owned(), parsed.clone()));
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_url_is_parsed_as_by_the_library() {
        let urls = UrlParser::default();
        for url in [
            "https://kms.cn-hangzhou.aliyuncs.com/?Action=ListSecrets&PageNumber=1",
            "https://kms.cn-hangzhou.aliyuncs.com/?Action=ListSecrets&PageNumber=2",
            "https://kms.cn-hangzhou.aliyuncs.com/",
            "HTTPS://kms.cn-beijing.aliyuncs.com:443/?a=%2F b\u{e9}'\"<",
            "https://kms.cn-beijing.aliyuncs.com?",
            "http://[::1]:8080/path/../other?a?b",
            "http://127.0.0.1/#part?no-query",
            "http://127.0.0.1/?query#part",
            "no URL?a",
            "",
        ] {
            assert_eq!(urls.parse(url), Url::parse(url), "{url}");
        }
    }
}
