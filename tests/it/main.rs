//! One binary for all that is tested from outside the crate.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod bad_input;
mod bad_responses;
mod cache;
mod capture;
mod contract;
mod credentials;
mod cryptography;
mod examples;
mod house_rules;
mod key_programs;
mod leaks;
mod lenient_responses;
mod list_all_secrets;
mod listing;
mod lost_key_responses;
mod lost_responses;
#[cfg(target_os = "linux")]
mod memory;
mod network;
mod observer;
mod operations;
mod paging;
mod policies;
mod promises;
mod proxies;
mod quota;
mod raw;
mod readme;
mod regions;
mod resilience;
mod rotation;
mod runtimes;
mod secrets;
mod signatures;
mod tags;
mod telemetry;
mod tls;
mod transports;
mod values;
mod versions;
mod words;
mod workflows;
