//! Encryption and decryption.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::keys::asymmetric_decrypt::{AsymmetricDecryptRequest, AsymmetricDecryptResponse};
use crate::keys::asymmetric_encrypt::{AsymmetricEncryptRequest, AsymmetricEncryptResponse};
use crate::keys::decrypt::{DecryptRequest, DecryptResponse};
use crate::keys::encrypt::{EncryptRequest, EncryptResponse};
use crate::keys::re_encrypt::{ReEncryptRequest, ReEncryptResponse};

impl KmsClient {
    /// Encrypts up to 6,144 bytes by a symmetric key
    /// ([`Encrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-encrypt)).
    ///
    /// Each call returns another ciphertext. Encrypt larger data locally by a [data
    /// key](Self::generate_data_key).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key or its alias does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) if the key is disabled, pending deletion or without
    /// material, and the [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # use alibabacloud_kms::keys::CreateKeyRequest;
    /// # let key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::EncryptRequest;
    ///
    /// let request = EncryptRequest::new(&*key_id, b"fake-card-number")
    ///     .encryption_context([("order", "7")]);
    /// let encrypted = client.encrypt(request).await?;
    /// assert_eq!(encrypted.key_id, key_id);
    /// let to_store = encrypted.ciphertext_blob.to_string(); // Base64
    /// # Ok(())
    /// # }
    /// ```
    pub fn encrypt(
        &self,
        request: EncryptRequest,
    ) -> impl Future<Output = Result<EncryptResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Decrypts what a symmetric key encrypted
    /// ([`Decrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-decrypt)).
    ///
    /// The ciphertext names the version of its key, so that it can be decrypted after rotations
    /// too; the encryption context must be that of the encryption. Compare the response's `key_id`
    /// with the key that you expect.
    ///
    /// # Errors
    ///
    /// - [`InvalidCiphertext`](crate::ErrorKind::InvalidCiphertext) if the ciphertext was changed
    ///   or cut off, if its key is not in this region and account, or if the encryption context is
    ///   another one. The service does not report which.
    /// - [`Conflict`](crate::ErrorKind::Conflict) if the key is disabled, pending deletion or
    ///   without material.
    /// - The [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # use alibabacloud_kms::keys::CreateKeyRequest;
    /// # let key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// # use alibabacloud_kms::keys::EncryptRequest;
    /// # let request = EncryptRequest::new(&*key_id, b"fake-card-number")
    /// #     .encryption_context([("order", "7")]);
    /// # let stored = client.encrypt(request).await?.ciphertext_blob.to_string();
    /// use alibabacloud_kms::keys::{CiphertextBlob, DecryptRequest};
    ///
    /// let blob: CiphertextBlob = stored.parse()?;
    /// let request = DecryptRequest::new(blob).encryption_context([("order", "7")]);
    /// let decrypted = client.decrypt(request).await?;
    /// assert_eq!(decrypted.key_id, key_id);
    /// assert_eq!(decrypted.plaintext.to_bytes()?.expose_secret(), b"fake-card-number");
    /// # Ok(())
    /// # }
    /// ```
    pub fn decrypt(
        &self,
        request: impl Into<DecryptRequest>,
    ) -> impl Future<Output = Result<DecryptResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Decrypts a ciphertext and encrypts it again inside KMS, by another key, the newest version
    /// of the same key or with another encryption context
    /// ([`ReEncrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-reencrypt)).
    ///
    /// The plaintext does not leave KMS. The identity needs the RAM actions `kms:ReEncryptFrom` on
    /// the key of the ciphertext and `kms:ReEncryptTo` on the other. Dedicated instances do not
    /// serve it.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if a key that the request names or that of the
    /// ciphertext does not exist, and the errors of [`decrypt`](Self::decrypt).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # use alibabacloud_kms::keys::{CreateKeyRequest, EncryptRequest};
    /// # let key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// # let archive_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// # let request = EncryptRequest::new(&*key_id, b"fake").encryption_context([("order", "7")]);
    /// # let blob = client.encrypt(request).await?.ciphertext_blob;
    /// use alibabacloud_kms::keys::{DecryptRequest, ReEncryptRequest};
    ///
    /// let request = ReEncryptRequest::new(blob, &*archive_id)
    ///     .source_encryption_context([("order", "7")])
    ///     .destination_encryption_context([("archive", "2026")]);
    /// let blob = client.re_encrypt(request).await?.ciphertext_blob;
    ///
    /// let request = DecryptRequest::new(blob).encryption_context([("archive", "2026")]);
    /// assert_eq!(client.decrypt(request).await?.key_id, archive_id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn re_encrypt(
        &self,
        request: ReEncryptRequest,
    ) -> impl Future<Output = Result<ReEncryptResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Encrypts a few bytes by the public key of a version of an asymmetric key
    /// ([`AsymmetricEncrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricencrypt)).
    ///
    /// The [public key](Self::get_public_key) encrypts without a call.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key or its alias does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) if the key is disabled, pending deletion or without
    /// material, and the [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # use alibabacloud_kms::keys::{CreateKeyRequest, KeyUsage};
    /// # let request = CreateKeyRequest::new().key_spec("RSA_2048").instance_id("kst-fake");
    /// # let request = request.key_usage(KeyUsage::EncryptDecrypt);
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::{AsymmetricEncryptRequest, EncryptionAlgorithm, KeySpec};
    ///
    /// let version = client.list_key_versions(&key_id).await?.versions.remove(0).key_version_id;
    /// let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
    /// let request = AsymmetricEncryptRequest::new(&*key_id, version, algorithm, b"fake-key")
    ///     .key_spec(KeySpec::Rsa2048); // checks the length before the request is sent
    /// let blob = client.asymmetric_encrypt(request).await?.ciphertext_blob;
    /// assert_eq!(blob.as_bytes().len(), 256);
    /// # Ok(())
    /// # }
    /// ```
    pub fn asymmetric_encrypt(
        &self,
        request: AsymmetricEncryptRequest,
    ) -> impl Future<Output = Result<AsymmetricEncryptResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Decrypts what the public key of a version of an asymmetric key encrypted, in KMS or
    /// elsewhere
    /// ([`AsymmetricDecrypt`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricdecrypt)).
    ///
    /// # Errors
    ///
    /// [`InvalidCiphertext`](crate::ErrorKind::InvalidCiphertext) if the ciphertext was changed or
    /// cut off, or if another key or algorithm encrypted, and the errors of
    /// [`encrypt`](Self::encrypt).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # use alibabacloud_kms::keys::{CreateKeyRequest, KeyUsage};
    /// # let request = CreateKeyRequest::new().key_spec("RSA_2048").instance_id("kst-fake");
    /// # let request = request.key_usage(KeyUsage::EncryptDecrypt);
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// # use alibabacloud_kms::keys::AsymmetricEncryptRequest;
    /// # let version = client.list_key_versions(&key_id).await?.versions.remove(0).key_version_id;
    /// # let (key, algorithm) = (&*key_id, EncryptionAlgorithm::RsaesOaepSha256);
    /// # let request = AsymmetricEncryptRequest::new(key, &*version, algorithm, b"fake-key");
    /// # let blob = client.asymmetric_encrypt(request).await?.ciphertext_blob;
    /// use alibabacloud_kms::keys::{AsymmetricDecryptRequest, EncryptionAlgorithm};
    ///
    /// let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
    /// let request = AsymmetricDecryptRequest::new(&*key_id, &*version, algorithm, blob);
    /// let decrypted = client.asymmetric_decrypt(request).await?;
    /// assert_eq!(decrypted.plaintext.expose_secret(), b"fake-key");
    /// # Ok(())
    /// # }
    /// ```
    pub fn asymmetric_decrypt(
        &self,
        request: AsymmetricDecryptRequest,
    ) -> impl Future<Output = Result<AsymmetricDecryptResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }
}
