//! The sources against folders of cases and loopback servers, the chain and the cache against a clock that is set.

pub(super) mod surroundings;

mod cases;
mod keys;
mod network;
mod promises;
mod recorded;
mod renewal;
