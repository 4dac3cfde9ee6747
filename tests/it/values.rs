//! Secret values, read and written through the client.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::keys::DryRunOutcome;
use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
use alibabacloud_kms::secrets::{
    ExtendedConfig, Filter, GetSecretValueRequest, ListSecretsRequest, PutSecretValueRequest,
    SecretSummary, SecretValue, VersionStage,
};
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{Error, ErrorKind, KmsClient, KmsClientBuilder};
use futures_util::{StreamExt as _, TryStreamExt as _};
use tokio::time::Instant;

use crate::transports::{Parameters, page};

async fn with_one_secret() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_secret(EmulatedSecret::new("app/db").value(SecretValue::text("fake-first")));
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

fn put(version: &str, text: &str) -> PutSecretValueRequest {
    PutSecretValueRequest::new("app/db", SecretValue::text(text)).version_id(version)
}

#[tokio::test]
async fn put_value_is_current_and_the_one_before_is_previous() {
    let (_emulator, client) = with_one_secret().await;
    let response = client.put_secret_value(put("v2", "fake é&=+ \"second\"")).await.unwrap();
    assert_eq!(response.version_stages, [VersionStage::Current]);
    let current = client.get_secret_value(GetSecretValueRequest::new("app/db")).await.unwrap();
    assert_eq!(current.value.expose_secret(), "fake é&=+ \"second\"");
    let previous = GetSecretValueRequest::new("app/db").version_stage(VersionStage::Previous);
    assert_eq!(
        client.get_secret_value(previous).await.unwrap().value.expose_secret(),
        "fake-first"
    );
}

#[tokio::test]
async fn lost_put_is_retried_and_another_value_is_a_conflict() {
    let (emulator, client) = with_one_secret().await;
    emulator.inject(Fault::LostResponse);
    client.put_secret_value(put("v2", "fake-second")).await.unwrap();
    assert_eq!(emulator.request_count(), 2);
    let error = client.put_secret_value(put("v2", "fake-other")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(!error.is_outcome_unknown());
}

#[tokio::test]
async fn only_a_lost_write_has_an_unknown_outcome() {
    let (emulator, client) = with_one_secret().await;
    emulator.inject(Fault::LostResponse.always());
    let error = client.put_secret_value(put("v2", "fake-second")).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    emulator.clear_faults();
    emulator.inject(Fault::throttled().always());
    let error = client.put_secret_value(put("v3", "fake-third")).await.unwrap_err();
    assert!(!error.is_outcome_unknown());
}

#[tokio::test]
async fn missing_version_or_secret_is_not_found() {
    let (_emulator, client) = with_one_secret().await;
    for request in [
        GetSecretValueRequest::new("app/none"),
        GetSecretValueRequest::new("app/db").version_id("v9"),
        GetSecretValueRequest::new("app/db").version_stage("canary"),
    ] {
        assert!(client.get_secret_value(request).await.unwrap_err().is_not_found());
    }
}

#[tokio::test]
async fn dry_run_returns_the_outcome_of_a_read_without_error() {
    let (emulator, client) = with_one_secret().await;
    let dry_run = |name| client.dry_run_get_secret_value(GetSecretValueRequest::new(name));
    assert!(dry_run("app/db").await.unwrap().would_succeed());
    match dry_run("app/none").await.unwrap() {
        DryRunOutcome::Invalid(error) => assert_eq!(error.code(), Some("ValidationError")),
        other => panic!("{other:?}"),
    }
    emulator.inject(Fault::error(403, "AccessDeniedError"));
    assert!(matches!(dry_run("app/db").await.unwrap(), DryRunOutcome::AccessDenied(_)));
    emulator.inject(Fault::error(400, "InvalidParameter"));
    assert!(dry_run("app/db").await.unwrap_err().is_invalid_input());
    assert_eq!(emulator.request_count(), 4);
}

#[tokio::test]
async fn extended_config_is_returned_on_request() {
    let (emulator, client) = with_one_secret().await;
    let config = ExtendedConfig::ram_credentials("robot");
    let secret = EmulatedSecret::new("app/ram").secret_type("RAMCredentials");
    emulator.add_secret(secret.extended_config(&config));
    let request = GetSecretValueRequest::new("app/ram");
    let without = client.get_secret_value(request.clone()).await.unwrap();
    assert_eq!(without.extended_config, None);
    let with = client.get_secret_value(request.fetch_extended_config(true)).await.unwrap();
    assert_eq!(with.extended_config, Some(config));
}

fn names(names: &[&str]) -> Vec<GetSecretValueRequest> {
    names.iter().copied().map(GetSecretValueRequest::new).collect()
}

#[tokio::test]
async fn bulk_read_keeps_the_order_and_an_outcome_for_each() {
    let (emulator, client) = with_one_secret().await;
    emulator.add_secret(EmulatedSecret::new("app/cache"));
    let requests = names(&["app/db", "app/none", "app/cache", ""]);
    let outcomes: Vec<_> =
        client.get_secret_values(requests.clone()).concurrency(2).collect().await;
    let returned: Vec<_> = outcomes.iter().map(|(request, _)| request.clone()).collect();
    assert_eq!(returned, requests);
    let kinds: Vec<_> =
        outcomes.iter().map(|(_, outcome)| outcome.as_ref().err().map(Error::kind)).collect();
    let expected = [None, Some(ErrorKind::NotFound), None, Some(ErrorKind::InvalidInput)];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn concurrency_outside_1_to_64_is_rejected_unsent() {
    let (emulator, client) = with_one_secret().await;
    for concurrency in [0, 65] {
        let reading = client.get_secret_values(names(&["app/db"])).concurrency(concurrency);
        let outcomes: Vec<_> = reading.collect().await;
        let error = outcomes[0].1.as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            error.to_string().contains(&format!("must be 1 to 64, got {concurrency}")),
            "{error}"
        );
        let matching =
            client.get_matching_secret_values(ListSecretsRequest::new()).concurrency(concurrency);
        let outcomes: Vec<_> = matching.collect().await;
        assert!(matches!(&outcomes[..], [Err(error)] if error.is_invalid_input()), "{outcomes:?}");
    }
    assert_eq!(emulator.request_count(), 0);
}

#[tokio::test]
async fn matching_secrets_are_read_and_a_failed_listing_is_an_error() {
    let (emulator, client) = with_one_secret().await;
    for n in 0..150 {
        emulator.add_secret(EmulatedSecret::new(format!("many/{n:03}")));
    }
    let request = ListSecretsRequest::new().filter(Filter::secret_name(["many/*"]));
    let values: Vec<_> = client
        .get_matching_secret_values(request.clone())
        .concurrency(8)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(values.len(), 150);
    assert!(
        values
            .iter()
            .all(|(secret, outcome)| outcome.as_ref().unwrap().secret_name == secret.secret_name)
    );
    emulator.inject(Fault::error(403, "Forbidden.NoPermission").for_action("ListSecrets"));
    let outcome: Result<Vec<_>, _> = client.get_matching_secret_values(request).try_collect().await;
    assert!(outcome.unwrap_err().is_access_denied());
}

/// Takes a second for each response.
#[derive(Debug)]
struct Slow;

impl HttpTransport for Slow {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let secrets = match &request.url {
                url if !url.contains("Action=ListSecrets") => {
                    return Ok(HttpResponse::new(200, r#"{"SecretName":"a","SecretData":"fake"}"#));
                }
                url if url.contains("PageNumber=3") => r#"{"SecretName":"e"}"#,
                url if url.contains("PageNumber=2") => r#"{"SecretName":"c"},{"SecretName":"d"}"#,
                _ => r#"{"SecretName":"a"},{"SecretName":"b"}"#,
            };
            let page = format!(r#"{{"SecretList":{{"Secret":[{secrets}]}},"TotalCount":5}}"#);
            Ok(HttpResponse::new(200, page))
        })
    }
}

fn client_of_slow_service() -> KmsClientBuilder {
    let builder = KmsClient::builder().region("cn-hangzhou").transport(Slow);
    builder.credentials(Credentials::new("fake-id", "fake-secret"))
}

#[tokio::test(start_paused = true)]
async fn reads_in_flight_do_not_time_out_while_the_caller_is_busy() {
    let client = client_of_slow_service().call_timeout(Duration::from_secs(2)).build().unwrap();
    let mut many = client.get_secret_values(names(&["a", "b", "c", "d", "e"])).concurrency(2);
    let mut read = 0;
    while let Some((_, outcome)) = many.next().await {
        outcome.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        read += 1;
    }
    assert_eq!(read, 5);

    let mut matching =
        client.get_matching_secret_values(ListSecretsRequest::new().page_size(2)).concurrency(2);
    let mut read = 0;
    while let Some((_, outcome)) = matching.try_next().await.unwrap() {
        outcome.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        read += 1;
    }
    assert_eq!(read, 5);
}

#[tokio::test(start_paused = true)]
async fn bulk_read_does_not_block_reads_of_its_caller() {
    let limits = RateLimits::unlimited().limit(QuotaGroup::Read, Quota::per_second(2));
    let client = client_of_slow_service().rate_limits(limits).build().unwrap();
    let mut many = client.get_secret_values(names(&["a", "b", "c", "d", "e"])).concurrency(4);
    while let Some((request, outcome)) = many.next().await {
        outcome.unwrap();
        client.get_secret_value(request).await.unwrap();
    }
}

/// Responds at once, but never for the secret `hangs`, and counts the reads in flight.
#[derive(Debug, Default)]
struct Hanging {
    in_flight: AtomicUsize,
    most_in_flight: Arc<AtomicUsize>,
}

/// A read in flight, until its response or its end.
struct Flight<'s>(&'s Hanging);

impl<'s> Flight<'s> {
    fn start(service: &'s Hanging) -> Self {
        let now = service.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        service.most_in_flight.fetch_max(now, Ordering::SeqCst);
        Self(service)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

impl HttpTransport for Hanging {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let parameters = Parameters::of(&request);
            if parameters.get("Action") == "ListSecrets" {
                return Ok(page(["hangs", "b", "c", "d", "e", "f"], Some(6)));
            }
            let _flight = Flight::start(self);
            let name = parameters.get("SecretName");
            if name == "hangs" {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
            let body = format!(r#"{{"SecretName":"{name}","SecretData":"fake"}}"#);
            Ok(HttpResponse::new(200, body))
        })
    }
}

/// Returns the client, and the greatest number of reads that were in flight.
fn client_of_hanging_service() -> (KmsClient, Arc<AtomicUsize>) {
    let transport = Hanging::default();
    let most_in_flight = Arc::clone(&transport.most_in_flight);
    let builder = KmsClient::builder().region("cn-hangzhou").transport(transport);
    let builder = builder.credentials(Credentials::new("fake-id", "fake-secret"));
    let builder = builder.rate_limits(RateLimits::unlimited());
    (builder.call_timeout(Duration::from_secs(45)).build().unwrap(), most_in_flight)
}

const SIX: [&str; 6] = ["hangs", "b", "c", "d", "e", "f"];

#[tokio::test(start_paused = true)]
async fn unordered_bulk_read_is_not_held_back_by_a_slow_secret() {
    let (client, _) = client_of_hanging_service();
    let started = Instant::now();
    let mut unordered = client.get_secret_values(names(&SIX)).concurrency(2).unordered();
    for name in &SIX[1..] {
        let (request, outcome) = unordered.next().await.unwrap();
        assert_eq!(request, GetSecretValueRequest::new(*name));
        assert_eq!(outcome.unwrap().secret_name, *name);
    }
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    let (request, outcome) = unordered.next().await.unwrap();
    assert_eq!(request, GetSecretValueRequest::new("hangs"));
    assert!(outcome.unwrap_err().is_timeout());
    assert!(unordered.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn unordered_matching_values_are_not_held_back_by_a_slow_secret() {
    let (client, _) = client_of_hanging_service();
    let started = Instant::now();
    let values = client.get_matching_secret_values(ListSecretsRequest::new()).concurrency(2);
    let mut values = values.unordered();
    for name in &SIX[1..] {
        let (secret, outcome) = values.try_next().await.unwrap().unwrap();
        assert_eq!((&*secret.secret_name, &*outcome.unwrap().secret_name), (*name, *name));
    }
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    let (secret, outcome) = values.try_next().await.unwrap().unwrap();
    assert_eq!(secret.secret_name, "hangs");
    assert!(outcome.unwrap_err().is_timeout());
    assert!(values.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn four_reads_are_in_flight_by_default_and_64_at_most() {
    let many = || (0..100).map(|n| GetSecretValueRequest::new(format!("s-{n}")));
    for (concurrency, expected) in [(None, 4), (Some(64), 64)] {
        let (client, most_in_flight) = client_of_hanging_service();
        let values = client.get_secret_values(many());
        let values = match concurrency {
            Some(concurrency) => values.concurrency(concurrency),
            None => values,
        };
        assert_eq!(values.filter(|(_, outcome)| ready(outcome.is_ok())).count().await, 100);
        assert_eq!(most_in_flight.load(Ordering::SeqCst), expected);
    }
    let (client, most_in_flight) = client_of_hanging_service();
    let values = client.get_matching_secret_values(ListSecretsRequest::new());
    assert_eq!(values.count().await, 6);
    assert_eq!(most_in_flight.load(Ordering::SeqCst), 4);
}

/// Lists two secrets and fails the page after them; a value takes a second.
#[derive(Debug)]
struct FailingListing;

impl HttpTransport for FailingListing {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(async move {
            let parameters = Parameters::of(&request);
            if parameters.get("Action") == "ListSecrets" {
                return Ok(match parameters.number("PageNumber") {
                    1 => page(["a", "b"], Some(4)),
                    _ => HttpResponse::new(403, r#"{"Code":"Forbidden.NoPermission"}"#),
                });
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(HttpResponse::new(200, r#"{"SecretName":"a","SecretData":"fake"}"#))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn failed_listing_is_yielded_after_the_values_before_it() {
    let builder = KmsClient::builder().region("cn-hangzhou").transport(FailingListing);
    let builder = builder.credentials(Credentials::new("fake-id", "fake-secret"));
    let client = builder.build().unwrap();
    let request = ListSecretsRequest::new().page_size(2);
    let names = |outcomes: Vec<alibabacloud_kms::Result<(SecretSummary, _)>>| {
        let name = |outcome: alibabacloud_kms::Result<(SecretSummary, _)>| match outcome {
            Ok((secret, _)) => secret.secret_name,
            Err(error) => format!("{:?}", error.kind()),
        };
        outcomes.into_iter().map(name).collect::<Vec<_>>()
    };
    let ordered = client.get_matching_secret_values(request.clone());
    assert_eq!(names(ordered.collect().await), ["a", "b", "AccessDenied"]);
    let unordered = client.get_matching_secret_values(request).unordered();
    assert_eq!(names(unordered.collect().await), ["AccessDenied", "a", "b"]);
}
