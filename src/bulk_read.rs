//! Reading many secrets, a bounded number of them side by side.

use std::collections::VecDeque;
use std::fmt;
use std::iter::Fuse;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream as _, Stream};

use crate::call::{CallContext, CallTask};
use crate::error::{Error, Result, ValidationError};
use crate::operation::Operation as _;
use crate::pagination::{DEFAULT_CONCURRENCY, Items, Paginator, validate_concurrency};
use crate::secrets::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::secrets::list_secrets::{ListSecretsRequest, SecretSummary};

type Answer = Result<GetSecretValueResponse>;
type Requests = Box<dyn Iterator<Item = GetSecretValueRequest> + Send>;

/// The values of many secrets, in the order in which they were asked for: a [`Stream`] made by
/// [`KmsClient::get_secret_values`](crate::KmsClient::get_secret_values).
///
/// Nothing is sent before it is polled. What was asked for goes on in tasks of the runtime that polls it, however long the
/// caller takes for each value. Dropping it gives up the requests that are under way.
#[must_use = "streams do nothing unless polled"]
pub struct SecretValues {
    context: Arc<CallContext>,
    requests: Fuse<Requests>,
    concurrency: usize,
    under_way: VecDeque<Reading>,
}

/// The values of the secrets that a listing finds, in its order: a [`Stream`] made by
/// [`KmsClient::get_matching_secret_values`](crate::KmsClient::get_matching_secret_values).
///
/// Nothing is sent before it is polled. What was asked for goes on in tasks of the runtime that polls it, however long the
/// caller takes for each value. Dropping it gives up the requests that are under way.
#[must_use = "streams do nothing unless polled"]
pub struct MatchingSecretValues {
    context: Arc<CallContext>,
    secrets: Items<ListSecretsRequest>,
    concurrency: usize,
    under_way: VecDeque<Result<(SecretSummary, Reading)>>,
    /// Whether it was told that there cannot be so much concurrency.
    refused: bool,
}

/// A value that was asked for.
struct Reading {
    request: GetSecretValueRequest,
    call: CallTask<GetSecretValueResponse>,
}

impl Reading {
    fn start(context: &Arc<CallContext>, request: GetSecretValueRequest) -> Self {
        Self { call: CallTask::start(context, request.clone()), request }
    }

    fn poll(&mut self, context: &Arc<CallContext>, cx: &mut Context<'_>) -> Poll<Answer> {
        loop {
            if let Some(answer) = ready!(self.call.poll(cx)) {
                return Poll::Ready(answer);
            }
            self.call = CallTask::start(context, self.request.clone());
        }
    }
}

impl SecretValues {
    pub(crate) fn new(context: Arc<CallContext>, requests: Requests) -> Self {
        let requests = requests.fuse();
        Self { context, requests, concurrency: DEFAULT_CONCURRENCY, under_way: VecDeque::new() }
    }

    /// How many secrets may be read side by side, 1 to 64, default 4.
    ///
    /// It bounds the requests in flight together with the values that wait for their turn. Anything else than 1 to 64 is the
    /// outcome of each request, as [`InvalidInput`](crate::ErrorKind::InvalidInput), with nothing sent.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }
}

impl MatchingSecretValues {
    pub(crate) fn new(context: Arc<CallContext>, request: ListSecretsRequest) -> Self {
        Self {
            secrets: Paginator::new(Arc::clone(&context), request).items(),
            context,
            concurrency: DEFAULT_CONCURRENCY,
            under_way: VecDeque::new(),
            refused: false,
        }
    }

    /// How many secrets may be read side by side, 1 to 64, default 4; the pages of the listing are asked for beside them.
    ///
    /// It bounds the requests in flight together with the values that wait for their turn. Anything else than 1 to 64 is told
    /// by the stream as [`InvalidInput`](crate::ErrorKind::InvalidInput), with nothing sent.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Reads secrets as far as they are listed. Behind an error of the listing it goes on once the error was handed out.
    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        while self.under_way.len() < self.concurrency
            && self.under_way.back().is_none_or(Result::is_ok)
            && let Poll::Ready(Some(listed)) = Pin::new(&mut self.secrets).poll_next(cx)
        {
            self.under_way.push_back(listed.map(|secret| {
                let request = GetSecretValueRequest::new(&*secret.secret_name);
                (secret, Reading::start(&self.context, request))
            }));
        }
    }
}

fn refused(problem: &ValidationError) -> Error {
    Error::invalid_input(problem).with_operation(GetSecretValueRequest::SPEC.name)
}

impl Stream for SecretValues {
    type Item = (GetSecretValueRequest, Answer);

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Err(problem) = validate_concurrency(this.concurrency) {
            let told = |request: GetSecretValueRequest| {
                let error = refused(&problem).on_resource(request.encoded(None).resource);
                (request, Err(error))
            };
            return Poll::Ready(this.requests.next().map(told));
        }
        while this.under_way.len() < this.concurrency
            && let Some(request) = this.requests.next()
        {
            this.under_way.push_back(Reading::start(&this.context, request));
        }
        let Some(first) = this.under_way.front_mut() else { return Poll::Ready(None) };
        let answer = ready!(first.poll(&this.context, cx));
        Poll::Ready(this.under_way.pop_front().map(|read| (read.request, answer)))
    }
}

impl Stream for MatchingSecretValues {
    type Item = Result<(SecretSummary, Answer)>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Err(problem) = validate_concurrency(this.concurrency) {
            let told = std::mem::replace(&mut this.refused, true);
            return Poll::Ready((!told).then(|| Err(refused(&problem))));
        }
        this.read_ahead(cx);
        match this.under_way.pop_front() {
            Some(Ok((secret, mut reading))) => match reading.poll(&this.context, cx) {
                Poll::Ready(answer) => Poll::Ready(Some(Ok((secret, answer)))),
                Poll::Pending => {
                    this.under_way.push_front(Ok((secret, reading)));
                    Poll::Pending
                }
            },
            Some(Err(error)) => Poll::Ready(Some(Err(error))),
            None if this.secrets.is_terminated() => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

impl fmt::Debug for SecretValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretValues")
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MatchingSecretValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MatchingSecretValues")
            .field("secrets", &self.secrets)
            .finish_non_exhaustive()
    }
}
