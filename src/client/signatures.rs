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
    /// algorithm; the service signs any 32 bytes. The identity needs the RAM action
    /// `kms:AsymmetricSign`; the service allows 200 requests a second for an account and region,
    /// shared with the other asymmetric operations.
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
    /// use alibabacloud_kms::keys::{AsymmetricSignRequest, SigningAlgorithm};
    ///
    /// let algorithm = SigningAlgorithm::EcdsaSha256;
    /// let digest = algorithm.digest(b"a message").expect("ECDSA_SHA_256 signs a SHA-256 digest");
    /// let request = AsymmetricSignRequest::new("key-fake", "version-fake", algorithm, digest);
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
    /// That the signature is wrong is a response, not an error. It can be done without a call with
    /// the [public key](Self::get_public_key). The identity needs the RAM action
    /// `kms:AsymmetricVerify`; the service allows 200 requests a second for an account and region,
    /// shared with the other asymmetric operations.
    ///
    /// # Errors
    ///
    /// As [`asymmetric_sign`](Self::asymmetric_sign).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{AsymmetricVerifyRequest, Digest, Signature, SigningAlgorithm};
    ///
    /// let signature: Signature = std::fs::read_to_string("release.sig")?.parse()?;
    /// let digest = Digest::sha256(&std::fs::read("release.tar")?);
    /// let algorithm = SigningAlgorithm::EcdsaSha256;
    /// let request =
    ///     AsymmetricVerifyRequest::new("key-fake", "version-fake", algorithm, digest, signature);
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
    /// It never changes, so a program can keep it, and encrypt and verify without calls. The
    /// identity needs the RAM action `kms:GetPublicKey`; the service allows 50 requests a second
    /// for an account and region, shared with the other reads of keys.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key, its alias or the version does not
    /// exist; otherwise as [`list_secrets`](Self::list_secrets).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::GetPublicKeyRequest;
    ///
    /// let request = GetPublicKeyRequest::new("key-fake", "version-fake");
    /// let public_key = client.get_public_key(request).await?;
    /// std::fs::write("release.pem", &public_key.public_key_pem)?;
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
    /// The identity needs the RAM action `kms:GenerateMac`; no quota is documented.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key or its alias does not exist; otherwise
    /// as [`list_secrets`](Self::list_secrets).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{GenerateMacRequest, MacAlgorithm};
    ///
    /// let request = GenerateMacRequest::new("alias/tokens", MacAlgorithm::HmacSha256, "user 7");
    /// let token = client.generate_mac(request).await?.mac;
    /// println!("{token}");
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
    /// That the code is wrong is a response, not an error. The identity needs the RAM action
    /// `kms:VerifyMac`; no quota is documented.
    ///
    /// # Errors
    ///
    /// As [`generate_mac`](Self::generate_mac).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{Mac, MacAlgorithm, VerifyMacRequest};
    ///
    /// let mac: Mac = std::fs::read_to_string("token.base64")?.parse()?;
    /// let algorithm = MacAlgorithm::HmacSha256;
    /// let request = VerifyMacRequest::new("alias/tokens", algorithm, "user 7", mac);
    /// assert!(client.verify_mac(request).await?.is_valid);
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
