//! Responses that no service should return. Each becomes a typed error or is bounded, and never a
//! panic, a hang or a wrong success.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alibabacloud_kms::secrets::{ListSecretsRequest, ListSecretsResponse};
use alibabacloud_kms::transport::HttpResponse;
use alibabacloud_kms::{ErrorKind, Result};
use futures_util::future::join_all;
use http::HeaderMap;
use tokio::time::Instant;

use crate::operations::{self, Keys};
use crate::transports::client_with_responses;

const EMPTY_PAGE: &str = r#"{"TotalCount":0,"RequestId":"r-ok"}"#;

/// Returns the outcome of a call that always gets this response, and its number of requests.
async fn call_with_response(
    status: u16,
    fields: &[(&'static str, &str)],
    body: impl Into<Vec<u8>>,
) -> (Result<ListSecretsResponse>, u32) {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.insert(*name, value.parse().unwrap());
    }
    let (body, requests) = (body.into(), Arc::new(AtomicU32::new(0)));
    let counted = Arc::clone(&requests);
    let client = client_with_responses(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        HttpResponse::new(status, body.clone()).with_headers(headers.clone())
    });
    let outcome = client.list_secrets(ListSecretsRequest::new()).await;
    (outcome, requests.load(Ordering::Relaxed))
}

/// Asserts that a call makes one request and fails with an error of this kind.
async fn assert_error(status: u16, body: impl Into<Vec<u8>>, kind: ErrorKind) {
    let body = body.into();
    let start = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
    let (outcome, requests) = call_with_response(status, &[], body).await;
    let Err(error) = outcome else { panic!("{status} {start} succeeded") };
    assert_eq!((error.kind(), requests), (kind, 1), "{status} {start}: {error}");
    assert_eq!(error.http_status(), Some(status));
}

const NONSENSE_DATES: [&str; 6] = [
    "",
    "yesterday",
    "Thu, 99 Jan 2026 00:00:00 GMT",
    "Thu, 01 Jan 1970",
    "Fri, 31 Dec 999999 23:59:59 GMT",
    "-1",
];

#[tokio::test(start_paused = true)]
async fn malformed_date_is_ignored() {
    for date in NONSENSE_DATES {
        let (outcome, requests) = call_with_response(200, &[("date", date)], EMPTY_PAGE).await;
        assert_eq!((outcome.unwrap().total_count, requests), (0, 1), "{date}");

        let rejection = r#"{"Code":"InvalidTimeStamp.Expired"}"#;
        let (outcome, requests) = call_with_response(400, &[("date", date)], rejection).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), requests), (ErrorKind::ClockSkew, 1), "{date}");
        assert!(error.to_string().contains("no date to correct it by"), "{error}");
    }
}

/// The service's clock cannot be in the year 9999, but it can say so.
#[tokio::test(start_paused = true)]
async fn implausible_date_is_used_once() {
    for date in ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        let (outcome, requests) = call_with_response(200, &[("date", date)], EMPTY_PAGE).await;
        assert_eq!((outcome.unwrap().total_count, requests), (0, 1), "{date}");

        let rejection = r#"{"Code":"InvalidTimeStamp.Expired"}"#;
        let (outcome, requests) = call_with_response(400, &[("date", date)], rejection).await;
        assert_eq!((outcome.unwrap_err().kind(), requests), (ErrorKind::ClockSkew, 2), "{date}");
    }
}

#[tokio::test(start_paused = true)]
async fn malformed_retry_after_keeps_the_usual_waits() {
    for field in ["retry-after", "x-acs-retry-after"] {
        for value in ["-5", "-99999999999999999999", "soon", "", "1e9", "NaN", "0"] {
            let started = Instant::now();
            let throttled = r#"{"Code":"Rejected.Throttling"}"#;
            let (outcome, requests) = call_with_response(429, &[(field, value)], throttled).await;
            assert!(outcome.unwrap_err().is_throttled());
            assert_eq!(requests, 3, "{field}: {value}");
            assert!(started.elapsed() <= Duration::from_millis(600), "{field}: {value}");
        }
    }
}

/// It is longer than the call's 60 s, so the call ends immediately.
#[tokio::test(start_paused = true)]
async fn retry_after_beyond_the_timeout_ends_the_call() {
    for (field, value) in [
        ("retry-after", "100000000000"),
        ("retry-after", "18446744073709551615"),
        ("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ("x-acs-retry-after", "18446744073709551615"),
    ] {
        let started = Instant::now();
        let throttled = r#"{"Code":"Rejected.Throttling"}"#;
        let (outcome, requests) = call_with_response(429, &[(field, value)], throttled).await;
        assert!(outcome.unwrap_err().is_throttled());
        assert_eq!((requests, started.elapsed()), (1, Duration::ZERO), "{field}: {value}");
    }
}

#[tokio::test]
async fn error_body_with_status_200_is_an_error() {
    let json = r#"{"Code":"Forbidden.NoPermission","Message":"m","RequestId":"r"}"#;
    let xml = "<Error><Code>Forbidden.NoPermission</Code><RequestId>r</RequestId></Error>";
    for body in [json, xml] {
        assert_error(200, body, ErrorKind::AccessDenied).await;
    }
    assert_error(200, "<html>please log in</html>", ErrorKind::Decode).await;
    assert_error(200, "", ErrorKind::Decode).await;
    assert_error(204, "", ErrorKind::Decode).await;
}

/// The responses of some operations have only a request id, which an error has as well.
#[tokio::test]
async fn error_body_with_status_200_fails_every_operation() {
    for body in [
        r#"{"Code":"InvalidParameter","Message":"m","RequestId":"r"}"#,
        r#"{"requestId":"r","code":"InvalidParameter","message":"m"}"#,
    ] {
        let client = client_with_responses(move |_| HttpResponse::new(200, body));
        for made in join_all(operations::all(&client, "fake", &Keys::placeholders())).await {
            assert!(!made.succeeded, "{}", made.shown);
            assert!(made.shown.contains("the service returned InvalidParameter"), "{}", made.shown);
        }
    }
}

#[tokio::test]
async fn success_body_with_status_4xx_is_an_error() {
    for status in [400, 403, 404, 409] {
        assert_error(status, EMPTY_PAGE, ErrorKind::Decode).await;
    }
}

#[tokio::test]
async fn response_of_another_operation_is_an_error() {
    for body in [
        r#"{"RequestId":"r","Arn":"acs:kms:x","SecretName":"s","VersionId":"v1","SecretData":"fake"}"#,
        r#"{"RequestId":"r","Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#,
        r#"{"RequestId":"r"}"#,
    ] {
        assert_error(200, body, ErrorKind::Decode).await;
    }
}

#[tokio::test]
async fn body_that_is_not_utf_8_is_an_error() {
    let mut name = br#"{"TotalCount":1,"SecretList":{"Secret":[{"SecretName":""#.to_vec();
    name.extend_from_slice(b"\xff\xfe\"}]}}");
    assert_error(200, name, ErrorKind::Decode).await;
    assert_error(200, b"\xff\xfe\x00\x01".to_vec(), ErrorKind::Decode).await;
    assert_error(400, b"\xff\xfe\x00\x01".to_vec(), ErrorKind::Decode).await;
}

/// In place of a known field it is an error. An unknown field is skipped, however deep it is.
#[tokio::test]
async fn body_nested_ten_thousand_deep_is_an_error() {
    let lists = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    for deep in [&lists, &objects] {
        let known_field = format!(r#"{{"TotalCount":{deep},"Code":{deep}}}"#);
        for body in [deep.clone(), deep[..10_000].to_owned(), known_field] {
            assert_error(200, body.clone(), ErrorKind::Decode).await;
            assert_error(400, body, ErrorKind::Decode).await;
        }
        let error = format!(r#"{{"Code":"Forbidden.NoPermission","New":{deep}}}"#);
        assert_error(403, error, ErrorKind::AccessDenied).await;
        let page = format!(r#"{{"TotalCount":0,"RequestId":"r","New":{deep}}}"#);
        assert_eq!(call_with_response(200, &[], page).await.0.unwrap().request_id, "r");
    }
    let elements = format!("<a>{}{}</a>", "<b>".repeat(10_000), "</b>".repeat(10_000));
    for status in [200, 400] {
        assert_error(status, elements.clone(), ErrorKind::Decode).await;
        assert_error(status, "<b>".repeat(10_000), ErrorKind::Decode).await;
    }
}

#[tokio::test]
async fn error_names_the_resource_of_its_call() {
    let client = client_with_responses(|_| {
        HttpResponse::new(404, r#"{"Code":"Forbidden.ResourceNotFound","RequestId":"r"}"#)
    });
    let unnamed = [
        "BatchGetSecretValue",
        "Decrypt",
        "ExportDataKey",
        "GetChallenge",
        "DescribeRegions",
        "GetRandomPassword",
        "ListSecrets",
        "ListTagResources",
        "CreateKey",
        "DescribeAccountKmsStatus",
        "ListAliases",
        "ListKeys",
        "OpenKmsService",
    ];
    for made in join_all(operations::all(&client, "fake", &Keys::placeholders())).await {
        let names_nothing =
            unnamed.iter().any(|name| made.shown.contains(&format!("{name} failed: ")));
        let named = made.shown.contains(r#" of "app/"#)
            || made.shown.contains(r#" of "new/"#)
            || made.shown.contains(r#" of "alias/"#)
            || made.shown.contains(r#" of "acs:kms:cn-hangzhou:1234567890123456:key/"#)
            || made.shown.contains(r#" of "kst-fake"#)
            || made.shown.contains(r#" of "key-fake"#)
            || made.shown.contains(r#" of "orders""#);
        assert!(made.succeeded || named != names_nothing, "{}", made.shown);
    }
}
