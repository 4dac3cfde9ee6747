//! [`EmulatorBuilder`]: what an emulator starts with.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::authenticate::Nonces;
use super::faults::Faults;
use super::handlers::Account;
use super::location::Location;
use super::quotas::Quotas;
use super::request_log::{Journal, Observer, RequestRecord};
use super::state::{SharedState, State};
use super::store::Store;
use super::time::Time;
use super::{EmulatedSecret, Emulator, ListOrder, server};
use crate::clock::{Clock as _, SystemClock};
use crate::credentials::Credentials;
use crate::rate_limit::{Quota, QuotaGroup};

/// Settings of an [`Emulator`] that is yet to start; made by [`Emulator::builder`].
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
#[derive(Debug, Default)]
#[must_use = "it starts nothing until `start`"]
pub struct EmulatorBuilder {
    keys: Vec<Credentials>,
    port: u16,
    secrets: Vec<EmulatedSecret>,
    list_order: ListOrder,
    quotas: Quotas,
    observer: Option<Observer>,
    location: Location,
}

impl EmulatorBuilder {
    /// Accepts this key, and with the first one given no longer the made-up one. May be called several times.
    pub fn access_key(self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.key(Credentials::new(id, secret))
    }

    /// Accepts this key, as from STS, only together with this security token.
    pub fn temporary_access_key(
        self,
        id: impl Into<String>,
        secret: impl Into<String>,
        token: impl Into<String>,
    ) -> Self {
        self.key(Credentials::new(id, secret).with_security_token(token))
    }

    fn key(mut self, key: Credentials) -> Self {
        self.keys.push(key);
        self
    }

    /// Listens on this port of 127.0.0.1. The default, 0, takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Adds these secrets before the first request; of two with one name the later stays.
    pub fn secrets(mut self, secrets: impl IntoIterator<Item = EmulatedSecret>) -> Self {
        self.secrets.extend(secrets);
        self
    }

    /// Lists in this order. The default is by name.
    pub fn list_order(mut self, order: ListOrder) -> Self {
        self.list_order = order;
        self
    }

    /// Keeps to the quotas that the service documents, group by group of operations: in any second (for `RotateSecret`, any
    /// hour) of the emulator's time no more requests are carried out, and the others are refused with status 429,
    /// `Rejected.Throttling`. Without this everything is carried out.
    ///
    /// ```
    /// use alibabacloud_kms::emulator::Emulator;
    /// use alibabacloud_kms::retry::RetryPolicy;
    /// use alibabacloud_kms::secrets::ListSecretsRequest;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::builder().enforce_quotas().start().await?;
    /// emulator.set_time(emulator.time()); // no second passes
    /// let hasty = emulator.client_builder().retry_policy(RetryPolicy::disabled()).build()?;
    /// for _ in 0..40 {
    ///     hasty.list_secrets(ListSecretsRequest::new()).await?;
    /// }
    /// assert!(hasty.list_secrets(ListSecretsRequest::new()).await.unwrap_err().is_throttled());
    /// # Ok(())
    /// # }
    /// ```
    pub fn enforce_quotas(mut self) -> Self {
        self.quotas.enforce_documented();
        self
    }

    /// Keeps a group to this quota: so many `requests` in any stretch of `per`, 0 for none at all. After
    /// [`enforce_quotas`](Self::enforce_quotas) it replaces the documented figure.
    pub fn quota(mut self, group: QuotaGroup, requests: u32, per: Duration) -> Self {
        self.quotas.enforce(group, Quota::new(requests, per));
        self
    }

    pub(super) fn located(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// Tells of each request once it is known how it is answered and before it is, so that the answer waits: to log it, say. Of
    /// several calls the last counts. Afterwards [`Emulator::requests`] tells the same.
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
    pub fn on_request(mut self, tell: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer::new(tell));
        self
    }

    /// Opens the port and starts to answer.
    ///
    /// # Errors
    ///
    /// - When the port cannot be opened, such as one that is in use. The error names it.
    /// - Of kind [`InvalidInput`](io::ErrorKind::InvalidInput), when a key is empty or has control characters.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> io::Result<Emulator> {
        let Self { mut keys, port, secrets, list_order, quotas, observer, location } = self;
        if keys.is_empty() {
            keys.push(Credentials::new("emulator-key-id", "emulator-key-secret"));
        }
        for key in &keys {
            key.validate().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        }
        let credentials = keys[0].clone();
        let mut store = Store::new(location, list_order);
        for secret in secrets {
            store.add(secret, SystemClock.now());
        }

        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.map_err(|error| {
            io::Error::new(error.kind(), format!("{address} cannot be listened on: {error}"))
        })?;
        let host = listener.local_addr()?.to_string();
        let endpoint = format!("http://{host}");
        let state = State {
            account: Account { keys, nonces: Nonces::default(), quotas, store },
            faults: Faults::default(),
            journal: Journal::default(),
            connections: 0,
            time: Time::default(),
            host,
        };
        let state = Arc::new(SharedState::new(state, observer));
        let server = tokio::spawn(server::serve(listener, Arc::clone(&state))).abort_handle();
        Ok(Emulator { state, endpoint, credentials, server })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_key_is_the_one_to_use_and_replaces_the_made_up_one() {
        let emulator = Emulator::start().await.unwrap();
        assert_eq!(emulator.credentials().access_key_id(), "emulator-key-id");
        let builder =
            Emulator::builder().temporary_access_key("STS.fake", "fake-secret", "fake-token");
        let emulator = builder.access_key("fake-id", "fake-secret").start().await.unwrap();
        assert_eq!(emulator.credentials().access_key_id(), "STS.fake");
        assert!(emulator.credentials().security_token().is_some());
    }

    #[tokio::test]
    async fn what_cannot_be_a_key_is_refused() {
        let error = Emulator::builder().access_key("fake-id", "").start().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), "the access key secret is empty");
    }

    #[tokio::test]
    async fn a_port_in_use_is_refused() {
        let first = Emulator::start().await.unwrap();
        let port: u16 = first.endpoint().rsplit_once(':').unwrap().1.parse().unwrap();
        let error = Emulator::builder().port(port).start().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        let named = format!("127.0.0.1:{port} cannot be listened on: ");
        assert!(error.to_string().starts_with(&named), "{error}");
    }
}
