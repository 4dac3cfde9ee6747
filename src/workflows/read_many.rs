//! Reading many secrets, a bounded number of them side by side.

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _};

use crate::call::{CallContext, call};
use crate::error::{Error, ErrorKind, Result};
use crate::ops::Operation as _;
use crate::ops::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::ops::list_secrets::{ListSecretsRequest, SecretSummary};
use crate::pages::{Paginator, validate_concurrency};

type Answer = Result<GetSecretValueResponse>;
type Boxed<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// The values of many secrets, in the order in which they were asked for: a [`Stream`] made by
/// [`KmsClient::get_many`](crate::KmsClient::get_many). Dropping it gives up the requests that are under way.
#[must_use = "streams do nothing unless polled"]
pub struct SecretValues(Boxed<(GetSecretValueRequest, Answer)>);

/// The values of the secrets that a listing finds, in its order: a [`Stream`] made by
/// [`KmsClient::get_matching`](crate::KmsClient::get_matching). Dropping it gives up the requests that are under way.
#[must_use = "streams do nothing unless polled"]
pub struct MatchingValues(Boxed<Result<(SecretSummary, Answer)>>);

impl SecretValues {
    pub(crate) fn new<I>(context: Arc<CallContext>, requests: I, concurrency: usize) -> Self
    where
        I: IntoIterator<Item = GetSecretValueRequest, IntoIter: Send + 'static>,
    {
        let read = move |request: GetSecretValueRequest| {
            let answer = read(&context, request.clone(), concurrency);
            async move { (request, answer.await) }
        };
        let answers = stream::iter(requests).map(read).buffered(at_least_one(concurrency));
        Self(Box::pin(answers))
    }
}

impl MatchingValues {
    pub(crate) fn new(
        context: Arc<CallContext>,
        request: ListSecretsRequest,
        concurrency: usize,
    ) -> Self {
        let secrets = Paginator::new(Arc::clone(&context), request).items();
        let read = move |secret: Result<SecretSummary>| {
            let answer = secret.map(|secret| {
                let request = GetSecretValueRequest::new(&*secret.name);
                (secret, read(&context, request, concurrency))
            });
            async move {
                match answer {
                    Ok((secret, answer)) => Ok((secret, answer.await)),
                    Err(error) => Err(error),
                }
            }
        };
        Self(Box::pin(secrets.map(read).buffered(at_least_one(concurrency))))
    }
}

fn read(
    context: &Arc<CallContext>,
    request: GetSecretValueRequest,
    concurrency: usize,
) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
    match validate_concurrency(concurrency) {
        Ok(()) => Box::pin(call(Arc::clone(context), request)),
        Err(problem) => {
            let error = Error::new(ErrorKind::InvalidInput, problem.to_string());
            Box::pin(ready(Err(error.in_operation(GetSecretValueRequest::NAME))))
        }
    }
}

/// With none at a time nothing would ever come, not even the error that says so.
fn at_least_one(concurrency: usize) -> usize {
    concurrency.max(1)
}

impl Stream for SecretValues {
    type Item = (GetSecretValueRequest, Answer);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl Stream for MatchingValues {
    type Item = Result<(SecretSummary, Answer)>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for SecretValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretValues").finish_non_exhaustive()
    }
}

impl fmt::Debug for MatchingValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MatchingValues").finish_non_exhaustive()
    }
}
