//! The limits of cryptography, which the specification documents for operations as a whole.

use super::{Check, Limit, no, ok, specification};
use crate::keys::{
    AsymmetricSignRequest, CiphertextBlob, DecryptRequest, Digest, EncryptRequest,
    EncryptionContext, ExportDataKeyRequest, GenerateAndExportDataKeyRequest,
    GenerateDataKeyRequest, GenerateDataKeyWithoutPlaintextRequest,
    ListManagedDataKeyVersionsRequest, ReEncryptRequest, SigningAlgorithm,
};
use crate::operation::Operation;

/// Texts with a number that is not a limit, or one that only the service can check.
const NOT_CHECKED: &[(&str, &str)] = &[
    ("ImportToken valid 24 hours", "a property of the service"),
    ("Symmetric: RSA_2048 with", "names of algorithms, which depend on the key"),
    ("Asymmetric (instances): RSA_2048", "names of algorithms, which depend on the key"),
    ("Aliyun_AES_256: 256 bit", "the material is encrypted"),
    ("KeyMaterialExpireUnix: seconds since", "the service's time decides"),
    ("SM2DSA: the digest is over", "a digest tells nothing of its message"),
    ("Algorithm HMAC_SM3, HMAC_SHA_224", "names of algorithms, which depend on the key"),
    ("Message length limit not stated", "no limit of this service"),
    ("Policy at most 32,768 bytes", "checked with that of a secret, which is the same type"),
    ("Value sizes as in GetSecretValue", "another operation's limit"),
    ("At most 20 different secrets", "checked by the unit tests of BatchGetSecretValue"),
];

/// Returns the limits of operations as a whole, whose parameter is empty, and of parameters.
pub(super) fn limits() -> Vec<Limit> {
    let blob = || CiphertextBlob::from_bytes([1]);
    let plaintext = |len: usize| EncryptRequest::new("a", vec![b'x'; len]);
    let data_key = |bytes| GenerateDataKeyRequest::new("a").number_of_bytes(bytes);
    let encrypted_key =
        |bytes| GenerateDataKeyWithoutPlaintextRequest::new("a").number_of_bytes(bytes);
    let export =
        |spec: &str, algorithm: &str| ExportDataKeyRequest::new(blob(), [0x30], spec, algorithm);
    let generate = |spec: &str, algorithm: &str| {
        GenerateAndExportDataKeyRequest::new("a", [0x30], spec, algorithm)
    };
    let exported = |bytes| generate("EC_SM2", "SM2PKE").number_of_bytes(bytes);
    let sign = |digest: Digest| {
        AsymmetricSignRequest::new("a", "v", SigningAlgorithm::RsaPssSha256, digest)
    };
    let versions = |number, size| {
        ListManagedDataKeyVersionsRequest::new("a").page_number(number).page_size(size)
    };
    let mut limits = vec![
        ("Encrypt", "", "Plaintext at most 6 KB", ok(plaintext(6_144)), no(plaintext(6_145))),
        ("GenerateDataKey", "", "NumberOfBytes 1 to 1,024", ok(data_key(1_024)), no(data_key(0))),
        ("GenerateDataKey", "", "NumberOfBytes 1 to 1,024", ok(data_key(1)), no(data_key(1_025))),
        (
            "GenerateDataKeyWithoutPlaintext",
            "",
            "NumberOfBytes 1 to 1,024",
            ok(encrypted_key(1_024)),
            no(encrypted_key(1_025)),
        ),
        (
            "GenerateAndExportDataKey",
            "",
            "NumberOfBytes 1 to 1,024",
            ok(exported(1_024)),
            no(exported(1_025)),
        ),
        (
            "ExportDataKey",
            "",
            "WrappingKeySpec RSA_2048",
            ok(export("RSA_2048", "RSAES_OAEP_SHA_1")),
            no(export("EC_SM2", "RSAES_OAEP_SHA_1")),
        ),
        (
            "GenerateAndExportDataKey",
            "",
            "WrappingKeySpec RSA_2048",
            ok(generate("EC_SM2", "SM2PKE")),
            no(generate("RSA_2048", "SM2PKE")),
        ),
        (
            "AsymmetricSign",
            "",
            "Digest: Base64 of 32 bytes",
            ok(sign([7; 32].into())),
            no(sign([7; 48].into())),
        ),
        (
            "ListManagedDataKeyVersions",
            "PageNumber",
            "Greater than 0",
            ok(versions(1, 1)),
            no(versions(0, 1)),
        ),
        (
            "ListManagedDataKeyVersions",
            "PageSize",
            "1 to 100",
            ok(versions(1, 100)),
            no(versions(1, 101)),
        ),
    ];
    limits.extend([
        context("Encrypt", |context| EncryptRequest::new("a", b"x").encryption_context(context)),
        context("Decrypt", |context| DecryptRequest::new(blob()).encryption_context(context)),
        context("ReEncrypt", |context| {
            ReEncryptRequest::new(blob(), "a").source_encryption_context(context)
        }),
        context("ReEncrypt", |context| {
            ReEncryptRequest::new(blob(), "a").destination_encryption_context(context)
        }),
        context("GenerateDataKey", |context| data_key(1).encryption_context(context)),
        context("GenerateDataKeyWithoutPlaintext", |context| {
            encrypted_key(1).encryption_context(context)
        }),
        context("ExportDataKey", |context| export("EC_SM2", "SM2PKE").encryption_context(context)),
        context("GenerateAndExportDataKey", |context| exported(1).encryption_context(context)),
    ]);
    limits
}

/// Returns the limit of the encryption context of an operation.
fn context<O: Operation>(
    operation: &'static str,
    request: impl Fn(EncryptionContext) -> O,
) -> Limit {
    const FRAME: usize = r#"{"k":""}"#.len();
    let request = |characters: usize| request([("k", "v".repeat(characters - FRAME))].into());
    let (accepts, rejects): (Check, Check) = (ok(request(8_192)), no(request(8_193)));
    (operation, "", "EncryptionContext: JSON object of strings, at most 8,192", accepts, rejects)
}

#[test]
fn every_documented_limit_of_an_operation_is_checked() {
    let limits = limits();
    for (spec, specified) in specification() {
        for text in specified["limits"].as_array().into_iter().flatten() {
            let text = text.as_str().unwrap();
            let is_checked = limits.iter().any(|(operation, parameter, start, ..)| {
                *operation == spec.name && parameter.is_empty() && text.starts_with(start)
            });
            let is_known = NOT_CHECKED.iter().any(|(start, _)| text.starts_with(start));
            assert!(is_checked || is_known, "{}: {text}", spec.name);
        }
    }
}
