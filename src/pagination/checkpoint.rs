//! [`Checkpoint`]: a position in a listing and the items that were yielded near it.

use serde::{Deserialize, Serialize};

use crate::operation::paged::PagePosition;

/// A position from which another listing finds every item that was not yielded yet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Checkpoint {
    pub(super) position: PagePosition,
    /// The ids of yielded items that may be found at `position` and after it.
    pub(super) yielded: Vec<String>,
}
