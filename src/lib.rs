#![doc = include_str!("../README.md")]

mod clock;
mod credentials;
#[cfg(feature = "emulator")]
pub mod emulator;
mod error;
mod sign;

pub use credentials::{
    Credentials, CredentialsError, CredentialsFuture, EnvironmentCredentials, ProvideCredentials,
};
pub use error::ErrorKind;
