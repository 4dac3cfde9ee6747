//! What a secret holds, read and written through the client.

use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
use alibabacloud_kms::secrets::{
    DryRunOutcome, ExtendedConfig, Filter, GetSecretValueRequest, ListSecretsRequest,
    PutSecretValueRequest, SecretValue, VersionStage,
};
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{Error, ErrorKind, KmsClient, KmsClientBuilder};
use futures_util::{StreamExt as _, TryStreamExt as _};

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
async fn a_value_that_was_put_is_read_and_the_one_before_stays_readable() {
    let (_emulator, client) = with_one_secret().await;
    let answer = client.put_secret_value(put("v2", "fake é&=+ \"second\"")).await.unwrap();
    assert_eq!(answer.version_stages, [VersionStage::Current]);
    let current = client.get_secret_value(GetSecretValueRequest::new("app/db")).await.unwrap();
    assert_eq!(current.value.expose_secret(), "fake é&=+ \"second\"");
    let previous = GetSecretValueRequest::new("app/db").version_stage(VersionStage::Previous);
    assert_eq!(
        client.get_secret_value(previous).await.unwrap().value.expose_secret(),
        "fake-first"
    );
}

#[tokio::test]
async fn a_put_whose_answer_was_lost_is_repeated_and_another_value_under_its_id_is_a_conflict() {
    let (emulator, client) = with_one_secret().await;
    emulator.inject(Fault::LostResponse);
    client.put_secret_value(put("v2", "fake-second")).await.unwrap();
    assert_eq!(emulator.request_count(), 2);
    let error = client.put_secret_value(put("v2", "fake-other")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(!error.is_outcome_unknown());
}

#[tokio::test]
async fn a_write_that_was_perhaps_carried_out_says_so() {
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
async fn a_version_or_secret_that_does_not_exist_is_not_found() {
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
async fn a_dry_run_tells_what_would_become_of_a_reading_and_is_no_error() {
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
async fn what_a_managed_secret_opens_comes_with_its_value_when_asked_for() {
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
async fn many_secrets_are_read_in_order_each_with_its_own_outcome() {
    let (emulator, client) = with_one_secret().await;
    emulator.add_secret(EmulatedSecret::new("app/cache"));
    let requests = names(&["app/db", "app/none", "app/cache", ""]);
    let answers: Vec<_> = client.get_secret_values(requests.clone()).concurrency(2).collect().await;
    let asked: Vec<_> = answers.iter().map(|(request, _)| request.clone()).collect();
    assert_eq!(asked, requests);
    let kinds: Vec<_> =
        answers.iter().map(|(_, answer)| answer.as_ref().err().map(Error::kind)).collect();
    let expected = [None, Some(ErrorKind::NotFound), None, Some(ErrorKind::InvalidInput)];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn a_concurrency_of_none_or_too_many_is_refused_before_anything_is_sent() {
    let (emulator, client) = with_one_secret().await;
    for concurrency in [0, 65] {
        let reading = client.get_secret_values(names(&["app/db"])).concurrency(concurrency);
        let answers: Vec<_> = reading.collect().await;
        let error = answers[0].1.as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(&format!("concurrency is {concurrency}")), "{error}");
        let matching =
            client.get_matching_secret_values(ListSecretsRequest::new()).concurrency(concurrency);
        let outcomes: Vec<_> = matching.collect().await;
        assert!(matches!(&outcomes[..], [Err(error)] if error.is_invalid_input()), "{outcomes:?}");
    }
    assert_eq!(emulator.request_count(), 0);
}

#[tokio::test]
async fn matching_secrets_are_read_and_a_failed_listing_is_no_short_one() {
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
            .all(|(secret, answer)| answer.as_ref().unwrap().secret_name == secret.secret_name)
    );
    emulator.inject(Fault::error(403, "Forbidden.NoPermission").for_action("ListSecrets"));
    let outcome: Result<Vec<_>, _> = client.get_matching_secret_values(request).try_collect().await;
    assert!(outcome.unwrap_err().is_access_denied());
}

/// Takes a second for each answer.
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

fn of_a_slow_service() -> KmsClientBuilder {
    let builder = KmsClient::builder().region("cn-hangzhou").transport(Slow);
    builder.credentials(Credentials::new("fake-id", "fake-secret"))
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_does_not_run_out_of_time_while_the_caller_is_busy() {
    let client = of_a_slow_service().call_timeout(Duration::from_secs(2)).build().unwrap();
    let mut many = client.get_secret_values(names(&["a", "b", "c", "d", "e"])).concurrency(2);
    let mut read = 0;
    while let Some((_, answer)) = many.next().await {
        answer.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        read += 1;
    }
    assert_eq!(read, 5);

    let mut matching =
        client.get_matching_secret_values(ListSecretsRequest::new().page_size(2)).concurrency(2);
    let mut read = 0;
    while let Some((_, answer)) = matching.try_next().await.unwrap() {
        answer.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        read += 1;
    }
    assert_eq!(read, 5);
}

#[tokio::test(start_paused = true)]
async fn what_the_caller_reads_beside_many_is_not_held_up_by_them() {
    let limits = RateLimits::unlimited().limit(QuotaGroup::Read, Quota::per_second(2));
    let client = of_a_slow_service().rate_limits(limits).build().unwrap();
    let mut many = client.get_secret_values(names(&["a", "b", "c", "d", "e"])).concurrency(4);
    while let Some((request, answer)) = many.next().await {
        answer.unwrap();
        client.get_secret_value(request).await.unwrap();
    }
}
