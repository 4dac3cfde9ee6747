//! Cryptography, data keys and the import of material.

use alibabacloud_kms::keys::{
    AsymmetricDecryptRequest, AsymmetricEncryptRequest, AsymmetricSignRequest,
    AsymmetricVerifyRequest, CiphertextBlob, DecryptRequest, DeleteKeyMaterialRequest, Digest,
    EncryptRequest, EncryptionAlgorithm, ExportDataKeyRequest, GenerateAndExportDataKeyRequest,
    GenerateDataKeyRequest, GenerateDataKeyWithoutPlaintextRequest, GetChallengeRequest,
    GetManagedDataKeyRequest, GetParametersForImportRequest, GetPublicKeyRequest, KeySpec,
    KeyState, KeyUsage, ListManagedDataKeyVersionsRequest, Origin, Plaintext, ReEncryptRequest,
    SigningAlgorithm, WrappingAlgorithm,
};
use alibabacloud_kms::secrets::SecretBytes;
use alibabacloud_kms::{ErrorKind, KmsClient};

use crate::account::{Account, on_every_account, on_every_account_with_keys};

const OAEP: EncryptionAlgorithm = EncryptionAlgorithm::RsaesOaepSha256;

async fn encrypt(client: &KmsClient, key: &str, plaintext: impl Into<Plaintext>) -> CiphertextBlob {
    client.encrypt(EncryptRequest::new(key, plaintext)).await.unwrap().ciphertext_blob
}

async fn decrypt(client: &KmsClient, blob: &CiphertextBlob) -> Vec<u8> {
    let plaintext = client.decrypt(DecryptRequest::new(blob.clone())).await.unwrap().plaintext;
    plaintext.to_bytes().unwrap().expose_secret().to_vec()
}

async fn decryption_error(client: &KmsClient, request: DecryptRequest) -> ErrorKind {
    client.decrypt(request).await.unwrap_err().kind()
}

/// Creates a key of RSA, and returns its id, that of its version, and its public key.
async fn rsa_key(account: &Account) -> ([String; 2], Vec<u8>) {
    let key = account.asymmetric_key(KeySpec::Rsa2048, KeyUsage::EncryptDecrypt).await;
    let public_key = account.client.get_public_key(GetPublicKeyRequest::new(&*key[0], &*key[1]));
    (key, public_key.await.unwrap().public_key_der().unwrap())
}

#[test]
fn ciphertext_names_its_key() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let alias = account.alias("app", &key).await;
        let encrypted = client.encrypt(EncryptRequest::new(&*alias, b"fake")).await.unwrap();
        assert_eq!(encrypted.key_id, key, "the id of the key, although the request has an alias");
        let decrypt = DecryptRequest::new(encrypted.ciphertext_blob);
        let decrypted = client.decrypt(decrypt).await.unwrap();
        assert_eq!(decrypted.key_id, key);
        assert_eq!(decrypted.key_version_id, encrypted.key_version_id);
        assert_eq!(decrypted.plaintext.to_bytes().unwrap().expose_secret(), b"fake");
    });
}

#[test]
fn text_is_encrypted_as_it_is() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        for text in ["foo", "a fake password"] {
            let blob = encrypt(client, &key, Plaintext::from_text(text)).await;
            assert_eq!(blob.as_bytes().len(), 36 + 12 + text.len() + 16);
            let decrypted = client.decrypt(DecryptRequest::new(blob)).await.unwrap();
            assert_eq!(decrypted.plaintext.expose_secret(), text);
        }
    });
}

#[test]
fn decryption_needs_the_same_context() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let context = [("tenant", "7"), ("table", "orders")];
        let request = EncryptRequest::new(&*key, b"fake").encryption_context(context);
        let blob = client.encrypt(request).await.unwrap().ciphertext_blob;
        let decrypt = || DecryptRequest::new(blob.clone());
        client.decrypt(decrypt().encryption_context(context)).await.unwrap();
        let invalid = ErrorKind::InvalidCiphertext;
        assert_eq!(decryption_error(client, decrypt()).await, invalid);
        let other = decrypt().encryption_context([("tenant", "8"), ("table", "orders")]);
        assert_eq!(decryption_error(client, other).await, invalid);
    });
}

#[test]
fn changed_ciphertext_cannot_be_decrypted() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let blob = encrypt(client, &key, b"fake").await.into_bytes();
        let mut tampered = blob.clone();
        *tampered.last_mut().unwrap() ^= 1;
        let mut foreign = blob.clone();
        foreign[..36].copy_from_slice(b"00000000-0000-0000-0000-000000000000");
        for changed in [tampered, foreign, blob[..40].to_vec()] {
            let request = DecryptRequest::new(CiphertextBlob::from_bytes(changed));
            assert_eq!(decryption_error(client, request).await, ErrorKind::InvalidCiphertext);
        }
    });
}

#[test]
fn key_that_is_not_enabled_cannot_be_used() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let blob = encrypt(client, &key, b"fake").await;
        client.disable_key(&key).await.unwrap();
        for error in [
            client.encrypt(EncryptRequest::new(&*key, b"fake")).await.unwrap_err(),
            client.decrypt(DecryptRequest::new(blob.clone())).await.unwrap_err(),
            client.generate_data_key(GenerateDataKeyRequest::new(&*key)).await.unwrap_err(),
        ] {
            assert_eq!(error.code(), Some("Rejected.Disabled"), "{error}");
        }
        client.enable_key(&key).await.unwrap();
        assert_eq!(decrypt(client, &blob).await, b"fake");
    });
}

#[test]
fn older_versions_decrypt_what_they_encrypted() {
    on_every_account_with_keys(async |account| {
        if !account.has_instance() {
            return;
        }
        let (client, key) = (&account.client, account.key().await);
        let blob = encrypt(client, &key, b"fake").await;
        client.create_key_version(&key).await.unwrap();
        let newer = encrypt(client, &key, b"fake").await;
        assert_ne!(blob.as_bytes()[..36], newer.as_bytes()[..36], "the ids of their versions");
        assert_eq!(decrypt(client, &blob).await, b"fake");
    });
}

#[test]
fn ciphertext_is_encrypted_again_with_another_key_and_context() {
    on_every_account_with_keys(async |account| {
        let client = &account.client;
        let [from, to] = [account.key().await, account.key().await];
        let (old, new) = ([("tenant", "7")], [("tenant", "8")]);
        let request = EncryptRequest::new(&*from, b"fake").encryption_context(old);
        let blob = client.encrypt(request).await.unwrap().ciphertext_blob;
        let request = ReEncryptRequest::new(blob, &*to)
            .source_encryption_context(old)
            .destination_encryption_context(new);
        let moved = client.re_encrypt(request).await.unwrap();
        let decrypt = DecryptRequest::new(moved.ciphertext_blob).encryption_context(new);
        assert_eq!(client.decrypt(decrypt).await.unwrap().key_id, to);
    });
}

#[test]
fn data_keys_have_the_requested_length() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let request = || GenerateDataKeyRequest::new(&*key);
        for (request, length) in [
            (request(), 32),
            (request().key_spec("AES_128"), 16),
            (request().key_spec("AES_256").number_of_bytes(1_024), 1_024),
        ] {
            let generated = client.generate_data_key(request).await.unwrap();
            assert_eq!(generated.plaintext.expose_secret().len(), length);
            let decrypted = decrypt(client, &generated.ciphertext_blob).await;
            assert_eq!(decrypted, generated.plaintext.expose_secret());
        }
        let request = GenerateDataKeyWithoutPlaintextRequest::new(&*key).number_of_bytes(16);
        let wrapped = client.generate_data_key_without_plaintext(request).await.unwrap();
        assert_eq!(decrypt(client, &wrapped.ciphertext_blob).await.len(), 16);
    });
}

#[test]
fn data_key_is_exported_for_a_public_key() {
    on_every_account_with_keys(async |account| {
        if !account.has_instance() {
            return;
        }
        let (client, key) = (&account.client, account.key().await);
        let ([rsa, version], public_key) = rsa_key(account).await;
        let unwrap = async |blob: CiphertextBlob| {
            let request = AsymmetricDecryptRequest::new(&*rsa, &*version, OAEP, blob);
            client.asymmetric_decrypt(request).await.unwrap().plaintext
        };
        let request =
            GenerateAndExportDataKeyRequest::new(&*key, public_key.clone(), KeySpec::Rsa2048, OAEP);
        let generated = client.generate_and_export_data_key(request).await.unwrap();
        let exported = unwrap(generated.exported_data_key).await;

        let blob = generated.ciphertext_blob;
        let request = ExportDataKeyRequest::new(blob, public_key, KeySpec::Rsa2048, OAEP);
        let again = client.export_data_key(request).await.unwrap().exported_data_key;
        assert_eq!(unwrap(again).await.expose_secret(), exported.expose_secret());
    });
}

#[test]
fn rsa_decrypts_what_its_public_key_encrypted() {
    on_every_account_with_keys(async |account| {
        if !account.has_instance() {
            return;
        }
        let client = &account.client;
        let ([key, version], _) = rsa_key(account).await;
        for algorithm in [OAEP, EncryptionAlgorithm::RsaesOaepSha1] {
            let request =
                AsymmetricEncryptRequest::new(&*key, &*version, algorithm.clone(), b"fake");
            let blob = client.asymmetric_encrypt(request).await.unwrap().ciphertext_blob;
            assert_eq!(blob.as_bytes().len(), 256);
            let request = AsymmetricDecryptRequest::new(&*key, &*version, algorithm, blob);
            let decrypted = client.asymmetric_decrypt(request).await.unwrap();
            assert_eq!(decrypted.plaintext.expose_secret(), b"fake");
        }
    });
}

#[test]
fn signature_is_valid_only_for_its_digest() {
    on_every_account_with_keys(async |account| {
        if !account.has_instance() {
            return;
        }
        let client = &account.client;
        for (spec, algorithm) in [
            (KeySpec::Rsa2048, SigningAlgorithm::RsaPssSha256),
            (KeySpec::Rsa2048, SigningAlgorithm::RsaPkcs1Sha256),
            (KeySpec::EcP256, SigningAlgorithm::EcdsaSha256),
            (KeySpec::EcP256K, SigningAlgorithm::EcdsaSha256),
        ] {
            let [key, version] = account.asymmetric_key(spec, KeyUsage::SignVerify).await;
            let (key, version) = (&*key, &*version);
            let digest = Digest::sha256(b"a message");
            let sign = AsymmetricSignRequest::new(key, version, algorithm.clone(), digest);
            let signature = client.asymmetric_sign(sign).await.unwrap().signature;
            for (digest, expected) in [(digest, true), (Digest::sha256(b"another"), false)] {
                let signature = signature.clone();
                let algorithm = algorithm.clone();
                let verify =
                    AsymmetricVerifyRequest::new(key, version, algorithm, digest, signature);
                let is_valid = client.asymmetric_verify(verify).await.unwrap().is_valid;
                assert_eq!(is_valid, expected);
            }
        }
    });
}

#[test]
fn unknown_version_is_not_found() {
    on_every_account_with_keys(async |account| {
        if !account.has_instance() {
            return;
        }
        let [key, _] = account.asymmetric_key(KeySpec::EcP256, KeyUsage::SignVerify).await;
        let request = GetPublicKeyRequest::new(&*key, "00000000-0000-0000-0000-000000000000");
        let error = account.client.get_public_key(request).await.unwrap_err();
        assert_eq!(error.code(), Some("Forbidden.KeyVersionNotFound"), "{error}");
    });
}

#[test]
fn dry_run_encrypts_nothing_and_says_if_it_would() {
    on_every_account_with_keys(async |account| {
        let (client, key) = (&account.client, account.key().await);
        let outcome = client.dry_run(EncryptRequest::new(&*key, b"fake")).await.unwrap();
        assert!(outcome.would_succeed(), "{outcome:?}");
    });
}

#[test]
fn imported_material_encrypts_until_it_is_deleted() {
    on_every_account_with_keys(async |account| {
        let client = &account.client;
        let request = account.key_creation().origin(Origin::External);
        let key = account.create_key(request).await.key_id;
        let algorithm = WrappingAlgorithm::RsaesOaepSha256;
        let request = GetParametersForImportRequest::new(&*key, algorithm.clone());
        let parameters = client.get_parameters_for_import(request).await.unwrap();
        assert!(parameters.token_expire_time.is_some());
        let import = parameters.wrap(&algorithm, &SecretBytes::from(&[7; 32])).unwrap();
        client.import_key_material(import.clone()).await.unwrap();
        let blob = encrypt(client, &key, b"fake").await;

        client.delete_key_material(DeleteKeyMaterialRequest::new(&*key)).await.unwrap();
        let state = client.describe_key(&key).await.unwrap().key_metadata.key_state;
        assert_eq!(state, Some(KeyState::PendingImport));
        let error = client.decrypt(DecryptRequest::new(blob.clone())).await.unwrap_err();
        assert_eq!(error.code(), Some("Rejected.PendingImport"), "{error}");

        // The token is valid for 24 hours, and only the same material is accepted.
        client.import_key_material(import).await.unwrap();
        assert_eq!(decrypt(client, &blob).await, b"fake");
    });
}

#[test]
fn key_of_the_service_has_nothing_to_import() {
    on_every_account_with_keys(async |account| {
        let key = account.key().await;
        let algorithm = WrappingAlgorithm::RsaesOaepSha256;
        let request = GetParametersForImportRequest::new(&*key, algorithm);
        let error = account.client.get_parameters_for_import(request).await.unwrap_err();
        assert_eq!(error.code(), Some("Unsupported.Origin"), "{error}");
    });
}

#[test]
fn missing_managed_data_key_is_not_found() {
    on_every_account(async |account| {
        let client = &account.client;
        let name = format!("{}-none", account.prefix);
        let versions = ListManagedDataKeyVersionsRequest::new(&*name);
        for error in [
            client.get_managed_data_key(GetManagedDataKeyRequest::new(&*name)).await.unwrap_err(),
            client.list_managed_data_key_versions(versions).await.unwrap_err(),
        ] {
            assert!(error.is_not_found(), "{error}");
        }
    });
}

#[test]
fn challenge_is_new_each_time() {
    on_every_account(async |account| {
        let challenge = || account.client.get_challenge(GetChallengeRequest::new());
        let [first, second] = [challenge().await.unwrap(), challenge().await.unwrap()];
        assert_ne!(first.nonce, second.nonce);
        assert!(!first.challenge_token.is_empty());
    });
}
