//! Waiting for what the service does after it has answered.

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

const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// A look every ten seconds is a small part of any quota.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What the last look has, which begins when the time is up.
const SHORTEST_LOOK: Duration = Duration::from_secs(1);

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
    let mut patience = Patience::new(context, &secret_name, timeout);
    loop {
        let look = DescribeSecretRequest::new(&*secret_name);
        let failure = match patience.look(look).await {
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) if error.is_retryable() => patience.end_unseen(error),
            Err(error) => return Err(error),
            Ok(secret) => match secret.planned_delete_time {
                Some(planned) if patience.ends_before(planned) => {
                    let found = format!("{secret_name:?}, to be deleted on {planned}, is there");
                    return Err(patience.end(&found));
                }
                _ => patience.end(&format!("{secret_name:?} is still there")),
            },
        };
        if !patience.wait().await {
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
    let look = GetSecretValueRequest::new(&*secret_name);
    let wanted = request.version_id.clone();
    call(Arc::clone(&context), request).await?;
    let mut patience = Patience::new(context, &secret_name, timeout);
    loop {
        let failure = match patience.look(look.clone()).await {
            Ok(answer) if answer.version_id == wanted => return Ok(answer),
            Ok(_) => {
                patience.end(&format!("{wanted:?} is not the current version of {secret_name:?}"))
            }
            Err(error) if error.is_retryable() => patience.end_unseen(error),
            Err(error) => return Err(error),
        };
        if !patience.wait().await {
            return Err(failure);
        }
    }
}

/// The time for looks at something, and the pauses between them, which grow.
struct Patience<'n> {
    context: Arc<CallContext>,
    secret_name: &'n str,
    started: Instant,
    timeout: Duration,
    pause: Duration,
}

impl<'n> Patience<'n> {
    fn new(context: Arc<CallContext>, secret_name: &'n str, timeout: Duration) -> Self {
        let started = context.clock.instant();
        Self { context, secret_name, started, timeout, pause: FIRST_PAUSE }
    }

    fn left(&self) -> Duration {
        self.timeout.saturating_sub(self.context.clock.instant() - self.started)
    }

    /// Whether the time is up before something that the service plans for `planned`.
    fn ends_before(&self, planned: DateTime<Utc>) -> bool {
        let until = (planned - self.context.service_time()).to_std();
        until.is_ok_and(|until| until > self.left())
    }

    /// Looks once, in the time that is left and that a call may have.
    fn look<O: Operation>(
        &self,
        look: O,
    ) -> impl Future<Output = Result<O::Response>> + Send + Sync + use<O> {
        let mut context = CallContext::clone(&self.context);
        let left = self.left().max(SHORTEST_LOOK);
        context.limits.call_timeout = context.limits.call_timeout.min(left);
        call(Arc::new(context), look)
    }

    /// Lets time pass for another look; false if there is none left.
    async fn wait(&mut self) -> bool {
        let left = self.left();
        if left.is_zero() {
            return false;
        }
        sleep(self.pause.min(left)).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }

    /// The error for what is found in place of what was waited for, or is known to be found when the time is up.
    fn end(&self, found: &str) -> Error {
        let what = format!("{found} after {} s", self.timeout.as_secs_f64());
        let error = Error::new(ErrorKind::Timeout, what).with_host(self.context.endpoint.host());
        error.on_resource(Some(Resource::named(self.secret_name)))
    }

    /// The error for a look that failed, if it is the last.
    fn end_unseen(&self, look: Error) -> Error {
        let found = format!("what became of {:?} is not known", self.secret_name);
        self.end(&found).with_source(Some(look.into()))
    }
}
