//! The promises of the chain when STS, files and variables come and go.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use chrono::TimeDelta;

use super::fake_env::{FakeClock, FakeOs, NoNetwork, now};
use super::network::{Response, Server};
use crate::clock::Clock as _;
use crate::credentials::{
    AssumeRoleProvider, Credentials, CredentialsError, DefaultProviderChain, FnProvider,
    ProvideCredentials, ProviderEnv,
};

/// A pod that assumes its role at an STS that can be down. The credentials live an hour.
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
                    return Response::new(503, body);
                }
                let [_, form] = received.parameters();
                let token = form.into_iter().find(|(name, _)| name == "OIDCToken").unwrap().1;
                let expiration = (clock.now() + TimeDelta::hours(1)).to_rfc3339();
                Response::new(200, format!(
                    r#"{{"Credentials":{{"AccessKeyId":"STS.{call}","AccessKeySecret":"s","SecurityToken":"{token}","Expiration":"{expiration}"}}}}"#
                ))
            })
            .await
        };
        let transport = server.transport();
        let env = ProviderEnv {
            os: Arc::clone(&os) as _,
            clock: Arc::clone(&clock) as _,
            transport: transport.clone(),
            direct_transport: transport,
            client_region: None,
        };
        let chain = Arc::new(DefaultProviderChain::with_env(env));
        Self { chain, os, clock, sts, _server: server }
    }

    async fn id(&self) -> String {
        self.chain.credentials().await.unwrap().access_key_id().to_owned()
    }

    fn calls(&self) -> u32 {
        self.sts.calls.load(Ordering::SeqCst)
    }

    /// Waits until STS was called this often.
    async fn wait_for_calls(&self, calls: u32) {
        let reached = async {
            while self.calls() < calls {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), reached).await.unwrap();
    }

    /// Runs a thousand concurrent tasks, and returns the access key ids that they got.
    async fn ids_of_a_thousand_tasks(&self) -> Vec<String> {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thousand_tasks_cause_one_sts_call_at_start_and_expiry() {
    let pod = Pod::start().await;
    assert!(pod.ids_of_a_thousand_tasks().await.iter().all(|id| id == "STS.1"));
    assert_eq!(pod.calls(), 1);
    pod.clock.advance(3_600);
    assert!(pod.ids_of_a_thousand_tasks().await.iter().all(|id| id == "STS.2"));
    assert_eq!(pod.calls(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thousand_tasks_with_a_rejected_token_cause_one_sts_call() {
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

#[tokio::test]
async fn sts_outage_fails_calls_only_after_expiry() {
    let pod = Pod::start().await;
    assert_eq!(pod.id().await, "STS.1");
    pod.sts.down.store(true, Ordering::SeqCst);

    // A refresh is due at 2,880 s; until 3,540 s it runs in the background, then calls wait for it.
    for second in (2_880..3_600).step_by(10) {
        pod.clock.advance(if second == 2_880 { 2_880 } else { 10 });
        assert_eq!(pod.id().await, "STS.1", "{second}");
        tokio::task::yield_now().await;
    }
    let tried = pod.calls() - 1;
    assert!((5..=72).contains(&tried), "{tried} attempts in 12 minutes");

    pod.clock.advance(10);
    let before = pod.calls();
    let error = pod.chain.credentials().await.unwrap_err();
    assert_eq!(pod.calls(), before + 3, "as many as the attempts of a call");
    assert!(error.is_transient());
    assert_eq!(error.provider_name(), Some("OIDC"));
    assert_eq!(error.code(), Some("ServiceUnavailable"));
    assert_eq!(error.http_status(), Some(503));
    assert_eq!(error.request_id(), Some("r-down"));
    assert!(pod.chain.credentials().await.is_err(), "expired credentials are never returned");

    pod.sts.down.store(false, Ordering::SeqCst);
    let credentials = pod.chain.credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), format!("STS.{}", pod.calls()));
}

#[tokio::test]
async fn next_call_reads_a_variable_that_was_set_after_a_failure() {
    let os = Arc::new(FakeOs::default());
    let env = ProviderEnv {
        os: Arc::clone(&os) as _,
        clock: Arc::new(FakeClock::at(now())),
        transport: Arc::new(NoNetwork),
        direct_transport: Arc::new(NoNetwork),
        client_region: None,
    };
    let chain = DefaultProviderChain::with_env(env);
    for _ in 0..2 {
        let error = chain.credentials().await.unwrap_err();
        assert_eq!(error.tried().len(), 6);
        assert_eq!(error.provider_name(), None);
    }
    // First one in the middle of the chain, which fails and is not selected either.
    os.set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token");
    assert_eq!(chain.credentials().await.unwrap_err().provider_name(), Some("OIDC"));
    os.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-id");
    os.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "fake-secret");
    assert_eq!(chain.credentials().await.unwrap().access_key_id(), "fake-id");
}

#[tokio::test]
async fn named_file_and_named_profile_must_exist() {
    let chain = || DefaultProviderChain::with_env(super::fake_env::env_with(&[]));
    let error = chain().config_file("/etc/demo.json").credentials().await.unwrap_err();
    assert_eq!(error.provider_name(), Some("CLI configuration"));
    assert!(error.to_string().contains("/etc/demo.json does not exist"), "{error}");
    let error = chain().profile("prod").credentials().await.unwrap_err();
    assert_eq!(error.provider_name(), Some("credentials file"));
    assert_eq!(error.tried().len(), 3, "the metadata service is not called");
}

#[tokio::test]
async fn rejected_variables_are_reloaded_only_if_they_changed() {
    let os = Arc::new(FakeOs::with_variables(&[
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "fake-secret"),
    ]));
    let env = ProviderEnv { os: Arc::clone(&os) as _, ..super::fake_env::env_with(&[]) };
    let chain = DefaultProviderChain::with_env(env);
    let first = chain.credentials().await.unwrap();
    assert!(!chain.invalidate(&first));
    os.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-other-id");
    assert!(chain.invalidate(&first));
    assert_eq!(chain.credentials().await.unwrap().access_key_id(), "fake-other-id");
}

#[tokio::test]
async fn selected_provider_stays_selected() {
    let pod = Pod::start().await;
    assert_eq!(pod.id().await, "STS.1");
    pod.os.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-id");
    pod.os.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "fake-secret");
    assert_eq!(pod.id().await, "STS.1");
}

#[tokio::test]
async fn token_file_is_read_again_for_each_exchange() {
    let pod = Pod::start().await;
    let token = async |pod: &Pod| {
        use secrecy::ExposeSecret as _;
        let credentials = pod.chain.credentials().await.unwrap();
        credentials.security_token().unwrap().expose_secret().to_owned()
    };
    assert_eq!(token(&pod).await, "fake-token-1");
    pod.os.write("/token", " fake-token-2 \n");
    pod.clock.advance(3_600);
    assert_eq!(token(&pod).await, "fake-token-2");
}

#[tokio::test]
async fn file_is_read_again_only_after_a_rejection() {
    let os = Arc::new(FakeOs::default());
    let file =
        |id: &str| format!("[default]\ntype=access_key\naccess_key_id={id}\naccess_key_secret=s\n");
    os.write("/home/demo/.alibabacloud/credentials", &file("fake-old"));
    let env = ProviderEnv { os: Arc::clone(&os) as _, ..super::fake_env::env_with(&[]) };
    let chain = DefaultProviderChain::with_env(env);
    let old = chain.credentials().await.unwrap();
    let reads = *os.reads.lock().unwrap();
    os.write("/home/demo/.alibabacloud/credentials", &file("fake-new"));
    assert_eq!(chain.credentials().await.unwrap().access_key_id(), "fake-old");
    assert_eq!(*os.reads.lock().unwrap(), reads);
    assert!(chain.invalidate(&old));
    assert_eq!(chain.credentials().await.unwrap().access_key_id(), "fake-new");
    // An older rejection drops nothing.
    assert!(chain.invalidate(&old));
    assert_eq!(*os.reads.lock().unwrap(), reads + 1);
    assert!(!chain.invalidate(&Credentials::new("fake-new", "s")), "rejected twice in a row");
}

#[tokio::test]
async fn credentials_are_refreshed_in_the_background_before_expiry() {
    let pod = Pod::start().await;
    assert_eq!(pod.id().await, "STS.1");
    pod.clock.advance(2_879);
    assert_eq!(pod.id().await, "STS.1");
    assert_eq!(pod.calls(), 1);
    pod.clock.advance(1);
    for _ in 0..10 {
        assert_eq!(pod.id().await, "STS.1", "no call waits");
    }
    pod.wait_for_calls(2).await;
    let refreshed = async {
        while pod.id().await != "STS.2" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), refreshed).await.unwrap();
    assert_eq!(pod.calls(), 2);
}

/// The attempts of a role and those of its base provider are not multiplied.
#[tokio::test(start_paused = true)]
async fn transient_failure_of_a_base_provider_is_tried_three_times() {
    let fetched = Arc::new(AtomicU32::new(0));
    let error_of = |error: CredentialsError| {
        let counted = Arc::clone(&fetched);
        let base = FnProvider::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Err(error.clone()))
        });
        let role = AssumeRoleProvider::new(base, "acs:ram::1234567890123456:role/fake");
        async move { role.credentials().await.unwrap_err() }
    };
    let sealed = CredentialsError::new("the vault is sealed");
    assert!(error_of(sealed.clone().transient()).await.is_transient());
    assert_eq!(fetched.swap(0, Ordering::SeqCst), 3);
    assert!(!error_of(sealed).await.is_transient(), "a permanent failure is not retried");
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn diagnosed_failure_names_its_provider_once() {
    let oidc = [
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/demo"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/demo"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/nofile"),
    ];
    let reports = DefaultProviderChain::with_env(super::fake_env::env_with(&oidc)).diagnose().await;
    let report = reports.iter().find(|report| report.provider == "OIDC").unwrap();
    assert_eq!(report.status.to_string(), "failed: /nofile does not exist");
}
