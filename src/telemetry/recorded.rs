//! Spans and events for the subscribers of `tracing`.

use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use tracing::field::Empty;
use tracing::{Instrument as _, Span, debug, info_span};

use crate::endpoint::Endpoint;
use crate::error::{Error, Resource};

/// The span of one call, with all its attempts and waits. A call whose span is dropped before it
/// [`ended`](Self::ended) was cancelled.
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
            "kms_call",
            otel.name = tracing::field::display(format_args!("Kms/{operation}")),
            otel.kind = "client",
            otel.status_code = Empty,
            rpc.system = "alibabacloud",
            rpc.service = "Kms",
            rpc.method = operation,
            server.address = address,
            server.port = port,
            cloud.region = endpoint.region(),
            alibabacloud.kms.resource = resource.map(Resource::name),
            alibabacloud.kms.version_id = resource.and_then(Resource::version_id),
            alibabacloud.kms.version_stage = resource.and_then(Resource::version_stage),
            alibabacloud.kms.error_kind = Empty,
            alibabacloud.request_id = Empty,
            attempts = Empty,
            outcome = Empty,
            error.type = Empty,
            http.response.status_code = Empty,
            duration_ms = Empty,
        );
        Self { span, ended: false }
    }

    /// Returns the future that `call` makes of the span. The span is entered only while the future
    /// is polled.
    pub(crate) fn around<C: FnOnce(Self) -> F, F: Future>(
        self,
        call: C,
    ) -> impl Future<Output = F::Output> + use<C, F> {
        let span = self.span.clone();
        call(self).instrument(span)
    }

    /// Records how the call ended. A success has its request id.
    pub(crate) fn ended(
        mut self,
        outcome: Result<&str, &Error>,
        attempts: u32,
        duration: Duration,
    ) {
        self.ended = true;
        let span = &self.span;
        span.record("attempts", attempts);
        span.record("duration_ms", milliseconds(duration));
        match outcome {
            Ok(request_id) => {
                span.record("outcome", "success");
                span.record("alibabacloud.request_id", request_id);
            }
            Err(error) => {
                span.record("outcome", "failure");
                span.record("otel.status_code", "ERROR");
                span.record("error.type", error_type(error));
                span.record("alibabacloud.kms.error_kind", error.kind().as_str());
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

/// Returns the future within the span of its caller, which a task of its own would not be in.
pub(crate) fn in_current_span<F: Future>(future: F) -> impl Future<Output = F::Output> {
    future.in_current_span()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Returns the service's code or, without one, the kind.
pub(super) fn error_type(error: &Error) -> &str {
    error.code().unwrap_or(error.kind().as_str())
}

/// Records the end of an attempt within the call's span. `attempt` is 0 if it had nothing to send.
pub(super) fn attempt_ended(attempt: u32, outcome: Result<(), &Error>) {
    let resent = attempt.saturating_sub(1);
    match outcome {
        Ok(()) => {
            debug!(target: "alibabacloud_kms", { http.request.resend_count = resent }, "attempt succeeded");
        }
        Err(error) => {
            debug!(
                target: "alibabacloud_kms",
                { http.request.resend_count = resent, error.type = error_type(error), error = %error },
                "attempt failed"
            );
        }
    }
}

/// Records a wait before the next attempt, within the call's span.
pub(super) fn waiting(wait: Duration) {
    debug!(target: "alibabacloud_kms", wait_ms = milliseconds(wait), "waiting before the next attempt");
}

/// Records a wait for a permit of a quota group, within the call's span.
pub(super) fn waiting_for_quota(group: impl Debug, wait: Duration) {
    debug!(
        target: "alibabacloud_kms",
        { quota_group = ?group, wait_ms = milliseconds(wait) },
        "waiting for the quota"
    );
}
