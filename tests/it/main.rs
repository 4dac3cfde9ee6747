//! One binary for all that is tested from outside the crate.

mod bad_input;
mod house_rules;
mod leaks;
mod listing;
mod network;
mod promises;
mod transports;
