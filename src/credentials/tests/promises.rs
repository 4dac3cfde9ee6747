//! What the chain promises when STS, files and variables come and go.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use chrono::TimeDelta;

use super::network::{Answer, Server};
use super::surroundings::{FakeClock, FakeOs, NoNetwork, now};
use crate::clock::Clock as _;
use crate::credentials::{
    AssumeRoleProvider, Credentials, CredentialsError, DefaultProviderChain, ProvideCredentials,
    ProviderEnv, credentials_fn,
};

/// A pod whose role is taken at an STS that can be switched off. Its keys live an hour.
struct Pod {
    chain: Arc<DefaultProviderChain>,
    os: Arc<FakeOs>,
    clock: Arc<FakeClock>,
    sts: Arc<Sts>,
    _server: Server,
}

#[derive(Default)]
struct Sts {
    calls: AtomicU32,
    down: AtomicBool,
}

impl Pod {
    async fn start() -> Self {
        let os = Arc::new(FakeOs::with_variables(&[
            ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1234567890123456:role/pod"),
            ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1234567890123456:oidc-provider/demo"),
            ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token"),
        ]));
        os.write("/token", "fake-token-1\n");
        let clock = Arc::new(FakeClock::at(now()));
        let sts = Arc::new(Sts::default());
        let server = {
            let (sts, clock) = (Arc::clone(&sts), Arc::clone(&clock));
            Server::start(move |received| {
                let call = sts.calls.fetch_add(1, Ordering::SeqCst) + 1;
                if sts.down.load(Ordering::SeqCst) {
                    let body = r#"{"Code":"ServiceUnavailable","Message":"Down.","RequestId":"r-down"}"#;
                    return Answer::new(503, body);
                }
                let [_, form] = received.parameters();
                let token = form.into_iter().find(|(name, _)| name == "OIDCToken").unwrap().1;
                let expiration = (clock.now() + TimeDelta::hours(1)).to_rfc3339();
                Answer::new(200, format!(
                    r#"{{"Credentials":{{"AccessKeyId":"STS.{call}","AccessKeySecret":"s","SecurityToken":"{token}","Expiration":"{expiration}"}}}}"#
                ))
            })
            .await
        };
        let transport = server.transport();
        let around = ProviderEnv {
            os: Arc::clone(&os) as _,
            clock: Arc::clone(&clock) as _,
            outward: transport.clone(),
            direct: transport,
            client_region: None,
        };
        let chain = Arc::new(DefaultProviderChain::within(around));
        Self { chain, os, clock, sts, _server: server }
    }

    async fn id(&self) -> String {
        self.chain.credentials().await.unwrap().access_key_id().to_owned()
    }

    fn calls(&self) -> u32 {
        self.sts.calls.load(Ordering::SeqCst)
    }

    /// Waits until STS was called so often.
    async fn until_calls(&self, calls: u32) {
        let reached = async {
            while self.calls() < calls {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), reached).await.unwrap();
    }

    /// A thousand tasks that all ask at once, and the ids they got.
    async fn asked_by_a_thousand(&self) -> Vec<String> {
        let tasks: Vec<_> = (0..1_000)
            .map(|_| {
                let chain = Arc::clone(&self.chain);
                tokio::spawn(async move {
                    chain.credentials().await.unwrap().access_key_id().to_owned()
                })
            })
            .collect();
        let mut ids = Vec::new();
        for task in tasks {
            ids.push(task.await.unwrap());
        }
        ids
    }
}

/// "1,000 tasks that find the token expired cause exactly one STS call; the same at first use."
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tasks_cause_one_call_of_sts_at_first_use_and_at_expiry() {
    let pod = Pod::start().await;
    assert!(pod.asked_by_a_thousand().await.iter().all(|id| id == "STS.1"));
    assert_eq!(pod.calls(), 1);
    pod.clock.advance(3_600);
    assert!(pod.asked_by_a_thousand().await.iter().all(|id| id == "STS.2"));
    assert_eq!(pod.calls(), 2);
}

/// The same when it is the service that finds it expired.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tasks_whose_token_is_refused_cause_one_call_of_sts() {
    let pod = Pod::start().await;
    let stale = pod.chain.credentials().await.unwrap();
    let tasks: Vec<_> = (0..1_000)
        .map(|_| {
            let (chain, stale) = (Arc::clone(&pod.chain), stale.clone());
            tokio::spawn(async move {
                assert!(chain.invalidate(&stale));
                chain.credentials().await.unwrap().access_key_id().to_owned()
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "STS.2");
    }
    assert_eq!(pod.calls(), 2);
}

/// "STS down inside the refresh window: no failed call. STS down after expiry: a typed error, at once, and recovery when STS
/// is back."
#[tokio::test]
async fn sts_that_is_down_fails_no_call_before_expiry_and_each_after_it_until_it_is_back() {
    let pod = Pod::start().await;
    assert_eq!(pod.id().await, "STS.1");
    pod.sts.down.store(true, Ordering::SeqCst);

    // Renewal is due at 2,880 s; up to 3,540 s it is tried behind the calls, then before them.
    for second in (2_880..3_600).step_by(10) {
        pod.clock.advance(if second == 2_880 { 2_880 } else { 10 });
        assert_eq!(pod.id().await, "STS.1", "{second}");
        tokio::task::yield_now().await;
    }
    let tried = pod.calls() - 1;
    assert!((5..=72).contains(&tried), "{tried} tries in 12 minutes");

    pod.clock.advance(10);
    let before = pod.calls();
    let error = pod.chain.credentials().await.unwrap_err();
    assert_eq!(pod.calls(), before + 3, "as often as a call makes attempts");
    assert!(error.is_transient());
    assert_eq!(error.source_name(), Some("OIDC"));
    assert_eq!(error.code(), Some("ServiceUnavailable"));
    assert_eq!(error.http_status(), Some(503));
    assert_eq!(error.request_id(), Some("r-down"));
    assert!(pod.chain.credentials().await.is_err(), "an expired set is never handed out");

    pod.sts.down.store(false, Ordering::SeqCst);
    let back = pod.chain.credentials().await.unwrap();
    assert_eq!(back.access_key_id(), format!("STS.{}", pod.calls()));
}

/// "Everything fails first, then an environment variable appears: the next call works."
#[tokio::test]
async fn a_variable_that_appears_after_everything_failed_is_found_by_the_next_call() {
    let os = Arc::new(FakeOs::default());
    let around = ProviderEnv {
        os: Arc::clone(&os) as _,
        clock: Arc::new(FakeClock::at(now())),
        outward: Arc::new(NoNetwork),
        direct: Arc::new(NoNetwork),
        client_region: None,
    };
    let chain = DefaultProviderChain::within(around);
    for _ in 0..2 {
        let error = chain.credentials().await.unwrap_err();
        assert_eq!(error.tried().len(), 6);
        assert_eq!(error.source_name(), None);
    }
    // One in the middle of the chain first, which fails, and is not stuck to either.
    os.set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token");
    assert_eq!(chain.credentials().await.unwrap_err().source_name(), Some("OIDC"));
    os.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-id");
    os.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "fake-secret");
    assert_eq!(chain.credentials().await.unwrap().access_key_id(), "fake-id");
}

/// What the program named and is not there is an error, not somebody else.
#[tokio::test]
async fn a_file_and_a_profile_that_the_program_names_have_to_be_there() {
    let chain = || DefaultProviderChain::within(super::surroundings::around(&[]));
    let error = chain().config_file("/etc/demo.json").credentials().await.unwrap_err();
    assert_eq!(error.source_name(), Some("CLI configuration"));
    assert!(error.to_string().contains("there is no /etc/demo.json"), "{error}");
    let error = chain().profile("prod").credentials().await.unwrap_err();
    assert_eq!(error.source_name(), Some("credentials file"));
    assert_eq!(error.tried().len(), 3, "the metadata service is not asked");
}

#[tokio::test]
async fn keys_in_variables_are_followed_when_they_change_and_refused_keys_are_asked_for_again_only_then()
 {
    let os = Arc::new(FakeOs::with_variables(&[
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "fake-secret"),
    ]));
    let around = ProviderEnv { os: Arc::clone(&os) as _, ..super::surroundings::around(&[]) };
    let chain = DefaultProviderChain::within(around);
    let first = chain.credentials().await.unwrap();
    assert!(!chain.invalidate(&first));
    os.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-other-id");
    assert!(chain.invalidate(&first));
    assert_eq!(chain.credentials().await.unwrap().access_key_id(), "fake-other-id");
}

/// A winner that stops working is an error, not somebody else.
#[tokio::test]
async fn the_source_that_had_keys_once_is_asked_from_then_on() {
    let pod = Pod::start().await;
    assert_eq!(pod.id().await, "STS.1");
    pod.os.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-id");
    pod.os.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "fake-secret");
    assert_eq!(pod.id().await, "STS.1");
}

#[tokio::test]
async fn the_token_file_is_read_again_for_each_exchange() {
    let pod = Pod::start().await;
    let token = async |pod: &Pod| {
        use secrecy::ExposeSecret as _;
        let keys = pod.chain.credentials().await.unwrap();
        keys.security_token().unwrap().expose_secret().to_owned()
    };
    assert_eq!(token(&pod).await, "fake-token-1");
    pod.os.write("/token", " fake-token-2 \n");
    pod.clock.advance(3_600);
    assert_eq!(token(&pod).await, "fake-token-2");
}

/// A file with rotated keys is read again when the old ones are refused, and not before.
#[tokio::test]
async fn keys_in_a_file_are_read_again_when_they_are_refused() {
    let os = Arc::new(FakeOs::default());
    let file =
        |id: &str| format!("[default]\ntype=access_key\naccess_key_id={id}\naccess_key_secret=s\n");
    os.write("/home/demo/.alibabacloud/credentials", &file("fake-old"));
    let around = ProviderEnv { os: Arc::clone(&os) as _, ..super::surroundings::around(&[]) };
    let chain = DefaultProviderChain::within(around);
    let old = chain.credentials().await.unwrap();
    let reads = *os.reads.lock().unwrap();
    os.write("/home/demo/.alibabacloud/credentials", &file("fake-new"));
    assert_eq!(chain.credentials().await.unwrap().access_key_id(), "fake-old");
    assert_eq!(*os.reads.lock().unwrap(), reads);
    assert!(chain.invalidate(&old));
    assert_eq!(chain.credentials().await.unwrap().access_key_id(), "fake-new");
    // What was refused long ago takes nothing away.
    assert!(chain.invalidate(&old));
    assert_eq!(*os.reads.lock().unwrap(), reads + 1);
    assert!(!chain.invalidate(&Credentials::new("fake-new", "s")), "refused twice in a row");
}

/// Keys that end after the refresh window opened are renewed behind a call, once.
#[tokio::test]
async fn keys_are_renewed_behind_the_calls_ahead_of_their_expiry() {
    let pod = Pod::start().await;
    assert_eq!(pod.id().await, "STS.1");
    pod.clock.advance(2_879);
    assert_eq!(pod.id().await, "STS.1");
    assert_eq!(pod.calls(), 1);
    pod.clock.advance(1);
    for _ in 0..10 {
        assert_eq!(pod.id().await, "STS.1", "no call waits");
    }
    pod.until_calls(2).await;
    let renewed = async {
        while pod.id().await != "STS.2" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), renewed).await.unwrap();
    assert_eq!(pod.calls(), 2);
}

/// The looks of a role and those of the source under it are not multiplied.
#[tokio::test(start_paused = true)]
async fn a_source_that_fails_is_asked_three_times_for_a_role_over_it_too() {
    let asked = Arc::new(AtomicU32::new(0));
    let error_of = |error: CredentialsError| {
        let counted = Arc::clone(&asked);
        let base = credentials_fn(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Err(error.clone()))
        });
        let role = AssumeRoleProvider::new(base, "acs:ram::1234567890123456:role/fake");
        async move { role.credentials().await.unwrap_err() }
    };
    let sealed = CredentialsError::new("the vault is sealed");
    assert!(error_of(sealed.clone().transient()).await.is_transient());
    assert_eq!(asked.swap(0, Ordering::SeqCst), 3);
    assert!(!error_of(sealed).await.is_transient(), "what does not pass is told at once");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_step_that_failed_names_its_source_once_and_says_what_the_system_said() {
    let oidc = [
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/demo"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/demo"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/nofile"),
    ];
    let steps = DefaultProviderChain::within(super::surroundings::around(&oidc)).diagnose().await;
    let step = steps.iter().find(|step| step.source == "OIDC").unwrap();
    assert_eq!(step.outcome.to_string(), "failed: /nofile cannot be read: entity not found");
}
