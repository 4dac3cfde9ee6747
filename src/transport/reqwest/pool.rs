//! [`Pools`]: the connections of a transport, apart for each runtime and process.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::{Client, redirect, retry};
use rustls::ClientConfig;
use tokio::runtime::{self, Handle};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use tower::util::MapFutureLayer;

use super::settings::PoolSettings;
use super::tls;
use crate::clock::{Clock as _, SystemClock};
use crate::error::BoxError;
use crate::transport::error::{TransportError, TransportErrorKind};

/// Load balancers of Alibaba Cloud close connections that were idle for 15 s unless set otherwise.
/// A request that meets such a close must be sent again.
/// <https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/add-an-https-listener>
const IDLE_TIMEOUT: Duration = Duration::from_secs(12);

/// Pools that are kept. A web server has a runtime for each core; only a process that starts one
/// runtime right after the other, such as a test binary, has more than this.
const MAX_POOLS: usize = 256;

/// The pools of one transport.
pub(super) struct Pools {
    settings: PoolSettings,
    /// With the certificates that all pools verify by, which are loaded only once.
    tls: OnceLock<ClientConfig>,
    pools: Mutex<HashMap<Home, UsedPool>>,
}

/// The runtime and the process that a connection belongs to. Another runtime must not need it,
/// since it may not be driven, and neither must a forked process, which shares the socket.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Home {
    runtime: runtime::Id,
    process: u32,
}

/// A pool and the time of its last request.
struct UsedPool {
    pool: Pool,
    last_used: Instant,
}

/// A client and the number of its connections that may still be used. A clone shares both.
#[derive(Clone)]
pub(super) struct Pool {
    pub(super) client: Client,
    pub(super) connections: Connections,
}

impl Pools {
    pub(super) fn new(settings: PoolSettings) -> Self {
        Self { settings, tls: OnceLock::new(), pools: Mutex::default() }
    }

    pub(super) fn settings(&self) -> &PoolSettings {
        &self.settings
    }

    /// Returns the pool of the runtime that this is called on.
    pub(super) fn of_this_runtime(&self) -> Result<Pool, TransportError> {
        let Ok(handle) = Handle::try_current() else {
            return Err(TransportError::new(
                TransportErrorKind::Configuration,
                "the call is not made on a tokio runtime",
            )
            .with_hint("call from a function under #[tokio::main], or from a task of a runtime"));
        };
        let home = Home { runtime: handle.id(), process: std::process::id() };
        self.of(home, SystemClock.instant())
    }

    fn of(&self, home: Home, now: Instant) -> Result<Pool, TransportError> {
        if let Some(known) = self.pools().get_mut(&home) {
            known.last_used = now;
            return Ok(known.pool.clone());
        }
        // Without the lock, since it runs code of the user. Of two threads of one runtime that are
        // here at the same time, the pool of the first is used.
        let new = UsedPool { pool: Pool::new(&self.settings, self.tls()?)?, last_used: now };
        let mut pools = self.pools();
        if !pools.contains_key(&home) {
            make_room(&mut pools, now);
        }
        Ok(pools.entry(home).or_insert(new).pool.clone())
    }

    fn tls(&self) -> Result<ClientConfig, TransportError> {
        if let Some(config) = self.tls.get() {
            return Ok(config.clone());
        }
        let config = tls::config(&self.settings.roots)?;
        Ok(self.tls.get_or_init(|| config).clone())
    }

    fn pools(&self) -> MutexGuard<'_, HashMap<Home, UsedPool>> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drops the pools whose connections have timed out, as those of a runtime that has ended, and if
/// there are too many still, the one that was not used for longest.
fn make_room(pools: &mut HashMap<Home, UsedPool>, now: Instant) {
    pools.retain(|_, known| {
        now.duration_since(known.last_used) <= IDLE_TIMEOUT || known.pool.connections.are_in_use()
    });
    if pools.len() >= MAX_POOLS {
        let oldest = pools.iter().min_by_key(|(_, known)| known.last_used).map(|(home, _)| *home);
        oldest.and_then(|home| pools.remove(&home));
    }
}

impl Pool {
    /// Makes a client with these settings. What keeps a request with its host is applied last.
    pub(super) fn new(settings: &PoolSettings, tls: ClientConfig) -> Result<Self, TransportError> {
        let mut builder = Client::builder().tls_backend_preconfigured(tls);
        if settings.bypass_proxy {
            builder = builder.no_proxy();
        }
        if let Some(configure) = &settings.configure {
            builder = configure.apply(builder);
        }
        let client = builder
            .connect_timeout(settings.connect_timeout)
            .connector_layer(MapFutureLayer::new(within_connect_timeout))
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(settings.max_connections)
            // One request for each connection, so that their number can be limited.
            .http1_only()
            .redirect(redirect::Policy::none())
            // Another attempt needs a new nonce, so only the layer that signs may retry.
            .retry(retry::never())
            .referer(false)
            .build();
        let client = client.map_err(|error| {
            let reason = "the HTTP client cannot be built as it was configured";
            TransportError::new(TransportErrorKind::Configuration, reason)
                .with_source(error.without_url())
        })?;
        Ok(Self { client, connections: Connections::new(settings) })
    }
}

/// The connections of a pool that may still be used.
#[derive(Clone)]
pub(super) struct Connections {
    free: Arc<Semaphore>,
    max: usize,
    /// The longest wait for one that is in use.
    timeout: Duration,
}

impl Connections {
    fn new(settings: &PoolSettings) -> Self {
        let max = settings.max_connections;
        Self { free: Arc::new(Semaphore::new(max)), max, timeout: settings.connect_timeout }
    }

    /// Returns whether a request has one or waits for one: it shares the number.
    fn are_in_use(&self) -> bool {
        Arc::strong_count(&self.free) > 1
    }

    /// Waits for a connection that may be used, first come, first served.
    pub(super) async fn acquire(
        &self,
        shorter_timeout: Option<Duration>,
    ) -> Result<OwnedSemaphorePermit, TransportError> {
        // Fails while another waits, so that none is overtaken; mostly it saves a timer.
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            return Ok(permit);
        }
        let limit = shorter_timeout.unwrap_or(self.timeout);
        if let Ok(Ok(permit)) = timeout(limit, Arc::clone(&self.free).acquire_owned()).await {
            return Ok(permit);
        }
        let reason = format!(
            "all {} connections of the client were in use for {} s",
            self.max,
            limit.as_secs_f64()
        );
        Err(TransportError::new(TransportErrorKind::ConnectTimeout, reason)
            .with_hint("make fewer calls at once, or raise max_connections"))
    }
}

tokio::task_local! {
    /// The connect timeout of the request that is being sent, if it has one of its own.
    static CONNECT_TIMEOUT: Option<Duration>;
}

/// Sends with a connect timeout of the request's own.
pub(super) async fn with_connect_timeout<F: Future>(limit: Option<Duration>, send: F) -> F::Output {
    CONNECT_TIMEOUT.scope(limit, send).await
}

/// Limits the making of a connection by the connect timeout of the request that it is made for.
///
/// The pool starts a connection while it is polled for the request that needs one: under HTTP/1 no
/// request waits for a connection that another has started. So the timeout is read in that
/// request's scope, and remains in force if the pool finishes the connection in the background
/// because another became free first.
fn within_connect_timeout<C, F>(connecting: F) -> impl Future<Output = Result<C, BoxError>>
where
    F: Future<Output = Result<C, BoxError>>,
{
    let limit = CONNECT_TIMEOUT.try_with(|limit| *limit).ok().flatten();
    async move {
        match limit {
            None => connecting.await,
            Some(limit) => match timeout(limit, connecting).await {
                Ok(outcome) => outcome,
                Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::super::certificates::RootCertificates;
    use super::super::settings::{Configure, Roots};
    use super::*;

    /// Returns a home on this runtime.
    fn home(process: u32) -> Home {
        Home { runtime: Handle::current().id(), process }
    }

    /// Returns the processes of the pools that are kept.
    fn known(pools: &Pools) -> Vec<u32> {
        let mut known: Vec<_> = pools.pools().keys().map(|home| home.process).collect();
        known.sort_unstable();
        known
    }

    /// Returns whether two pools have the same connections.
    fn is_same(left: &Pool, right: &Pool) -> bool {
        Arc::ptr_eq(&left.connections.free, &right.connections.free)
    }

    #[tokio::test]
    async fn forked_process_and_another_runtime_have_pools_of_their_own() {
        let pools = Pools::new(PoolSettings::default());
        let here = home(1);
        let other = tokio::task::spawn_blocking(|| {
            let runtime = runtime::Builder::new_current_thread().build().unwrap();
            runtime.handle().id()
        });
        let other_runtime = Home { runtime: other.await.unwrap(), ..here };
        let now = Instant::now();
        let pool = pools.of(here, now).unwrap();
        assert!(is_same(&pool, &pools.of(here, now).unwrap()));
        assert!(!is_same(&pool, &pools.of(home(2), now).unwrap()));
        assert!(!is_same(&pool, &pools.of(other_runtime, now).unwrap()));
        assert!(is_same(&pool, &pools.of(here, now).unwrap()));
    }

    /// As a web server with a runtime for each core.
    #[tokio::test]
    async fn runtimes_in_turn_keep_their_pools() {
        let pools = Pools::new(PoolSettings::default());
        let now = Instant::now();
        let made: Vec<_> = (0..64).map(|process| pools.of(home(process), now).unwrap()).collect();
        for (process, pool) in (0..64).zip(&made) {
            assert!(is_same(pool, &pools.of(home(process), now + IDLE_TIMEOUT).unwrap()));
        }
    }

    #[tokio::test]
    async fn pool_without_live_connections_is_dropped_for_a_new_one() {
        let pools = Pools::new(PoolSettings::default());
        let now = Instant::now();
        let in_use = pools.of(home(0), now).unwrap();
        for process in 1..=2 {
            pools.of(home(process), now).unwrap();
        }
        pools.of(home(2), now + Duration::from_secs(1)).unwrap();
        let later = now + IDLE_TIMEOUT + Duration::from_secs(1);
        pools.of(home(3), later).unwrap();
        assert_eq!(known(&pools), [0, 2, 3]);
        let permit = in_use.connections.acquire(None).await.unwrap();
        drop(in_use);
        pools.of(home(4), later).unwrap();
        assert_eq!(known(&pools), [0, 2, 3, 4], "a connection is in use");
        drop(permit);
        pools.of(home(5), later).unwrap();
        assert_eq!(known(&pools), [2, 3, 4, 5]);
    }

    #[tokio::test]
    async fn of_too_many_pools_the_least_recently_used_is_dropped() {
        let pools = Pools::new(PoolSettings::default());
        let now = Instant::now();
        let at = |process: u32| now + Duration::from_millis(process.into());
        for process in 0..MAX_POOLS as u32 {
            pools.of(home(process), at(process)).unwrap();
        }
        pools.of(home(0), at(1_000)).unwrap();
        pools.of(home(1_001), at(1_001)).unwrap();
        let known = known(&pools);
        assert_eq!((known.len(), &known[..2]), (MAX_POOLS, &[0, 2][..]));
    }

    #[test]
    fn pools_share_their_certificates() {
        let roots = Roots::PlatformAnd(RootCertificates::of_instances());
        let pools = Pools::new(PoolSettings { roots, ..PoolSettings::default() });
        let [one, other] = [pools.tls().unwrap(), pools.tls().unwrap()];
        // Each configuration has one of its own, and its clones share it.
        let is_clone =
            Arc::ptr_eq(&one.client_auth_cert_resolver, &other.client_auth_cert_resolver);
        assert!(is_clone, "each has a verifier of its own");
    }

    #[tokio::test]
    async fn slow_configuration_delays_no_other_runtime() {
        let pools = Arc::new(Mutex::new(Weak::<Pools>::new()));
        let is_free = Arc::new(AtomicBool::new(false));
        let configure = {
            let (pools, is_free) = (Arc::clone(&pools), Arc::clone(&is_free));
            Configure::new(move |builder| {
                let pools = pools.lock().unwrap().upgrade().unwrap();
                is_free.store(pools.pools.try_lock().is_ok(), Ordering::Relaxed);
                builder
            })
        };
        let settings = PoolSettings { configure: Some(configure), ..PoolSettings::default() };
        let configured = Arc::new(Pools::new(settings));
        *pools.lock().unwrap() = Arc::downgrade(&configured);
        configured.of(home(0), Instant::now()).unwrap();
        assert!(is_free.load(Ordering::Relaxed));
    }
}
