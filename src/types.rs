//! Values that several operations share.

pub(crate) mod wire;

mod secret_type;
mod tag;

pub use secret_type::SecretType;
pub use tag::Tag;
