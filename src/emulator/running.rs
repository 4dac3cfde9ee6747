//! [`Emulator`]: the handle of a running emulator.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::AbortHandle;

use super::canned_response::CannedResponse;
use super::faults::Injection;
use super::handlers::IMPLEMENTATIONS;
use super::request_log::RequestRecord;
use super::secret::EmulatedSecret;
use super::state::SharedState;
use super::time::Time;
use super::transport::EmulatorTransport;
use crate::client::{KmsClient, KmsClientBuilder};
use crate::clock::{Clock as _, SystemClock};
use crate::credentials::Credentials;
use crate::error::Result;
use crate::rate_limit::RateLimits;

/// A running emulator. Dropping it stops it and closes its connections.
///
/// Start a new one in each test: it is as fast as opening a port, and tests that share
/// nothing can run concurrently.
///
/// The server of an emulator that was [started](Self::start) is a task of the runtime that started
/// it, so it makes no progress while a test blocks a single-threaded runtime. An emulator that is
/// [in process](Self::in_process) has no server, no port and no task.
pub struct Emulator {
    state: Arc<SharedState>,
    endpoint: String,
    credentials: Credentials,
    /// `None` if it is in process.
    server: Option<AbortHandle>,
}

impl Emulator {
    pub(super) fn new(
        state: Arc<SharedState>,
        endpoint: String,
        credentials: Credentials,
        server: Option<AbortHandle>,
    ) -> Self {
        Self { state, endpoint, credentials, server }
    }

    /// Returns the names of the operations that emulators implement, sorted.
    ///
    /// ```
    /// use alibabacloud_kms::emulator::Emulator;
    ///
    /// assert!(Emulator::operations().any(|name| name == "ListSecrets"));
    /// ```
    pub fn operations() -> impl Iterator<Item = &'static str> {
        IMPLEMENTATIONS.iter().map(|implementation| implementation.spec.name)
    }

    /// Returns its address, `http://127.0.0.1:PORT`, without a slash at the end. The address of an
    /// emulator that is [in process](Self::in_process) only identifies it: nothing listens there.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Returns the first credentials that it was configured with, which it accepts.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.credentials.clone()
    }

    /// Creates a client of this emulator with the settings of
    /// [`client_builder`](Self::client_builder).
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if TLS cannot be set up, which every
    /// client does.
    pub fn client(&self) -> Result<KmsClient> {
        self.client_builder().build()
    }

    /// Returns settings of a client of this emulator: its [endpoint](Self::endpoint), its
    /// [credentials](Self::credentials), its region, which is `cn-hangzhou` unless it is one of
    /// [`EmulatedRegions`](super::EmulatedRegions), and [no rate limits](RateLimits::unlimited), so
    /// that a test which sends more than the service's quotas allow does not wait. For an emulator
    /// that is [in process](Self::in_process) its [transport](Self::transport) is set too.
    ///
    /// Such a client has one region; [`EmulatedRegions`](super::EmulatedRegions) creates clients
    /// that can call several. All settings can be overridden:
    ///
    /// ```
    /// use alibabacloud_kms::emulator::{Emulator, Fault};
    /// use alibabacloud_kms::retry::RetryPolicy;
    /// use alibabacloud_kms::secrets::ListSecretsRequest;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client_builder().retry_policy(RetryPolicy::disabled()).build()?;
    ///
    /// emulator.inject(Fault::throttled());
    /// assert!(client.list_secrets(ListSecretsRequest::new()).await.unwrap_err().is_throttled());
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_builder(&self) -> KmsClientBuilder {
        let builder = self.client_builder_without_endpoint().endpoint(&self.endpoint);
        match &self.server {
            Some(_) => builder,
            None => builder.transport(self.transport()),
        }
    }

    pub(super) fn client_builder_without_endpoint(&self) -> KmsClientBuilder {
        KmsClient::builder()
            .region(&self.state.lock().account.store.region().id)
            .credentials(self.credentials())
            .rate_limits(RateLimits::unlimited())
    }

    /// Returns a transport that responds in process: no request reaches a socket, whatever host it
    /// is for. It works while the emulator exists.
    ///
    /// Faults of the connection become the errors that a client of a socket gets.
    ///
    /// ```
    /// use alibabacloud_kms::KmsClient;
    /// use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// use alibabacloud_kms::secrets::ListSecretsRequest;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::in_process();
    /// emulator.add_secret(EmulatedSecret::new("prod/db"));
    ///
    /// let client = KmsClient::builder()
    ///     .region("cn-hangzhou")
    ///     .credentials(emulator.credentials())
    ///     .transport(emulator.transport())
    ///     .build()?;
    /// assert_eq!(client.list_secrets(ListSecretsRequest::new()).await?.total_count, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport(&self) -> EmulatorTransport {
        EmulatorTransport::new(&self.state)
    }

    /// Adds a secret to the account. It replaces one with the same name.
    pub fn add_secret(&self, secret: EmulatedSecret) {
        let mut state = self.state.lock();
        let now = state.time.now(SystemClock.now());
        state.account.store.add(secret, now);
    }

    /// Removes a secret immediately, without a recovery window. Returns false if no secret has
    /// that name.
    pub fn remove_secret(&self, name: &str) -> bool {
        let mut state = self.state.lock();
        let now = state.time.now(SystemClock.now());
        state.account.store.remove(name, now)
    }

    /// Returns the names of all secrets that exist now, in byte order.
    #[must_use]
    pub fn secret_names(&self) -> Vec<String> {
        let state = self.state.lock();
        let now = state.time.now(SystemClock.now());
        state.account.store.iter(now).map(|stored| stored.secret.name().to_owned()).collect()
    }

    /// Adds a managed data key with this many versions, at least one. No operation of the service
    /// creates one. It replaces one with the same name.
    pub fn add_managed_data_key(&self, name: impl Into<String>, versions: usize) {
        self.state.lock().account.store.keys.add_managed_data_key(name.into(), versions);
    }

    /// Returns the emulator's time, which is the system time unless it was set or moved.
    #[must_use]
    pub fn time(&self) -> DateTime<Utc> {
        self.state.lock().time.now(SystemClock.now())
    }

    /// Sets the emulator's time, and freezes it there.
    ///
    /// A client whose clock is more than 15 minutes away from it is rejected with
    /// `InvalidTimeStamp.Expired`; the response's `Date` header contains the emulator's time.
    pub fn set_time(&self, time: DateTime<Utc>) {
        self.state.lock().time = Time::Frozen(time);
    }

    /// Moves the emulator's time forward, or back by a negative step: beyond a recovery window, for
    /// example. It does not freeze a running time.
    pub fn advance(&self, by: TimeDelta) {
        let mut state = self.state.lock();
        state.time = state.time.advanced(by);
    }

    /// Returns to the system time, as at the start.
    pub fn use_system_time(&self) {
        self.state.lock().time = Time::default();
    }

    /// Expires the token of a temporary access key: from now on requests with it are rejected with
    /// `InvalidSecurityToken.Expired`. Returns false if no temporary access key has that id.
    pub fn expire_token(&self, access_key_id: &str) -> bool {
        let mut state = self.state.lock();
        let now = state.time.now(SystemClock.now());
        state.account.expire_token(access_key_id, now)
    }

    /// Injects a fault into requests to come. The oldest injection that applies to a request
    /// decides.
    pub fn inject(&self, injection: impl Into<Injection>) {
        self.state.lock().faults.inject(injection.into());
    }

    /// Removes all injected faults. Requests in flight still meet theirs.
    pub fn clear_faults(&self) {
        self.state.lock().faults.clear();
    }

    /// Registers the response to an operation: one that emulators do not implement, or instead of
    /// what they return. It replaces an earlier one for the same operation.
    ///
    /// Unlike a [`Fault::Response`](super::Fault::Response) it is sent only to requests with a
    /// valid signature.
    ///
    /// ```
    /// use alibabacloud_kms::emulator::{CannedResponse, Emulator};
    ///
    /// let emulator = Emulator::in_process();
    /// emulator.set_response("GetKmsInstance", CannedResponse::json(r#"{"KmsInstance": {}}"#));
    /// ```
    pub fn set_response(&self, action: impl Into<String>, response: CannedResponse) {
        self.state.lock().registered.insert(action.into(), response);
    }

    /// Returns how many requests have arrived, rejected and failed ones included.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.state.lock().log.count()
    }

    /// Returns how many connections were accepted, closed ones included: one for a client that
    /// reuses its own, none for an in-process transport.
    #[must_use]
    pub fn connection_count(&self) -> u64 {
        self.state.lock().connections
    }

    /// Returns the received requests, oldest first, at most the latest 1,000.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.state.lock().log.latest()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::Fault;
    use crate::secrets::list_secrets::ListSecretsRequest;
    use crate::secrets::rotate_secret::RotateSecretRequest;
    use crate::tags::list_tag_resources::ListTagResourcesRequest;
    use crate::types::ResourceType;

    const fn is_send_and_sync<T: Send + Sync + 'static>() {}
    const _: () = is_send_and_sync::<Emulator>();

    #[tokio::test]
    async fn debug_shows_the_endpoint_and_no_credentials() {
        let emulator = Emulator::builder().access_key("fake-id", "fake-secret").start().await;
        let emulator = emulator.unwrap();
        let expected = format!("Emulator {{ endpoint: {:?}, .. }}", emulator.endpoint());
        assert_eq!(format!("{emulator:?}"), expected);
    }

    #[tokio::test]
    async fn client_has_credentials_and_region_and_no_rate_limits() {
        let builder =
            Emulator::builder().temporary_access_key("STS.fake", "fake-secret", "fake-token");
        for emulator in [builder.clone().start().await.unwrap(), builder.in_process().unwrap()] {
            emulator.add_secret(EmulatedSecret::new("a").secret_type("Rds").tag("team", "core"));
            let client = emulator.client().unwrap();
            let request = ListTagResourcesRequest::new(ResourceType::Secret);
            let response = client.list_tag_resources(request).await.unwrap();
            assert_eq!(response.tag_resources.len(), 1);
            // One more than the service's quota of an hour.
            for version in 0..51 {
                let request = RotateSecretRequest::new("a").version_id(format!("r{version}"));
                client.rotate_secret(request).await.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn secret_does_not_exist_from_its_deletion_time_on() {
        let emulator = Emulator::start().await.unwrap();
        emulator.set_time("2026-01-01T00:00:00Z".parse().unwrap());
        let planned = emulator.time() + TimeDelta::days(7);
        emulator.add_secret(EmulatedSecret::new("pending").planned_delete_time(planned));
        emulator.add_secret(EmulatedSecret::new("staying"));
        assert_eq!(emulator.secret_names(), ["pending", "staying"]);
        emulator.advance(TimeDelta::days(7));
        assert_eq!(emulator.secret_names(), ["staying"]);
        assert!(!emulator.remove_secret("pending"));
        assert!(emulator.remove_secret("staying"));
        emulator.use_system_time();
        assert!((Utc::now() - emulator.time()).abs() < TimeDelta::minutes(1));
    }

    #[tokio::test]
    async fn registered_response_replaces_the_emulators_own() {
        let emulator = Emulator::in_process();
        let client = emulator.client().unwrap();
        let page = r#"{"RequestId":"r","PageNumber":1,"PageSize":10,"TotalCount":0,
            "SecretList":{"Secret":[]}}"#;
        emulator.add_secret(EmulatedSecret::new("a"));
        emulator.set_response("ListSecrets", CannedResponse::json(page));
        let list = async || client.list_secrets(ListSecretsRequest::new()).await;
        assert_eq!(list().await.unwrap().total_count, 0);
        emulator.inject(Fault::error(403, "Forbidden.NoPermission"));
        assert!(list().await.is_err(), "a fault takes precedence");
        let requests = emulator.requests();
        assert_eq!(requests.iter().map(|r| r.faulty).collect::<Vec<_>>(), [false, true]);
    }

    #[tokio::test]
    async fn fault_for_an_unknown_action_applies() {
        let emulator = Emulator::in_process();
        let canned = CannedResponse::json(r#"{"KmsInstance":{}}"#);
        emulator.inject(Fault::from(canned).for_action("GetKmsInstance"));
        let send = async || {
            let url =
                "https://kms.cn-hangzhou.aliyuncs.com/?Action=GetKmsInstance&Version=2016-01-20";
            let request = crate::transport::HttpRequest::new(http::Method::GET, url);
            crate::transport::HttpTransport::send(&emulator.transport(), request).await.unwrap()
        };
        assert_eq!(send().await.status, 200);
        let unknown = send().await;
        assert_eq!(unknown.status, 404);
        assert!(String::from_utf8_lossy(&unknown.body).contains("InvalidAction.NotFound"));
    }
}
