//! The cache of secrets, against a service in memory on paused time, or against the emulator.

mod batches;
mod flights;
mod parsed;
mod random;
mod regions;
mod service;
mod states;
mod telemetry;
mod watch;
mod writes;
