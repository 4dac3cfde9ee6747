//! Remedies before a retry: new credentials, a new nonce, a corrected clock.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::credentials::FnProvider;
use crate::retry::{RetryBudget, RetryTokens};

#[tokio::test(start_paused = true)]
async fn expired_token_is_renewed_once_if_its_provider_can() {
    let expired = || response(400, r#"{"Code":"InvalidSecurityToken.Expired"}"#);
    let (mut context, script) =
        retrying([expired(), response(200, EMPTY_PAGE), expired(), expired()]);
    context.credentials = Arc::new(Renewing::default());
    list(&context).await.unwrap();
    assert_eq!(script.key_ids(), ["fake-id-1", "fake-id-2"]);
    assert_eq!(list(&context).await.unwrap_err().attempts(), 2);

    let (fixed, script) = retrying([expired()]);
    assert!(list(&fixed).await.unwrap_err().is_authentication());
    assert_eq!(script.urls.lock().unwrap().len(), 1);
}

/// Caches the access key of a closure that returns another one at each call.
fn cached_provider() -> FnProvider {
    let loaded = AtomicU32::new(0);
    FnProvider::new(move || {
        let id = format!("fake-id-{}", loaded.fetch_add(1, Ordering::Relaxed) + 1);
        std::future::ready(Ok(Credentials::new(id, "fake-secret")))
    })
}

#[tokio::test(start_paused = true)]
async fn rejected_credentials_are_dropped_even_without_a_retry() {
    let rejected = || response(400, r#"{"Code":"InvalidAccessKeyId.Inactive"}"#);
    for change in [
        (|context| context.limits.retry = RetryPolicy::disabled()) as fn(&mut CallContext),
        |context| context.retry_tokens = Arc::new(RetryTokens::new(RetryBudget::new(0))),
    ] {
        let (mut context, script) = retrying([rejected(), response(200, EMPTY_PAGE)]);
        context.credentials = Arc::new(cached_provider());
        change(&mut context);
        assert_eq!(list(&context).await.unwrap_err().attempts(), 1);
        list(&context).await.unwrap();
        assert_eq!(script.key_ids(), ["fake-id-1", "fake-id-2"]);
    }
}

#[tokio::test(start_paused = true)]
async fn rejection_without_other_credentials_costs_no_retry() {
    let rejected = r#"{"Code":"InvalidAccessKeyId.NotFound"}"#;
    let (context, _) = retrying((0..11).map(|_| response(404, rejected)));
    for _ in 0..11 {
        let error = list(&context).await.unwrap_err().to_string();
        assert!(!error.contains("not retried"), "{error}");
    }
    // Ten at first.
    assert_eq!((0..).take_while(|_| context.retry_tokens.spend()).count(), 10);
}

#[tokio::test(start_paused = true)]
async fn used_nonce_is_replaced_once() {
    let used = || response(400, r#"{"Code":"SignatureNonceUsed"}"#);
    let (context, _) = retrying([used(), response(200, EMPTY_PAGE), used(), used()]);
    list(&context).await.unwrap();
    assert_eq!(list(&context).await.unwrap_err().attempts(), 2);
}

const EXPIRED: &str = r#"{"Code":"InvalidTimeStamp.Expired"}"#;

/// Returns a response of a service whose clock is that many minutes ahead.
fn dated(status: u16, body: &str, minutes: i64) -> Result<HttpResponse, TransportError> {
    let date = FixedClock::default().now() + TimeDelta::minutes(minutes);
    response_with(status, body, &[("date", &date.format("%a, %d %b %Y %H:%M:%S GMT").to_string())])
}

/// By how many minutes each request was signed for later than this machine's time.
fn minutes_signed_ahead(script: &Script) -> Vec<i64> {
    let now = FixedClock::default().now();
    let ahead = |url: &String| {
        (parameter(url, "Timestamp").parse::<DateTime<Utc>>().unwrap() - now).num_minutes()
    };
    script.urls.lock().unwrap().iter().map(ahead).collect()
}

#[tokio::test(start_paused = true)]
async fn wrong_clock_is_corrected_by_the_date_of_a_response() {
    let (context, script) =
        retrying([dated(400, EXPIRED, 60), dated(200, EMPTY_PAGE, 60), dated(200, EMPTY_PAGE, 60)]);
    list(&context).await.unwrap();
    list(&context).await.unwrap();
    assert_eq!(minutes_signed_ahead(&script), [0, 60, 60]);
}

#[tokio::test(start_paused = true)]
async fn single_response_with_a_wrong_date_spoils_no_call() {
    // One server of many is an hour ahead: it rejects the right time, and the others reject its
    // time.
    let (context, script) = retrying([
        dated(400, EXPIRED, 60),
        dated(400, EXPIRED, 0),
        dated(200, EMPTY_PAGE, 0),
        dated(200, EMPTY_PAGE, 0),
    ]);
    list(&context).await.unwrap();
    list(&context).await.unwrap();
    assert_eq!(minutes_signed_ahead(&script), [0, 60, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn service_whose_time_keeps_changing_ends_the_call() {
    let (mut context, script) = retrying((0..10).map(|n| dated(400, EXPIRED, n % 2 * 60)));
    context.limits.retry = RetryPolicy::new().max_attempts(10);
    let error = list(&context).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::ClockSkew, 3));
    assert_eq!(minutes_signed_ahead(&script), [0, 0, 60]);
}

#[tokio::test(start_paused = true)]
async fn clock_that_cannot_be_corrected_ends_the_call() {
    let expired = r#"{"Code":"IllegalTimestamp"}"#;
    let (context, _) = retrying([response_with(400, expired, &[("date", "not a date")])]);
    let error = list(&context).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::ClockSkew, 1));
    assert!(
        error.to_string().ends_with("the response has no date to correct it by, so set it"),
        "{error}"
    );

    let (context, _) = retrying((0..3).map(|_| dated(400, expired, 20)));
    let error = list(&context).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert!(
        error.to_string().ends_with("the local clock is 20 min behind the service's, so set it"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn drifting_clock_is_corrected_before_a_rejection() {
    let (context, script) = retrying((0..3).map(|_| dated(200, EMPTY_PAGE, 10)));
    for _ in 0..3 {
        list(&context).await.unwrap();
    }
    assert_eq!(minutes_signed_ahead(&script), [0, 0, 10]);
}
