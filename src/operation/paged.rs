//! [`PagedRequest`]: what the streams of pages need to know of a request and its response.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Operation;

/// A request whose response is one page of a list, such as
/// [`ListSecretsRequest`](crate::secrets::ListSecretsRequest).
///
/// Only requests of this crate implement it: it cannot be implemented outside.
pub trait PagedRequest: Operation + Clone + Unpin {
    /// An entry of the list.
    type Item: Send + Sync + Unpin + 'static;

    /// Returns the position of the page that this request asks for.
    #[doc(hidden)]
    fn position(&self) -> PagePosition;

    /// Returns the same request for the page at `position`.
    #[doc(hidden)]
    #[must_use]
    fn at(&self, position: &PagePosition) -> Self;

    /// Returns what a response reports about its page and the list.
    #[doc(hidden)]
    fn page_info(response: &Self::Response) -> PageInfo<'_>;

    #[doc(hidden)]
    fn items(response: &Self::Response) -> &[Self::Item];

    #[doc(hidden)]
    fn into_items(response: Self::Response) -> Vec<Self::Item>;

    /// Returns the text that identifies an item in its list.
    #[doc(hidden)]
    fn item_id(item: &Self::Item) -> Cow<'_, str>;
}

/// The position of a page in its list. Operations of KMS use one form or the other.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[doc(hidden)]
pub enum PagePosition {
    /// The page of this number, counted from 1, when all pages have this size.
    Number { number: u32, size: u32 },
    /// The page that this token leads to; `None` is the first page.
    Token(Option<String>),
}

/// Returns the items of a page of this number and size.
///
/// # Errors
///
/// If the response has no list, although its total promises items on this page.
pub(crate) fn items_of_page<T>(
    list: Option<Vec<T>>,
    missing: &'static str,
    number: u32,
    size: u32,
    total: u32,
) -> Result<Vec<T>, &'static str> {
    // Without a size, nothing is known about the items before a later page.
    let before = match number {
        0 | 1 => Some(0),
        _ => Some((u64::from(number) - 1) * u64::from(size)).filter(|before| *before > 0),
    };
    match list {
        None if before.is_some_and(|before| u64::from(total) > before) => Err(missing),
        list => Ok(list.unwrap_or_default()),
    }
}

/// The position and the size of the list that a response reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub enum PageInfo<'a> {
    /// Each field is 0 if the response does not contain it.
    Number {
        number: u32,
        /// The page size that the service used.
        size: u32,
        /// The number of items on all pages.
        total: u32,
    },
    /// The token of the next page; `None` on the last page.
    Token(Option<&'a str>),
}
