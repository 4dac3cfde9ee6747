//! Values that several operations share.

mod arn;
mod base64_text;
mod fields;
pub(crate) mod open_enum;
mod parsed_text;
pub(crate) mod wire;

mod alias_name;
mod extended_config;
mod key_arn;
mod policy;
mod resource_type;
mod rotation_state;
mod secret_arn;
mod secret_bytes;
mod secret_data_type;
mod secret_sub_type;
mod secret_type;
mod secret_value;
mod secret_value_error;
mod tag;
mod tag_target;
mod version_stage;

pub(crate) use base64_text::decode_base64;
pub(crate) use secret_arn::bare_name;

pub use alias_name::{AliasName, AliasNameError};
pub use base64_text::Base64Error;
pub use extended_config::ExtendedConfig;
pub use key_arn::{AliasArn, AliasArnError, KeyArn, KeyArnError};
pub use policy::{Policy, PolicyEffect, PolicyPrincipal, PolicyStatement};
pub use resource_type::ResourceType;
pub use rotation_state::RotationState;
pub use secret_arn::{SecretArn, SecretArnError};
pub use secret_bytes::SecretBytes;
pub use secret_data_type::SecretDataType;
pub use secret_sub_type::SecretSubType;
pub use secret_type::SecretType;
pub use secret_value::SecretValue;
pub use secret_value_error::SecretValueError;
pub use tag::Tag;
pub use tag_target::TagTarget;
pub use version_stage::VersionStage;
