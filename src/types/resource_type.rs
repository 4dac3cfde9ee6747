//! What tags are on.

use super::open_enum::open_enum;

open_enum! {
    /// What kind of thing a tag is on: `ResourceType` of the service.
    pub enum ResourceType ("the type of a resource") {
        /// An encryption key, whose id is its resource id: `key`.
        Key = "key",
        /// A secret, whose name is its resource id: `secret`.
        Secret = "secret",
        ..
        /// A kind that came after this version of the crate, in the service's spelling.
        Unknown,
    }
}
