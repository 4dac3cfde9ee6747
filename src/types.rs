//! Values that several operations share.

mod open_enum;
pub(crate) mod wire;

mod rotation_state;
mod secret_data_type;
mod secret_type;
mod secret_value;
mod tag;
mod version_stage;

pub use rotation_state::RotationState;
pub use secret_data_type::SecretDataType;
pub use secret_type::SecretType;
pub use secret_value::{SecretBytes, SecretValue, SecretValueError};
pub use tag::Tag;
pub use version_stage::VersionStage;
