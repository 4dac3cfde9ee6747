//! [`RegionInventories`]: complete listings of several regions, each with an outcome.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use tokio::task::{Id, JoinError, JoinSet};

use super::list_all_secrets::ListAllSecrets;
use super::secret_inventory::SecretInventory;
use crate::call::{CallContext, check_runtime};
use crate::error::{Error, ErrorKind, Result, ValidationError};
use crate::secrets::list_secrets::ListSecretsRequest;
use crate::telemetry::in_current_span;

/// Every region of today at once: each has a host and a quota of its own.
const DEFAULT_CONCURRENCY: usize = 64;

/// The outcomes of listing several regions, each with its region's id, in order of completion: a
/// [`Stream`] made by
/// [`KmsClient::list_secrets_in_regions`](crate::KmsClient::list_secrets_in_regions).
///
/// Nothing is sent before it is polled. Each region is listed by a task of the runtime that polls
/// the stream. Dropping it cancels the requests that are in flight.
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct RegionInventories {
    context: Arc<CallContext>,
    request: ListSecretsRequest,
    concurrency: usize,
    max_scans: Option<u32>,
    waiting: vec::IntoIter<String>,
    regions: HashMap<Id, String>,
    in_flight: JoinSet<Result<SecretInventory>>,
}

/// The outcome of listing one region.
#[derive(Debug)]
#[non_exhaustive]
pub enum RegionOutcome {
    /// Its secrets; [`complete`](SecretInventory::complete) is whether they are all.
    Listed(SecretInventory),
    /// The account has not activated KMS there (`Forbidden.KmsServiceNotEnabled`).
    NotActivated(Error),
    /// The identity may not list secrets there ([`AccessDenied`](ErrorKind::AccessDenied)).
    Forbidden(Error),
    /// The listing failed in any other way: whether there are secrets is unknown.
    Failed(Error),
}

impl RegionInventories {
    pub(crate) fn new(
        context: Arc<CallContext>,
        regions: Vec<String>,
        request: ListSecretsRequest,
    ) -> Self {
        Self {
            context,
            request,
            concurrency: DEFAULT_CONCURRENCY,
            max_scans: None,
            waiting: regions.into_iter(),
            regions: HashMap::new(),
            in_flight: JoinSet::new(),
        }
    }

    /// Sets how many regions are listed concurrently, 1 and more, default 64, which is all of them.
    ///
    /// For each, up to 4 pages are requested concurrently. With 0 each listing fails with
    /// [`InvalidInput`](ErrorKind::InvalidInput), and nothing is sent.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Sets how many times all pages of a region may be read, 1 to 64, default 8, as
    /// [`ListAllSecrets::max_scans`].
    pub fn max_scans(mut self, max_scans: u32) -> Self {
        self.max_scans = Some(max_scans);
        self
    }

    // Compiled only in programs that use it.
    #[inline]
    fn start_waiting(&mut self) {
        while self.in_flight.len() < self.concurrency
            && let Some(region) = self.waiting.next()
        {
            let task = self.in_flight.spawn(in_current_span(self.list(&region)));
            self.regions.insert(task.id(), region);
        }
    }

    fn list(
        &self,
        region: &str,
    ) -> impl Future<Output = Result<SecretInventory>> + Send + 'static + use<> {
        let listing = self.context.in_region(region).map(|context| {
            let listing = ListAllSecrets::new(Arc::new(context), self.request.clone());
            match self.max_scans {
                Some(max_scans) => listing.max_scans(max_scans),
                None => listing,
            }
        });
        async { listing.map_err(Error::configuration)?.await }
    }
}

impl RegionOutcome {
    /// Returns the error that ended the listing, if it failed.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Listed(_) => None,
            Self::NotActivated(error) | Self::Forbidden(error) | Self::Failed(error) => Some(error),
        }
    }

    fn from_result(listed: Result<SecretInventory>) -> Self {
        match listed {
            Ok(inventory) => Self::Listed(inventory),
            Err(error) if error.code() == Some("Forbidden.KmsServiceNotEnabled") => {
                Self::NotActivated(error)
            }
            Err(error) if error.is_access_denied() => Self::Forbidden(error),
            Err(error) => Self::Failed(error),
        }
    }
}

impl Stream for RegionInventories {
    type Item = (String, RegionOutcome);

    // Compiled only in programs that use it.
    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.concurrency == 0 {
            return Poll::Ready(this.waiting.next().map(|region| (region, no_concurrency())));
        }
        if this.waiting.len() > 0
            && let Err(error) = check_runtime()
        {
            let failed = |region| (region, RegionOutcome::Failed(error));
            return Poll::Ready(this.waiting.next().map(failed));
        }
        this.start_waiting();
        let Some(ended) = ready!(this.in_flight.poll_join_next_with_id(cx)) else {
            return Poll::Ready(None);
        };
        let (task, listed) = ended.unwrap_or_else(|ended| (ended.id(), Err(interrupted(ended))));
        let region = this.regions.remove(&task);
        Poll::Ready(region.map(|region| (region, RegionOutcome::from_result(listed))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.waiting.len() + self.regions.len();
        (left, Some(left))
    }
}

fn no_concurrency() -> RegionOutcome {
    let problem = ValidationError::new("concurrency", 0, "at least 1");
    RegionOutcome::Failed(Error::invalid_input(&problem))
}

fn interrupted(ended: JoinError) -> Error {
    match ended.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(_) => {
            Error::new(ErrorKind::Unknown, "the runtime that listed the region was shut down")
        }
    }
}
