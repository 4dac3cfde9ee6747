//! Outages of what credentials are loaded from: errors that pass, so that a call is retried and a
//! cache of secrets keeps its values.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::fake_env::{NoNetwork, env_with};
use crate::credentials::ecs_ram_role::EcsRamRole;
use crate::credentials::load::LoadCredentials as _;
use crate::credentials::load_error::LoadError;
use crate::credentials::uri::CredentialsUri;
use crate::credentials::{CredentialsError, ProviderEnv};
use crate::transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};

/// The metadata service of an instance with a role, which a test switches off.
#[derive(Debug, Default)]
struct Instance {
    is_down: AtomicBool,
}

impl HttpTransport for Instance {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        if self.is_down.load(Ordering::Relaxed) {
            return NoNetwork.send(request);
        }
        let body = match request.url.rsplit('/').next() {
            Some("token") => "fake-session-token",
            Some("") => "fake-role",
            _ => {
                r#"{"Code":"Success","AccessKeyId":"fake-id","AccessKeySecret":"fake-secret",
                    "SecurityToken":"fake-token","Expiration":"2026-11-24T12:00:00Z"}"#
            }
        };
        Box::pin(std::future::ready(Ok(HttpResponse::new(200, body))))
    }
}

#[track_caller]
fn failure(loaded: Result<impl Sized, LoadError>) -> CredentialsError {
    match loaded {
        Err(LoadError::Failed(error)) => error,
        Err(LoadError::NotConfigured(reason)) => panic!("not configured: {reason}"),
        Ok(_) => panic!("loaded"),
    }
}

#[tokio::test]
async fn metadata_service_that_was_used_is_not_absent() {
    let instance = Arc::new(Instance::default());
    let env = ProviderEnv { direct_transport: Arc::clone(&instance) as _, ..env_with(&[]) };
    let of_chain = EcsRamRole::default();
    of_chain.load(&env).await.unwrap();
    instance.is_down.store(true, Ordering::Relaxed);
    let error = failure(of_chain.load(&env).await);
    assert!(error.is_transient(), "{error}");
    assert!(error.to_string().contains("no response from 100.100.100.200"), "{error}");
    instance.is_down.store(false, Ordering::Relaxed);
    of_chain.load(&env).await.unwrap();
}

#[tokio::test]
async fn metadata_service_that_is_asked_for_may_come_up() {
    let error = failure(EcsRamRole::new(None).load(&env_with(&[])).await);
    assert!(error.is_transient(), "{error}");
    assert!(error.to_string().contains("there is no metadata service"), "{error}");
}

#[tokio::test]
async fn timeout_of_the_transport_is_transient() {
    #[derive(Debug)]
    struct Slow;
    impl HttpTransport for Slow {
        fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
            let error = TransportError::new(TransportErrorKind::Timeout, "no response in time");
            Box::pin(std::future::ready(Err(error)))
        }
    }
    let env = ProviderEnv { direct_transport: Arc::new(Slow), ..env_with(&[]) };
    let uri = CredentialsUri { uri: Some("http://sidecar.example/".into()) };
    let error = failure(uri.load(&env).await);
    assert!(error.is_transient(), "{error}");
}
