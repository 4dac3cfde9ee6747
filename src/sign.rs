//! Signs a request: its parts, credentials, a time and a nonce in; a signed request out.
//!
//! Pure: nothing here reads a clock, draws random numbers or knows a socket. The signature version
//! is a detail of this room: operations only name their parameters, and [`SignedRequest`] is all
//! that the call loop sees of the result.

mod acs3;
pub(crate) mod canonical;
pub(crate) mod digest;
mod request;
mod signer;
mod v1;
mod version;

pub(crate) use request::{
    API_VERSION, FORM, Parameters, SignedRequest, UnsignedRequest, timestamp,
};
pub(crate) use signer::Signer;
pub use version::SignatureVersion;
