//! [`SecretChanges`]: the versions of a secret, as a stream.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::cached_secret::CachedSecret;
use super::engine::{Engine, Subscription};
use super::jitter;
use super::secret_key::SecretKey;
use crate::call::check_runtime;

/// The pauses of a watcher after the first and after many failures in a row to read a secret that
/// has no value.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// The versions of a secret: a [`Stream`] made by
/// [`SecretCache::watch`](super::SecretCache::watch).
///
/// It yields the value that is served now, or the first one that can be read, and then each new
/// version. If a version was replaced before the stream was polled, only the later one is yielded.
/// The stream refreshes the secret itself while it is polled, with the jitter and the pauses of the
/// cache, so that it needs no other reader and no background task. It never fails: while the secret
/// cannot be read it waits.
///
/// The stream ends only if the key is not valid, such as an empty name, or if it is polled where
/// nothing can be waited for: without a runtime, on one that has no time driver, or on one that was
/// shut down. It counts as a handle of the cache.
#[must_use = "streams do nothing unless polled"]
pub struct SecretChanges {
    versions: Pin<Box<dyn Stream<Item = Arc<CachedSecret>> + Send>>,
}

impl SecretChanges {
    /// `handle` lives as long as the stream.
    pub(super) fn new<H: Send + 'static>(
        engine: Arc<Engine>,
        key: SecretKey<'static>,
        handle: H,
    ) -> Self {
        let watcher =
            Watcher { engine, key, changes: None, last: None, failures: 0, _handle: handle };
        let versions = stream::unfold(watcher, |mut watcher| async {
            let version = watcher.next().await?;
            Some((version, watcher))
        });
        Self { versions: Box::pin(versions) }
    }
}

impl Stream for SecretChanges {
    type Item = Arc<CachedSecret>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().versions.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for SecretChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretChanges").finish_non_exhaustive()
    }
}

struct Watcher<H> {
    engine: Arc<Engine>,
    key: SecretKey<'static>,
    changes: Option<watch::Receiver<()>>,
    last: Option<Arc<CachedSecret>>,
    /// Reads in a row that left no value to serve.
    failures: u32,
    _handle: H,
}

impl<H> Watcher<H> {
    /// Returns the next version; `None` if there can be none.
    async fn next(&mut self) -> Option<Arc<CachedSecret>> {
        loop {
            check_runtime().ok()?;
            let Subscription { changes, secret, next_refresh } = self.engine.subscribe(&self.key);
            // Kept between polls too, since a secret with a watcher is not evicted.
            let changes = self.changes.insert(changes);
            let Some(secret) = secret else {
                self.load().await?;
                continue;
            };
            self.failures = 0;
            if !self.last.as_ref().is_some_and(|last| last.is_same_version(&secret)) {
                self.last = Some(Arc::clone(&secret));
                return Some(secret);
            }
            // Whatever comes of it, the entry says what to do next.
            match next_refresh.map(|at| at.saturating_sub(self.engine.timer().now())) {
                Some(Duration::ZERO) => {
                    let _ = self.engine.await_refresh(&self.key).await?;
                }
                Some(wait) => {
                    let _ = timeout(wait, changes.changed()).await;
                }
                None => {
                    let _ = changes.changed().await;
                }
            }
        }
    }

    /// Tries to read the secret, and waits before the next try if that fails.
    async fn load(&mut self) -> Option<()> {
        match self.engine.await_refresh(&self.key).await? {
            // A response may have the same kind, such as one with an unknown code.
            Err(error) if error.is_invalid_input() && error.attempts() == 0 => return None,
            Err(_) => {
                self.failures = self.failures.saturating_add(1);
                let draw = self.engine.timer().draw();
                let pause = jitter::pause(FIRST_PAUSE, MAX_PAUSE, self.failures, draw);
                sleep(pause).await;
            }
            Ok(_) => {}
        }
        Some(())
    }
}
