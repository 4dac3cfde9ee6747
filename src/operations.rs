//! [`OPERATIONS`]: the one table of all typed operations, for the emulator, the README and the
//! tests.

#[cfg(test)]
mod tests;

use crate::operation::OperationSpec;
use crate::{keys, secrets, tags};

/// The operations, by the module that has their requests.
pub(crate) const OPERATIONS: [&[OperationSpec]; 3] =
    [keys::OPERATIONS, secrets::OPERATIONS, tags::OPERATIONS];
