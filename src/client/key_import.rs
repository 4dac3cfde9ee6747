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
    /// For a key whose origin is [`External`](crate::keys::Origin::External). The token is valid
    /// for 24 hours. The identity needs the RAM action `kms:GetParametersForImport`; the service
    /// allows 50 requests a second for an account and region, shared with the other reads of keys.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the key has another origin,
    /// [`NotFound`](crate::ErrorKind::NotFound) if it does not exist; otherwise as
    /// [`list_secrets`](Self::list_secrets).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{GetParametersForImportRequest, WrappingAlgorithm};
    /// use alibabacloud_kms::secrets::SecretBytes;
    ///
    /// let algorithm = WrappingAlgorithm::RsaesOaepSha256;
    /// let request = GetParametersForImportRequest::new("key-fake", algorithm.clone());
    /// let parameters = client.get_parameters_for_import(request).await?;
    /// let material = SecretBytes::from(std::fs::read("material.bin")?);
    /// client.import_key_material(parameters.wrap(&algorithm, &material)?).await?;
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
    /// The key is enabled afterwards. Only the first material of a key is accepted, ever; the same
    /// material can be imported again, after it expired or was deleted too. The identity needs the
    /// RAM action `kms:ImportKeyMaterial`; the service allows 30 requests a second for an account
    /// and region, shared with the other writes to keys, aliases and tags.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the material or the token is invalid or
    /// has expired, [`Conflict`](crate::ErrorKind::Conflict) if the key is pending deletion;
    /// otherwise as [`get_parameters_for_import`](Self::get_parameters_for_import).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::ImportKeyMaterialRequest;
    ///
    /// let encrypted_by_an_hsm = std::fs::read("material.encrypted")?;
    /// let token = std::fs::read_to_string("import-token")?;
    /// let request = ImportKeyMaterialRequest::new("key-fake", encrypted_by_an_hsm, token);
    /// client.import_key_material(request).await?;
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
    /// same material is imported again. The identity needs the RAM action `kms:DeleteKeyMaterial`;
    /// the service allows 30 requests a second for an account and region, shared with the other
    /// writes to keys, aliases and tags.
    ///
    /// # Errors
    ///
    /// As [`get_parameters_for_import`](Self::get_parameters_for_import).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::DeleteKeyMaterialRequest;
    ///
    /// client.delete_key_material(DeleteKeyMaterialRequest::new("key-fake")).await?;
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
    /// The service does not document what the challenge is for. The identity needs the RAM action
    /// `kms:GetChallenge`; no quota is documented.
    ///
    /// # Errors
    ///
    /// As [`list_secrets`](Self::list_secrets).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
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
