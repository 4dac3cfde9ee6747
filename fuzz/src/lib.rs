//! Shared by the fuzz targets: clients without a network, files of credentials, and an emulator.

mod client;
mod credentials;
mod emulator;
mod signature;

pub use client::{Capture, Respond, SECURITY_TOKEN, client, runtime};
pub use credentials::{CredentialsFile, disable_external_programs};
pub use emulator::{exchange, with_emulator};
pub use signature::{percent_encode, sign};
