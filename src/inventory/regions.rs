//! Listings of several regions or accounts side by side, each with an outcome of its own.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use tokio::task::{Id, JoinError, JoinSet};

use super::{ListAllSecrets, SecretInventory};
use crate::error::{Error, ErrorKind, Result, ValidationError};

/// Every region of today at once: each has a host and a quota of its own.
const DEFAULT_CONCURRENCY: usize = 64;

/// Lists several regions, or accounts, side by side: a stream of what became of each, in order of completion.
///
/// Each listing comes with a label, such as the region's id or an account and a region, and is made by
/// [`KmsClient::list_all_secrets`](crate::KmsClient::list_all_secrets) of a client for that region:
/// [`KmsClient::in_region`](crate::KmsClient::in_region) makes clients that share their connections and keys, and
/// [`KmsClient::describe_regions`](crate::KmsClient::describe_regions) tells which regions there are. Nothing is sent before
/// the stream is polled. A region that fails does not end the stream, and is never taken for an empty one.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use alibabacloud_kms::emulator::{EmulatedRegions, EmulatedSecret, Fault};
/// use alibabacloud_kms::inventory::{RegionOutcome, list_secrets_in_regions};
/// use alibabacloud_kms::secrets::ListSecretsRequest;
/// use futures_util::StreamExt;
///
/// # let regions = EmulatedRegions::start(["cn-hangzhou", "cn-beijing"]).await?;
/// # regions["cn-hangzhou"].add_secret(EmulatedSecret::new("prod/db"));
/// # regions["cn-beijing"].inject(Fault::error(403, "Forbidden.KmsServiceNotEnabled"));
/// # let hangzhou = regions.client()?;
/// let clients = [("cn-hangzhou", hangzhou.clone()), ("cn-beijing", hangzhou.in_region("cn-beijing")?)];
/// let listings = clients.map(|(region, client)| (region, client.list_all_secrets(ListSecretsRequest::new())));
/// let mut outcomes = list_secrets_in_regions(listings).concurrency(8);
/// while let Some((region, outcome)) = outcomes.next().await {
///     match outcome {
///         RegionOutcome::Listed(listing) => println!("{region}: {} secrets", listing.secrets.len()),
///         RegionOutcome::NotActivated(_) => println!("{region}: KMS is not activated"),
///         failed => println!("{region}: not known, {:?}", failed.error()),
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub fn list_secrets_in_regions<L>(
    listings: impl IntoIterator<Item = (L, ListAllSecrets)>,
) -> RegionListings<L> {
    let waiting = listings.into_iter().collect::<Vec<_>>().into_iter();
    RegionListings {
        concurrency: DEFAULT_CONCURRENCY,
        waiting,
        labels: HashMap::new(),
        under_way: JoinSet::new(),
    }
}

/// The outcomes of [`list_secrets_in_regions`]: a [`Stream`] of labels with what became of their listings.
///
/// Each listing is a task of the runtime that polls the stream. Dropping it gives up what is under way.
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct RegionListings<L> {
    concurrency: usize,
    waiting: vec::IntoIter<(L, ListAllSecrets)>,
    labels: HashMap<Id, L>,
    under_way: JoinSet<Result<SecretInventory>>,
}

/// What became of the listing of a region.
#[derive(Debug)]
#[non_exhaustive]
pub enum RegionOutcome {
    /// Its secrets; [`complete`](SecretInventory::complete) says whether they are all.
    Listed(SecretInventory),
    /// The account has not activated KMS there (`Forbidden.KmsServiceNotEnabled`).
    NotActivated(Error),
    /// The identity may not list secrets there ([`AccessDenied`](ErrorKind::AccessDenied)).
    Forbidden(Error),
    /// The listing failed in any other way: whether there are secrets is not known.
    Failed(Error),
}

impl<L> RegionListings<L> {
    /// How many regions are listed side by side, 1 and more, default 64, which is all of them.
    ///
    /// Each asks for up to [`ListAllSecrets::concurrency`] pages at once. With 0 each listing fails as
    /// [`InvalidInput`](ErrorKind::InvalidInput), with nothing sent.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    fn start_waiting(&mut self) {
        while self.under_way.len() < self.concurrency
            && let Some((label, listing)) = self.waiting.next()
        {
            let task = self.under_way.spawn(listing.into_future());
            self.labels.insert(task.id(), label);
        }
    }
}

impl RegionOutcome {
    /// What the listing ended with; `None` if it did not fail.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Listed(_) => None,
            Self::NotActivated(error) | Self::Forbidden(error) | Self::Failed(error) => Some(error),
        }
    }

    fn of(listed: Result<SecretInventory>) -> Self {
        match listed {
            Ok(listing) => Self::Listed(listing),
            Err(error) if error.code() == Some("Forbidden.KmsServiceNotEnabled") => {
                Self::NotActivated(error)
            }
            Err(error) if error.is_access_denied() => Self::Forbidden(error),
            Err(error) => Self::Failed(error),
        }
    }
}

impl<L: Unpin> Stream for RegionListings<L> {
    type Item = (L, RegionOutcome);

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.concurrency == 0 {
            return Poll::Ready(this.waiting.next().map(|(label, _)| (label, refused())));
        }
        this.start_waiting();
        let Some(ended) = ready!(this.under_way.poll_join_next_with_id(cx)) else {
            return Poll::Ready(None);
        };
        let (task, listed) = ended.unwrap_or_else(|ended| (ended.id(), Err(broken_off(ended))));
        let label = this.labels.remove(&task);
        Poll::Ready(label.map(|label| (label, RegionOutcome::of(listed))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.waiting.len() + self.labels.len();
        (left, Some(left))
    }
}

fn refused() -> RegionOutcome {
    let problem = ValidationError::new("concurrency", 0, "1 and more");
    RegionOutcome::Failed(Error::invalid_input(&problem))
}

fn broken_off(ended: JoinError) -> Error {
    match ended.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(_) => {
            Error::new(ErrorKind::Unknown, "the runtime that listed the region was shut down")
        }
    }
}
