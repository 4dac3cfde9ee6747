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
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256K1_SHA256_ASN1, EcdsaVerificationAlgorithm, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

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

/// Half of the order of secp256k1, rounded down.
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];
/// The order of secp256k1.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

/// Returns the order minus `s`.
fn negated(s: &[u8; 32]) -> [u8; 32] {
    let mut result = [0; 32];
    let mut borrow = 0;
    for at in (0..32).rev() {
        let difference = 256 + u16::from(ORDER[at]) - u16::from(s[at]) - borrow;
        result[at] = difference.to_be_bytes()[1];
        borrow = u16::from(difference < 256);
    }
    result
}

/// A signer of Ethereum transactions, as the plugin of AntChain Bridge: any 32 bytes are signed,
/// and the signer makes `s` low, since the service does not.
#[tokio::test]
async fn ethereum_signer_signs_keccak_digests_with_a_low_s() {
    let (_emulator, client) = emulator_and_client().await;
    let [key, version] = signing_key(&client, KeySpec::EcP256K).await;
    let public_key = client.get_public_key(GetPublicKeyRequest::new(&*key, &*version)).await;
    let der = public_key.unwrap().public_key_der().unwrap();
    assert_eq!(point(&der)[0], 4, "the two coordinates, of which the address is made");

    let mut high = 0;
    for transaction in 0..64 {
        // Keccak-256 of a transaction, which has the length of SHA-256.
        let digest = Digest::from([transaction; 32]);
        let algorithm = SigningAlgorithm::EcdsaSha256;
        let request = AsymmetricSignRequest::new(&*key, &*version, algorithm, digest);
        let signature = client.asymmetric_sign(request).await.unwrap().signature;
        let EcdsaSignature { r, s } = signature.ecdsa().unwrap();
        let is_high = s > HALF_ORDER;
        high += u32::from(is_high);
        let low = EcdsaSignature { r, s: if is_high { negated(&s) } else { s } };
        assert!(low.s <= HALF_ORDER);
        let low = alibabacloud_kms::keys::Signature::from(low);
        assert!(verifies(&ECDSA_P256K1_SHA256_ASN1, &der, &digest, low.as_bytes()));
    }
    assert!(high > 0, "signers that expect a low `s` would not notice that they must make it so");
}
