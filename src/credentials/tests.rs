//! The providers against folders of cases and loopback servers, the chain and the cache against a
//! clock that tests set.

pub(super) mod fake_env;

mod cases;
mod chain;
mod network;
mod no_timer;
mod outages;
mod promises;
mod recorded;
mod refresh;
mod region;
mod value;
