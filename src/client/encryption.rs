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
    /// Each call returns another ciphertext. Larger data is encrypted locally by a [data
    /// key](Self::generate_data_key). The identity needs the RAM action `kms:Encrypt`; the service
    /// allows 1,000 requests a second for an account and region, shared with the other symmetric
    /// operations.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key or its alias does not exist, and
    /// [`Conflict`](crate::ErrorKind::Conflict) if the key is disabled, pending deletion or without
    /// material; otherwise as [`list_secrets`](Self::list_secrets).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::EncryptRequest;
    ///
    /// let request = EncryptRequest::new("alias/orders", b"fake-card-number")
    ///     .encryption_context([("order", "7")]);
    /// let encrypted = client.encrypt(request).await?;
    /// std::fs::write("order-7.bin", encrypted.ciphertext_blob.as_bytes())?;
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
    /// with the key that you expect. The identity needs the RAM action `kms:Decrypt`; the service
    /// allows 1,000 requests a second for an account and region, shared with the other symmetric
    /// operations.
    ///
    /// # Errors
    ///
    /// [`InvalidCiphertext`](crate::ErrorKind::InvalidCiphertext) if the ciphertext was changed or
    /// cut off, if its key is not in this region and account, or if the encryption context is
    /// another one: the service does not say which. [`Conflict`](crate::ErrorKind::Conflict) if the
    /// key is disabled, pending deletion or without material; otherwise as
    /// [`list_secrets`](Self::list_secrets).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{CiphertextBlob, DecryptRequest};
    ///
    /// let blob = CiphertextBlob::from_bytes(std::fs::read("order-7.bin")?);
    /// let request = DecryptRequest::new(blob).encryption_context([("order", "7")]);
    /// let decrypted = client.decrypt(request).await?;
    /// let card_number = decrypted.plaintext.to_bytes()?;
    /// assert_eq!(card_number.expose_secret(), b"fake-card-number");
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
    /// the key of the ciphertext and `kms:ReEncryptTo` on the other; the service allows 1,000
    /// requests a second for an account and region, shared with the other symmetric operations.
    /// Dedicated instances do not serve it.
    ///
    /// # Errors
    ///
    /// As [`decrypt`](Self::decrypt), and [`NotFound`](crate::ErrorKind::NotFound) if a key that
    /// the request names or that of the ciphertext does not exist.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{CiphertextBlob, ReEncryptRequest};
    ///
    /// let blob: CiphertextBlob = std::fs::read_to_string("order-7.base64")?.parse()?;
    /// let request = ReEncryptRequest::new(blob, "alias/archive")
    ///     .source_encryption_context([("order", "7")])
    ///     .destination_encryption_context([("order", "7"), ("archive", "2026")]);
    /// let encrypted = client.re_encrypt(request).await?;
    /// std::fs::write("order-7.base64", encrypted.ciphertext_blob.to_string())?;
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
    /// It can be done without a call with the [public key](Self::get_public_key). The identity
    /// needs the RAM action `kms:AsymmetricEncrypt`; the service allows 200 requests a second for
    /// an account and region, shared with the other asymmetric operations.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key or its alias does not exist, and
    /// [`Conflict`](crate::ErrorKind::Conflict) if the key is disabled, pending deletion or without
    /// material; otherwise as [`list_secrets`](Self::list_secrets).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{AsymmetricEncryptRequest, EncryptionAlgorithm, KeySpec};
    ///
    /// let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
    /// let (key, version) = ("key-fake", "version-fake");
    /// let request = AsymmetricEncryptRequest::new(key, version, algorithm, b"fake-key")
    ///     .key_spec(KeySpec::Rsa2048);
    /// let encrypted = client.asymmetric_encrypt(request).await?;
    /// println!("{}", encrypted.ciphertext_blob);
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
    /// The identity needs the RAM action `kms:AsymmetricDecrypt`; the service allows 200 requests a
    /// second for an account and region, shared with the other asymmetric operations.
    ///
    /// # Errors
    ///
    /// [`InvalidCiphertext`](crate::ErrorKind::InvalidCiphertext) if the ciphertext was changed or
    /// cut off, or if another key or algorithm encrypted; otherwise as [`encrypt`](Self::encrypt).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{AsymmetricDecryptRequest, CiphertextBlob, EncryptionAlgorithm};
    ///
    /// let blob: CiphertextBlob = std::fs::read_to_string("inbox.base64")?.parse()?;
    /// let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
    /// let request = AsymmetricDecryptRequest::new("key-fake", "version-fake", algorithm, blob);
    /// let decrypted = client.asymmetric_decrypt(request).await?;
    /// println!("{} bytes", decrypted.plaintext.expose_secret().len());
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
