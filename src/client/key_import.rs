//! Imports of key material, and challenges.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::keys::delete_key_material::{DeleteKeyMaterialRequest, DeleteKeyMaterialResponse};
use crate::keys::get_challenge::{GetChallengeRequest, GetChallengeResponse};
use crate::keys::get_parameters_for_import::{
    GetParametersForImportRequest, GetParametersForImportResponse,
};
use crate::keys::import_key_material::{ImportKeyMaterialRequest, ImportKeyMaterialResponse};

impl KmsClient {
    /// Returns a public key to encrypt key material for, and the token that belongs to it
    /// ([`GetParametersForImport`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getparametersforimport)).
    ///
    /// It is for a key whose origin is [`External`](crate::keys::Origin::External). The token is
    /// valid for 24 hours.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the key has another origin,
    /// [`NotFound`](crate::ErrorKind::NotFound) if it does not exist, and the [errors of every
    /// call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # use alibabacloud_kms::keys::{CreateKeyRequest, Origin};
    /// # let request = CreateKeyRequest::new().origin(Origin::External);
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::{GetParametersForImportRequest, WrappingAlgorithm};
    /// use alibabacloud_kms::secrets::SecretBytes;
    ///
    /// let algorithm = WrappingAlgorithm::RsaesOaepSha256;
    /// let request = GetParametersForImportRequest::new(&*key_id, algorithm.clone());
    /// let parameters = client.get_parameters_for_import(request).await?;
    ///
    /// let material = SecretBytes::from(vec![7; 32]); // 32 random bytes of your own
    /// client.import_key_material(parameters.wrap(&algorithm, &material)?).await?;
    /// assert!(client.describe_key(&key_id).await?.key_metadata.is_enabled());
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_parameters_for_import(
        &self,
        request: GetParametersForImportRequest,
    ) -> impl Future<Output = Result<GetParametersForImportResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Imports key material that is encrypted for a public key of
    /// [`get_parameters_for_import`](Self::get_parameters_for_import)
    /// ([`ImportKeyMaterial`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-importkeymaterial)).
    ///
    /// The key is enabled afterwards. A key accepts only the material that was imported first. That
    /// can be imported again, also after it expired or was deleted.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the material or the token is invalid or
    /// has expired, [`Conflict`](crate::ErrorKind::Conflict) if the key is pending deletion, and
    /// the errors of [`get_parameters_for_import`](Self::get_parameters_for_import).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # use alibabacloud_kms::keys::{CreateKeyRequest, Origin};
    /// # let request = CreateKeyRequest::new().origin(Origin::External);
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// # use alibabacloud_kms::keys::{GetParametersForImportRequest, WrappingAlgorithm};
    /// # use alibabacloud_kms::secrets::SecretBytes;
    /// # let algorithm = WrappingAlgorithm::RsaesOaepSha256;
    /// # let request = GetParametersForImportRequest::new(&*key_id, algorithm.clone());
    /// # let parameters = client.get_parameters_for_import(request).await?;
    /// # let wrapped = parameters.wrap(&algorithm, &SecretBytes::from(vec![7; 32]))?;
    /// # let encrypted_by_an_hsm = wrapped.encrypted_key_material;
    /// # let token = parameters.import_token;
    /// use alibabacloud_kms::keys::ImportKeyMaterialRequest;
    ///
    /// let request = ImportKeyMaterialRequest::new(&*key_id, encrypted_by_an_hsm, token);
    /// client.import_key_material(request).await?;
    /// assert!(client.describe_key(&key_id).await?.key_metadata.is_enabled());
    /// # Ok(())
    /// # }
    /// ```
    pub fn import_key_material(
        &self,
        request: ImportKeyMaterialRequest,
    ) -> impl Future<Output = Result<ImportKeyMaterialResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Deletes the imported material of a key
    /// ([`DeleteKeyMaterial`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletekeymaterial)).
    ///
    /// The key then is pending import, and nothing that it encrypted can be decrypted until the
    /// same material is imported again.
    ///
    /// # Errors
    ///
    /// The errors of [`get_parameters_for_import`](Self::get_parameters_for_import).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # use alibabacloud_kms::keys::{CreateKeyRequest, Origin};
    /// # let request = CreateKeyRequest::new().origin(Origin::External);
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// # use alibabacloud_kms::keys::{GetParametersForImportRequest, WrappingAlgorithm};
    /// # use alibabacloud_kms::secrets::SecretBytes;
    /// # let algorithm = WrappingAlgorithm::RsaesOaepSha256;
    /// # let request = GetParametersForImportRequest::new(&*key_id, algorithm.clone());
    /// # let parameters = client.get_parameters_for_import(request).await?;
    /// # let wrapped = parameters.wrap(&algorithm, &SecretBytes::from(vec![7; 32]))?;
    /// # client.import_key_material(wrapped).await?;
    /// use alibabacloud_kms::keys::{DeleteKeyMaterialRequest, KeyState};
    ///
    /// client.delete_key_material(DeleteKeyMaterialRequest::new(&*key_id)).await?;
    /// let key = client.describe_key(&key_id).await?.key_metadata;
    /// assert_eq!(key.key_state, Some(KeyState::PendingImport));
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_key_material(
        &self,
        request: DeleteKeyMaterialRequest,
    ) -> impl Future<Output = Result<DeleteKeyMaterialResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns a nonce and a token for a remote attestation
    /// ([`GetChallenge`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getchallenge)).
    ///
    /// The service does not document what the challenge is for.
    ///
    /// # Errors
    ///
    /// The [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::keys::GetChallengeRequest;
    ///
    /// let challenge = client.get_challenge(GetChallengeRequest::new()).await?;
    /// println!("{}", challenge.nonce);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_challenge(
        &self,
        request: GetChallengeRequest,
    ) -> impl Future<Output = Result<GetChallengeResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }
}
