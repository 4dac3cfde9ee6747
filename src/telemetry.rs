//! What a call tells the `tracing` subscribers of a program, with the feature of that name; nothing
//! without it.
//!
//! Names follow the semantic conventions of OpenTelemetry where there is one
//! (<https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/>). Of the parameters those are told that name a resource or its
//! version; no key, token, value or body is.
//!
//! The span is of level INFO, so that calls can be counted and timed at little cost, and its events
//! of level DEBUG. No event tells of a failed call once more: the caller gets the error, and what
//! it logs of it is its own to choose.

pub(crate) mod cache;
#[cfg(feature = "tracing")]
mod recorded;
#[cfg(not(feature = "tracing"))]
mod silent;

#[cfg(feature = "tracing")]
pub(crate) use recorded::{CallSpan, attempt_ended, waiting, waiting_for_quota};
#[cfg(not(feature = "tracing"))]
pub(crate) use silent::{CallSpan, attempt_ended, waiting, waiting_for_quota};
