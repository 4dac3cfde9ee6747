//! What KMS does, as told by a client alone: against the emulator always, and against the real service when asked to.
//!
//! `cargo test --test conformance` starts emulators and reaches no network beyond the loopback. With
//!
//! ```sh
//! ALIBABA_CLOUD_KMS_CONFORMANCE_REGION=cn-hangzhou cargo test --test conformance
//! ```
//!
//! every test is run again, with each signature, in that region of the account whose keys `DefaultProviderChain` find. That makes
//! some 160 secrets named `conformance-…`, at most twelve at a time in a test, and deletes each without recovery, whether the
//! test goes well or not. Nothing else in the account is changed, and no other value read. A run that is killed leaves what it
//! had made. Two more variables are optional:
//!
//! - `ALIBABA_CLOUD_KMS_CONFORMANCE_INSTANCE`: the id of a KMS instance that the secrets are made in, such as `kst-…`. Only in
//!   one can secrets have policies.
//! - `ALIBABA_CLOUD_KMS_CONFORMANCE_KEY`: the id of the key in it that encrypts them.
//!
//! Everything here is documented by the service, save what is in the module `unconfirmed`: a test that fails there against the
//! real service has found out something.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod account;
mod listing;
mod policies;
mod regions;
mod rotation;
mod secrets;
mod tags;
mod unconfirmed;
mod values;
mod versions;
