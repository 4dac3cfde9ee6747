//! Waiting for what the service does after it has answered.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::call::{CallContext, call};
use crate::error::{Error, ErrorKind, Result};
use crate::ops::Operation;
use crate::ops::describe_secret::DescribeSecretRequest;
use crate::ops::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::ops::rotate_secret::RotateSecretRequest;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// A look every ten seconds is a small part of any quota.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

pub(crate) async fn is_pending_deletion(
    context: Arc<CallContext>,
    secret_name: String,
) -> Result<bool> {
    let secret = call(context, DescribeSecretRequest::new(secret_name)).await?;
    Ok(secret.planned_delete_time.is_some())
}

pub(crate) async fn wait_until_deleted(
    context: Arc<CallContext>,
    secret_name: String,
    timeout: Duration,
) -> Result<()> {
    let mut patience = Patience::new(Arc::clone(&context), timeout);
    loop {
        let look = DescribeSecretRequest::new(&*secret_name);
        let failure = match call(Arc::clone(&context), look).await {
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) if error.is_retryable() => error,
            Err(error) => return Err(error),
            Ok(_) => patience.end::<DescribeSecretRequest>("the secret is still there"),
        };
        if !patience.wait().await {
            return Err(failure);
        }
    }
}

pub(crate) async fn rotate_and_wait(
    context: Arc<CallContext>,
    request: RotateSecretRequest,
    timeout: Duration,
) -> Result<GetSecretValueResponse> {
    let look = GetSecretValueRequest::new(request.secret_name());
    let wanted = request.version_id().to_owned();
    call(Arc::clone(&context), request).await?;
    let mut patience = Patience::new(Arc::clone(&context), timeout);
    loop {
        let failure = match call(Arc::clone(&context), look.clone()).await {
            Ok(answer) if answer.version_id == wanted => return Ok(answer),
            Ok(_) => {
                patience.end::<GetSecretValueRequest>("the new version is not the current one")
            }
            Err(error) if error.is_retryable() => error,
            Err(error) => return Err(error),
        };
        if !patience.wait().await {
            return Err(failure);
        }
    }
}

/// The time for looks at something, and the pauses between them, which grow.
struct Patience {
    context: Arc<CallContext>,
    started: Instant,
    timeout: Duration,
    pause: Duration,
}

impl Patience {
    fn new(context: Arc<CallContext>, timeout: Duration) -> Self {
        let started = context.clock.instant();
        Self { context, started, timeout, pause: FIRST_PAUSE }
    }

    /// Lets time pass for another look; false if there is none left.
    async fn wait(&mut self) -> bool {
        let left = self.timeout.saturating_sub(self.context.clock.instant() - self.started);
        if left.is_zero() {
            return false;
        }
        sleep(self.pause.min(left)).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }

    /// The error for what the looks of an operation `O` find when the time is up.
    fn end<O: Operation>(&self, found: &str) -> Error {
        let what = format!("{found} after {} s", self.timeout.as_secs_f64());
        let error = Error::new(ErrorKind::Timeout, what).in_operation(O::NAME);
        error.at_host(self.context.endpoint.host())
    }
}
