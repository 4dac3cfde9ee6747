//! Keys: the values that cryptography with KMS keys takes and returns.
//!
//! This version of the crate has no operations on keys yet. The values are complete, and contain
//! what programs otherwise have to find out: encodings, limits, and which algorithm belongs to
//! which key.
//!
//! - [`CiphertextBlob`]: encrypted data, stored as bytes or as Base64.
//! - [`EncryptionContext`]: pairs that must be the same for encryption and decryption.
//! - [`SecretBytes`](crate::secrets::SecretBytes): plaintexts and data keys.
//! - [`Digest`], [`Signature`], [`EcdsaSignature`]: what is signed, and the signature.
//! - [`SigningAlgorithm`], [`EncryptionAlgorithm`], [`MacAlgorithm`]: algorithms.
//! - [`KeySpec`], [`KeyUsage`], [`KeyState`], [`Origin`], [`ProtectionLevel`]: properties of a key,
//!   with the algorithms that it supports and their limits.
//!
//! A signature is made of a digest, not of the message:
//!
//! ```
//! use alibabacloud_kms::keys::{KeySpec, SigningAlgorithm};
//!
//! let [algorithm] = KeySpec::EcP256.signing_algorithms() else { unreachable!() };
//! assert_eq!(*algorithm, SigningAlgorithm::EcdsaSha256);
//! let digest = algorithm.digest(b"a message").expect("ECDSA_SHA_256 signs a SHA-256 digest");
//! assert_eq!(digest.as_bytes().len(), 32);
//! ```

mod algorithms;
mod ciphertext_blob;
mod digest;
mod ecdsa_signature;
mod encryption_context;
mod key_spec;
mod key_state;
mod key_usage;
mod origin;
mod protection_level;
mod signature;

pub use crate::types::Base64Error;
pub use algorithms::{EncryptionAlgorithm, MacAlgorithm, SigningAlgorithm};
pub use ciphertext_blob::CiphertextBlob;
pub use digest::{Digest, DigestError};
pub use ecdsa_signature::{EcdsaSignature, EcdsaSignatureError};
pub use encryption_context::EncryptionContext;
pub use key_spec::KeySpec;
pub use key_state::KeyState;
pub use key_usage::KeyUsage;
pub use origin::Origin;
pub use protection_level::ProtectionLevel;
pub use signature::Signature;
