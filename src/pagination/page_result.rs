//! [`PageResult`] and [`PageFault`]: what a page means for its listing.

use std::fmt;

/// The meaning of a page for its listing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageResult {
    /// For each item of the page, whether the pages before it did not have it.
    pub(super) fresh: Vec<bool>,
    /// True if no page follows.
    pub(super) is_last: bool,
}

/// The reason why a page cannot be the next one of a listing that ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PageFault {
    /// The response is another page than the one that was requested.
    OtherPage { requested: u32, received: u32 },
    /// So many items in a row, on full pages, were on earlier pages already.
    RepeatedItems(usize),
    /// The page leads back to one that was read before.
    RepeatedToken,
    /// So many pages were read without reaching an end.
    TooManyPages(u32),
}

impl PageFault {
    /// Returns whether the page may be right when it is requested again.
    pub(super) fn is_transient(&self) -> bool {
        matches!(self, Self::OtherPage { .. })
    }
}

impl fmt::Display for PageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherPage { requested, received } => {
                write!(f, "page {requested} was requested, and the response is page {received}")
            }
            Self::RepeatedItems(items) => {
                write!(f, "the last {items} items were on full pages and repeated earlier ones")
            }
            Self::RepeatedToken => f.write_str("a page leads back to one that was read before"),
            Self::TooManyPages(pages) => write!(f, "the listing did not end after {pages} pages"),
        }
    }
}
