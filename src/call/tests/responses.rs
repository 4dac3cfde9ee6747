//! The outcome of a call for each form of a response.

use super::*;

#[tokio::test]
async fn each_form_of_an_error_body_gives_its_kind_and_words() {
    let json = r#"{"HttpStatus":403,"Code":"Forbidden.NoPermission","Message":"Not allowed.","RequestId":"r-1"}"#;
    let xml = "<KMS><HttpStatus>403</HttpStatus><Code>Forbidden.NoPermission</Code><Message>Not allowed.</Message>\
               <RequestId>r-1</RequestId></KMS>";
    for body in [json, xml] {
        let error = failure_of(response(403, body)).await;
        assert!(error.is_access_denied());
        assert_eq!(error.code(), Some("Forbidden.NoPermission"));
        assert_eq!(error.message(), Some("Not allowed"));
        assert_eq!(error.request_id(), Some("r-1"));
        assert_eq!(error.http_status(), Some(403));
        assert_eq!(error.host(), Some("kms.cn-hangzhou.aliyuncs.com"));
        assert_eq!(error.operation(), Some("ListSecrets"));
        assert_eq!(
            error.to_string(),
            "ListSecrets failed: the service returned Forbidden.NoPermission: Not allowed (HTTP 403, request id r-1, \
             host kms.cn-hangzhou.aliyuncs.com); allow the RAM action kms:ListSecrets for this identity"
        );
    }
    for (status, body, kind, words) in [
        (
            502,
            "<html><h1>Bad Gateway</h1></html>",
            ErrorKind::Unavailable,
            "the response is an HTML page",
        ),
        (504, "", ErrorKind::Unavailable, "the response is an error without a body"),
        (404, "<!doctype html>", ErrorKind::Decode, "the response is an HTML page"),
        (400, r#"{"Code":"Rejected.Thr"#, ErrorKind::Decode, "whose body is truncated"),
        (302, "", ErrorKind::Decode, "the response is a redirect, which is not followed"),
        (
            200,
            "<html>login</html>",
            ErrorKind::Decode,
            "the response is an HTML page, so it is not from KMS",
        ),
        (200, "", ErrorKind::Decode, "the response has no body"),
        (
            400,
            r#"{"Message":"denied."}"#,
            ErrorKind::Decode,
            "the response is an error without a code: denied (HTTP 400",
        ),
        (200, r#"{"TotalCount":1,"#, ErrorKind::Decode, "the body ends too early"),
        (
            200,
            r#"{"RequestId":"r","Arn":"a"}"#,
            ErrorKind::Decode,
            "a value of another form than documented",
        ),
        (
            200,
            r#"{"Code":"InternalFailure","Message":"m"}"#,
            ErrorKind::Unavailable,
            "InternalFailure: m (HTTP 200",
        ),
        (
            400,
            EMPTY_PAGE,
            ErrorKind::Decode,
            "the response is an error whose body is truncated or not from KMS",
        ),
    ] {
        let error = failure_of(response(status, body)).await;
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(error.http_status(), Some(status));
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn request_id_of_the_header_completes_a_body_without_one() {
    let mut headers = HeaderMap::new();
    headers.insert("x-acs-request-id", HeaderValue::from_static("r-header"));
    let response = HttpResponse::new(400, r#"{"Code":"InvalidParameter"}"#).with_headers(headers);
    assert_eq!(failure_of(Ok(response)).await.request_id(), Some("r-header"));
}

#[tokio::test]
async fn request_id_is_kept_whatever_the_body_is() {
    let id = |status, body: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("x-acs-request-id", HeaderValue::from_static("r-header"));
        let response = HttpResponse::new(status, body).with_headers(headers);
        async move { failure_of(Ok(response)).await.request_id().map(str::to_owned) }
    };
    for (status, body, expected) in [
        (502, "<html>502</html>", "r-header"),
        (502, "", "r-header"),
        (400, r#"{"Message":"denied","RequestId":"r-body"}"#, "r-body"),
        (200, "<html>login</html>", "r-header"),
        (200, r#"{"TotalCount":"#, "r-header"),
        (200, r#"{"TotalCount":[],"RequestId":"r-body"}"#, "r-body"),
    ] {
        assert_eq!(id(status, body).await.as_deref(), Some(expected), "{status} {body}");
    }
}

#[tokio::test]
async fn compressed_success_is_named_as_compressed() {
    let body = b"\x1f\x8b\x08\x00fake".to_vec();
    let error = failure_of(Ok(HttpResponse::new(200, body))).await;
    let words = "the response is compressed, which was not asked for";
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn byte_order_mark_hides_neither_success_nor_error() {
    let (client, _) = context([response(200, &format!("\u{feff}{EMPTY_PAGE}"))]);
    let page = call(Arc::new(client), ListSecretsRequest::new()).await.unwrap();
    assert_eq!(page.request_id, "r-ok");

    let mut headers = HeaderMap::new();
    headers.insert("x-acs-request-id", HeaderValue::from_static("r-1"));
    let marked = "\u{feff}{\"Code\":\"Forbidden.NoPermission\"}";
    let (client, _) = context([Ok(HttpResponse::new(200, marked).with_headers(headers))]);
    let written = call(Arc::new(client), UpdateSecretRequest::new("a").description("b")).await;
    assert!(written.unwrap_err().is_access_denied());
}

#[tokio::test]
async fn echoed_parts_of_the_url_are_not_shown() {
    for body in [
        r#"{"Code":"X","Message":"AccessKeyId: fake-id, nonce: nonce-1, at 2023-11-14T22%3A13%3A20Z"}"#,
        r#"{"Message":"no route for fake-id nonce-1 2023-11-14T22:13:20Z"}"#,
        r#"{"Code":"X","Recommend":"https://help.example/?AccessKeyId=fake-id&SignatureNonce=nonce-1"}"#,
    ] {
        let error = failure_of(response(400, body)).await;
        for part in ["fake-id", "nonce-1", "2023-11"] {
            assert!(!format!("{error:?}").contains(part), "{error:?}");
        }
    }
}

#[tokio::test]
async fn echoed_credentials_are_redacted() {
    let body = r#"{"Code":"InvalidParameter","Message":"fake-secret fake-token server string to sign is:GET&fake-token"}"#;
    let error = failure_of(response(400, body)).await;
    for text in [error.to_string(), format!("{error:?}"), error.message().unwrap().to_owned()] {
        assert!(!text.contains("fake-secret") && !text.contains("fake-token"), "{text}");
    }
}

#[tokio::test]
async fn broken_connection_is_reported_with_cause_and_host() {
    let reason = "the connection was refused";
    let error = failure_of(Err(TransportError::new(TransportErrorKind::Connect, reason))).await;
    assert_eq!(error.kind(), ErrorKind::Network);
    assert!(error.to_string().starts_with(
        "ListSecrets failed: the connection was refused (host kms.cn-hangzhou.aliyuncs.com); check the region"
    ));
}
