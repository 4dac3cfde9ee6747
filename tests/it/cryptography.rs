//! Cryptography through the client, for each kind of key and each algorithm.

use std::collections::BTreeMap;

use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::keys::{
    AsymmetricDecryptRequest, AsymmetricEncryptRequest, AsymmetricSignRequest,
    AsymmetricVerifyRequest, CiphertextBlob, CreateKeyRequest, DataKeySpec, DecryptRequest, Digest,
    DryRunOutcome, EncryptRequest, EncryptionAlgorithm, ExportDataKeyRequest,
    GenerateAndExportDataKeyRequest, GenerateDataKeyRequest,
    GenerateDataKeyWithoutPlaintextRequest, GenerateMacRequest, GetParametersForImportRequest,
    GetPublicKeyRequest, KeySpec, KeyUsage, MacAlgorithm, Origin, Plaintext, ReEncryptRequest,
    Signature, SigningAlgorithm, VerifyMacRequest, WrappingAlgorithm,
};
use alibabacloud_kms::secrets::SecretBytes;
use alibabacloud_kms::{ErrorKind, KmsClient};
use aws_lc_rs::digest;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::capture::Capture;

const AES: [KeySpec; 3] = [KeySpec::Aes128, KeySpec::Aes192, KeySpec::Aes256];
const OAEP: [EncryptionAlgorithm; 2] =
    [EncryptionAlgorithm::RsaesOaepSha256, EncryptionAlgorithm::RsaesOaepSha1];

async fn emulator_and_client() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.client().unwrap();
    (emulator, client)
}

/// Creates a key in an instance, where every kind of key can be, and returns its id and that of its
/// version.
async fn key(client: &KmsClient, request: CreateKeyRequest) -> [String; 2] {
    let created = client.create_key(request.instance_id("kst-fake")).await.unwrap();
    let key_id = created.key_metadata.key_id;
    let page = client.list_key_versions(&key_id).await.unwrap();
    let version = page.versions[0].key_version_id.clone();
    [key_id, version]
}

async fn symmetric_key(client: &KmsClient) -> String {
    let [key, _] = key(client, CreateKeyRequest::new()).await;
    key
}

async fn rsa_key(client: &KmsClient, usage: KeyUsage) -> [String; 2] {
    key(client, CreateKeyRequest::new().key_spec(KeySpec::Rsa2048).key_usage(usage)).await
}

async fn public_key(client: &KmsClient, [key, version]: &[String; 2]) -> Vec<u8> {
    let response = client.get_public_key(GetPublicKeyRequest::new(key, version)).await.unwrap();
    response.public_key_der().unwrap()
}

async fn decrypted(client: &KmsClient, blob: &CiphertextBlob) -> SecretBytes {
    let response = client.decrypt(DecryptRequest::new(blob.clone())).await.unwrap();
    response.plaintext.to_bytes().unwrap()
}

/// Ciphertexts and signatures that another library made with fake keys.
#[derive(Deserialize)]
struct Fixture {
    aes: Vec<AesCase>,
    digest: String,
    rsa: Vec<BTreeMap<String, String>>,
    ec: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct AesCase {
    spec: String,
    key: String,
    context: BTreeMap<String, String>,
    text: String,
    blob: String,
}

impl Fixture {
    fn read() -> Self {
        serde_json::from_str(include_str!("../fixtures/key_material.json")).unwrap()
    }
}

fn bytes(base64: &str) -> Vec<u8> {
    STANDARD.decode(base64).unwrap()
}

/// Imports material into a key and returns its id and that of its version.
async fn imported(
    client: &KmsClient,
    spec: &str,
    algorithm: WrappingAlgorithm,
    material: &str,
) -> [String; 2] {
    let [key, version] =
        key(client, CreateKeyRequest::new().key_spec(spec).origin(Origin::External)).await;
    let request = GetParametersForImportRequest::new(&key, algorithm.clone());
    let parameters = client.get_parameters_for_import(request).await.unwrap();
    let import = parameters.wrap(&algorithm, &bytes(material).into()).unwrap();
    client.import_key_material(import).await.unwrap();
    [key, version]
}

#[tokio::test]
async fn every_symmetric_key_decrypts_what_it_encrypted() {
    let (_emulator, client) = emulator_and_client().await;
    for spec in AES {
        let [key, version] = key(&client, CreateKeyRequest::new().key_spec(spec)).await;
        for plaintext in [&b"fake \xff bytes"[..], b"", &[7; Plaintext::MAX_BYTES]] {
            let request = EncryptRequest::new(&key, SecretBytes::from(plaintext));
            let encrypted = client.encrypt(request).await.unwrap();
            let blob = encrypted.ciphertext_blob;
            assert_eq!(&blob.as_bytes()[..36], version.as_bytes());
            assert_eq!([encrypted.key_id, encrypted.key_version_id], [&*key, &*version]);
            assert_eq!(decrypted(&client, &blob).await.expose_secret(), plaintext);
        }
    }
}

#[tokio::test]
async fn text_that_is_not_base64_is_decrypted_as_text() {
    let (_emulator, client) = emulator_and_client().await;
    let key = symmetric_key(&client).await;
    let request = EncryptRequest::new(&key, Plaintext::from_text("fake password"));
    let blob = client.encrypt(request).await.unwrap().ciphertext_blob;
    let plaintext = client.decrypt(DecryptRequest::new(blob)).await.unwrap().plaintext;
    assert_eq!(plaintext.expose_secret(), "fake password");
    assert!(plaintext.to_bytes().is_err());
}

#[tokio::test]
async fn what_cannot_be_decrypted_is_an_error_of_its_own() {
    let (_emulator, client) = emulator_and_client().await;
    let key = symmetric_key(&client).await;
    let context = [("tenant", "7")];
    let request = EncryptRequest::new(&key, b"fake-plaintext").encryption_context(context);
    let blob = client.encrypt(request).await.unwrap().ciphertext_blob;
    let decrypt = DecryptRequest::new(blob.clone()).encryption_context(context);
    client.decrypt(decrypt).await.unwrap();

    let mut tampered = blob.as_bytes().to_vec();
    *tampered.last_mut().unwrap() ^= 1;
    let mut foreign = blob.as_bytes().to_vec();
    foreign[..8].copy_from_slice(b"00000000");
    let truncated = &blob.as_bytes()[..40];
    let with = |blob: &[u8]| DecryptRequest::new(CiphertextBlob::from_bytes(blob));
    for request in [
        with(blob.as_bytes()),
        with(blob.as_bytes()).encryption_context([("tenant", "8")]),
        with(&tampered).encryption_context(context),
        with(truncated).encryption_context(context),
        with(&foreign).encryption_context(context),
    ] {
        let error = client.decrypt(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidCiphertext);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("fake-plaintext"), "{shown}");
        assert!(!shown.contains(&STANDARD.encode("fake-plaintext")), "{shown}");
    }
}

#[tokio::test]
async fn re_encrypted_ciphertext_belongs_to_the_other_key() {
    let (_emulator, client) = emulator_and_client().await;
    let [source, destination] = [symmetric_key(&client).await, symmetric_key(&client).await];
    let request = EncryptRequest::new(&source, b"fake").encryption_context([("a", "1")]);
    let blob = client.encrypt(request).await.unwrap().ciphertext_blob;
    let request = ReEncryptRequest::new(blob, &destination)
        .source_encryption_context([("a", "1")])
        .destination_encryption_context([("b", "2")]);
    let blob = client.re_encrypt(request).await.unwrap().ciphertext_blob;
    client.disable_key(&source).await.unwrap();
    let request = DecryptRequest::new(blob).encryption_context([("b", "2")]);
    let response = client.decrypt(request).await.unwrap();
    assert_eq!(response.key_id, destination);
    assert_eq!(response.plaintext.to_bytes().unwrap().expose_secret(), b"fake");
}

#[tokio::test]
async fn data_key_is_what_its_ciphertext_contains() {
    let (_emulator, client) = emulator_and_client().await;
    let key = symmetric_key(&client).await;
    let request = || GenerateDataKeyRequest::new(&key);
    for (request, len) in [
        (request(), 32),
        (request().key_spec(DataKeySpec::Aes128), 16),
        (request().number_of_bytes(1), 1),
        (request().number_of_bytes(1_024), 1_024),
    ] {
        let generated = client.generate_data_key(request).await.unwrap();
        let data_key = generated.plaintext.expose_secret();
        assert_eq!(data_key.len(), len);
        let plaintext = decrypted(&client, &generated.ciphertext_blob).await;
        assert_eq!(plaintext.expose_secret(), data_key);
    }
    let request = GenerateDataKeyWithoutPlaintextRequest::new(&key);
    let generated = client.generate_data_key_without_plaintext(request).await.unwrap();
    let plaintext = decrypted(&client, &generated.ciphertext_blob).await;
    assert_eq!(plaintext.expose_secret().len(), 32);
}

#[tokio::test]
async fn exported_data_key_is_decrypted_by_the_private_key() {
    let (_emulator, client) = emulator_and_client().await;
    let key = symmetric_key(&client).await;
    let rsa = rsa_key(&client, KeyUsage::EncryptDecrypt).await;
    let public_key = public_key(&client, &rsa).await;
    for algorithm in OAEP {
        let request = GenerateAndExportDataKeyRequest::new(
            &key,
            public_key.clone(),
            KeySpec::Rsa2048,
            algorithm.clone(),
        );
        let generated = client.generate_and_export_data_key(request).await.unwrap();
        let data_key = decrypted(&client, &generated.ciphertext_blob).await;
        let request = ExportDataKeyRequest::new(
            generated.ciphertext_blob,
            public_key.clone(),
            KeySpec::Rsa2048,
            algorithm.clone(),
        );
        let again = client.export_data_key(request).await.unwrap().exported_data_key;
        for exported in [generated.exported_data_key, again] {
            let request = AsymmetricDecryptRequest::new(
                &rsa[0],
                &rsa[1],
                algorithm.clone(),
                exported.clone(),
            );
            let plaintext = client.asymmetric_decrypt(request).await.unwrap().plaintext;
            assert_eq!(plaintext.expose_secret(), data_key.expose_secret());
            let request = ReEncryptRequest::new(exported, &key).source_asymmetric_key(
                &rsa[0],
                &rsa[1],
                algorithm.clone(),
            );
            let blob = client.re_encrypt(request).await.unwrap().ciphertext_blob;
            let plaintext = decrypted(&client, &blob).await;
            assert_eq!(plaintext.expose_secret(), data_key.expose_secret());
        }
    }
}

#[tokio::test]
async fn rsa_decrypts_what_was_encrypted_offline() {
    let (_emulator, client) = emulator_and_client().await;
    let rsa = rsa_key(&client, KeyUsage::EncryptDecrypt).await;
    let public_key = public_key(&client, &rsa).await;
    for (algorithm, offline) in OAEP.into_iter().zip([&OAEP_SHA256_MGF1SHA256, &OAEP_SHA1_MGF1SHA1])
    {
        let plaintext = b"fake \xff bytes";
        let public_key = PublicEncryptingKey::from_der(&public_key).unwrap();
        let public_key = OaepPublicEncryptingKey::new(public_key).unwrap();
        let mut encrypted_offline = vec![0; public_key.ciphertext_size()];
        public_key.encrypt(offline, plaintext, &mut encrypted_offline, None).unwrap();
        let request = AsymmetricEncryptRequest::new(&rsa[0], &rsa[1], algorithm.clone(), plaintext);
        let encrypted = client.asymmetric_encrypt(request).await.unwrap().ciphertext_blob;
        for blob in [CiphertextBlob::from_bytes(encrypted_offline), encrypted] {
            let request = AsymmetricDecryptRequest::new(&rsa[0], &rsa[1], algorithm.clone(), blob);
            let response = client.asymmetric_decrypt(request).await.unwrap();
            assert_eq!(response.plaintext.expose_secret(), plaintext);
        }
        let request = AsymmetricDecryptRequest::new(
            &rsa[0],
            &rsa[1],
            algorithm,
            CiphertextBlob::from_bytes([7; 256]),
        );
        let error = client.asymmetric_decrypt(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidCiphertext);
    }
}

#[tokio::test]
async fn rsa_signatures_are_verified_offline_and_by_a_call() {
    let (_emulator, client) = emulator_and_client().await;
    let rsa = rsa_key(&client, KeyUsage::SignVerify).await;
    let public_key = public_key(&client, &rsa).await;
    let (digest, other) = (Digest::sha256(b"a message"), Digest::sha256(b"another message"));
    for (algorithm, offline) in [
        (SigningAlgorithm::RsaPssSha256, &RSA_PSS_2048_8192_SHA256),
        (SigningAlgorithm::RsaPkcs1Sha256, &RSA_PKCS1_2048_8192_SHA256),
    ] {
        let request = AsymmetricSignRequest::new(&rsa[0], &rsa[1], algorithm.clone(), digest);
        let signature = client.asymmetric_sign(request).await.unwrap().signature;
        let public_key = UnparsedPublicKey::new(offline, &public_key);
        for (digest, is_valid) in [(digest, true), (other, false)] {
            let imported = digest::Digest::import_less_safe(digest.as_bytes(), &digest::SHA256);
            let verified = public_key.verify_digest(&imported.unwrap(), signature.as_bytes());
            assert_eq!(verified.is_ok(), is_valid);
            assert_eq!(verify(&client, &rsa, &algorithm, digest, &signature).await, is_valid);
        }
    }
}

async fn verify(
    client: &KmsClient,
    [key, version]: &[String; 2],
    algorithm: &SigningAlgorithm,
    digest: Digest,
    signature: &Signature,
) -> bool {
    let request =
        AsymmetricVerifyRequest::new(key, version, algorithm.clone(), digest, signature.clone());
    client.asymmetric_verify(request).await.unwrap().is_valid
}

#[tokio::test]
async fn mac_is_verified_for_its_message_only() {
    let (_emulator, client) = emulator_and_client().await;
    for algorithm in [
        MacAlgorithm::HmacSha224,
        MacAlgorithm::HmacSha256,
        MacAlgorithm::HmacSha384,
        MacAlgorithm::HmacSha512,
    ] {
        let create = CreateKeyRequest::new().key_spec(algorithm.as_str());
        let [key, _] = key(&client, create).await;
        let request = GenerateMacRequest::new(&key, algorithm.clone(), "user 7");
        let mac = client.generate_mac(request).await.unwrap().mac;
        assert_eq!(Some(mac.as_bytes().len()), algorithm.mac_len());
        for (message, is_valid) in [("user 7", true), ("user 8", false)] {
            let request = VerifyMacRequest::new(&key, algorithm.clone(), message, mac.clone());
            assert_eq!(client.verify_mac(request).await.unwrap().is_valid, is_valid);
        }
    }
}

/// The ciphertext of another library is decrypted under the id of the version that the material was
/// imported into.
#[tokio::test]
async fn imported_key_decrypts_what_another_library_encrypted() {
    let (_emulator, client) = emulator_and_client().await;
    let algorithms = [
        WrappingAlgorithm::RsaesOaepSha256,
        WrappingAlgorithm::RsaesOaepSha256,
        WrappingAlgorithm::RsaesPkcs1V15,
    ];
    for (case, algorithm) in Fixture::read().aes.into_iter().zip(algorithms) {
        let [_, version] = imported(&client, &case.spec, algorithm, &case.key).await;
        let blob = [version.as_bytes(), &bytes(&case.blob)[36..]].concat();
        let request = DecryptRequest::new(CiphertextBlob::from_bytes(blob));
        let request = request.encryption_context(case.context);
        let plaintext = client.decrypt(request).await.unwrap().plaintext;
        assert_eq!(plaintext.expose_secret(), case.text, "{}", case.spec);
    }
}

#[tokio::test]
async fn imported_private_key_verifies_what_it_signed_elsewhere() {
    let (_emulator, client) = emulator_and_client().await;
    let fixture = Fixture::read();
    let digest = Digest::try_from(&*bytes(&fixture.digest)).unwrap();
    for case in fixture.rsa.iter().chain(&fixture.ec) {
        let hybrid = WrappingAlgorithm::RsaesOaepSha256Aes256EcbPkcs7Pad;
        let key = imported(&client, &case["spec"], hybrid, &case["pkcs8"]).await;
        assert_eq!(public_key(&client, &key).await, bytes(&case["public_key"]));
        for algorithm in KeySpec::from(&*case["spec"]).signing_algorithms() {
            let signature = Signature::from_bytes(bytes(&case[algorithm.as_str()]));
            assert!(verify(&client, &key, algorithm, digest, &signature).await, "{algorithm}");
        }
    }
}

#[tokio::test]
async fn dry_run_says_if_the_request_would_succeed() {
    let (_emulator, client) = emulator_and_client().await;
    let key = symmetric_key(&client).await;
    let encrypt = || EncryptRequest::new(&key, b"fake");
    assert!(matches!(client.dry_run(encrypt()).await, Ok(DryRunOutcome::WouldSucceed)));
    client.disable_key(&key).await.unwrap();
    assert!(!client.dry_run(encrypt()).await.unwrap().would_succeed());
    let generate = client.dry_run(GenerateDataKeyRequest::new(&key)).await.unwrap();
    assert!(!generate.would_succeed());
}

#[tokio::test]
async fn keys_of_sm2_and_sm4_are_reported_as_not_emulated() {
    let (_emulator, client) = emulator_and_client().await;
    for spec in [KeySpec::EcSm2, KeySpec::Sm4] {
        let request = CreateKeyRequest::new().key_spec(spec).instance_id("kst-fake");
        let error = client.create_key(request).await.unwrap_err();
        assert_eq!(error.code(), Some("UnsupportedOperation"));
        assert!(error.to_string().contains("SM2, SM3 nor SM4"), "{error}");
    }
}

#[tokio::test]
async fn generated_data_key_is_in_no_log_and_no_debug() {
    let (_emulator, client) = emulator_and_client().await;
    let key = symmetric_key(&client).await;
    let capture = Capture::start();
    let generated = client.generate_data_key(GenerateDataKeyRequest::new(&key)).await.unwrap();
    let plaintext = decrypted(&client, &generated.ciphertext_blob).await;
    let base64 = STANDARD.encode(generated.plaintext.expose_secret());
    for shown in [capture.text(), format!("{generated:?} {plaintext:?}")] {
        assert!(!shown.contains(&base64), "{shown}");
        assert!(!shown.contains(&format!("{:?}", plaintext.expose_secret())), "{shown}");
    }
}
