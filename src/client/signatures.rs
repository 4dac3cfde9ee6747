//! Signatures, message authentication codes and public keys.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::keys::asymmetric_sign::{AsymmetricSignRequest, AsymmetricSignResponse};
use crate::keys::asymmetric_verify::{AsymmetricVerifyRequest, AsymmetricVerifyResponse};
use crate::keys::generate_mac::{GenerateMacRequest, GenerateMacResponse};
use crate::keys::get_public_key::{GetPublicKeyRequest, GetPublicKeyResponse};
use crate::keys::verify_mac::{VerifyMacRequest, VerifyMacResponse};

impl KmsClient {
    /// Signs a digest by a version of an asymmetric key
    /// ([`AsymmetricSign`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricsign)).
    ///
    /// [`SigningAlgorithm::digest`](crate::keys::SigningAlgorithm::digest) hashes a message for the
    /// algorithm; the service signs any 32 bytes.
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
    /// # let request = CreateKeyRequest::new().key_spec("EC_P256").instance_id("kst-fake");
    /// # let request = request.key_usage(KeyUsage::SignVerify);
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::{AsymmetricSignRequest, SigningAlgorithm};
    ///
    /// let version = client.list_key_versions(&key_id).await?.versions.remove(0).key_version_id;
    /// let algorithm = SigningAlgorithm::EcdsaSha256;
    /// let digest = algorithm.digest(b"a message").expect("ECDSA_SHA_256 signs a SHA-256 digest");
    /// let request = AsymmetricSignRequest::new(&*key_id, version, algorithm, digest);
    /// let signed = client.asymmetric_sign(request).await?;
    /// let numbers = signed.signature.ecdsa()?;
    /// println!("r and s: {:?} {:?}", numbers.r, numbers.s);
    /// # Ok(())
    /// # }
    /// ```
    pub fn asymmetric_sign(
        &self,
        request: AsymmetricSignRequest,
    ) -> impl Future<Output = Result<AsymmetricSignResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Verifies a signature of a digest by a version of an asymmetric key
    /// ([`AsymmetricVerify`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricverify)).
    ///
    /// A wrong signature is a response with
    /// [`is_valid`](AsymmetricVerifyResponse::is_valid) false, not an error. The [public
    /// key](Self::get_public_key) verifies without a call.
    ///
    /// # Errors
    ///
    /// The errors of [`asymmetric_sign`](Self::asymmetric_sign).
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
    /// # let request = CreateKeyRequest::new().key_spec("EC_P256").instance_id("kst-fake");
    /// # let request = request.key_usage(KeyUsage::SignVerify);
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// # use alibabacloud_kms::keys::AsymmetricSignRequest;
    /// # let version = client.list_key_versions(&key_id).await?.versions.remove(0).key_version_id;
    /// # let (digest, algorithm) = (Digest::sha256(b"v1"), SigningAlgorithm::EcdsaSha256);
    /// # let request = AsymmetricSignRequest::new(&*key_id, &*version, algorithm, digest);
    /// # let signature = client.asymmetric_sign(request).await?.signature;
    /// use alibabacloud_kms::keys::{AsymmetricVerifyRequest, Digest, SigningAlgorithm};
    ///
    /// let (digest, algorithm) = (Digest::sha256(b"v1"), SigningAlgorithm::EcdsaSha256);
    /// let request =
    ///     AsymmetricVerifyRequest::new(&*key_id, &*version, algorithm, digest, signature);
    /// assert!(client.asymmetric_verify(request).await?.is_valid);
    /// # Ok(())
    /// # }
    /// ```
    pub fn asymmetric_verify(
        &self,
        request: AsymmetricVerifyRequest,
    ) -> impl Future<Output = Result<AsymmetricVerifyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns the public key of a version of an asymmetric key
    /// ([`GetPublicKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getpublickey)).
    ///
    /// It never changes, so a program can keep it, and encrypt and verify without calls.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key, its alias or the version does not
    /// exist, and the [errors of every call](Self#errors).
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
    /// # let request = CreateKeyRequest::new().key_spec("EC_P256").instance_id("kst-fake");
    /// # let request = request.key_usage(KeyUsage::SignVerify);
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::GetPublicKeyRequest;
    ///
    /// let version = client.list_key_versions(&key_id).await?.versions.remove(0).key_version_id;
    /// let public_key = client.get_public_key(GetPublicKeyRequest::new(&*key_id, version)).await?;
    /// assert!(public_key.public_key_pem.starts_with("-----BEGIN PUBLIC KEY-----"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_public_key(
        &self,
        request: GetPublicKeyRequest,
    ) -> impl Future<Output = Result<GetPublicKeyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Generates the authentication code of a message by an HMAC key of a KMS instance
    /// ([`GenerateMac`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatemac)).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key or its alias does not exist, and the
    /// [errors of every call](Self#errors).
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
    /// # let request = CreateKeyRequest::new().key_spec("HMAC_SHA_256").instance_id("kst-fake");
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::{GenerateMacRequest, MacAlgorithm};
    ///
    /// let request = GenerateMacRequest::new(&*key_id, MacAlgorithm::HmacSha256, "user 7");
    /// let mac = client.generate_mac(request).await?.mac;
    /// assert_eq!(mac.as_bytes().len(), 32);
    /// # Ok(())
    /// # }
    /// ```
    pub fn generate_mac(
        &self,
        request: GenerateMacRequest,
    ) -> impl Future<Output = Result<GenerateMacResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Verifies the authentication code of a message by an HMAC key of a KMS instance
    /// ([`VerifyMac`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-verifymac)).
    ///
    /// A wrong code is a response with [`is_valid`](VerifyMacResponse::is_valid) false, not an
    /// error.
    ///
    /// # Errors
    ///
    /// The errors of [`generate_mac`](Self::generate_mac).
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
    /// # let request = CreateKeyRequest::new().key_spec("HMAC_SHA_256").instance_id("kst-fake");
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// # use alibabacloud_kms::keys::GenerateMacRequest;
    /// # let request = GenerateMacRequest::new(&*key_id, MacAlgorithm::HmacSha256, "user 7");
    /// # let mac = client.generate_mac(request).await?.mac;
    /// use alibabacloud_kms::keys::{MacAlgorithm, VerifyMacRequest};
    ///
    /// let algorithm = MacAlgorithm::HmacSha256;
    /// let request = VerifyMacRequest::new(&*key_id, algorithm, "user 8", mac); // not the message
    /// assert!(!client.verify_mac(request).await?.is_valid);
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify_mac(
        &self,
        request: VerifyMacRequest,
    ) -> impl Future<Output = Result<VerifyMacResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }
}
