//! The table checked against the README and the specification.

mod readme;
