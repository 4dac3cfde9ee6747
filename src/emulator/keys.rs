//! The account's KMS keys.

mod ciphertext;
mod crypto_error;
mod encryption_context;
mod material;

pub(super) use self::ciphertext::Ciphertext;
pub(super) use self::crypto_error::CryptoError;
pub(super) use self::encryption_context::EncryptionContext;
pub(super) use self::material::{KeyMaterial, WrappingKey, random_bytes, wrap};
