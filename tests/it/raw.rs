//! Raw calls: actions without a type, sent as every other call is.

use std::collections::BTreeMap;
use std::time::Duration;

use alibabacloud_kms::credentials::{Credentials, SignatureVersion};
use alibabacloud_kms::emulator::{CannedResponse, EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::http::Method;
use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
use alibabacloud_kms::raw::RawRequest;
use alibabacloud_kms::retry::{RetryClass, RetryPolicy};
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{Error, ErrorKind, KmsClient};
use serde_json::{Value, json};

use crate::capture::Capture;

const SECRET: &str = "fake-pass word/+%";

fn client(emulator: &Emulator) -> KmsClient {
    let policy = RetryPolicy::new().max_attempts(3).base_delay(Duration::from_millis(1));
    emulator.client_builder().retry_policy(policy).build().unwrap()
}

async fn call(client: &KmsClient, request: RawRequest) -> Result<Value, Error> {
    client.call(request).await
}

fn write() -> RawRequest {
    RawRequest::write("CreateClientKey").parameter("AapName", "app")
}

#[tokio::test]
async fn parameters_and_fields_pass_by_both_signatures() {
    for version in [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256] {
        let emulator = Emulator::in_process();
        emulator.add_secret(EmulatedSecret::new("prod/db").description("a b+c"));
        let client = emulator.client_builder().signature_version(version).build().unwrap();
        let request = RawRequest::read("DescribeSecret").parameter("SecretName", "prod/db");
        assert_eq!(call(&client, request).await.unwrap()["Description"], "a b+c");
        let request = RawRequest::write("UpdateSecret")
            .parameter("SecretName", "prod/db")
            .parameter("Description", "ü = & %");
        call(&client, request).await.unwrap();
        let described = client.describe_secret("prod/db").await.unwrap();
        assert_eq!(described.description.as_deref(), Some("ü = & %"));
    }
}

#[tokio::test]
async fn response_is_read_as_the_callers_type() {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Policies {
        policies: Vec<BTreeMap<String, String>>,
    }
    let emulator = Emulator::in_process();
    let body = json!({"Policies": [{"Name": "app"}], "RequestId": "r-1"});
    emulator.set_response("ListPolicies", CannedResponse::json(body.to_string()));
    let client = client(&emulator);
    let policies: Policies = client.call(RawRequest::read("ListPolicies")).await.unwrap();
    assert_eq!(policies.policies[0]["Name"], "app");
    let error = client.call::<BTreeMap<String, u8>>(RawRequest::read("ListPolicies")).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some("ListPolicies")));
    assert!(!error.to_string().contains("app"), "{error}");
}

#[tokio::test]
async fn unknown_action_is_rejected_as_by_the_service() {
    let emulator = Emulator::in_process();
    let error = call(&client(&emulator), RawRequest::read("GetNothing")).await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidAction.NotFound"));
    assert_eq!((error.http_status(), error.attempts()), (Some(404), 1));
    assert!(error.to_string().starts_with("GetNothing failed: the service returned"), "{error}");
}

#[tokio::test]
async fn bad_input_is_rejected_before_anything_is_sent() {
    let emulator = Emulator::in_process();
    let client = client(&emulator);
    let read = || RawRequest::read("GetKmsInstance");
    let cases = [
        (RawRequest::read(""), "`action` is missing: name an operation"),
        (RawRequest::read("Get KmsInstance\n"), "`action` must be letters and digits, got"),
        (read().parameter("", "a"), "the name of a parameter must be at least 1 character"),
        (read().parameter("Signature", "a"), "does not add itself, got \"Signature\""),
        (read().parameter("timestamp", "a"), "does not add itself, got \"timestamp\""),
        (write().secret_parameter("SecurityToken", SECRET), "does not add itself"),
        (read().parameter("A", 1).parameter("A", 2), "must be given once, got \"A\""),
        (write().secret_parameter("AapName", SECRET), "must be given once, got \"AapName\""),
        (read().secret_parameter("Password", SECRET), "a secret parameter must be a parameter of"),
    ];
    for (request, words) in cases {
        let error = call(&client, request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        let text = format!("{error:?}");
        assert!(text.contains(words) && !text.contains(SECRET), "{text}");
    }
    assert_eq!(emulator.request_count(), 0);
}

#[tokio::test]
async fn response_that_may_be_none_is_not_a_success() {
    let emulator = Emulator::in_process();
    let client = client(&emulator);
    let without_id = CannedResponse::json("{}").header("x-acs-request-id", "");
    for response in [
        without_id,
        CannedResponse::json(r#"{"Code":"Forbidden","RequestId":"r"}"#),
        CannedResponse::json("[]"),
    ] {
        emulator.set_response("GetKmsInstance", response);
        let error = call(&client, RawRequest::read("GetKmsInstance")).await.unwrap_err();
        assert_eq!(error.http_status(), Some(200), "{error}");
    }
}

#[tokio::test]
async fn unknown_outcome_is_retried_only_if_the_caller_allows_it() {
    let emulator = Emulator::in_process();
    emulator.set_response("CreateClientKey", CannedResponse::json(r#"{"RequestId":"r"}"#));
    let client = client(&emulator);

    emulator.inject(Fault::LostResponse);
    let error = call(&client, write()).await.unwrap_err();
    assert_eq!((error.attempts(), error.is_outcome_unknown()), (1, true));

    emulator.inject(Fault::throttled());
    call(&client, write()).await.unwrap();

    emulator.inject(Fault::LostResponse);
    call(&client, write().retry_class(RetryClass::Always)).await.unwrap();

    emulator.inject(Fault::LostResponse);
    call(&client, RawRequest::read("CreateClientKey")).await.unwrap();
    assert_eq!(emulator.request_count(), 1 + 2 + 2 + 2);
}

#[tokio::test(start_paused = true)]
async fn raw_call_counts_towards_its_quota() {
    let emulator = Emulator::in_process();
    let limits = RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::per_hour(1));
    let client = emulator.client_builder().rate_limits(limits).build().unwrap();
    let list = || RawRequest::read("ListSecrets");
    call(&client, list().quota_group(QuotaGroup::Manage)).await.unwrap();
    call(&client, list()).await.unwrap();
    let error = call(&client, list().quota_group(QuotaGroup::Manage)).await.unwrap_err();
    assert!(error.is_throttled() && error.attempts() == 0, "{error}");
}

#[tokio::test]
async fn secret_parameter_shows_nowhere() {
    let request = || write().secret_parameter("Password", SECRET);
    assert!(!format!("{:?}", request()).contains("pass"));
    let emulator = Emulator::in_process();
    let client = client(&emulator);
    for fault in [Fault::EchoRequest, Fault::throttled(), Fault::LostResponse] {
        emulator.inject(fault);
        let capture = Capture::start();
        let error = call(&client, request()).await.unwrap_err();
        for text in [error.to_string(), format!("{error:?}"), capture.text()] {
            assert!(!text.contains("pass"), "{text}");
        }
    }
}

/// Responds to a request that has its parameters in the body.
#[derive(Debug)]
struct OnlyPost;

impl HttpTransport for OnlyPost {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        assert_eq!(request.method, Method::POST);
        assert!(!request.url.contains('?'), "{}", *request.url);
        assert_eq!(request.parameter("Password").as_deref(), Some(SECRET));
        Box::pin(async { Ok(HttpResponse::new(200, r#"{"RequestId":"r"}"#)) })
    }
}

#[tokio::test]
async fn secret_parameter_is_sent_in_the_body() {
    let client = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .transport(OnlyPost)
        .build()
        .unwrap();
    call(&client, write().secret_parameter("Password", SECRET)).await.unwrap();
}

#[tokio::test]
async fn raw_call_is_a_span_of_its_own_name() {
    let emulator = Emulator::in_process();
    let capture = Capture::start();
    let client = client(&emulator);
    call(&client, RawRequest::read("ListSecrets")).await.unwrap();
    let text = capture.text();
    assert!(text.contains(r#"rpc.method="ListSecrets""#), "{text}");
    assert!(text.contains("alibabacloud.request_id="), "{text}");
}
