//! [`EmulatorBuilder`]: the settings of an emulator, and its start.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;

use super::account::Account;
use super::nonces::Nonces;
use super::quotas::Quotas;
use super::region::Region;
use super::request_log::{Observer, RequestRecord};
use super::running::Emulator;
use super::secret::EmulatedSecret;
use super::server;
use super::state::{SharedState, State};
use super::store::{ListOrder, Store};
use crate::clock::{Clock as _, SystemClock};
use crate::credentials::Credentials;
use crate::rate_limit::{Quota, QuotaGroup};

/// Settings of an [`Emulator`], created by [`Emulator::builder`].
///
/// ```
/// use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let emulator = Emulator::builder()
///     .access_key("fake-id", "fake-secret")
///     .secrets(["prod/db", "prod/cache"].map(EmulatedSecret::new))
///     .start()
///     .await?;
/// assert_eq!(emulator.secret_names(), ["prod/cache", "prod/db"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "the emulator runs after `start` or `in_process`"]
pub struct EmulatorBuilder {
    credentials: Vec<Credentials>,
    port: u16,
    secrets: Vec<EmulatedSecret>,
    list_order: ListOrder,
    quotas: Quotas,
    observer: Option<Observer>,
    region: Region,
}

/// The host of an emulator without a port. The domain never resolves:
/// <https://www.rfc-editor.org/rfc/rfc6761#section-6.4>.
const IN_PROCESS_HOST: &str = "kms.emulator.invalid";

impl Emulator {
    /// Starts an emulator on a free loopback port, with one fake access key, no secrets, and the
    /// system time.
    ///
    /// # Errors
    ///
    /// If no port can be opened.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O and time enabled.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Creates an emulator without a port: only its [clients](Self::client) and its
    /// [transport](Self::transport) reach it.
    ///
    /// It needs no runtime and no permission to open sockets, and works on paused tokio time. What
    /// happens on the wire, such as the reuse of connections, is not emulated.
    ///
    /// ```
    /// use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::in_process();
    /// emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// assert_eq!(emulator.client()?.get_secret_value("prod/db").await?.version_id, "v1");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn in_process() -> Self {
        Self::builder().run_in_process()
    }

    /// Returns a builder, for other credentials, a certain port, or initial secrets.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }
}

impl EmulatorBuilder {
    /// Accepts this access key. The first one replaces the fake one. May be called several times.
    pub fn access_key(self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.add_credentials(Credentials::new(id, secret))
    }

    /// Accepts this access key, as from STS, only together with this security token. May be called
    /// several times.
    pub fn temporary_access_key(
        self,
        id: impl Into<String>,
        secret: impl Into<String>,
        token: impl Into<String>,
    ) -> Self {
        self.add_credentials(Credentials::new(id, secret).with_security_token(token))
    }

    fn add_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials.push(credentials);
        self
    }

    /// Sets the port of 127.0.0.1 to listen on. The default, 0, chooses a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Adds these secrets before the first request. Their names must differ.
    pub fn secrets(mut self, secrets: impl IntoIterator<Item = EmulatedSecret>) -> Self {
        self.secrets.extend(secrets);
        self
    }

    /// Sets the order of listings. The default is by name.
    pub fn list_order(mut self, order: ListOrder) -> Self {
        self.list_order = order;
        self
    }

    /// Enforces the quotas that the service documents, for each quota group: in any second (for
    /// `RotateSecret`, any hour) of the emulator's time no more requests are executed, and the
    /// others are rejected with status 429, `Rejected.Throttling`. By default no quota is enforced.
    ///
    /// ```
    /// use alibabacloud_kms::emulator::Emulator;
    /// use alibabacloud_kms::retry::RetryPolicy;
    /// use alibabacloud_kms::secrets::ListSecretsRequest;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::builder().enforce_quotas().start().await?;
    /// emulator.set_time(emulator.time()); // all requests are in the same second
    /// let client = emulator.client_builder().retry_policy(RetryPolicy::disabled()).build()?;
    /// for _ in 0..40 {
    ///     client.list_secrets(ListSecretsRequest::new()).await?;
    /// }
    /// assert!(client.list_secrets(ListSecretsRequest::new()).await.unwrap_err().is_throttled());
    /// # Ok(())
    /// # }
    /// ```
    pub fn enforce_quotas(mut self) -> Self {
        self.quotas.enforce_documented();
        self
    }

    /// Enforces this quota for a group; one of 0 requests rejects all. After
    /// [`enforce_quotas`](Self::enforce_quotas) it replaces the documented quota.
    pub fn quota(mut self, group: QuotaGroup, quota: Quota) -> Self {
        self.quotas.enforce(group, quota);
        self
    }

    pub(super) fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Calls `observe` for each request, after the response is determined and before it is sent, to
    /// log it for example. The response waits for it. Of several calls the last one counts.
    /// [`Emulator::requests`] returns the same records afterwards.
    ///
    /// ```
    /// use std::sync::mpsc;
    ///
    /// use alibabacloud_kms::secrets::ListSecretsRequest;
    /// use alibabacloud_kms::emulator::Emulator;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (sender, requests) = mpsc::channel();
    /// let builder = Emulator::builder().on_request(move |request| {
    ///     let _ = sender.send(request.clone());
    /// });
    /// let emulator = builder.start().await?;
    /// emulator.client()?.list_secrets(ListSecretsRequest::new()).await?;
    ///
    /// let request = requests.recv()?;
    /// assert_eq!((&*request.action, request.status), ("ListSecrets", Some(200)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_request(mut self, observe: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer::new(observe));
        self
    }

    /// Opens the port and starts to respond.
    ///
    /// # Errors
    ///
    /// - If the port cannot be opened, for example because it is in use. The error names it.
    /// - Of kind [`InvalidInput`](io::ErrorKind::InvalidInput) if an access key is empty or
    ///   contains control characters, or if two secrets have the same name.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> io::Result<Emulator> {
        self.validate()?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listener = TcpListener::bind(address).await.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
        })?;
        let host = listener.local_addr()?.to_string();
        let endpoint = format!("http://{host}");
        let (state, credentials) = self.into_state(host);
        let server = tokio::spawn(server::serve(listener, Arc::clone(&state))).abort_handle();
        Ok(Emulator::new(state, endpoint, credentials, Some(server)))
    }

    /// Creates the emulator without a port, as [`Emulator::in_process`] does. The
    /// [port](Self::port) has no effect.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidInput`](io::ErrorKind::InvalidInput) if an access key is empty or contains
    /// control characters, or if two secrets have the same name.
    pub fn in_process(self) -> io::Result<Emulator> {
        self.validate()?;
        Ok(self.run_in_process())
    }

    fn run_in_process(self) -> Emulator {
        let (state, credentials) = self.into_state(IN_PROCESS_HOST.to_owned());
        Emulator::new(state, format!("https://{IN_PROCESS_HOST}"), credentials, None)
    }

    fn validate(&self) -> io::Result<()> {
        let invalid = |reason| io::Error::new(io::ErrorKind::InvalidInput, reason);
        for credentials in &self.credentials {
            credentials.validate().map_err(|error| invalid(error.to_string()))?;
        }
        let mut names = BTreeSet::new();
        for secret in &self.secrets {
            if !names.insert(secret.name()) {
                return Err(invalid(format!("two secrets are named {:?}", secret.name())));
            }
            if let Some(duplicate) = secret.duplicate() {
                return Err(invalid(duplicate));
            }
        }
        Ok(())
    }

    /// Returns the state with the first accepted credentials.
    fn into_state(self, host: String) -> (Arc<SharedState>, Credentials) {
        let Self { mut credentials, port: _, secrets, list_order, quotas, observer, region } = self;
        if credentials.is_empty() {
            credentials.push(Credentials::new("emulator-key-id", "emulator-key-secret"));
        }
        let first = credentials[0].clone();
        let mut store = Store::new(region, list_order);
        for secret in secrets {
            store.add(secret, SystemClock.now());
        }
        let account = Account { credentials, nonces: Nonces::default(), quotas, store };
        let state = State { account, host, ..State::default() };
        (Arc::new(SharedState::new(state, observer)), first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::SecretValue;

    #[tokio::test]
    async fn first_access_key_replaces_the_fake_one() {
        let emulator = Emulator::start().await.unwrap();
        assert_eq!(emulator.credentials().access_key_id(), "emulator-key-id");
        let builder =
            Emulator::builder().temporary_access_key("STS.fake", "fake-secret", "fake-token");
        let emulator = builder.access_key("fake-id", "fake-secret").start().await.unwrap();
        assert_eq!(emulator.credentials().access_key_id(), "STS.fake");
        assert!(emulator.credentials().security_token().is_some());
    }

    #[tokio::test]
    async fn invalid_settings_are_rejected() {
        let secrets =
            |names: [&str; 2]| Emulator::builder().secrets(names.map(EmulatedSecret::new));
        let twice = EmulatedSecret::new("a").value(SecretValue::text("fake"));
        let twice = twice.version("v1", SecretValue::text("fake-other"));
        for (builder, expected) in [
            (Emulator::builder().access_key("fake-id", ""), "the access key secret is empty"),
            (secrets(["prod/db", "prod/db"]), "two secrets are named \"prod/db\""),
            (
                Emulator::builder().secrets([twice]),
                "the secret \"a\" has the VersionId \"v1\" twice",
            ),
        ] {
            for error in
                [builder.clone().start().await.unwrap_err(), builder.in_process().unwrap_err()]
            {
                assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
                assert_eq!(error.to_string(), expected);
            }
        }
    }

    #[tokio::test]
    async fn port_in_use_is_an_error_that_names_it() {
        let first = Emulator::start().await.unwrap();
        let port: u16 = first.endpoint().rsplit_once(':').unwrap().1.parse().unwrap();
        let error = Emulator::builder().port(port).start().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        let expected = format!("cannot listen on 127.0.0.1:{port}: ");
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}
