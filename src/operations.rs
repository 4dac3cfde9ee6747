//! [`OPERATIONS`]: the one table of all typed operations, for the emulator, the README and the
//! tests.

#[cfg(test)]
mod tests;

use crate::operation::OperationSpec;
use crate::{keys, regions, secrets, tags};

/// The operations, by the module that has their requests.
pub(crate) const OPERATIONS: [&[OperationSpec]; 4] =
    [keys::OPERATIONS, regions::OPERATIONS, secrets::OPERATIONS, tags::OPERATIONS];
