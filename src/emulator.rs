//! A KMS look-alike on a loopback port, to test a program against without an account (feature `emulator`).
//!
//! ```
//! use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
//! use alibabacloud_kms::secrets::ListSecretsRequest;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start().await?;
//! emulator.add_secret(EmulatedSecret::new("prod/db").tag("team", "core"));
//!
//! let client = emulator.client()?;
//! let page = client.list_secrets(ListSecretsRequest::new()).await?;
//! assert_eq!(page.secrets[0].secret_name, "prod/db");
//! # Ok(())
//! # }
//! ```
//!
//! # What it answers
//!
//! These operations, with the service's paging, filters, limits, and bodies in JSON; any other is refused with
//! `InvalidAction.NotFound`:
//!
//! - on secrets: `ListSecrets`, `CreateSecret`, `DescribeSecret`, `UpdateSecret`, `DeleteSecret`, `RestoreSecret`;
//! - on values: `GetSecretValue` (with `DryRun`), `PutSecretValue`;
//! - on versions: `ListSecretVersionIds`, `UpdateSecretVersionStage`;
//! - on rotation: `RotateSecret`, `UpdateSecretRotationPolicy`, `GetRandomPassword`;
//! - on policies: `GetSecretPolicy`, `SetSecretPolicy`;
//! - on tags: `TagResource`, `UntagResource`, `TagResources`, `UntagResources`, `ListTagResources`, `ListResourceTags`;
//! - `DescribeRegions`.
//!
//! There are secrets alone: encryption keys and certificates are never found. Policies are kept and not acted upon.
//!
//! Requests come by GET or POST, with their parameters in the query, in a form body, or in both.
//!
//! It checks the signature, version 1.0 (HMAC-SHA1) or ACS3-HMAC-SHA256, the timestamp (15 minutes either way), the nonce, the
//! key and its token, and refuses what the service refuses, with its codes and statuses. The official clients need no other
//! setting than the endpoint.
//!
//! # Where the service's documentation is silent
//!
//! In the repository `tests/conformance` can hold most of this against the real service.
//!
//! - Secrets are listed by name, in byte order, or in another [order](ListOrder) that was chosen; versions newest first.
//! - A filter value has to match the whole text, case and all, save that `*` stands for any text. The values of a filter are
//!   alternatives; several filters all have to match; a filter without values restricts nothing.
//! - ACS3 has to sign `host`, each `x-acs-` header, and `content-type` where there is a body, or the signature is incomplete;
//!   more may be signed. A body that is not the one whose hash was signed is a signature that does not match.
//! - A secret that awaits deletion is listed, described and read until its time has come. It takes no new value and no label.
//! - A secret is created in any KMS instance whose id begins with `kst-`; other instances are not found. Of several accounts or
//!   access keys the first is the value. A secret of RAM credentials is named `acs/ram/user/` and its user.
//! - A deletion without recovery is carried out whatever recovery window stands beside it.
//! - `UpdateSecret` leaves alone what it is not given, and takes the pairs of `ExtendedConfig.CustomData` as one JSON text, as
//!   documented, or one by one as `ExtendedConfig.CustomData.<key>`, as the newest official libraries for Go and Python send them.
//! - A dry run that would be refused is a `ValidationError`; its status is 400.
//! - A label is moved from whichever version has it, unless the request names one to take it from: then only from that one.
//! - An eleventh version takes the place of the earliest that has no label.
//! - A secret is rotated to a made-up value, at once when asked to and otherwise when it is next looked at after its time; of
//!   several times that passed it is rotated at the latest only. One that was never rotated counts from its creation. To
//!   rotate one of the type `Generic` is refused with 400 `InvalidParameter`.
//! - A random password is made of the id of its request, so that it is no secret; without `RequireEachIncludedType` it may
//!   lack a type.
//! - A secret in an instance begins with a policy that allows the account everything.
//! - Listed tags are those of the secrets that have every tag asked for, by name and in the order in which they were set. The
//!   `RegionId` is required and makes no difference. More than 20 tags on a secret are refused with `Rejected.LimitExceeded`.
//! - A body of more than 2 MiB is refused with 413 `RequestEntityTooLarge`.
//! - A version that does not exist is answered as a secret that does not: 404 `Forbidden.ResourceNotFound`.
//!
//! # What can go wrong
//!
//! Any [`Fault`] can be [injected](Emulator::inject): throttling, errors, broken bodies, lost answers, dead connections, for all
//! requests or for those of an operation or a secret. [`Emulator::requests`] tells what arrived and how it was answered,
//! and [`EmulatorBuilder::on_request`] as it happens. The service's quotas are kept when [asked for](EmulatorBuilder::enforce_quotas).

mod authenticate;
mod builder;
mod error_response;
mod faults;
mod handlers;
mod location;
mod quotas;
mod regions;
mod request;
mod request_log;
mod response;
mod rotation;
mod secret;
mod server;
mod state;
mod store;
mod tags;
mod time;
mod versions;
#[cfg(test)]
mod without_sockets;

use std::fmt;
use std::io;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::AbortHandle;

pub use builder::EmulatorBuilder;
pub use faults::{CannedResponse, Fault, Injection};
pub use regions::EmulatedRegions;
pub use request_log::RequestRecord;
pub use secret::EmulatedSecret;
pub use store::ListOrder;

use self::state::SharedState;
use self::time::Time;
use crate::client::{KmsClient, KmsClientBuilder};
use crate::clock::{Clock as _, SystemClock};
use crate::credentials::Credentials;
use crate::error::Result;
use crate::rate_limit::RateLimits;

/// A running emulator. Dropping it stops the server and closes its connections.
///
/// Start a new one in each test: it takes no longer than opening a port, and tests that share nothing can run side by side.
/// Its server is a task of the runtime it was started in, so it makes no progress while the test blocks a single-threaded one.
pub struct Emulator {
    state: Arc<SharedState>,
    endpoint: String,
    credentials: Credentials,
    server: AbortHandle,
}

impl Emulator {
    /// Starts an emulator on a free loopback port, with one made-up key, no secrets, and the machine's time.
    ///
    /// # Errors
    ///
    /// When no port can be opened.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with I/O and time enabled.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts one with other keys, a certain port, or secrets from the beginning.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Its address, `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// A key that it accepts: the first one it was given, with its token if it has one.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.credentials.clone()
    }

    /// A client of this emulator, made by [`client_builder`](Self::client_builder) without further settings.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), when TLS cannot be set up, which every client does.
    pub fn client(&self) -> Result<KmsClient> {
        self.client_builder().build()
    }

    /// Settings of a client of this emulator: its [endpoint](Self::endpoint), its [key](Self::credentials), the region
    /// `cn-hangzhou`, and [no rate limits](RateLimits::unlimited), so that a test which sends more than the service's quotas
    /// allow does not wait for its turn.
    ///
    /// Such a client is of one region: those of [`EmulatedRegions`] make clients of others. What is set on it goes before that:
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
        self.client_builder_without_endpoint().endpoint(&self.endpoint)
    }

    fn client_builder_without_endpoint(&self) -> KmsClientBuilder {
        KmsClient::builder()
            .region(self.state.lock().account.store.region())
            .credentials(self.credentials())
            .rate_limits(RateLimits::unlimited())
    }

    /// Puts a secret into the account, in the place of one with the same name.
    pub fn add_secret(&self, secret: EmulatedSecret) {
        let mut state = self.state.lock();
        let now = state.time.now(SystemClock.now());
        state.account.store.add(secret, now);
    }

    /// Takes a secret away at once, without any deletion window. False if there was none of that name.
    pub fn remove_secret(&self, name: &str) -> bool {
        let mut state = self.state.lock();
        let now = state.time.now(SystemClock.now());
        state.account.store.remove(name, now)
    }

    /// The names of all secrets that exist now, in byte order.
    #[must_use]
    pub fn secret_names(&self) -> Vec<String> {
        let state = self.state.lock();
        let now = state.time.now(SystemClock.now());
        state.account.store.iter(now).map(|stored| stored.secret.name().to_owned()).collect()
    }

    /// The emulator's time: that of the machine unless it was set or moved.
    #[must_use]
    pub fn time(&self) -> DateTime<Utc> {
        self.state.lock().time.now(SystemClock.now())
    }

    /// Stops the emulator's time at this moment.
    ///
    /// A client whose clock is more than 15 minutes away from it is refused with `InvalidTimeStamp.Expired`; the `Date` header
    /// tells it the emulator's time.
    pub fn set_time(&self, time: DateTime<Utc>) {
        self.state.lock().time = Time::Standing(time);
    }

    /// Moves the emulator's time on, or back by a negative step: past a deletion window, say. Time that runs goes on running.
    pub fn advance(&self, by: TimeDelta) {
        let mut state = self.state.lock();
        state.time = state.time.advanced(by);
    }

    /// Takes the machine's time again, as at the start.
    pub fn use_system_time(&self) {
        self.state.lock().time = Time::default();
    }

    /// Ends the life of a temporary key now: requests with its token are refused with `InvalidSecurityToken.Expired` from
    /// here on. False if there is no temporary key of that id.
    pub fn expire_token(&self, access_key_id: &str) -> bool {
        let mut state = self.state.lock();
        let now = state.time.now(SystemClock.now());
        state.account.expire_token(access_key_id, now)
    }

    /// Lets requests to come go wrong; the oldest injection that applies to a request decides.
    pub fn inject(&self, injection: impl Into<Injection>) {
        self.state.lock().faults.inject(injection.into());
    }

    /// Takes back all injected faults; requests that are being answered still meet theirs.
    pub fn clear_faults(&self) {
        self.state.lock().faults.clear();
    }

    /// How many requests have arrived, refused and failed ones included.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.state.lock().journal.count()
    }

    /// How many connections were made to it, closed ones included: one for a client that reuses its own.
    #[must_use]
    pub fn connection_count(&self) -> u64 {
        self.state.lock().connections
    }

    /// The requests that arrived, oldest first, at most the latest 1,000.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.state.lock().journal.latest()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.server.abort();
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
    use crate::secrets::rotate_secret::RotateSecretRequest;
    use crate::tags::list_tag_resources::ListTagResourcesRequest;
    use crate::types::ResourceType;

    const fn is_send_and_sync<T: Send + Sync + 'static>() {}
    const _: () = is_send_and_sync::<Emulator>();

    #[tokio::test]
    async fn debug_shows_where_it_is_and_no_key() {
        let emulator = Emulator::builder().access_key("fake-id", "fake-secret").start().await;
        let emulator = emulator.unwrap();
        let expected = format!("Emulator {{ endpoint: {:?}, .. }}", emulator.endpoint());
        assert_eq!(format!("{emulator:?}"), expected);
    }

    #[tokio::test]
    async fn its_clients_have_its_key_and_region_and_wait_for_no_turn() {
        let builder =
            Emulator::builder().temporary_access_key("STS.fake", "fake-secret", "fake-token");
        let emulator = builder.start().await.unwrap();
        emulator.add_secret(EmulatedSecret::new("a").secret_type("Rds").tag("team", "core"));
        let client = emulator.client().unwrap();
        let request = ListTagResourcesRequest::new(ResourceType::Secret);
        assert_eq!(client.list_tag_resources(request).await.unwrap().tag_resources.len(), 1);
        // One more than the service's quota of an hour.
        for version in 0..51 {
            let request = RotateSecretRequest::new("a").version_id(format!("r{version}"));
            client.rotate_secret(request).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_secret_leaves_when_its_time_has_come() {
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
}
