//! What programs do with several operations: read many secrets, put or create one, wait for one to be rotated or gone.
//!
//! Everything here is made of calls that a program could make itself.

mod read_many;

pub use read_many::{MatchingValues, SecretValues};
