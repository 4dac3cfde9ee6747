//! Telemetry: what a program can observe of its calls.
//!
//! # Observers
//!
//! A [`CallObserver`] receives an event for each call, attempt, throttled attempt, wait and refresh
//! of the credentials, as values and not as texts: for counters and histograms.
//! [`call_observer`](crate::KmsClientBuilder::call_observer) sets it. The example `observer` prints
//! latencies and throttled requests as a table.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicU32, Ordering};
//!
//! use alibabacloud_kms::emulator::{Emulator, Fault};
//! use alibabacloud_kms::secrets::ListSecretsRequest;
//! use alibabacloud_kms::telemetry::{CallEvent, CallObserver, ThrottleEvent};
//!
//! #[derive(Debug, Default)]
//! struct Counters {
//!     calls: AtomicU32,
//!     throttled: AtomicU32,
//! }
//!
//! impl CallObserver for Counters {
//!     fn on_call(&self, call: &CallEvent<'_>) {
//!         println!("{} took {:?}", call.operation, call.duration);
//!         self.calls.fetch_add(1, Ordering::Relaxed);
//!     }
//!
//!     fn on_throttle(&self, _throttled: &ThrottleEvent<'_>) {
//!         self.throttled.fetch_add(1, Ordering::Relaxed);
//!     }
//! }
//!
//! let emulator = Emulator::in_process();
//! let counters = Arc::new(Counters::default());
//! let client = emulator.client_builder().call_observer(Arc::clone(&counters)).build()?;
//! emulator.inject(Fault::throttled());
//! client.list_secrets(ListSecretsRequest::new()).await?;
//! assert_eq!(counters.calls.load(Ordering::Relaxed), 1);
//! assert_eq!(counters.throttled.load(Ordering::Relaxed), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Spans
//!
//! With the feature `tracing`, each call is a span of level INFO named `kms_call`, with the target
//! `alibabacloud_kms`. Its attempts and waits are events of level DEBUG. A failed call has no event
//! of its own: the caller gets the error, and decides what to log. The calls of a stream are within
//! the span in which it is polled; those of the cache, which several readers share, are in none.
//!
//! Names follow the [semantic conventions of
//! OpenTelemetry](https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/) where there are some:
//!
//! | field | value |
//! |---|---|
//! | `otel.name` | `Kms/` and the operation, such as `Kms/GetSecretValue` |
//! | `otel.kind`, `rpc.system`, `rpc.service` | `client`, `alibabacloud`, `Kms` |
//! | `rpc.method` | the operation |
//! | `server.address`, `server.port`, `cloud.region` | the host, its port and the region |
//! | `alibabacloud.kms.resource`, `.version_id`, `.version_stage` | the resource of the request |
//! | `outcome` | `success`, `failure`, or `cancelled` for a call that was dropped |
//! | `otel.status_code`, `error.type`, `alibabacloud.kms.error_kind` | for a failure: `ERROR`, its code or kind, its kind |
//! | `http.response.status_code` | for a failure: the status of the response that it comes from |
//! | `alibabacloud.request_id` | of the response that the call ended with |
//! | `attempts`, `duration_ms` | unless cancelled: the requests sent, milliseconds with decimals |
//!
//! Parameters are shown only if they name a resource or its version. No access key, token, value or
//! body is.

pub(crate) mod cache;
mod observed;
mod observer;
#[cfg(feature = "tracing")]
mod recorded;
#[cfg(not(feature = "tracing"))]
mod silent;

pub(crate) use observed::{CallEvents, Observed};
pub use observer::{
    AttemptEvent, CallEvent, CallObserver, CallOutcome, RefreshEvent, ThrottleEvent, WaitEvent,
    WaitReason,
};
#[cfg(feature = "tracing")]
pub(crate) use recorded::{CallSpan, in_current_span};
#[cfg(not(feature = "tracing"))]
pub(crate) use silent::{CallSpan, in_current_span};
