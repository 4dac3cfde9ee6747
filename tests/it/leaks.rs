//! Access keys, tokens and values of secrets are in no log, no `Debug`, no `Display`, no cause and
//! no URL of any call.

mod markers;
mod redirects;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alibabacloud_kms::credentials::{
    AssumeRoleProvider, Credentials, DefaultProviderChain, FnProvider, SignatureVersion,
    UriProvider,
};
use alibabacloud_kms::emulator::{CannedResponse, Emulator, Fault, Injection};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{KmsClient, KmsClientBuilder};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use self::markers::{KEY, TOKEN, VALUE, clean, clean_value, forms, found};
use crate::capture::Capture;
use crate::operations::{self, Keys, SEND_A_VALUE, all_of};

const VERSIONS: [SignatureVersion; 2] = [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256];

fn credentials() -> Credentials {
    Credentials::new("fake-id", KEY).with_security_token(TOKEN)
}

fn builder(emulator: &Emulator) -> KmsClientBuilder {
    KmsClient::builder()
        .endpoint(emulator.endpoint())
        .region("cn-hangzhou")
        .credentials(credentials())
        .rate_limits(RateLimits::unlimited())
        .retry_policy(RetryPolicy::new().max_attempts(2).base_delay(Duration::from_millis(1)))
}

async fn emulator() -> (Emulator, Keys) {
    let builder = Emulator::builder().temporary_access_key("fake-id", KEY, TOKEN);
    let emulator = builder.start().await.unwrap();
    let keys = operations::fill(&emulator, VALUE).await;
    (emulator, keys)
}

#[tokio::test]
async fn debug_of_values_with_access_keys_does_not_show_them() {
    let (emulator, _) = emulator().await;
    let client = builder(&emulator).build().unwrap();
    clean_value(&credentials());
    clean_value(&builder(&emulator));
    clean_value(&client);
    clean_value(&emulator);
    let paginator = client.list_secrets_paginator(ListSecretsRequest::new());
    clean_value(&paginator);
    clean_value(&paginator.items());
}

/// The settings of a provider. The credentials that each loads, and its errors, are searched by the
/// folder cases of the unit tests.
#[test]
fn debug_of_providers_does_not_show_their_settings() {
    let role = AssumeRoleProvider::new(credentials(), "acs:ram::1:role/r").session_name("demo");
    clean_value(&role);
    clean_value(&UriProvider::new().uri(format!("https://user:{KEY}@keys.example/{TOKEN}")));
    clean_value(&FnProvider::new(|| std::future::ready(Ok(credentials()))));
    clean_value(&DefaultProviderChain::new().profile("prod"));
    let client = KmsClient::builder().region("cn-hangzhou").credentials_provider(role);
    clean_value(&client);
}

#[tokio::test]
async fn successful_calls_of_every_operation_leak_nothing() {
    let written = names_in_the_sources();
    assert!(written.len() >= 45, "the sources were not found");
    for version in VERSIONS {
        let (emulator, keys) = emulator().await;
        // The emulator rejects it, since its account is active.
        let opened = Fault::from(CannedResponse::new(200).body(r#"{"RequestId":"r"}"#));
        emulator.inject(opened.for_action("OpenKmsService"));
        let client = builder(&emulator).signature_version(version).build().unwrap();
        let capture = Capture::start();
        for made in join_all(operations::all(&client, VALUE, &keys)).await {
            assert!(made.succeeded, "{version:?} {}", made.shown);
            clean(&made.shown);
        }
        clean(&capture.text());
        let called: BTreeSet<_> =
            emulator.requests().into_iter().map(|request| request.action).collect();
        assert_eq!(called, written);
    }
}

/// Returns the names of the operations in the sources.
fn names_in_the_sources() -> BTreeSet<String> {
    let rooms = ["keys", "secrets", "tags"];
    let folder = |room| Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
    let files = rooms.into_iter().flat_map(|room| fs::read_dir(folder(room)).unwrap());
    let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let name = |text: String| {
        let (_, spec) = text.split_once("const SPEC: OperationSpec =")?;
        let (_, after) = spec.split_once("OperationSpec::")?.1.split_once("(\"")?;
        Some(after.split_once('"')?.0.to_owned())
    };
    texts.filter_map(name).collect()
}

#[tokio::test]
async fn failed_calls_by_version_1_leak_nothing() {
    for case in cases() {
        assert_case_leaks_nothing(SignatureVersion::V1, case).await;
    }
}

#[tokio::test]
async fn failed_calls_by_acs3_leak_nothing() {
    for case in cases() {
        assert_case_leaks_nothing(SignatureVersion::Acs3HmacSha256, case).await;
    }
}

/// The faults that every request meets, and the timeout of an attempt.
struct Case {
    injections: Vec<Injection>,
    attempt_timeout: Duration,
}

/// For responses that must come too late.
const SHORT: Duration = Duration::from_millis(200);
/// For all others, on a busy system.
const LONG: Duration = Duration::from_secs(10);

fn cases() -> impl Iterator<Item = Case> {
    let always = |fault: Fault| vec![fault.always()];
    let faults = faults()
        .into_iter()
        .map(move |(fault, attempt_timeout)| Case { injections: always(fault), attempt_timeout });
    let responses = echoes().into_iter().chain([always(returned_values())]);
    faults.chain(responses.map(|injections| Case { injections, attempt_timeout: LONG }))
}

/// Returns every fault of the emulator, and the timeout of an attempt.
fn faults() -> Vec<(Fault, Duration)> {
    let slow = [
        Fault::SlowBody { chunk: 1, pause: Duration::from_millis(50) },
        Fault::Hang,
        Fault::Delay(Duration::from_secs(1)),
    ];
    let others = [
        Fault::EchoRequest,
        Fault::throttled(),
        Fault::throttled_by_gateway(),
        Fault::error(500, "InternalFailure"),
        Fault::error(400, "SignatureNonceUsed"),
        Fault::error(400, "InvalidSecurityToken.Expired"),
        Fault::html_page(),
        Fault::empty_response(),
        Fault::redirect("http://127.0.0.1:1/"),
        Fault::TruncatedBody,
        Fault::OversizedBody { bytes: 100_000 },
        Fault::Unreachable,
        Fault::ResetBeforeResponse,
        Fault::ResetInBody,
        Fault::LostResponse,
        Fault::CloseAfterResponse,
        Fault::SkewedClock(TimeDelta::hours(1)),
    ];
    slow.map(|fault| (fault, SHORT)).into_iter().chain(others.map(|fault| (fault, LONG))).collect()
}

#[test]
fn every_fault_of_the_emulator_is_covered() {
    let first_word = |text: &str| {
        let word = text.split(|c: char| !c.is_alphanumeric()).next();
        word.unwrap_or_default().to_owned()
    };
    let injected = faults().into_iter().map(|(fault, _)| first_word(&format!("{fault:?}")));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/emulator/faults.rs");
    let text = fs::read_to_string(path).unwrap();
    let (_, variants) = text.split_once("pub enum Fault {\n").unwrap();
    let (variants, _) = variants.split_once("\n}").unwrap();
    let lines = variants.lines().filter_map(|line| line.strip_prefix("    "));
    let written = lines.map(first_word).filter(|word| !word.is_empty());
    assert_eq!(injected.collect::<BTreeSet<_>>(), written.collect());
}

/// Returns responses of every shape that echo what was sent, in every form, wherever they can.
fn echoes() -> Vec<Vec<Injection>> {
    let shapes: [fn(&str) -> CannedResponse; 10] = [
        |echo| CannedResponse::error(400, "InvalidParameter").message(echo),
        |echo| CannedResponse::gateway_error(503, "ServiceUnavailable").message(echo),
        |echo| CannedResponse::error(400, echo),
        |echo| {
            let body = json!({"Code": "X", "Message": "m", "RequestId": echo, "Recommend": echo});
            CannedResponse::new(200).body(body.to_string())
        },
        |echo| {
            let body = format!("<Error><Code>X</Code><Message>{echo}</Message></Error>");
            CannedResponse::new(400).body(body)
        },
        |echo| CannedResponse::new(200).body(echo),
        |echo| CannedResponse::new(502).body(format!("<html>{echo}</html>")),
        |echo| CannedResponse::new(200).body(json!({"SecretData": [echo]}).to_string()),
        |echo| CannedResponse::new(200).body(format!("{{{}:[}}", json!(echo))),
        |_| {
            let body = json!({"Code": "X"}).to_string();
            let headers = [("x-acs-request-id", KEY), ("location", TOKEN), ("date", TOKEN)];
            headers
                .into_iter()
                .fold(CannedResponse::new(400).body(body), |response, (name, value)| {
                    response.header(name, value)
                })
        },
    ];
    let echo = |texts: &[&str]| texts.iter().flat_map(|text| forms(text)).collect::<Vec<_>>();
    let (with_value, without) =
        (echo(&[KEY, TOKEN, VALUE]).join(" "), echo(&[KEY, TOKEN]).join(" "));
    let injections = shapes.map(|shape| {
        let to_senders = Fault::from(shape(&with_value)).always();
        let mut injections =
            SEND_A_VALUE.map(|action| to_senders.clone().for_action(action)).to_vec();
        injections.push(Fault::from(shape(&without)).always());
        injections
    });
    injections.into()
}

/// Returns the responses of all operations that contain a secret, in one.
fn returned_values() -> Fault {
    let body =
        json!({"RequestId": "r", "SecretName": "a", "SecretData": VALUE, "RandomPassword": VALUE});
    CannedResponse::new(200).body(body.to_string()).into()
}

async fn assert_case_leaks_nothing(version: SignatureVersion, case: Case) {
    let (emulator, keys) = emulator().await;
    let client = builder(&emulator)
        .signature_version(version)
        .attempt_timeout(case.attempt_timeout)
        .max_response_bytes(50_000)
        .build()
        .unwrap();
    for injection in case.injections {
        emulator.inject(injection);
    }
    let capture = Capture::start();
    let calls = operations::all(&client, VALUE, &keys);
    let count = calls.len() as u64;
    for made in join_all(calls).await {
        clean(&made.shown);
    }
    let log = capture.text();
    assert!(log.contains("alibabacloud_kms"), "nothing was captured");
    clean(&log);
    // On a busy system, calls that are to time out may do so before they are sent.
    let expected = if case.attempt_timeout == SHORT { 0 } else { count };
    assert!(emulator.request_count() >= expected, "not every call was made");
}

/// The path to where a response stops being JSON contains names.
#[tokio::test]
async fn secret_in_place_of_a_name_is_redacted() {
    let key = "fakeKeyHeadOfLettersAlone";
    let emulator = Emulator::builder().access_key("fake-id", key).start().await.unwrap();
    emulator
        .inject(Fault::from(CannedResponse::new(200).body(format!("{{\"{key}\":[}}"))).always());
    let client = builder(&emulator).credentials(emulator.credentials()).build().unwrap();
    let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    assert!(error.to_string().contains("at [redacted]"), "{error}");
    clean(&all_of(&error));
}

/// Records what is sent, and responds that the service is unavailable.
#[derive(Clone, Debug, Default)]
struct Recording(Arc<Mutex<Vec<HttpRequest>>>);

impl HttpTransport for Recording {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        self.0.lock().unwrap().push(request);
        let body = json!({"Code": "ServiceUnavailable", "RequestId": "r"}).to_string();
        Box::pin(std::future::ready(Ok(HttpResponse::new(503, body))))
    }
}

/// Covers the first attempts and the retries of every operation.
#[tokio::test]
async fn only_urls_of_reads_by_version_1_contain_a_signature() {
    for version in VERSIONS {
        let (emulator, keys) = emulator().await;
        let recording = Recording::default();
        let client = builder(&emulator).signature_version(version).transport(recording.clone());
        let client = client.build().unwrap();
        let calls = operations::all(&client, VALUE, &keys);
        let count = calls.len();
        join_all(calls).await;

        let sent = recording.0.lock().unwrap();
        assert!(sent.len() > count, "no retry among {}", sent.len());
        for request in sent.iter() {
            let url = request.url.as_str();
            assert_eq!([KEY, VALUE].map(|secret| found(secret, url).count()), [0, 0], "{url}");
            let proves = found(TOKEN, url).count() > 0 || url.contains("Signature=");
            let by_version_1 = version == SignatureVersion::V1 && request.method == "GET";
            assert_eq!(proves, by_version_1, "{version:?} {url}");
            clean_value(request);
        }
        let with_a_value = sent.iter().filter(|request| {
            let body = std::str::from_utf8(&request.body).unwrap();
            found(VALUE, body).count() > 0
        });
        assert!(with_a_value.count() >= SEND_A_VALUE.len(), "the values were not sent");
    }
}

#[tokio::test]
async fn rejected_signature_does_not_show_what_was_signed() {
    for version in VERSIONS {
        let emulator = Emulator::builder()
            .temporary_access_key("fake-id", "another", TOKEN)
            .start()
            .await
            .unwrap();
        let client = builder(&emulator).signature_version(version).build().unwrap();
        let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
        clean(&all_of(&error));
        for signed in ["%3D", "x-acs-", "PageNumber"] {
            assert!(!error.to_string().contains(signed), "{error}");
        }
    }
}
