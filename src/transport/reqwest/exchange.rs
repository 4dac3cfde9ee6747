//! One request to one response.

use bytes::Bytes;
use reqwest::{Client, Request, Response, Url};

use super::url_parser::UrlParser;
use super::{body, failure};
use crate::transport::error::{TransportError, TransportErrorKind};
use crate::transport::message::{HttpRequest, HttpResponse};

/// Sends one request and reads its response.
pub(super) async fn send(
    client: &Client,
    urls: &UrlParser,
    request: HttpRequest,
) -> Result<HttpResponse, TransportError> {
    let HttpRequest { method, url, headers, body, max_response_bytes, connect_timeout: _ } =
        request;
    let Ok(target) = urls.parse(&url) else {
        let reason = "the URL of the request is malformed";
        return Err(TransportError::new(TransportErrorKind::Configuration, reason));
    };
    drop(url);
    let host = target.host_str().unwrap_or_default();
    let classify = |error| failure::classify(error, host);
    let mut request = Request::new(method, target.clone());
    *request.headers_mut() = headers;
    // Wiped when the last part of it was sent.
    *request.body_mut() = (!body.is_empty()).then(|| Bytes::from_owner(body).into());
    let mut response = client.execute(request).await.map_err(classify)?;
    check_origin(&response, &target)?;
    let body = body::read(&mut response, max_response_bytes, classify).await?;
    let headers = std::mem::take(response.headers_mut());
    Ok(HttpResponse { status: response.status().as_u16(), headers, body })
}

fn check_origin(response: &Response, target: &Url) -> Result<(), TransportError> {
    if response.url() == target {
        return Ok(());
    }
    let reason =
        "the HTTP client followed a redirect, so the request may have reached another host";
    Err(TransportError::new(TransportErrorKind::Redirected, reason)
        .with_hint("build the client with redirect::Policy::none(), or use configure_http_client"))
}
