//! [`MatchingSecretValues`]: the stream of the values of the secrets that a listing finds.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::{FusedStream as _, Stream};

use super::window::Window;
use crate::call::CallContext;
use crate::error::{Error, Result};
use crate::operation::Operation as _;
use crate::pagination::{DEFAULT_CONCURRENCY, Items, Paginator, validate_concurrency};
use crate::secrets::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::secrets::list_secrets::{ListSecretsRequest, SecretSummary};

/// The values of the secrets that a listing finds, in its order: a [`Stream`] made by
/// [`KmsClient::get_matching_secret_values`](crate::KmsClient::get_matching_secret_values).
///
/// Nothing is sent before it is polled. A value is requested by a task of the runtime that polls
/// the stream, which continues while the stream is not polled. Dropping it cancels the requests
/// that are in flight.
#[must_use = "streams do nothing unless polled"]
pub struct MatchingSecretValues {
    secrets: Items<ListSecretsRequest>,
    /// An error of the listing, until the values before it were yielded.
    listing_error: Option<Error>,
    concurrency: usize,
    window: Window<GetSecretValueRequest, SecretSummary>,
    /// True after a wrong concurrency was reported.
    is_rejected: bool,
}

impl MatchingSecretValues {
    pub(crate) fn new(context: Arc<CallContext>, request: ListSecretsRequest) -> Self {
        Self {
            secrets: Paginator::new(Arc::clone(&context), request).items(),
            listing_error: None,
            concurrency: DEFAULT_CONCURRENCY,
            window: Window::new(context),
            is_rejected: false,
        }
    }

    /// Sets how many values may be requested concurrently, 1 to 64, default 4, in addition to the
    /// pages of the listing.
    ///
    /// The number also bounds the values that wait to be yielded. Any other number is an error of
    /// the stream, [`InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Yields each value, and each error of the listing, as soon as it is there, instead of in the
    /// order of the listing.
    ///
    /// One secret that takes long then does not hold back the others. Each value comes with its
    /// secret, so use this unless the order itself matters.
    pub fn unordered(mut self) -> Self {
        self.window.set_unordered();
        self
    }

    /// Starts to read the secrets that are listed, up to an error of the listing.
    // Compiled only in programs that use it.
    #[inline]
    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        while self.window.len() < self.concurrency
            && self.listing_error.is_none()
            && let Poll::Ready(Some(listed)) = Pin::new(&mut self.secrets).poll_next(cx)
        {
            match listed {
                Ok(secret) => {
                    let request = GetSecretValueRequest::new(&*secret.secret_name);
                    self.window.start(request, secret);
                }
                Err(error) => self.listing_error = Some(error),
            }
        }
    }

    /// Takes the error of the listing if it is its turn.
    fn take_listing_error(&mut self) -> Option<Error> {
        let is_its_turn = !self.window.is_ordered() || self.window.len() == 0;
        self.listing_error.take_if(|_| is_its_turn)
    }
}

impl Stream for MatchingSecretValues {
    type Item = Result<(SecretSummary, Result<GetSecretValueResponse>)>;

    // Compiled only in programs that use it.
    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Err(problem) = validate_concurrency(this.concurrency) {
            let is_reported = std::mem::replace(&mut this.is_rejected, true);
            let error =
                Error::invalid_input(&problem).with_operation(GetSecretValueRequest::SPEC.name);
            return Poll::Ready((!is_reported).then_some(Err(error)));
        }
        this.read_ahead(cx);
        if let Some(error) = this.take_listing_error() {
            return Poll::Ready(Some(Err(error)));
        }
        match this.window.poll_next(cx) {
            Poll::Ready(None) if !this.secrets.is_terminated() => Poll::Pending,
            next => next.map(|read| read.map(|read| Ok((read.label, read.outcome)))),
        }
    }
}

impl fmt::Debug for MatchingSecretValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MatchingSecretValues")
            .field("secrets", &self.secrets)
            .finish_non_exhaustive()
    }
}
