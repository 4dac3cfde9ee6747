//! What the streams of pages need to know of a request and its answer.

use super::Operation;

/// A request whose answer is one page of many, such as [`ListSecretsRequest`](crate::secrets::ListSecretsRequest).
///
/// This crate implements it; the trait cannot be implemented outside.
pub trait PagedRequest: Operation + Clone + Unpin {
    /// What a page is a list of.
    type Item: Send + Sync + Unpin + 'static;

    #[doc(hidden)]
    fn bounds(&self) -> PageBounds;
    #[doc(hidden)]
    #[must_use]
    fn at_page(&self, number: u32, size: u32) -> Self;
    #[doc(hidden)]
    fn items(response: &Self::Response) -> &[Self::Item];
    #[doc(hidden)]
    fn into_items(response: Self::Response) -> Vec<Self::Item>;
    /// The page size that the service says it used; 0 when it does not say.
    #[doc(hidden)]
    fn answered_size(response: &Self::Response) -> u32;
    /// How many items the service says there are on all pages together; 0 when it does not say.
    #[doc(hidden)]
    fn answered_total(response: &Self::Response) -> u32;
    /// What an item is told apart by.
    #[doc(hidden)]
    fn name(item: &Self::Item) -> &str;
}

/// Where a listing starts and how large its pages are.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct PageBounds {
    pub(crate) first: u32,
    pub(crate) size: u32,
}
