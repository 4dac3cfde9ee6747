//! The types of resources that have tags.

use super::open_enum::open_enum;

open_enum! {
    /// The type of a resource that has tags: `ResourceType` of the service.
    pub enum ResourceType ("the type of a resource") {
        /// A KMS key, identified by its key id: `key`.
        Key = "key",
        /// A secret, identified by its name: `secret`.
        Secret = "secret",
        ..
        /// A type that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
