//! The behaviour of KMS, as a client sees it: always against the emulator, and optionally against
//! the real service.
//!
//! `cargo test --test conformance` starts emulators and opens no connection beyond the loopback
//! interface. With
//!
//! ```sh
//! ALIBABA_CLOUD_KMS_CONFORMANCE_REGION=cn-hangzhou cargo test --test conformance
//! ```
//!
//! every test runs again, with each signature version, in that region of the account whose
//! credentials `DefaultProviderChain` finds. This creates some 160 secrets named `conformance-…`,
//! at most twelve at a time in a test, and deletes each without a recovery window, whether the test
//! passes or not. Nothing else in the account is changed, and no other value is read. A run that is
//! killed leaves its secrets. Three more variables are optional:
//!
//! - `ALIBABA_CLOUD_KMS_CONFORMANCE_INSTANCE`: the id of the KMS instance to create the secrets in,
//!   such as `kst-…`. Only secrets in an instance have policies.
//! - `ALIBABA_CLOUD_KMS_CONFORMANCE_KEY`: the id of the KMS key in it that encrypts them.
//! - `ALIBABA_CLOUD_KMS_CONFORMANCE_CREATE_KEYS`: set to run the tests that create keys too. A key
//!   cannot be deleted in less than 7 days, and counts towards the quota until then, so this uses
//!   some 80 keys of the quota for a week. Only keys in an instance can sign.
//!
//! The service documents everything here except what is in the module `unconfirmed`: a test that
//! fails there against the real service has discovered something.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod account;
mod cryptography;
mod keys;
mod listing;
mod policies;
mod regions;
mod rotation;
mod secrets;
mod tags;
mod unconfirmed;
mod values;
mod versions;
