//! Waits for work that the service continues after its response: deletions and rotations.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::{Instant, sleep};

use crate::call::{CallContext, call};
use crate::error::{Error, ErrorKind, Resource, Result};
use crate::operation::Operation;
use crate::secrets::describe_secret::DescribeSecretRequest;
use crate::secrets::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::secrets::rotate_secret::RotateSecretRequest;

const MIN_PAUSE: Duration = Duration::from_millis(500);
/// One poll every ten seconds is a small part of any quota.
const MAX_PAUSE: Duration = Duration::from_secs(10);
/// The time that the last poll has, which starts when the time of the wait is up.
const MIN_POLL_TIMEOUT: Duration = Duration::from_secs(1);

pub(crate) async fn is_secret_pending_deletion(
    context: Arc<CallContext>,
    secret_name: String,
) -> Result<bool> {
    let secret = call(context, DescribeSecretRequest::new(secret_name)).await?;
    Ok(secret.planned_delete_time.is_some())
}

pub(crate) async fn wait_until_secret_deleted(
    context: Arc<CallContext>,
    secret_name: String,
    timeout: Duration,
) -> Result<()> {
    let mut poller = Poller::new(context, &secret_name, timeout);
    loop {
        let describe = DescribeSecretRequest::new(&*secret_name);
        let failure = match poller.poll(describe).await {
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) if error.is_retryable() => poller.timed_out_unknown(error),
            Err(error) => return Err(error),
            Ok(secret) => match secret.planned_delete_time {
                Some(planned) if poller.ends_before(planned) => {
                    let found = format!(
                        "the deletion of {secret_name:?} is scheduled for {planned}, so it will \
                         still exist"
                    );
                    return Err(poller.timed_out(&found));
                }
                _ => poller.timed_out(&format!("{secret_name:?} still exists")),
            },
        };
        if !poller.pause().await {
            return Err(failure);
        }
    }
}

pub(crate) async fn rotate_secret_and_wait(
    context: Arc<CallContext>,
    request: RotateSecretRequest,
    timeout: Duration,
) -> Result<GetSecretValueResponse> {
    let secret_name = request.secret_name.clone();
    let version_id = request.version_id.clone();
    let get = GetSecretValueRequest::new(&*secret_name);
    call(Arc::clone(&context), request).await?;
    let mut poller = Poller::new(context, &secret_name, timeout);
    loop {
        let failure = match poller.poll(get.clone()).await {
            Ok(response) if response.version_id == version_id => return Ok(response),
            Ok(_) => poller.timed_out(&format!(
                "{version_id:?} is not the current version of {secret_name:?}"
            )),
            Err(error) if error.is_retryable() => poller.timed_out_unknown(error),
            Err(error) => return Err(error),
        };
        if !poller.pause().await {
            return Err(failure);
        }
    }
}

/// The polls of one wait: its deadline, and the pauses between them, which grow.
struct Poller<'n> {
    context: Arc<CallContext>,
    secret_name: &'n str,
    started: Instant,
    timeout: Duration,
    pause: Duration,
}

impl<'n> Poller<'n> {
    fn new(context: Arc<CallContext>, secret_name: &'n str, timeout: Duration) -> Self {
        let started = context.clock.instant();
        Self { context, secret_name, started, timeout, pause: MIN_PAUSE }
    }

    fn remaining(&self) -> Duration {
        self.timeout.saturating_sub(self.context.clock.instant() - self.started)
    }

    /// Returns whether the time is up before something that the service does at `time`.
    fn ends_before(&self, time: DateTime<Utc>) -> bool {
        let until = (time - self.context.service_time()).to_std();
        until.is_ok_and(|until| until > self.remaining())
    }

    /// Polls once, within the remaining time and the timeout of a call.
    fn poll<O: Operation>(
        &self,
        operation: O,
    ) -> impl Future<Output = Result<O::Response>> + Send + Sync + use<O> {
        let mut context = CallContext::clone(&self.context);
        let remaining = self.remaining().max(MIN_POLL_TIMEOUT);
        context.limits.call_timeout = context.limits.call_timeout.min(remaining);
        call(Arc::new(context), operation)
    }

    /// Sleeps until the next poll; false if no time remains for it.
    async fn pause(&mut self) -> bool {
        let remaining = self.remaining();
        if remaining.is_zero() {
            return false;
        }
        sleep(self.pause.min(remaining)).await;
        self.pause = (self.pause * 2).min(MAX_PAUSE);
        true
    }

    /// Returns the error for a wait that ends with `found`, now or certainly when its time is up.
    fn timed_out(&self, found: &str) -> Error {
        let what = format!("{found} after {} s", self.timeout.as_secs_f64());
        let error = Error::new(ErrorKind::Timeout, what).with_host(self.context.endpoint.host());
        error.on_resource(Some(Resource::named(self.secret_name)))
    }

    /// Returns the error for a wait whose last poll failed.
    fn timed_out_unknown(&self, poll: Error) -> Error {
        let found = format!("the state of {:?} is unknown", self.secret_name);
        self.timed_out(&found).with_source(Some(poll.into()))
    }
}
