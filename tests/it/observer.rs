//! The observer of a client receives each event as a value.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use alibabacloud_kms::credentials::{Credentials, CredentialsError, FnProvider};
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::rate_limit::{Quota, QuotaGroup, RateLimits};
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::telemetry::{
    AttemptEvent, CallEvent, CallObserver, CallOutcome, RefreshEvent, ThrottleEvent, WaitEvent,
};

#[derive(Debug, Default)]
struct Lines(Mutex<Vec<String>>);

impl Lines {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl CallObserver for Lines {
    fn on_call(&self, call: &CallEvent<'_>) {
        let outcome = match call.outcome {
            CallOutcome::Success { request_id } => format!("success {}", !request_id.is_empty()),
            CallOutcome::Failure(error) => error.kind().to_string(),
            _ => "cancelled".to_owned(),
        };
        let (operation, region, resource) = (call.operation, call.region, call.resource);
        self.add(format!("{operation} {region:?} {resource:?} {outcome} {}", call.attempts));
    }

    fn on_attempt(&self, attempt: &AttemptEvent<'_>) {
        self.add(format!("attempt {} {}", attempt.number, attempt.error.is_none()));
    }

    fn on_throttle(&self, throttled: &ThrottleEvent<'_>) {
        self.add(format!("throttle {:?}", throttled.quota_group));
    }

    fn on_wait(&self, wait: &WaitEvent<'_>) {
        self.add(format!("wait {:?}", wait.reason));
    }

    fn on_refresh(&self, refresh: &RefreshEvent<'_>) {
        self.add(format!("refresh {}", refresh.error.is_none()));
    }
}

#[tokio::test(start_paused = true)]
async fn each_event_of_a_call_is_observed() {
    let emulator = Emulator::in_process();
    let lines = Arc::new(Lines::default());
    let client = emulator.client_builder().call_observer(Arc::clone(&lines)).build().unwrap();
    emulator.inject(Fault::throttled());
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    let region = r#"Some("cn-hangzhou")"#;
    assert_eq!(
        lines.take(),
        [
            "refresh true",
            "attempt 1 false",
            "throttle Manage",
            "wait Retry",
            "attempt 2 true",
            &format!("ListSecrets {region} None success true 2"),
        ]
    );
    client.describe_secret("none").await.unwrap_err();
    let call = format!(r#"DescribeSecret {region} Some("none") NotFound 1"#);
    assert_eq!(lines.take(), ["attempt 1 false", &call]);
}

#[tokio::test(start_paused = true)]
async fn dry_run_that_would_succeed_is_a_success() {
    let emulator = Emulator::in_process();
    emulator.add_secret(EmulatedSecret::new("a"));
    let lines = Arc::new(Lines::default());
    let client = emulator.client_builder().call_observer(Arc::clone(&lines)).build().unwrap();
    assert!(client.dry_run_get_secret_value("a").await.unwrap().would_succeed());
    let call = r#"GetSecretValue Some("cn-hangzhou") Some("a") success true 1"#;
    assert_eq!(lines.take(), ["refresh true", "attempt 1 true", call]);
    client.dry_run_get_secret_value("none").await.unwrap();
    let call = r#"GetSecretValue Some("cn-hangzhou") Some("none") InvalidInput 1"#;
    assert_eq!(lines.take(), ["attempt 1 false", call]);
}

#[tokio::test(start_paused = true)]
async fn wait_for_a_permit_names_its_group() {
    let emulator = Emulator::in_process();
    let lines = Arc::new(Lines::default());
    let limits = RateLimits::unlimited().limit(QuotaGroup::Manage, Quota::per_second(1));
    let builder = emulator.client_builder().rate_limits(limits);
    let client = builder.call_observer(Arc::clone(&lines)).build().unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert!(lines.take().contains(&"wait Quota(Manage)".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn call_that_is_dropped_is_cancelled() {
    let emulator = Emulator::in_process();
    let lines = Arc::new(Lines::default());
    let client = emulator.client_builder().call_observer(Arc::clone(&lines)).build().unwrap();
    emulator.inject(Fault::Hang);
    let call = client.list_secrets(ListSecretsRequest::new());
    tokio::time::timeout(Duration::from_millis(1), call).await.unwrap_err();
    let last = lines.take().pop().unwrap();
    assert!(last.ends_with("cancelled 1"), "{last}");
}

#[tokio::test]
async fn new_and_missing_credentials_are_refreshes() {
    let emulator = Emulator::in_process();
    let lines = Arc::new(Lines::default());
    let provider = FnProvider::new(|| async {
        Err::<Credentials, CredentialsError>(CredentialsError::new("none today"))
    });
    let builder = emulator.client_builder().credentials_provider(provider);
    let client = builder.call_observer(Arc::clone(&lines)).build().unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    let lines = lines.take();
    assert_eq!(lines[0], "refresh false");
    // Nothing was sent, so there was no attempt.
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[derive(Debug)]
struct Panicking;

impl CallObserver for Panicking {
    fn on_call(&self, _call: &CallEvent<'_>) {
        panic!("fake");
    }

    fn on_attempt(&self, _attempt: &AttemptEvent<'_>) {
        panic!("fake");
    }

    fn on_refresh(&self, _refresh: &RefreshEvent<'_>) {
        panic!("fake");
    }
}

#[tokio::test]
async fn observer_that_panics_does_not_lose_the_call() {
    let emulator = Emulator::in_process();
    let client = emulator.client_builder().call_observer(Panicking).build().unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(emulator.request_count(), 1);
}
