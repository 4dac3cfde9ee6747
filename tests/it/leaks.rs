//! Keys and tokens show in no `Debug`, no `Display` and no cause, whatever happens.

use std::error::Error as _;
use std::fmt::Debug;
use std::time::Duration;

use alibabacloud_kms::emulator::{CannedAnswer, Emulator, Fault};
use alibabacloud_kms::{
    AssumeRoleCredentials, Credentials, DefaultCredentials, Error, KmsClient, KmsClientBuilder,
    ListSecretsRequest, RetryPolicy, SignatureVersion, UriCredentials, credentials_fn,
};
use chrono::TimeDelta;

use crate::capture::Capture;

const SECRET: &str = "fake+marker/secret";
const TOKEN: &str = "fake+marker/token";

fn credentials() -> Credentials {
    Credentials::new("fake-id", SECRET).with_security_token(TOKEN)
}

/// The markers as they are, in Base64 and percent-encoded: what a log or an error could show of them.
const FORMS: [&str; 6] = [
    SECRET,
    TOKEN,
    "ZmFrZSttYXJrZXIvc2VjcmV0",
    "ZmFrZSttYXJrZXIvdG9rZW4=",
    "fake%2Bmarker%2Fsecret",
    "fake%2Bmarker%2Ftoken",
];

#[track_caller]
fn clean(text: &str) {
    for form in FORMS {
        assert!(!text.contains(form), "{form} in {text}");
    }
    for shown in text.split("Signature=").skip(1) {
        assert!(shown.starts_with("[redacted]"), "a signature in {text}");
    }
}

#[track_caller]
fn clean_value(value: &impl Debug) {
    clean(&format!("{value:?}"));
    clean(&format!("{value:#?}"));
}

#[track_caller]
fn clean_error(error: &Error) {
    clean_value(error);
    clean(&error.to_string());
    let mut cause = error.source();
    while let Some(current) = cause {
        clean(&format!("{current} {current:?}"));
        cause = current.source();
    }
    for part in
        [error.message(), error.code(), error.request_id(), error.recommendation(), error.host()]
    {
        clean(part.unwrap_or_default());
    }
}

fn builder(emulator: &Emulator) -> KmsClientBuilder {
    let once = RetryPolicy::none();
    KmsClient::builder().endpoint(emulator.endpoint()).credentials(credentials()).retry_policy(once)
}

async fn emulator() -> Emulator {
    Emulator::builder().temporary_access_key("fake-id", SECRET, TOKEN).start().await.unwrap()
}

#[tokio::test]
async fn values_that_hold_keys_do_not_show_them() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    clean_value(&credentials());
    clean_value(&builder(&emulator));
    clean_value(&client);
    clean_value(&emulator);
    clean_value(&ListSecretsRequest::new());
    let paginator = client.list_secrets_paginator(ListSecretsRequest::new());
    clean_value(&paginator);
    clean_value(&paginator.items());
}

/// What a source was set up with. What each finds, and all that can go wrong with it, is searched by the folder cases of the
/// crate's own tests.
#[test]
fn sources_do_not_show_what_they_were_given() {
    let role = AssumeRoleCredentials::new(credentials(), "acs:ram::1:role/r").session_name("demo");
    clean_value(&role);
    clean_value(&UriCredentials::new(format!("https://user:{SECRET}@keys.example/{TOKEN}")));
    clean_value(&credentials_fn(|| std::future::ready(Ok(credentials()))));
    clean_value(&DefaultCredentials::new().profile("prod"));
    let client = KmsClient::builder().region("cn-hangzhou").credentials_provider(role);
    clean_value(&client);
}

/// Every fault, and no fault at all.
fn faults() -> Vec<Option<Fault>> {
    let drip = Fault::DrippingBody { chunk: 1, pause: Duration::from_millis(50) };
    let echo = format!("{SECRET} {TOKEN} {}", FORMS[2..].join(" "));
    let faults = [
        CannedAnswer::error(400, "InvalidParameter").message(echo).into(),
        Fault::EchoedRequest,
        Fault::throttled(),
        Fault::throttled_by_gateway(),
        Fault::error(500, "InternalFailure"),
        Fault::error(400, "SignatureNonceUsed"),
        Fault::error(400, "InvalidSecurityToken.Expired"),
        Fault::html_page(),
        Fault::empty_answer(),
        Fault::redirect("http://127.0.0.1:1/"),
        Fault::TruncatedBody,
        drip,
        Fault::OversizedBody { bytes: 100_000 },
        Fault::Hang,
        Fault::Delay(Duration::from_secs(1)),
        Fault::ResetBeforeAnswer,
        Fault::ResetInBody,
        Fault::LostAnswer,
        Fault::CloseAfterAnswer,
        Fault::SkewedClock(TimeDelta::hours(1)),
    ];
    std::iter::once(None).chain(faults.map(Some)).collect()
}

#[tokio::test]
async fn no_call_shows_them_whatever_happens_nor_does_any_log_of_any_crate() {
    for fault in faults() {
        no_call_shows_them(SignatureVersion::V1, fault).await;
    }
}

/// Of the faults, only those that could show what ACS3 sends in headers.
#[tokio::test]
async fn nor_does_a_call_whose_signature_and_token_are_in_headers() {
    for fault in [None, Some(Fault::EchoedRequest), Some(Fault::TruncatedBody), Some(Fault::Hang)] {
        no_call_shows_them(SignatureVersion::Acs3HmacSha256, fault).await;
    }
}

async fn no_call_shows_them(version: SignatureVersion, fault: Option<Fault>) {
    let emulator = emulator().await;
    let client = builder(&emulator)
        .signature_version(version)
        .retry_policy(RetryPolicy::new().base_delay(Duration::from_millis(1)))
        .attempt_timeout(Duration::from_millis(200))
        .max_response_bytes(50_000)
        .build()
        .unwrap();
    if let Some(fault) = fault.clone() {
        emulator.inject(fault.always());
    }
    let capture = Capture::start();
    let outcome = client.list_secrets(ListSecretsRequest::new()).await;
    let log = capture.text();
    assert!(log.contains("alibabacloud_kms"), "nothing was captured");
    clean(&log);
    match outcome {
        Ok(page) => clean_value(&page),
        Err(error) => clean_error(&error),
    }
    assert!(emulator.request_count() > 0, "{fault:?}");
}

#[tokio::test]
async fn a_refused_signature_does_not_show_what_was_signed() {
    for version in [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256] {
        let emulator = Emulator::builder()
            .temporary_access_key("fake-id", "another", TOKEN)
            .start()
            .await
            .unwrap();
        let client = builder(&emulator).signature_version(version).build().unwrap();
        let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
        clean_error(&error);
        for signed in ["%3D", "x-acs-", "PageNumber"] {
            assert!(!error.to_string().contains(signed), "{error}");
        }
    }
}
