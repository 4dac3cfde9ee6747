//! The calls of programs that use keys, in their order, as their sources show them.

use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::keys::{
    AsymmetricSignRequest, CiphertextBlob, CreateAliasRequest, CreateKeyRequest,
    CreateKeyVersionRequest, DecryptRequest, Digest, EcdsaSignature, EncryptRequest,
    GenerateDataKeyRequest, GetPublicKeyRequest, KeySpec, KeyUsage, Plaintext,
    ScheduleKeyDeletionRequest, SigningAlgorithm, UpdateAliasRequest,
};
use alibabacloud_kms::{ErrorKind, KmsClient};
use aws_lc_rs::digest;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, EcdsaVerificationAlgorithm, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use k256::ecdsa::{RecoveryId, VerifyingKey};
use sha3::{Digest as _, Keccak256};

async fn emulator_and_client() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.client().unwrap();
    (emulator, client)
}

async fn default_key(client: &KmsClient) -> String {
    client.create_key(CreateKeyRequest::new()).await.unwrap().key_metadata.key_id
}

/// Creates a key that signs, and returns its id and that of its version.
async fn signing_key(client: &KmsClient, spec: KeySpec) -> [String; 2] {
    let request = CreateKeyRequest::new().key_spec(spec).key_usage(KeyUsage::SignVerify);
    let created = client.create_key(request.instance_id("kst-fake")).await.unwrap();
    let key_id = created.key_metadata.key_id;
    let page = client.list_key_versions(&key_id).await.unwrap();
    let version = page.versions[0].key_version_id.clone();
    [key_id, version]
}

async fn encrypt(client: &KmsClient, key: &str, plaintext: impl Into<Plaintext>) -> CiphertextBlob {
    client.encrypt(EncryptRequest::new(key, plaintext)).await.unwrap().ciphertext_blob
}

async fn decrypt(client: &KmsClient, blob: CiphertextBlob) -> Vec<u8> {
    let plaintext = client.decrypt(DecryptRequest::new(blob)).await.unwrap().plaintext;
    plaintext.to_bytes().unwrap().expose_secret().to_vec()
}

fn actions(emulator: &Emulator) -> Vec<String> {
    emulator.requests().into_iter().map(|request| request.action).collect()
}

/// The seals of Vault and OpenBao: go-kms-wrapping, `wrappers/alicloudkms`.
#[tokio::test]
async fn vault_seals_and_unseals_its_root_key() {
    let (emulator, client) = emulator_and_client().await;
    let key_id = default_key(&client).await;
    client.create_alias(CreateAliasRequest::new("alias/vault", &*key_id)).await.unwrap();
    let before = emulator.requests().len();

    // At start it keeps the id of the configured alias.
    let key = client.describe_key("alias/vault").await.unwrap().key_metadata;
    assert_eq!(key.key_id, key_id);
    let sealed = client.encrypt(EncryptRequest::new(&*key.key_id, &[7; 32])).await.unwrap();
    assert_eq!(sealed.key_id, key_id, "it stores the id of the response with the text of the blob");
    let stored: CiphertextBlob = sealed.ciphertext_blob.to_string().parse().unwrap();
    assert_eq!(decrypt(&client, stored).await, [7; 32]);
    assert_eq!(actions(&emulator)[before..], ["DescribeKey", "Encrypt", "Decrypt"]);
}

#[tokio::test]
async fn vault_unseals_after_a_rotation_and_a_moved_alias() {
    let (_emulator, client) = emulator_and_client().await;
    let create = CreateKeyRequest::new().instance_id("kst-fake");
    let key_id = client.create_key(create).await.unwrap().key_metadata.key_id;
    client.create_alias(CreateAliasRequest::new("alias/vault", &*key_id)).await.unwrap();
    let sealed = encrypt(&client, "alias/vault", &[7; 32]).await;

    client.create_key_version(CreateKeyVersionRequest::new(&*key_id)).await.unwrap();
    let other = default_key(&client).await;
    client.update_alias(UpdateAliasRequest::new("alias/vault", &*other)).await.unwrap();
    assert_eq!(decrypt(&client, sealed.clone()).await, [7; 32]);

    // Its key decides if it can unseal.
    client.disable_key(&key_id).await.unwrap();
    let error = client.decrypt(DecryptRequest::new(sealed.clone())).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("Rejected.Disabled")));
    client.schedule_key_deletion(ScheduleKeyDeletionRequest::new(&*key_id, 7)).await.unwrap();
    let error = client.decrypt(DecryptRequest::new(sealed.clone())).await.unwrap_err();
    assert_eq!(error.code(), Some("Rejected.PendingDeletion"));
    client.cancel_key_deletion(&key_id).await.unwrap();
    assert_eq!(decrypt(&client, sealed).await, [7; 32]);
}

/// The KMS plugin of Kubernetes: ack-kms-plugin. It keeps the text of each blob.
#[tokio::test]
async fn kubernetes_encrypts_each_data_key_by_a_call() {
    let (_emulator, client) = emulator_and_client().await;
    let key_id = default_key(&client).await;
    let mut blobs = Vec::new();
    for data_key in [[1; 32], [2; 32], [2; 32]] {
        blobs.push(encrypt(&client, &key_id, &data_key).await.to_string());
    }
    assert_ne!(blobs[1], blobs[2], "a new vector for each call");
    for (blob, data_key) in blobs.iter().zip([1, 2, 2]) {
        assert_eq!(decrypt(&client, blob.parse().unwrap()).await, [data_key; 32]);
    }
}

/// Client-side encryption of objects by the OSS libraries of Go and Java: the blobs are decoded,
/// stored as bytes, and encoded again before they are decrypted.
#[tokio::test]
async fn oss_wraps_key_and_vector_of_each_object() {
    let (_emulator, client) = emulator_and_client().await;
    let key_id = default_key(&client).await;
    let (key, vector) = ([3; 32], [4; 16]);
    let [wrapped_key, wrapped_vector] =
        [encrypt(&client, &key_id, &key).await, encrypt(&client, &key_id, &vector).await];
    let text = wrapped_key.to_string();
    let metadata = STANDARD.encode(wrapped_key.as_bytes());
    assert_eq!(metadata, text, "the service's Base64 is canonical");
    let stored = CiphertextBlob::from_bytes(STANDARD.decode(metadata).unwrap());
    assert_eq!(decrypt(&client, stored).await, key);
    assert_eq!(decrypt(&client, wrapped_vector).await, vector);
}

/// Client-side encryption of objects by the OSS library of Python, which has a passphrase.
#[tokio::test]
async fn oss_generates_a_key_under_a_passphrase() {
    let (_emulator, client) = emulator_and_client().await;
    let key_id = default_key(&client).await;
    let context = [("x-passphrase", "fake-passphrase")];
    let generate = GenerateDataKeyRequest::new(&*key_id).key_spec("AES_256").number_of_bytes(32);
    let generate = generate.encryption_context(context);
    let generated = client.generate_data_key(generate).await.unwrap();
    assert_eq!(generated.plaintext.expose_secret().len(), 32);

    let blob = generated.ciphertext_blob;
    let unwrap = DecryptRequest::new(blob.clone()).encryption_context(context);
    let plaintext = client.decrypt(unwrap).await.unwrap().plaintext.to_bytes().unwrap();
    assert_eq!(plaintext.expose_secret(), generated.plaintext.expose_secret());
    let error = client.decrypt(DecryptRequest::new(blob)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCiphertext);
}

/// Returns the point of a public key, which is the end of its DER form.
fn point(der: &[u8]) -> &[u8] {
    &der[der.len() - 65..]
}

/// Verifies without the service that this signature of these 32 bytes is right.
fn verifies(
    algorithm: &'static EcdsaVerificationAlgorithm,
    public_key: &[u8],
    digest: &Digest,
    signature: &[u8],
) -> bool {
    let digest = digest::Digest::import_less_safe(digest.as_bytes(), &digest::SHA256).unwrap();
    let public_key = UnparsedPublicKey::new(algorithm, point(public_key));
    public_key.verify_digest(&digest, signature).is_ok()
}

/// A signer of artefacts such as cosign: the signature is verified with the public key in PEM.
#[tokio::test]
async fn cosign_verifies_a_signature_offline() {
    let (_emulator, client) = emulator_and_client().await;
    let [key, version] = signing_key(&client, KeySpec::EcP256).await;
    let public_key = client.get_public_key(GetPublicKeyRequest::new(&*key, &*version)).await;
    let public_key = public_key.unwrap();
    assert!(public_key.public_key_pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    assert!(public_key.public_key_pem.lines().all(|line| line.len() <= 64));

    let digest = Digest::sha256(b"a manifest");
    let algorithm = SigningAlgorithm::EcdsaSha256;
    let request = AsymmetricSignRequest::new(&*key, &*version, algorithm, digest);
    let signature = client.asymmetric_sign(request).await.unwrap().signature;
    assert_eq!(signature.as_bytes()[0], 0x30, "the DER form of a sequence");
    let der = public_key.public_key_der().unwrap();
    let right = verifies(&ECDSA_P256_SHA256_ASN1, &der, &digest, signature.as_bytes());
    let other = Digest::sha256(b"another manifest");
    let wrong = verifies(&ECDSA_P256_SHA256_ASN1, &der, &other, signature.as_bytes());
    assert_eq!((right, wrong), (true, false));
}

/// Returns the address of an uncompressed point.
fn ethereum_address(point: &[u8]) -> Vec<u8> {
    Keccak256::digest(&point[1..])[12..].to_vec()
}

/// Returns the parity with which the address is recovered, the `v` of a transaction.
fn parity(digest: &[u8], signature: &k256::ecdsa::Signature, address: &[u8]) -> Option<u8> {
    (0..2).find(|&v| {
        let id = RecoveryId::from_byte(v).unwrap();
        let key = VerifyingKey::recover_from_prehash(digest, signature, id);
        key.is_ok_and(|key| ethereum_address(key.to_sec1_point(false).as_bytes()) == address)
    })
}

/// A signer of Ethereum transactions, as the plugin of AntChain Bridge: the digest is Keccak-256,
/// `s` is made low by the signer, since the service does not, and `v` is found by recovery.
#[tokio::test]
async fn ethereum_signer_makes_s_low_and_recovers_its_address() {
    let (_emulator, client) = emulator_and_client().await;
    let [key, version] = signing_key(&client, KeySpec::EcP256K).await;
    let public_key = client.get_public_key(GetPublicKeyRequest::new(&*key, &*version)).await;
    let address = ethereum_address(point(&public_key.unwrap().public_key_der().unwrap()));

    let mut high = 0;
    for transaction in 0..64 {
        let digest: [u8; 32] = Keccak256::digest([transaction]).into();
        let algorithm = SigningAlgorithm::EcdsaSha256;
        let request = AsymmetricSignRequest::new(&*key, &*version, algorithm, Digest::from(digest));
        let signature = client.asymmetric_sign(request).await.unwrap().signature;
        let EcdsaSignature { r, s } = signature.ecdsa().unwrap();
        let sent = k256::ecdsa::Signature::from_scalars(r, s).unwrap();
        let low = sent.normalize_s();
        high += u32::from(low != sent);
        let v = parity(&digest, &low, &address).expect("the key of the address signed");
        assert_ne!(parity(&[7; 32], &low, &address), Some(v), "another digest, another address");
    }
    assert!(high > 0, "signers that expect a low `s` would not notice that they must make it so");
}
