//! What programs do with several operations: read many secrets, put or create one, wait for one to be rotated or gone.
//!
//! Everything here is made of calls that a program could make itself.

mod put_or_create;
mod read_many;
mod wait;

pub use put_or_create::PutOrCreated;
pub(crate) use put_or_create::put_or_create;
pub use read_many::{GetMany, GetMatching};
pub(crate) use wait::{is_pending_deletion, rotate_and_wait, wait_until_deleted};
