//! [`Pools`]: the connections of a transport, apart for each runtime and process.

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, redirect, retry};
use tokio::runtime::{self, Handle};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tower::util::MapFutureLayer;

use super::settings::PoolSettings;
use super::tls;
use crate::error::BoxError;
use crate::transport::error::{TransportError, TransportErrorKind};

/// Load balancers of Alibaba Cloud close connections that were idle for 15 s unless set otherwise.
/// A request that meets such a close must be sent again.
/// <https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/add-an-https-listener>
const IDLE_TIMEOUT: Duration = Duration::from_secs(12);

/// Pools that are kept. Only a process that starts one runtime after the other, such as a test
/// binary, has more.
const MAX_POOLS: usize = 8;

/// The pools of one transport, the most recently used last.
pub(super) struct Pools {
    settings: PoolSettings,
    pools: Mutex<Vec<(Home, Pool)>>,
}

/// The runtime and the process that a connection belongs to. Another runtime must not need it,
/// since it may not be driven, and neither must a forked process, which shares the socket.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Home {
    runtime: runtime::Id,
    process: u32,
}

/// A client and the number of its connections that may still be used. A clone shares both.
#[derive(Clone)]
pub(super) struct Pool {
    pub(super) client: Client,
    pub(super) connections: Connections,
}

impl Pools {
    pub(super) fn new(settings: PoolSettings) -> Self {
        Self { settings, pools: Mutex::default() }
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
        self.of(Home { runtime: handle.id(), process: std::process::id() })
    }

    fn of(&self, home: Home) -> Result<Pool, TransportError> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = pools.iter().position(|(known, _)| *known == home) {
            pools[found..].rotate_left(1);
        } else {
            pools.push((home, Pool::new(&self.settings)?));
            if pools.len() > MAX_POOLS {
                pools.remove(0);
            }
        }
        let (_, pool) = &pools[pools.len() - 1];
        Ok(pool.clone())
    }
}

impl Pool {
    /// Makes a client with these settings. What keeps a request with its host is applied last.
    pub(super) fn new(settings: &PoolSettings) -> Result<Self, TransportError> {
        let mut builder =
            Client::builder().tls_backend_preconfigured(tls::config(&settings.roots)?);
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
    use super::*;

    /// Returns whether two pools have the same connections.
    fn is_same(left: &Pool, right: &Pool) -> bool {
        Arc::ptr_eq(&left.connections.free, &right.connections.free)
    }

    #[tokio::test]
    async fn forked_process_and_another_runtime_have_pools_of_their_own() {
        let pools = Pools::new(PoolSettings::default());
        let here = Home { runtime: Handle::current().id(), process: 1 };
        let other = tokio::task::spawn_blocking(|| {
            let runtime = runtime::Builder::new_current_thread().build().unwrap();
            runtime.handle().id()
        });
        let other_runtime = Home { runtime: other.await.unwrap(), ..here };
        let fork = Home { process: 2, ..here };
        let pool = pools.of(here).unwrap();
        assert!(is_same(&pool, &pools.of(here).unwrap()));
        assert!(!is_same(&pool, &pools.of(fork).unwrap()));
        assert!(!is_same(&pool, &pools.of(other_runtime).unwrap()));
        assert!(is_same(&pool, &pools.of(here).unwrap()));
    }

    #[tokio::test]
    async fn pool_that_was_not_used_for_longest_is_dropped() {
        let pools = Pools::new(PoolSettings::default());
        let home = |process| Home { runtime: Handle::current().id(), process };
        let kept = pools.of(home(0)).unwrap();
        let dropped = pools.of(home(1)).unwrap();
        for process in 2..=MAX_POOLS as u32 {
            pools.of(home(process)).unwrap();
            pools.of(home(0)).unwrap();
        }
        assert_eq!(pools.pools.lock().unwrap().len(), MAX_POOLS);
        assert!(is_same(&kept, &pools.of(home(0)).unwrap()));
        assert!(!is_same(&dropped, &pools.of(home(1)).unwrap()));
    }
}
