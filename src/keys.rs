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
pub(crate) mod asymmetric_decrypt;
pub(crate) mod asymmetric_encrypt;
pub(crate) mod asymmetric_sign;
pub(crate) mod asymmetric_verify;
mod ciphertext_blob;
mod data_key_spec;
pub(crate) mod decrypt;
pub(crate) mod delete_key_material;
mod digest;
mod ecdsa_signature;
pub(crate) mod encrypt;
mod encryption_context;
pub(crate) mod export_data_key;
pub(crate) mod generate_and_export_data_key;
pub(crate) mod generate_data_key;
pub(crate) mod generate_data_key_without_plaintext;
pub(crate) mod generate_mac;
pub(crate) mod get_challenge;
pub(crate) mod get_managed_data_key;
pub(crate) mod get_parameters_for_import;
pub(crate) mod get_public_key;
pub(crate) mod import_key_material;
mod key_material;
mod key_spec;
mod key_state;
mod key_usage;
pub(crate) mod list_managed_data_key_versions;
mod mac;
mod origin;
mod plaintext;
mod protection_level;
pub(crate) mod re_encrypt;
mod request_fields;
mod response_fields;
mod signature;
pub(crate) mod verify_mac;

pub use crate::operation::dry_run::{DryRunOutcome, DryRunRequest};
pub use crate::types::{Base64Error, SecretBytes};
pub use algorithms::{EncryptionAlgorithm, MacAlgorithm, SigningAlgorithm, WrappingAlgorithm};
pub use asymmetric_decrypt::{AsymmetricDecryptRequest, AsymmetricDecryptResponse};
pub use asymmetric_encrypt::{AsymmetricEncryptRequest, AsymmetricEncryptResponse};
pub use asymmetric_sign::{AsymmetricSignRequest, AsymmetricSignResponse};
pub use asymmetric_verify::{AsymmetricVerifyRequest, AsymmetricVerifyResponse};
pub use ciphertext_blob::CiphertextBlob;
pub use data_key_spec::DataKeySpec;
pub use decrypt::{DecryptRequest, DecryptResponse};
pub use delete_key_material::{DeleteKeyMaterialRequest, DeleteKeyMaterialResponse};
pub use digest::{Digest, DigestError};
pub use ecdsa_signature::{EcdsaSignature, EcdsaSignatureError};
pub use encrypt::{EncryptRequest, EncryptResponse};
pub use encryption_context::EncryptionContext;
pub use export_data_key::{ExportDataKeyRequest, ExportDataKeyResponse};
pub use generate_and_export_data_key::{
    GenerateAndExportDataKeyRequest, GenerateAndExportDataKeyResponse,
};
pub use generate_data_key::{GenerateDataKeyRequest, GenerateDataKeyResponse};
pub use generate_data_key_without_plaintext::{
    GenerateDataKeyWithoutPlaintextRequest, GenerateDataKeyWithoutPlaintextResponse,
};
pub use generate_mac::{GenerateMacRequest, GenerateMacResponse};
pub use get_challenge::{GetChallengeRequest, GetChallengeResponse};
pub use get_managed_data_key::{GetManagedDataKeyRequest, GetManagedDataKeyResponse};
pub use get_parameters_for_import::{
    GetParametersForImportRequest, GetParametersForImportResponse,
};
pub use get_public_key::{GetPublicKeyRequest, GetPublicKeyResponse};
pub use import_key_material::{ImportKeyMaterialRequest, ImportKeyMaterialResponse};
pub use key_material::WrapError;
pub use key_spec::KeySpec;
pub use key_state::KeyState;
pub use key_usage::KeyUsage;
pub use list_managed_data_key_versions::{
    ListManagedDataKeyVersionsRequest, ListManagedDataKeyVersionsResponse, ManagedDataKeyVersion,
};
pub use mac::Mac;
pub use origin::Origin;
pub use plaintext::Plaintext;
pub use protection_level::ProtectionLevel;
pub use re_encrypt::{ReEncryptRequest, ReEncryptResponse};
pub use signature::Signature;
pub use verify_mac::{VerifyMacRequest, VerifyMacResponse};

#[cfg(test)]
use crate::operation::{Operation as _, OperationSpec};

/// The operations of this module, for the table of all operations.
#[cfg(test)]
pub(crate) const OPERATIONS: &[OperationSpec] = &[
    AsymmetricDecryptRequest::SPEC,
    AsymmetricEncryptRequest::SPEC,
    AsymmetricSignRequest::SPEC,
    AsymmetricVerifyRequest::SPEC,
    DecryptRequest::SPEC,
    DeleteKeyMaterialRequest::SPEC,
    EncryptRequest::SPEC,
    ExportDataKeyRequest::SPEC,
    GenerateAndExportDataKeyRequest::SPEC,
    GenerateDataKeyRequest::SPEC,
    GenerateDataKeyWithoutPlaintextRequest::SPEC,
    GenerateMacRequest::SPEC,
    GetChallengeRequest::SPEC,
    GetManagedDataKeyRequest::SPEC,
    GetParametersForImportRequest::SPEC,
    GetPublicKeyRequest::SPEC,
    ImportKeyMaterialRequest::SPEC,
    ListManagedDataKeyVersionsRequest::SPEC,
    ReEncryptRequest::SPEC,
    VerifyMacRequest::SPEC,
];
