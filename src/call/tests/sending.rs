//! The request of a call, and the errors that come before it is sent.

use super::*;

#[tokio::test]
async fn call_sends_one_signed_request_and_returns_its_response() {
    let (context, script) = context([response(200, EMPTY_PAGE)]);
    let page = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap();
    assert_eq!(page.request_id, "r-ok");
    let urls = script.urls.lock().unwrap();
    let [url] = &urls[..] else { panic!("one request") };
    assert!(
        url.starts_with(
            "https://kms.cn-hangzhou.aliyuncs.com/?AccessKeyId=fake-id&Action=ListSecrets&"
        ),
        "{url}"
    );
    for part in [
        "SignatureNonce=nonce-1&",
        "Timestamp=2023-11-14T22%3A13%3A20Z&",
        "SecurityToken=fake-token&",
        "&Signature=",
    ] {
        assert!(url.contains(part), "{part} in {url}");
    }
    assert!(!url.contains("fake-secret"));
}

#[tokio::test]
async fn bad_input_is_an_error_before_anything_is_sent() {
    let (context, script) = context([]);
    let error = call(Arc::new(context), ListSecretsRequest::new().page_size(0)).await.unwrap_err();
    assert!(error.is_invalid_input());
    assert_eq!(error.attempts(), 0);
    assert!(
        error.to_string().starts_with("ListSecrets failed: `page_size` must be 1 to 100, got 0")
    );
    assert!(script.urls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn operation_that_an_instance_lacks_is_not_sent() {
    let (mut context, script) = context([]);
    context.endpoint = Arc::new(Endpoint::from_instance("kst-fake").unwrap());
    let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
    assert!(error.is_invalid_input());
    assert_eq!(error.attempts(), 0);
    assert_eq!(
        error.to_string(),
        "ListSecrets failed: the endpoint is a dedicated instance, which does not serve this operation; \
         send it with a client of the instance's region"
    );
    assert!(script.urls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn instance_without_dry_runs_still_returns_an_outcome() {
    let body = r#"{"SecretName":"a","SecretData":"fake-value","RequestId":"r-1"}"#;
    let (mut context, script) = context([Ok(HttpResponse::new(200, body))]);
    context.endpoint = Arc::new(Endpoint::from_instance("kst-fake").unwrap());
    let outcome = call(Arc::new(context), DryRun(GetSecretValueRequest::new("a"))).await;
    assert!(DryRunOutcome::from_outcome(outcome).unwrap().would_succeed());
    assert!(script.urls.lock().unwrap()[0].contains("DryRun=true"));
}

#[tokio::test]
async fn value_of_an_instance_is_read_at_its_own_host() {
    let body = r#"{"SecretName":"a","SecretData":"fake-value","RequestId":"r-1"}"#;
    let (mut context, script) = context([Ok(HttpResponse::new(200, body))]);
    context.endpoint = Arc::new(Endpoint::from_instance("kst-fake").unwrap());
    call(Arc::new(context), GetSecretValueRequest::new("a")).await.unwrap();
    let urls = script.urls.lock().unwrap();
    assert!(
        urls[0].starts_with("https://kst-fake.cryptoservice.kms.aliyuncs.com/?"),
        "{}",
        urls[0]
    );
}

#[tokio::test]
async fn malformed_credentials_are_an_error_before_sending() {
    let (mut context, script) = context([]);
    context.credentials = Arc::new(Credentials::new("fake-id", "fake-secret\r\n"));
    let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("the access key secret contains U+000D"), "{error}");
    assert!(!error.to_string().contains("fake-secret"), "{error}");
    assert!(script.urls.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn attempt_without_a_response_ends_at_its_timeout() {
    let (context, _) = context([]);
    let started = Instant::now();
    let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(started.elapsed(), Duration::from_secs(15));
    assert!(error.to_string().contains("no response arrived within 15 s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn call_that_waits_for_credentials_ends_at_its_timeout() {
    #[derive(Debug)]
    struct Silent;
    impl ProvideCredentials for Silent {
        fn credentials(&self) -> crate::credentials::CredentialsFuture<'_> {
            Box::pin(std::future::pending())
        }
    }
    let (mut context, _) = context([]);
    context.credentials = Arc::new(Silent);
    let error = call(Arc::new(context), ListSecretsRequest::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0));
    assert!(error.is_retryable() && !error.is_outcome_unknown());
    let expected =
        "ListSecrets failed: the provider returned no credentials within the call's 60 s";
    assert_eq!(error.to_string(), expected, "no host, as nothing was sent");
}

/// The docs of the client promise it, for spawning and storing.
#[test]
fn future_of_a_call_is_send_sync_and_static() {
    fn owned<T: Send + Sync + 'static>(_: &T) {}
    let (context, _) = context([]);
    owned(&call(Arc::new(context), ListSecretsRequest::new()));
}
