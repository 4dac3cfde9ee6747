// The examples in the docs call the emulator, so that they are tests only with it.
#![cfg(any(not(doctest), feature = "emulator"))]
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Examples and benches print; the library has no business with the terminal.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod bulk_read;
pub mod cache;
pub mod credentials;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod inventory;
pub mod keys;
pub mod pagination;
pub mod policies;
pub mod rate_limit;
pub mod raw;
pub mod retry;
pub mod secrets;
pub mod tags;
pub mod telemetry;
pub mod transport;

mod call;
mod client;
mod clock;
mod endpoint;
mod error;
mod identity;
mod move_stages;
mod operation;
#[cfg(test)]
mod operations;
mod os;
mod put_or_create;
mod reconcile;
mod sign;
mod types;
mod waiter;

#[cfg(feature = "reqwest")]
pub use reqwest;
pub use {chrono, http, serde_json, zeroize};

pub use client::{KmsClient, KmsClientBuilder};
pub use error::{Error, ErrorKind, Result};
