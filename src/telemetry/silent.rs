//! The same functions without the feature `tracing`, which record nothing.

use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::{Error, Resource};

pub(crate) struct CallSpan;

impl CallSpan {
    pub(crate) fn new(
        _operation: &str,
        _resource: Option<Resource<'_>>,
        _endpoint: &Endpoint,
    ) -> Self {
        Self
    }

    pub(crate) fn around<F: Future>(self, call: impl FnOnce(Self) -> F) -> F {
        call(self)
    }

    pub(crate) fn ended(self, _outcome: Result<&str, &Error>, _attempts: u32, _duration: Duration) {
    }
}

pub(crate) fn in_current_span<F: Future>(future: F) -> F {
    future
}

pub(super) fn attempt_ended(_attempt: u32, _outcome: Result<(), &Error>) {}

pub(super) fn waiting(_wait: Duration) {}

pub(super) fn waiting_for_quota(_group: impl Debug, _wait: Duration) {}
