//! Keys: cryptography with KMS keys, their life, aliases, versions and policies; the account and
//! the regions of KMS.
//!
//! Each operation is a method of [`KmsClient`](crate::KmsClient) that takes its request and returns
//! its response: [`encrypt`](crate::KmsClient::encrypt) takes an [`EncryptRequest`] and returns an
//! [`EncryptResponse`].
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use alibabacloud_kms::emulator::Emulator;
//! # let emulator = Emulator::start().await?;
//! # let client = emulator.client()?;
//! use alibabacloud_kms::keys::{
//!     CreateAliasRequest, CreateKeyRequest, DecryptRequest, EncryptRequest,
//! };
//!
//! let key = client.create_key(CreateKeyRequest::new()).await?.key_metadata;
//! client.create_alias(CreateAliasRequest::new("alias/orders", &*key.key_id)).await?;
//!
//! let request = EncryptRequest::new("alias/orders", b"fake-card-number")
//!     .encryption_context([("order", "7")]);
//! let blob = client.encrypt(request).await?.ciphertext_blob;
//!
//! let request = DecryptRequest::new(blob).encryption_context([("order", "7")]);
//! let decrypted = client.decrypt(request).await?;
//! assert_eq!(decrypted.key_id, key.key_id);
//! assert_eq!(decrypted.plaintext.to_bytes()?.expose_secret(), b"fake-card-number");
//! # Ok(())
//! # }
//! ```
//!
//! # Which operation
//!
//! | to | use |
//! |---|---|
//! | encrypt up to 6,144 bytes | [`encrypt`](crate::KmsClient::encrypt), [`decrypt`](crate::KmsClient::decrypt) |
//! | encrypt more | [`generate_data_key`](crate::KmsClient::generate_data_key), and a cipher of your own |
//! | move a ciphertext to another key or context | [`re_encrypt`](crate::KmsClient::re_encrypt) |
//! | encrypt for a holder of a private key in KMS | [`get_public_key`](crate::KmsClient::get_public_key) or [`asymmetric_encrypt`](crate::KmsClient::asymmetric_encrypt), and [`asymmetric_decrypt`](crate::KmsClient::asymmetric_decrypt) |
//! | sign | [`asymmetric_sign`](crate::KmsClient::asymmetric_sign) |
//! | verify | [`get_public_key`](crate::KmsClient::get_public_key) once, or [`asymmetric_verify`](crate::KmsClient::asymmetric_verify) |
//! | authenticate messages | [`generate_mac`](crate::KmsClient::generate_mac), [`verify_mac`](crate::KmsClient::verify_mac) |
//! | bring your own key | [`get_parameters_for_import`](crate::KmsClient::get_parameters_for_import), [`GetParametersForImportResponse::wrap`], [`import_key_material`](crate::KmsClient::import_key_material) |
//! | check permissions at startup | [`dry_run`](crate::KmsClient::dry_run) |
//!
//! # Where keys can be used
//!
//! A key that is not in a KMS instance is a default key: AES with 256 bits, which the service's
//! documentation excludes from client-side encryption. Everything else needs a key of an instance.
//! The host of the instance serves it
//! ([`dedicated_instance`](crate::KmsClientBuilder::dedicated_instance)); the host of the region
//! serves it only if the instance's public access is switched on.
//!
//! # Secret material
//!
//! Plaintexts and data keys are [`SecretBytes`](crate::secrets::SecretBytes) or a [`Plaintext`]:
//! only `expose_secret` and `to_bytes` return them, `Debug` shows their length, and they are wiped
//! from memory on drop. They are sent in the body of a `POST` and never in a URL. Base64 is added
//! and removed by this crate.
//!
//! # Ciphertexts
//!
//! A [`CiphertextBlob`] is stored as its bytes or as its Base64. The ciphertext of a symmetric key
//! contains the id of its key version, so that it is decrypted without naming the key, and also
//! after rotations. It does not contain the [`EncryptionContext`], which the decryption needs
//! again.
//!
//! A changed or truncated ciphertext, one of another region or account, and a wrong context fail
//! with the kind [`InvalidCiphertext`](crate::ErrorKind::InvalidCiphertext). The service does not
//! report which of them it is.
//!
//! # Signatures
//!
//! A signature is made of a digest, not of the message. The signature of an elliptic curve key is
//! in DER, and [`Signature::ecdsa`] returns its two numbers.
//!
//! ```
//! use alibabacloud_kms::keys::{KeySpec, SigningAlgorithm};
//!
//! let [algorithm] = KeySpec::EcP256.signing_algorithms() else { unreachable!() };
//! assert_eq!(*algorithm, SigningAlgorithm::EcdsaSha256);
//! let digest = algorithm.digest(b"a message").expect("ECDSA_SHA_256 signs a SHA-256 digest");
//! assert_eq!(digest.as_bytes().len(), 32);
//! ```
//!
//! Asymmetric keys have no primary version: take a version id from
//! [`list_key_versions`](crate::KmsClient::list_key_versions), and store it beside what the version
//! signed or encrypted.
//!
//! # The account and the regions
//!
//! [`describe_account_kms_status`](crate::KmsClient::describe_account_kms_status) returns whether
//! KMS is active for the account, [`open_kms_service`](crate::KmsClient::open_kms_service)
//! activates it, and [`describe_regions`](crate::KmsClient::describe_regions) lists the regions of
//! KMS.

mod account_status;
mod algorithms;
pub(crate) mod asymmetric_decrypt;
pub(crate) mod asymmetric_encrypt;
pub(crate) mod asymmetric_sign;
pub(crate) mod asymmetric_verify;
pub(crate) mod cancel_key_deletion;
mod ciphertext_blob;
pub(crate) mod create_alias;
pub(crate) mod create_key;
pub(crate) mod create_key_version;
mod creator_type;
mod data_key_spec;
pub(crate) mod decrypt;
pub(crate) mod delete_alias;
pub(crate) mod delete_key_material;
mod deletion_protection;
pub(crate) mod describe_account_kms_status;
pub(crate) mod describe_key;
pub(crate) mod describe_key_version;
pub(crate) mod describe_regions;
mod digest;
pub(crate) mod disable_key;
mod ecdsa_signature;
pub(crate) mod enable_key;
pub(crate) mod encrypt;
mod encryption_context;
pub(crate) mod export_data_key;
mod from_key_id;
pub(crate) mod generate_and_export_data_key;
pub(crate) mod generate_data_key;
pub(crate) mod generate_data_key_without_plaintext;
pub(crate) mod generate_mac;
pub(crate) mod get_challenge;
pub(crate) mod get_key_policy;
pub(crate) mod get_managed_data_key;
pub(crate) mod get_parameters_for_import;
pub(crate) mod get_public_key;
pub(crate) mod import_key_material;
mod key_filter;
#[cfg(feature = "aws-lc-rs")]
mod key_material;
mod key_metadata;
mod key_spec;
mod key_state;
mod key_storage_mechanism;
mod key_usage;
mod key_version;
pub(crate) mod list_aliases;
pub(crate) mod list_aliases_by_key_id;
pub(crate) mod list_key_versions;
pub(crate) mod list_keys;
pub(crate) mod list_managed_data_key_versions;
mod mac;
pub(crate) mod open_kms_service;
mod origin;
mod plaintext;
mod protected_resource;
mod protection_level;
pub(crate) mod re_encrypt;
mod request_fields;
mod response_fields;
pub(crate) mod schedule_key_deletion;
pub(crate) mod set_deletion_protection;
pub(crate) mod set_key_policy;
mod signature;
pub(crate) mod update_alias;
pub(crate) mod update_key_description;
pub(crate) mod update_rotation_policy;
pub(crate) mod verify_mac;

pub use crate::operation::dry_run::{DryRunOutcome, DryRunRequest};
pub use crate::types::{
    AliasArn, AliasArnError, AliasName, AliasNameError, Base64Error, KeyArn, KeyArnError,
};
pub use account_status::AccountStatus;
pub use algorithms::{EncryptionAlgorithm, MacAlgorithm, SigningAlgorithm, WrappingAlgorithm};
pub use asymmetric_decrypt::{AsymmetricDecryptRequest, AsymmetricDecryptResponse};
pub use asymmetric_encrypt::{AsymmetricEncryptRequest, AsymmetricEncryptResponse};
pub use asymmetric_sign::{AsymmetricSignRequest, AsymmetricSignResponse};
pub use asymmetric_verify::{AsymmetricVerifyRequest, AsymmetricVerifyResponse};
pub use cancel_key_deletion::{CancelKeyDeletionRequest, CancelKeyDeletionResponse};
pub use ciphertext_blob::CiphertextBlob;
pub use create_alias::{CreateAliasRequest, CreateAliasResponse};
pub use create_key::{CreateKeyRequest, CreateKeyResponse};
pub use create_key_version::{CreateKeyVersionRequest, CreateKeyVersionResponse};
pub use creator_type::CreatorType;
pub use data_key_spec::DataKeySpec;
pub use decrypt::{DecryptRequest, DecryptResponse};
pub use delete_alias::{DeleteAliasRequest, DeleteAliasResponse};
pub use delete_key_material::{DeleteKeyMaterialRequest, DeleteKeyMaterialResponse};
pub use deletion_protection::DeletionProtection;
pub use describe_account_kms_status::{
    DescribeAccountKmsStatusRequest, DescribeAccountKmsStatusResponse,
};
pub use describe_key::{DescribeKeyRequest, DescribeKeyResponse};
pub use describe_key_version::{DescribeKeyVersionRequest, DescribeKeyVersionResponse};
pub use describe_regions::{DescribeRegionsRequest, DescribeRegionsResponse, Region};
pub use digest::{Digest, DigestError};
pub use disable_key::{DisableKeyRequest, DisableKeyResponse};
pub use ecdsa_signature::{EcdsaSignature, EcdsaSignatureError};
pub use enable_key::{EnableKeyRequest, EnableKeyResponse};
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
pub use get_key_policy::{GetKeyPolicyRequest, GetKeyPolicyResponse};
pub use get_managed_data_key::{GetManagedDataKeyRequest, GetManagedDataKeyResponse};
pub use get_parameters_for_import::{
    GetParametersForImportRequest, GetParametersForImportResponse,
};
pub use get_public_key::{GetPublicKeyRequest, GetPublicKeyResponse};
pub use import_key_material::{ImportKeyMaterialRequest, ImportKeyMaterialResponse};
pub use key_filter::KeyFilter;
#[cfg(feature = "aws-lc-rs")]
pub use key_material::WrapError;
pub use key_metadata::KeyMetadata;
pub use key_spec::KeySpec;
pub use key_state::KeyState;
pub use key_storage_mechanism::KeyStorageMechanism;
pub use key_usage::KeyUsage;
pub use key_version::KeyVersion;
pub use list_aliases::{Alias, ListAliasesRequest, ListAliasesResponse};
pub use list_aliases_by_key_id::ListAliasesByKeyIdRequest;
pub use list_key_versions::{ListKeyVersionsRequest, ListKeyVersionsResponse};
pub use list_keys::{KeySummary, ListKeysRequest, ListKeysResponse};
pub use list_managed_data_key_versions::{
    ListManagedDataKeyVersionsRequest, ListManagedDataKeyVersionsResponse, ManagedDataKeyVersion,
};
pub use mac::Mac;
pub use open_kms_service::{OpenKmsServiceRequest, OpenKmsServiceResponse};
pub use origin::Origin;
pub use plaintext::Plaintext;
pub use protected_resource::ProtectedResource;
pub use protection_level::ProtectionLevel;
pub use re_encrypt::{ReEncryptRequest, ReEncryptResponse};
pub use schedule_key_deletion::{ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse};
pub use set_deletion_protection::{SetDeletionProtectionRequest, SetDeletionProtectionResponse};
pub use set_key_policy::{SetKeyPolicyRequest, SetKeyPolicyResponse};
pub use signature::Signature;
pub use update_alias::{UpdateAliasRequest, UpdateAliasResponse};
pub use update_key_description::{UpdateKeyDescriptionRequest, UpdateKeyDescriptionResponse};
pub use update_rotation_policy::{UpdateRotationPolicyRequest, UpdateRotationPolicyResponse};
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
    CancelKeyDeletionRequest::SPEC,
    CreateAliasRequest::SPEC,
    CreateKeyRequest::SPEC,
    CreateKeyVersionRequest::SPEC,
    DecryptRequest::SPEC,
    DeleteAliasRequest::SPEC,
    DeleteKeyMaterialRequest::SPEC,
    DescribeAccountKmsStatusRequest::SPEC,
    DescribeKeyRequest::SPEC,
    DescribeKeyVersionRequest::SPEC,
    DescribeRegionsRequest::SPEC,
    DisableKeyRequest::SPEC,
    EnableKeyRequest::SPEC,
    EncryptRequest::SPEC,
    ExportDataKeyRequest::SPEC,
    GenerateAndExportDataKeyRequest::SPEC,
    GenerateDataKeyRequest::SPEC,
    GenerateDataKeyWithoutPlaintextRequest::SPEC,
    GenerateMacRequest::SPEC,
    GetChallengeRequest::SPEC,
    GetKeyPolicyRequest::SPEC,
    GetManagedDataKeyRequest::SPEC,
    GetParametersForImportRequest::SPEC,
    GetPublicKeyRequest::SPEC,
    ImportKeyMaterialRequest::SPEC,
    ListAliasesByKeyIdRequest::SPEC,
    ListAliasesRequest::SPEC,
    ListKeyVersionsRequest::SPEC,
    ListKeysRequest::SPEC,
    ListManagedDataKeyVersionsRequest::SPEC,
    OpenKmsServiceRequest::SPEC,
    ReEncryptRequest::SPEC,
    ScheduleKeyDeletionRequest::SPEC,
    SetDeletionProtectionRequest::SPEC,
    SetKeyPolicyRequest::SPEC,
    UpdateAliasRequest::SPEC,
    UpdateKeyDescriptionRequest::SPEC,
    UpdateRotationPolicyRequest::SPEC,
    VerifyMacRequest::SPEC,
];
