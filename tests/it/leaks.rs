//! Keys and tokens show in no `Debug`, no `Display` and no cause, whatever happens.

use std::error::Error as _;
use std::fmt::Debug;

use alibabacloud_kms::emulator::{Emulator, Fault};
use alibabacloud_kms::{
    Credentials, Error, KmsClient, KmsClientBuilder, ListSecretsRequest, RetryPolicy,
};

const SECRET: &str = "fake-marker-secret";
const TOKEN: &str = "fake-marker-token";

fn credentials() -> Credentials {
    Credentials::new("fake-id", SECRET).with_security_token(TOKEN)
}

#[track_caller]
fn clean(text: &str) {
    for marker in [SECRET, TOKEN] {
        assert!(!text.contains(marker), "{marker} in {text}");
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

#[tokio::test]
async fn no_failed_call_shows_them() {
    for fault in [
        Fault::EchoedRequest,
        Fault::ResetBeforeAnswer,
        Fault::ResetInBody,
        Fault::TruncatedBody,
        Fault::html_page(),
        Fault::empty_answer(),
        Fault::redirect("http://127.0.0.1:1/"),
        Fault::throttled(),
    ] {
        let emulator = emulator().await;
        emulator.inject(fault);
        let client = builder(&emulator).build().unwrap();
        clean_error(&client.list_secrets(ListSecretsRequest::new()).await.unwrap_err());
    }
}

#[tokio::test]
async fn a_refused_signature_does_not_show_what_was_signed() {
    let emulator = Emulator::builder()
        .temporary_access_key("fake-id", "another", TOKEN)
        .start()
        .await
        .unwrap();
    let client = builder(&emulator).build().unwrap();
    let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
    clean_error(&error);
    assert!(!error.to_string().contains("%3D"), "{error}");
}
