//! The table checked against the README and the specification.

mod contract;
mod readme;
