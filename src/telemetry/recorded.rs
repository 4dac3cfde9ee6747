//! Spans and events.

use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use tracing::field::Empty;
use tracing::{Instrument as _, Span, debug, info_span};

use crate::endpoint::Endpoint;
use crate::error::{Error, Resource};

/// The span of one call, all its attempts and waits in it. Dropped before the call
/// [`ended`](Self::ended), it was cancelled.
pub(crate) struct CallSpan {
    span: Span,
    ended: bool,
}

impl CallSpan {
    pub(crate) fn new(
        operation: &str,
        resource: Option<Resource<'_>>,
        endpoint: &Endpoint,
    ) -> Self {
        let resource = resource.as_ref();
        let (address, port) = endpoint.address();
        let span = info_span!(
            target: "alibabacloud_kms",
            "call",
            otel.kind = "client",
            rpc.system = "alibabacloud",
            rpc.service = "Kms",
            rpc.method = operation,
            server.address = address,
            server.port = port,
            cloud.region = endpoint.region(),
            alibabacloud.kms.resource = resource.map(Resource::name),
            alibabacloud.kms.version_id = resource.and_then(Resource::version_id),
            alibabacloud.kms.version_stage = resource.and_then(Resource::version_stage),
            alibabacloud.request_id = Empty,
            attempts = Empty,
            outcome = Empty,
            error.type = Empty,
            http.response.status_code = Empty,
            duration_ms = Empty,
        );
        Self { span, ended: false }
    }

    /// The future that `call` makes of the span, which is entered whenever it is polled, and only
    /// then.
    pub(crate) fn around<C: FnOnce(Self) -> F, F: Future>(
        self,
        call: C,
    ) -> impl Future<Output = F::Output> + use<C, F> {
        let span = self.span.clone();
        call(self).instrument(span)
    }

    /// Tells how the call ended.
    pub(crate) fn ended(
        mut self,
        outcome: Result<&str, &Error>,
        attempts: u32,
        duration: Duration,
    ) {
        self.ended = true;
        let span = &self.span;
        span.record("attempts", attempts);
        span.record("duration_ms", u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
        match outcome {
            Ok(request_id) => {
                span.record("outcome", "success");
                span.record("alibabacloud.request_id", request_id);
            }
            Err(error) => {
                span.record("outcome", "failure");
                span.record("error.type", error_type(error));
                if let Some(request_id) = error.request_id() {
                    span.record("alibabacloud.request_id", request_id);
                }
                if let Some(status) = error.http_status() {
                    span.record("http.response.status_code", status);
                }
            }
        }
    }
}

impl Drop for CallSpan {
    fn drop(&mut self) {
        if !self.ended {
            self.span.record("outcome", "cancelled");
        }
    }
}

/// The service's code or, where there is none, the kind.
pub(super) fn error_type(error: &Error) -> String {
    error.code().map_or_else(|| format!("{:?}", error.kind()), ToOwned::to_owned)
}

/// Tells of one attempt, within the call's span. `attempt` is 0 when it had nothing to send.
pub(crate) fn attempt_ended(attempt: u32, outcome: Result<(), &Error>) {
    let resent = attempt.saturating_sub(1);
    match outcome {
        Ok(()) => {
            debug!(target: "alibabacloud_kms", { http.request.resend_count = resent }, "attempt succeeded");
        }
        Err(error) => {
            let error_type = error_type(error);
            debug!(
                target: "alibabacloud_kms",
                { http.request.resend_count = resent, error.type = error_type, error = %error },
                "attempt failed"
            );
        }
    }
}

/// Tells of a wait before the next attempt, within the call's span.
pub(crate) fn waiting(wait: Duration) {
    debug!(target: "alibabacloud_kms", wait_ms = wait.as_secs_f64() * 1_000.0, "waiting before the next attempt");
}

/// Tells of a wait for room in a quota group, within the call's span.
pub(crate) fn waiting_for_quota(group: impl Debug, wait: Duration) {
    debug!(
        target: "alibabacloud_kms",
        { quota_group = ?group, wait_ms = wait.as_secs_f64() * 1_000.0 },
        "waiting for the quota"
    );
}
