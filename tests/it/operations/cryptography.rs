//! One call of each operation of cryptography, data keys and imports, and its dry run.

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::keys::{
    AsymmetricDecryptRequest, AsymmetricEncryptRequest, AsymmetricSignRequest,
    AsymmetricVerifyRequest, CiphertextBlob, CreateKeyRequest, DataKeySpec, DecryptRequest,
    DeleteKeyMaterialRequest, Digest, DryRunRequest, EncryptRequest, EncryptionAlgorithm,
    EncryptionContext, ExportDataKeyRequest, GenerateAndExportDataKeyRequest,
    GenerateDataKeyRequest, GenerateDataKeyWithoutPlaintextRequest, GenerateMacRequest,
    GetChallengeRequest, GetManagedDataKeyRequest, GetParametersForImportRequest,
    GetPublicKeyRequest, ImportKeyMaterialRequest, KeySpec, KeyUsage,
    ListManagedDataKeyVersionsRequest, Mac, MacAlgorithm, Origin, ReEncryptRequest, Signature,
    SigningAlgorithm, VerifyMacRequest, WrappingAlgorithm,
};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::SecretBytes;
use chrono::DateTime;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, TryStreamExt as _};

use super::{Made, made};

const OAEP: EncryptionAlgorithm = EncryptionAlgorithm::RsaesOaepSha256;
const ECDSA: SigningAlgorithm = SigningAlgorithm::EcdsaSha256;
const HMAC: MacAlgorithm = MacAlgorithm::HmacSha256;
const WRAPPING: WrappingAlgorithm = WrappingAlgorithm::RsaesOaepSha256;
const DATA_KEY: &str = "orders";

/// The keys that the calls need, and what they made.
pub(crate) struct CryptographyKeys {
    aes: String,
    /// An asymmetric key and its version.
    rsa: [String; 2],
    ec: [String; 2],
    mac_key: String,
    external: String,
    public_key: Vec<u8>,
    blob: CiphertextBlob,
    data_key: CiphertextBlob,
    rsa_blob: CiphertextBlob,
    signature: Signature,
    mac: Mac,
    import: ImportKeyMaterialRequest,
}

fn digest() -> Digest {
    Digest::sha256(b"a message")
}

fn context() -> EncryptionContext {
    [("tenant", "7"), ("table", "orders")].into()
}

impl CryptographyKeys {
    /// Returns names and ciphertexts of keys that exist nowhere, for a client without an emulator.
    pub(crate) fn placeholders() -> Self {
        let id = |name: &str| format!("key-fake-{name}");
        let blob = || CiphertextBlob::from_bytes([7; 64]);
        Self {
            aes: id("aes"),
            rsa: [id("rsa"), id("rsa-version")],
            ec: [id("ec"), id("ec-version")],
            mac_key: id("mac"),
            external: id("external"),
            public_key: vec![0x30, 0],
            blob: blob(),
            data_key: blob(),
            rsa_blob: blob(),
            signature: Signature::from_bytes([7; 70]),
            mac: Mac::from_bytes([7; 32]),
            import: ImportKeyMaterialRequest::new(id("external"), [7; 256], "fake-token"),
        }
    }

    pub(crate) async fn create(emulator: &Emulator, value: &str) -> Self {
        let limits = RateLimits::unlimited();
        let client = emulator.client_builder().rate_limits(limits).build().unwrap();
        let create = async |request: CreateKeyRequest| {
            let key = client.create_key(request).await.unwrap().key_metadata;
            [key.key_id, key.primary_key_version.unwrap_or_default()]
        };
        let asymmetric = |spec, usage: KeyUsage| {
            CreateKeyRequest::new().key_spec(spec).key_usage(usage).instance_id("kst-fake")
        };
        let [aes, _] = create(CreateKeyRequest::new()).await;
        let rsa = create(asymmetric(KeySpec::Rsa2048, KeyUsage::EncryptDecrypt)).await;
        let ec = create(asymmetric(KeySpec::EcP256, KeyUsage::SignVerify)).await;
        let mac_spec = KeySpec::from("HMAC_SHA_256");
        let mac_key = CreateKeyRequest::new().key_spec(mac_spec).instance_id("kst-fake");
        let [mac_key, _] = create(mac_key).await;
        let [external, _] = create(CreateKeyRequest::new().origin(Origin::External)).await;
        emulator.add_managed_data_key(DATA_KEY, 2);

        let request = EncryptRequest::new(&*aes, value.as_bytes()).encryption_context(context());
        let blob = client.encrypt(request).await.unwrap().ciphertext_blob;
        let request = GenerateDataKeyRequest::new(&*aes).encryption_context(context());
        let data_key = client.generate_data_key(request).await.unwrap().ciphertext_blob;
        let [id, version] = &rsa;
        let request = AsymmetricEncryptRequest::new(id, version, OAEP, value);
        let rsa_blob = client.asymmetric_encrypt(request).await.unwrap().ciphertext_blob;
        let public_key = client.get_public_key(GetPublicKeyRequest::new(id, version)).await;
        let [id, version] = &ec;
        let request = AsymmetricSignRequest::new(id, version, ECDSA, digest());
        let signature = client.asymmetric_sign(request).await.unwrap().signature;
        let request = GenerateMacRequest::new(&*mac_key, HMAC, value);
        let mac = client.generate_mac(request).await.unwrap().mac;
        let request = GetParametersForImportRequest::new(&*external, WRAPPING);
        let parameters = client.get_parameters_for_import(request).await.unwrap();
        let import = parameters.wrap(&WRAPPING, &SecretBytes::from(&[7; 32])).unwrap();
        let public_key = public_key.unwrap().public_key_der().unwrap();
        Self {
            aes,
            rsa,
            ec,
            mac_key,
            external,
            public_key,
            blob,
            data_key,
            rsa_blob,
            signature,
            mac,
            import,
        }
    }
}

pub(crate) fn all<'c>(
    client: &'c KmsClient,
    keys: &CryptographyKeys,
    value: &str,
) -> Vec<BoxFuture<'c, Made>> {
    let mut calls = on_symmetric_keys(client, keys, value);
    calls.extend(on_asymmetric_keys(client, keys, value));
    calls.extend(imports(client, keys));
    calls
}

fn on_symmetric_keys<'c>(
    client: &'c KmsClient,
    keys: &CryptographyKeys,
    value: &str,
) -> Vec<BoxFuture<'c, Made>> {
    let aes = || keys.aes.clone();
    let [rsa, rsa_version] = &keys.rsa;
    let public_key = || keys.public_key.clone();
    let encrypt = || EncryptRequest::new(aes(), value.as_bytes()).encryption_context(context());
    let decrypt = || DecryptRequest::new(keys.blob.clone()).encryption_context(context());
    let re_encrypt = || {
        ReEncryptRequest::new(keys.blob.clone(), aes())
            .source_encryption_context(context())
            .destination_encryption_context([("tenant", "8")])
    };
    let from_public_key = ReEncryptRequest::new(keys.rsa_blob.clone(), aes())
        .source_asymmetric_key(rsa, rsa_version, OAEP);
    let generate = || {
        GenerateDataKeyRequest::new(aes())
            .key_spec(DataKeySpec::Aes128)
            .number_of_bytes(32)
            .encryption_context(context())
    };
    let without_plaintext = || {
        GenerateDataKeyWithoutPlaintextRequest::new(aes())
            .key_spec(DataKeySpec::Aes128)
            .number_of_bytes(32)
            .encryption_context(context())
    };
    let export = || {
        ExportDataKeyRequest::new(keys.data_key.clone(), public_key(), KeySpec::Rsa2048, OAEP)
            .encryption_context(context())
    };
    let generate_and_export = || {
        GenerateAndExportDataKeyRequest::new(aes(), public_key(), KeySpec::Rsa2048, OAEP)
            .key_spec(DataKeySpec::Aes128)
            .number_of_bytes(32)
            .encryption_context(context())
    };
    let latest = GetManagedDataKeyRequest::new(DATA_KEY).use_latest(true);
    let by_id = GetManagedDataKeyRequest::new(DATA_KEY).data_key_version_id("v1");
    let versions = || ListManagedDataKeyVersionsRequest::new(DATA_KEY);
    vec![
        made(encrypt(), |r| client.encrypt(r)),
        dry_run(client, encrypt()),
        made(decrypt(), |r| client.decrypt(r)),
        dry_run(client, decrypt()),
        made(re_encrypt(), |r| client.re_encrypt(r)),
        made(from_public_key, |r| client.re_encrypt(r)),
        dry_run(client, re_encrypt()),
        made(generate(), |r| client.generate_data_key(r)),
        dry_run(client, generate()),
        made(without_plaintext(), |r| client.generate_data_key_without_plaintext(r)),
        dry_run(client, without_plaintext()),
        made(export(), |r| client.export_data_key(r)),
        dry_run(client, export()),
        made(generate_and_export(), |r| client.generate_and_export_data_key(r)),
        dry_run(client, generate_and_export()),
        made(latest, |r| client.get_managed_data_key(r)),
        made(by_id, |r| client.get_managed_data_key(r)),
        made(versions(), |r| client.list_managed_data_key_versions(r)),
        made(versions(), |r| {
            client.list_managed_data_key_versions_paginator(r).items().try_collect::<Vec<_>>()
        }),
    ]
}

fn on_asymmetric_keys<'c>(
    client: &'c KmsClient,
    keys: &CryptographyKeys,
    value: &str,
) -> Vec<BoxFuture<'c, Made>> {
    let [rsa, rsa_version] = &keys.rsa;
    let [ec, ec_version] = &keys.ec;
    let encrypt =
        || AsymmetricEncryptRequest::new(rsa, rsa_version, OAEP, value).key_spec(KeySpec::Rsa2048);
    let decrypt = || AsymmetricDecryptRequest::new(rsa, rsa_version, OAEP, keys.rsa_blob.clone());
    let sign = || AsymmetricSignRequest::new(ec, ec_version, ECDSA, digest());
    let verify =
        || AsymmetricVerifyRequest::new(ec, ec_version, ECDSA, digest(), keys.signature.clone());
    let generate_mac = || GenerateMacRequest::new(&*keys.mac_key, HMAC, value);
    let verify_mac = || VerifyMacRequest::new(&*keys.mac_key, HMAC, value, keys.mac.clone());
    let get_public_key = || GetPublicKeyRequest::new(ec, ec_version);
    vec![
        made(encrypt(), |r| client.asymmetric_encrypt(r)),
        dry_run(client, encrypt()),
        made(decrypt(), |r| client.asymmetric_decrypt(r)),
        dry_run(client, decrypt()),
        made(sign(), |r| client.asymmetric_sign(r)),
        dry_run(client, sign()),
        made(verify(), |r| client.asymmetric_verify(r)),
        dry_run(client, verify()),
        made(generate_mac(), |r| client.generate_mac(r)),
        dry_run(client, generate_mac()),
        made(verify_mac(), |r| client.verify_mac(r)),
        dry_run(client, verify_mac()),
        made(get_public_key(), |r| client.get_public_key(r)),
        dry_run(client, get_public_key()),
    ]
}

fn imports<'c>(client: &'c KmsClient, keys: &CryptographyKeys) -> Vec<BoxFuture<'c, Made>> {
    let parameters = GetParametersForImportRequest::new(&*keys.external, WRAPPING);
    let in_2036 = DateTime::from_timestamp(2_082_758_400, 0).unwrap();
    let import = keys.import.clone().expire_time(in_2036);
    vec![
        made(parameters, |r| client.get_parameters_for_import(r)),
        made(import, |r| client.import_key_material(r)),
        made(DeleteKeyMaterialRequest::new(&*keys.external), |r| client.delete_key_material(r)),
        made(GetChallengeRequest::new(), |r| client.get_challenge(r)),
    ]
}

fn dry_run<'c, R: DryRunRequest + std::fmt::Debug>(
    client: &'c KmsClient,
    request: R,
) -> BoxFuture<'c, Made> {
    made(request, |request| client.dry_run(request)).boxed()
}
