//! [`Background`]: the task that refreshes the secrets of a cache before a reader has to wait.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::sleep;

use super::engine::Engine;

/// Refreshes that are due within this time are made together.
const WINDOW: Duration = Duration::from_millis(50);

/// The time between two looks at a cache whose secrets never age.
const IDLE: Duration = Duration::from_secs(60 * 60);

/// The background task of a cache. It ends when this is dropped, with the last handle of the cache.
#[derive(Debug, Default)]
pub(super) struct Background {
    task: Mutex<Option<AbortHandle>>,
}

impl Background {
    /// Starts the task on the caller's runtime, if it does not run yet or ended with another
    /// runtime.
    pub(super) fn ensure_running(&self, engine: &Arc<Engine>) {
        let Ok(runtime) = Handle::try_current() else { return };
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if task.as_ref().is_none_or(AbortHandle::is_finished) {
            *task = Some(runtime.spawn(run(Arc::downgrade(engine))).abort_handle());
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let task = self.task.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = task {
            task.abort();
        }
    }
}

async fn run(engine: Weak<Engine>) {
    while let Some((settled, wait)) = engine.upgrade().map(|engine| {
        let now = engine.timer().now();
        let next = engine.refresh_due(now.saturating_add(WINDOW), &Handle::current());
        let wait = next.map_or(IDLE, |at| at.saturating_sub(now));
        (Arc::clone(engine.settled()), wait)
    }) {
        // A refresh that ended may have brought an earlier time. Others may end at the same moment.
        if let Either::Left(_) = select(pin!(settled.notified()), pin!(sleep(wait))).await {
            sleep(WINDOW).await;
        }
    }
}
