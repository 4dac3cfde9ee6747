//! The types of creators of keys.

use crate::types::open_enum::open_enum;

open_enum! {
    /// The type of the creator of a key: `CreatorType` of the service.
    pub enum CreatorType ("the type of a creator") {
        /// The account itself: `User`.
        User = "User",
        /// Another service, for its own encryption: `Service`.
        Service = "Service",
        ..
        /// A type that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
