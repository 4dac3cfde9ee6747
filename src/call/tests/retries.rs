//! Retries: of which failures, how many, and after which wait.

use super::*;

#[tokio::test(start_paused = true)]
async fn transient_errors_are_retried_with_new_signatures() {
    let (context, script) =
        retrying([response(429, THROTTLED), response(503, UNAVAILABLE), response(200, EMPTY_PAGE)]);
    let started = Instant::now();
    list(&context).await.unwrap();
    // Half of 200 ms, then half of 400 ms: the draw is always 0.5.
    assert_eq!(started.elapsed(), Duration::from_millis(100 + 200));
    let urls = script.urls.lock().unwrap();
    let nonces: Vec<_> = urls.iter().map(|url| parameter(url, "SignatureNonce")).collect();
    assert_eq!(nonces, ["nonce-1", "nonce-2", "nonce-3"]);
    let signatures: std::collections::HashSet<_> =
        urls.iter().map(|url| parameter(url, "Signature")).collect();
    assert_eq!(signatures.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn last_error_is_returned_with_the_number_of_attempts() {
    let (context, _) =
        retrying([response(429, THROTTLED), response(429, THROTTLED), response(503, UNAVAILABLE)]);
    let error = list(&context).await.unwrap_err();
    assert_eq!((error.attempts(), error.code()), (3, Some("ServiceUnavailableTemporary")));
    assert!(error.to_string().contains("all 3 attempts)"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn final_errors_are_not_retried_nor_any_without_a_policy() {
    let quota = r#"{"Code":"Rejected.LimitExceeded"}"#;
    let (context, script) = retrying([response(400, quota)]);
    assert_eq!(list(&context).await.unwrap_err().kind(), ErrorKind::QuotaExceeded);
    assert_eq!(script.urls.lock().unwrap().len(), 1);

    let (mut context, script) = retrying([response(429, THROTTLED)]);
    context.limits.retry = RetryPolicy::disabled();
    assert!(list(&context).await.unwrap_err().is_throttled());
    assert_eq!(script.urls.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn wait_that_the_service_asks_for_is_kept() {
    let asked = [("x-acs-retry-after", "1500")];
    let (context, _) = retrying([response_with(429, THROTTLED, &asked), response(200, EMPTY_PAGE)]);
    let started = Instant::now();
    list(&context).await.unwrap();
    // The draw is 0.5, and up to a quarter is added; tokio's timers round up to a millisecond.
    assert_eq!(started.elapsed(), Duration::from_millis(1_688));
}

#[tokio::test(start_paused = true)]
async fn wait_beyond_the_deadline_of_the_call_is_not_begun() {
    let (context, script) = retrying([response_with(429, THROTTLED, &[("retry-after", "61")])]);
    let started = Instant::now();
    let error = list(&context).await.unwrap_err();
    assert!(error.is_throttled());
    assert!(error.to_string().contains("(HTTP 429, host kms.cn-hangzhou.aliyuncs.com, not retried: too little of call_timeout is left)"), "{error}");
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(script.urls.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn call_ends_at_its_timeout_with_attempts_left() {
    let (mut context, script) = retrying([]);
    context.limits.retry = RetryPolicy::new().max_attempts(100);
    let started = Instant::now();
    let error = list(&context).await.unwrap_err();
    assert!(error.is_timeout());
    assert!(started.elapsed() <= Duration::from_secs(60));
    assert_eq!(error.attempts() as usize, script.urls.lock().unwrap().len());
}

#[tokio::test(start_paused = true)]
async fn limit_of_zero_is_an_error_before_anything_is_sent() {
    for change in [
        (|limits| limits.call_timeout = Duration::ZERO) as fn(&mut CallLimits),
        |limits| limits.attempt_timeout = Duration::MAX,
        |limits| limits.shorter_connect_timeout = Some(Duration::ZERO),
        |limits| limits.shorter_connect_timeout = Some(Duration::from_secs(6)),
        |limits| limits.retry = RetryPolicy::new().max_attempts(0),
    ] {
        let (mut context, script) = context([]);
        change(&mut context.limits);
        assert!(list(&context).await.unwrap_err().is_invalid_input());
        assert!(script.urls.lock().unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn user_decides_last_on_a_retry() {
    let (mut context, script) =
        retrying([response(403, r#"{"Code":"Forbidden.NoPermission"}"#), response(429, THROTTLED)]);
    context.limits.retry =
        RetryPolicy::new().with_classifier(|error, proposed| match error.http_status() {
            Some(403) => {
                assert_eq!(proposed, RetryDecision::Stop);
                RetryDecision::Retry
            }
            _ => RetryDecision::Stop,
        });
    assert!(list(&context).await.unwrap_err().is_throttled());
    assert_eq!(script.urls.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn error_names_the_budget_that_ended_the_retries() {
    let (context, script) = retrying((0..100).map(|_| response(503, UNAVAILABLE)));
    let mut errors = Vec::new();
    for _ in 0..7 {
        errors.push(list(&context).await.unwrap_err().to_string());
    }
    let (retried, not_retried) = errors.split_at(5);
    assert!(retried.iter().all(|error| error.contains("all 3 attempts)")), "{retried:?}");
    let expected = "(HTTP 503, host kms.cn-hangzhou.aliyuncs.com, not retried: the client's retry budget is used up)";
    assert!(not_retried.iter().all(|error| error.contains(expected)), "{not_retried:?}");
    assert_eq!(script.urls.lock().unwrap().len(), 5 * 3 + 2);
}

#[tokio::test(start_paused = true)]
async fn user_is_not_asked_about_attempts_without_a_request() {
    let (mut context, script) = retrying([]);
    context.credentials = Arc::new(Credentials::new("fake-id", "fake-secret\r\n"));
    context.limits.retry = RetryPolicy::new().with_classifier(|_, _| RetryDecision::Retry);
    let error = list(&context).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0));
    assert!(script.urls.lock().unwrap().is_empty());
    // Ten at first.
    assert_eq!((0..).take_while(|_| context.retry_tokens.spend()).count(), 10);
}

#[tokio::test(start_paused = true)]
async fn user_can_forbid_retries_after_unknown_outcomes() {
    let (mut context, script) = retrying([response(429, THROTTLED), response(503, UNAVAILABLE)]);
    context.limits.retry = RetryPolicy::new().with_classifier(|error, proposed| {
        if error.is_outcome_unknown() { RetryDecision::Stop } else { proposed }
    });
    let error = list(&context).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!((error.attempts(), script.urls.lock().unwrap().len()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn rejection_after_a_lost_response_has_unknown_outcome() {
    let exists = r#"{"Code":"Rejected.ResourceExist"}"#;
    let lost = || Err(TransportError::new(TransportErrorKind::Interrupted, "broken"));
    let (context, _) = retrying([lost(), response(409, exists), response(409, exists)]);
    let error = list(&context).await.unwrap_err();
    assert!(error.is_conflict() && error.is_outcome_unknown());
    let error = list(&context).await.unwrap_err();
    assert!(error.is_conflict() && !error.is_outcome_unknown());
}

/// Responds to everything with 503, and counts.
#[derive(Debug, Default)]
struct Outage {
    requests: Mutex<u32>,
}

impl HttpTransport for Outage {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        *self.requests.lock().unwrap() += 1;
        Box::pin(std::future::ready(Ok(HttpResponse::new(503, UNAVAILABLE))))
    }
}

#[tokio::test(start_paused = true)]
async fn outage_raises_traffic_by_at_most_a_fifth() {
    const CALLS: u32 = 100;
    let (mut context, _) = retrying([]);
    let outage = Arc::new(Outage::default());
    context.transport = Arc::clone(&outage) as Arc<dyn HttpTransport>;
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let context = context.clone();
            tokio::spawn(async move {
                for _ in 0..CALLS {
                    assert!(list(&context).await.is_err());
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let requests = *outage.requests.lock().unwrap();
    assert!((100 * CALLS..=120 * CALLS).contains(&requests), "{requests}");
}
