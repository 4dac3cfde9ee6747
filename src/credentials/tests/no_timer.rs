//! Providers on executors without timers: on none of tokio, and on a runtime without a time driver.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::FutureExt as _;
use tokio::runtime::Builder;

use super::fake_env::{FakeOs, env_with};
use crate::credentials::load::LoadCredentials as _;
use crate::credentials::process_command::ProcessCommand;
use crate::credentials::uri::CredentialsUri;
use crate::credentials::{
    Credentials, CredentialsError, DefaultProviderChain, FnProvider, ProvideCredentials as _,
    ProviderEnv,
};

/// The end of an error on each of these executors.
const NEEDS: [&str; 2] = [
    "the call is not made on a tokio runtime: call from a function under #[tokio::main], or from a \
     task of a runtime",
    "the tokio runtime has no time driver: build the runtime with enable_all()",
];

/// Returns the output on each of these executors.
fn outputs<F: Future>(make: impl Fn() -> F) -> [F::Output; 2] {
    let runtime = Builder::new_current_thread().build().unwrap();
    [make().now_or_never().expect("nothing is waited for"), runtime.block_on(make())]
}

#[test]
fn transient_failure_without_timer_is_not_retried() {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let provider = FnProvider::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        async { Err(CredentialsError::new("the vault is busy").transient()) }
    });
    for outcome in outputs(|| provider.credentials()) {
        let error = outcome.unwrap_err();
        assert_eq!(error.to_string(), "closure: the vault is busy");
        assert!(error.is_transient());
    }
    assert_eq!(calls.load(Ordering::Relaxed), 2, "one on each executor");
}

#[test]
fn closure_without_timer_has_credentials() {
    let provider = FnProvider::new(|| async { Ok(Credentials::new("fake-id", "fake")) });
    for outcome in outputs(|| provider.credentials()) {
        assert_eq!(outcome.unwrap().access_key_id(), "fake-id");
    }
}

#[test]
fn file_without_timer_is_an_error() {
    let chain = DefaultProviderChain::with_env(env_with(&[]));
    for (outcome, needs) in outputs(|| chain.credentials()).into_iter().zip(NEEDS) {
        let error = outcome.unwrap_err().to_string();
        let expected = format!("/.aliyun/config.json cannot be read: {needs}");
        assert!(error.contains(&expected), "{error}");
    }
    for (reports, needs) in outputs(|| chain.diagnose()).into_iter().zip(NEEDS) {
        assert!(format!("{reports:?}").contains(needs), "{reports:?}");
    }
}

#[test]
fn request_without_timer_is_an_error() {
    let env = env_with(&[]);
    let uri = CredentialsUri { uri: Some("http://sidecar.example/".into()) };
    for (outcome, needs) in outputs(|| uri.load(&env)).into_iter().zip(NEEDS) {
        let error = outcome.unwrap_err().into_error("URI");
        assert_eq!(error.to_string(), format!("URI: {needs}"));
        assert!(!error.is_transient());
    }
}

#[test]
fn program_without_timer_is_an_error() {
    let env = ProviderEnv { os: Arc::new(FakeOs::default()), ..env_with(&[]) };
    let program = ProcessCommand { command: "fake-program".into() };
    for (outcome, needs) in outputs(|| program.load(&env)).into_iter().zip(NEEDS) {
        let error = outcome.unwrap_err().into_error("program");
        assert_eq!(error.to_string(), format!("program: {needs}"));
    }
}
