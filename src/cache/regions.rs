//! [`Regions`]: the clients of one or several regions, of which the first that responds serves a
//! read.

use std::future::Future;
use std::iter;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, Stream, StreamExt as _};
use tokio::time::sleep;

use super::breaker::Breaker;
use super::timer::Timer;
use crate::client::KmsClient;
use crate::error::{Error, ErrorKind, Result};

/// A call to one region.
pub(super) type RegionCall<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// The client of the first region, and those of the regions that are called when it fails.
#[derive(Debug)]
pub(super) struct Regions {
    first: Region,
    others: Vec<Region>,
    hedge_after: Option<Duration>,
    timer: Timer,
}

#[derive(Debug)]
pub(super) struct Region {
    client: KmsClient,
    host: Arc<str>,
    state: Mutex<RegionState>,
}

#[derive(Debug, Default)]
struct RegionState {
    breaker: Breaker,
    /// Returned while the breaker is open and no other region serves the read.
    last_failure: Option<Error>,
}

/// A response, and the host that returned it.
pub(super) struct Served<T> {
    pub(super) response: T,
    pub(super) host: Arc<str>,
}

impl Regions {
    pub(super) fn new(
        first: KmsClient,
        others: Vec<KmsClient>,
        hedge_after: Option<Duration>,
        timer: Timer,
    ) -> Self {
        let others = others.into_iter().map(Region::new).collect();
        Self { first: Region::new(first), others, hedge_after, timer }
    }

    pub(super) fn first(&self) -> &KmsClient {
        &self.first.client
    }

    pub(super) fn first_host(&self) -> &Arc<str> {
        &self.first.host
    }

    /// Calls only the first region.
    pub(super) async fn call_first<T>(
        &self,
        call: impl Fn(&KmsClient) -> RegionCall<T> + Send + Sync,
    ) -> Result<Served<T>> {
        let response = call(&self.first.client).await?;
        Ok(Served { response, host: Arc::clone(&self.first.host) })
    }

    /// Calls the regions whose breaker admits a call, in their order until one responds; the first
    /// one if no breaker does.
    ///
    /// The next region is called when a call fails in a transient way or takes longer than the
    /// hedging delay. Any other error of the first region is final. Errors of the other regions
    /// decide nothing: a secret that they lack may exist.
    pub(super) async fn call<T>(
        &self,
        call: impl Fn(&KmsClient) -> RegionCall<T> + Send + Sync,
    ) -> Result<Served<T>> {
        if self.others.is_empty() {
            return self.call_first(call).await;
        }
        // A region is admitted only when it is about to be called: its breaker admits one trial.
        let is_admitted = |region: &&Region| region.try_admit(self.timer.now());
        let mut waiting = self.others.iter();
        let admitted = iter::once(&self.first).chain(waiting.by_ref()).find(is_admitted);
        let mut calls = FuturesUnordered::new();
        calls.push(admitted.unwrap_or(&self.first).call(&call));
        let mut failure = None;
        loop {
            if calls.is_empty() {
                match waiting.find(is_admitted) {
                    Some(region) => calls.push(region.call(&call)),
                    None => return Err(self.failure(failure)),
                }
            }
            let hedge_after = self.hedge_after.filter(|_| waiting.len() > 0);
            match next_within(&mut calls, hedge_after).await {
                Some((region, Ok(response))) => {
                    region.responded();
                    return Ok(Served { response, host: Arc::clone(&region.host) });
                }
                Some((region, Err(error))) if error.is_retryable() => {
                    region.failed(&error, self.timer.now(), self.timer.draw());
                    failure.get_or_insert(error);
                }
                Some((region, Err(error))) => {
                    region.responded();
                    if self.is_first(region) {
                        return Err(error);
                    }
                }
                None => calls.extend(waiting.find(is_admitted).map(|region| region.call(&call))),
            }
        }
    }

    fn is_first(&self, region: &Region) -> bool {
        std::ptr::eq(region, &self.first)
    }

    /// Returns what a call failed with when no region responded: the failure of the first region if
    /// it was called, or else the one that opened its breaker.
    fn failure(&self, failure: Option<Error>) -> Error {
        let last_of_first = self.first.lock().last_failure.clone();
        let none = || Error::new(ErrorKind::Unavailable, "no region was called");
        last_of_first.or(failure).unwrap_or_else(none)
    }
}

/// Returns the next outcome; `None` if there is none within the time.
async fn next_within<S: Stream + Unpin>(calls: &mut S, time: Option<Duration>) -> Option<S::Item> {
    let Some(time) = time else { return calls.next().await };
    match select(calls.next(), pin!(sleep(time))).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) => None,
    }
}

impl Region {
    fn new(client: KmsClient) -> Self {
        Self { host: client.host().into(), client, state: Mutex::default() }
    }

    async fn call<T>(&self, call: impl Fn(&KmsClient) -> RegionCall<T>) -> (&Self, Result<T>) {
        (self, call(&self.client).await)
    }

    fn try_admit(&self, now: Duration) -> bool {
        self.lock().breaker.try_admit(now)
    }

    fn responded(&self) {
        let mut state = self.lock();
        state.breaker.succeeded();
        state.last_failure = None;
    }

    fn failed(&self, error: &Error, now: Duration, draw: f64) {
        let mut state = self.lock();
        state.breaker.failed(now, draw);
        state.last_failure = Some(error.clone());
    }

    fn lock(&self) -> MutexGuard<'_, RegionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
