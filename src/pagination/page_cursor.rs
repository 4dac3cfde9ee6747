//! [`PageCursor`]: which page of a listing comes next, which one is the last, and which items
//! earlier pages had already. It does no I/O.

mod numbered;
mod recent_ids;
mod tokens;

use std::borrow::Cow;

use self::numbered::NumberedCursor;
use self::tokens::TokenCursor;
use super::checkpoint::Checkpoint;
use super::page_result::{PageFault, PageResult};
use crate::operation::paged::{PageInfo, PagePosition};

/// The state of a listing that reads its pages in order.
#[derive(Debug)]
pub(super) enum PageCursor {
    Numbered(NumberedCursor),
    Tokens(TokenCursor),
}

impl PageCursor {
    /// Starts at `position`.
    pub(super) fn new(position: PagePosition) -> Self {
        Self::resume(Checkpoint { position, yielded: Vec::new() })
    }

    /// Continues from `checkpoint`.
    pub(super) fn resume(checkpoint: Checkpoint) -> Self {
        let Checkpoint { position, yielded } = checkpoint;
        match position {
            PagePosition::Number { number, size } => {
                Self::Numbered(NumberedCursor::resume(number, size, yielded))
            }
            PagePosition::Token(token) => Self::Tokens(TokenCursor::resume(token, yielded)),
        }
    }

    /// Returns the page to read next. After the last page of a numbered listing it is the page that
    /// does not exist.
    pub(super) fn next(&self) -> PagePosition {
        match self {
            Self::Numbered(cursor) => cursor.next(),
            Self::Tokens(cursor) => cursor.next(),
        }
    }

    /// Returns the page that is `distance` pages after the next one, if it is known to exist.
    pub(super) fn ahead(&self, distance: usize) -> Option<PagePosition> {
        match self {
            Self::Numbered(cursor) => cursor.ahead(distance),
            // Only the page before it contains the token of a page.
            Self::Tokens(_) => None,
        }
    }

    /// Accepts the next page: the ids of its items, and what the response reports about it.
    pub(super) fn accept<'n>(
        &mut self,
        ids: impl ExactSizeIterator<Item = Cow<'n, str>>,
        info: PageInfo<'_>,
    ) -> Result<PageResult, PageFault> {
        match (self, info) {
            (Self::Numbered(cursor), PageInfo::Number { number, size, total }) => {
                cursor.accept(ids, number, size, total)
            }
            (Self::Tokens(cursor), PageInfo::Token(next)) => cursor.accept(ids, next),
            (Self::Numbered(_) | Self::Tokens(_), _) => {
                unreachable!("the pages of an operation have either numbers or tokens")
            }
        }
    }

    /// Returns where to continue when everything but `remaining`, the ids of the rest of the last
    /// accepted page, was yielded.
    pub(super) fn checkpoint<'n>(
        &self,
        remaining: impl ExactSizeIterator<Item = Cow<'n, str>>,
    ) -> Checkpoint {
        match self {
            Self::Numbered(cursor) => cursor.checkpoint(remaining),
            Self::Tokens(cursor) => cursor.checkpoint(remaining),
        }
    }
}
