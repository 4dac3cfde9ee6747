//! Data keys, which encrypt locally.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::keys::export_data_key::{ExportDataKeyRequest, ExportDataKeyResponse};
use crate::keys::generate_and_export_data_key::{
    GenerateAndExportDataKeyRequest, GenerateAndExportDataKeyResponse,
};
use crate::keys::generate_data_key::{GenerateDataKeyRequest, GenerateDataKeyResponse};
use crate::keys::generate_data_key_without_plaintext::{
    GenerateDataKeyWithoutPlaintextRequest, GenerateDataKeyWithoutPlaintextResponse,
};
use crate::keys::get_managed_data_key::{GetManagedDataKeyRequest, GetManagedDataKeyResponse};
use crate::keys::list_managed_data_key_versions::{
    ListManagedDataKeyVersionsRequest, ListManagedDataKeyVersionsResponse,
};
use crate::pagination::Paginator;

impl KmsClient {
    /// Generates a random data key, as it is and encrypted by a symmetric key
    /// ([`GenerateDataKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatedatakey)).
    ///
    /// Encrypt data of any size by the data key, drop the data key, and store its ciphertext beside
    /// the data: [`decrypt`](Self::decrypt) returns the data key. The service does not store it.
    /// The identity needs the RAM action `kms:GenerateDataKey`; the service allows 1,000 requests a
    /// second for an account and region, shared with the other symmetric operations.
    ///
    /// # Errors
    ///
    /// As [`encrypt`](Self::encrypt).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::GenerateDataKeyRequest;
    ///
    /// let context = [("table", "orders")];
    /// let request = GenerateDataKeyRequest::new("alias/orders").encryption_context(context);
    /// let data_key = client.generate_data_key(request).await?;
    /// assert_eq!(data_key.plaintext.expose_secret().len(), 32);
    /// std::fs::write("orders.key", data_key.ciphertext_blob.as_bytes())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn generate_data_key(
        &self,
        request: GenerateDataKeyRequest,
    ) -> impl Future<Output = Result<GenerateDataKeyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Generates a random data key and returns it only encrypted
    /// ([`GenerateDataKeyWithoutPlaintext`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatedatakeywithoutplaintext)).
    ///
    /// For a program that prepares data keys and need not know them. The identity needs the RAM
    /// action `kms:GenerateDataKeyWithoutPlaintext`; the service allows 1,000 requests a second for
    /// an account and region, shared with the other symmetric operations.
    ///
    /// # Errors
    ///
    /// As [`encrypt`](Self::encrypt).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::GenerateDataKeyWithoutPlaintextRequest;
    ///
    /// let request = GenerateDataKeyWithoutPlaintextRequest::new("alias/orders");
    /// let data_key = client.generate_data_key_without_plaintext(request).await?;
    /// std::fs::write("orders.key", data_key.ciphertext_blob.as_bytes())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn generate_data_key_without_plaintext(
        &self,
        request: GenerateDataKeyWithoutPlaintextRequest,
    ) -> impl Future<Output = Result<GenerateDataKeyWithoutPlaintextResponse>> + Send + Sync + use<>
    {
        call(Arc::clone(&self.context), request)
    }

    /// Decrypts a data key and encrypts it for a public key inside KMS
    /// ([`ExportDataKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-exportdatakey)).
    ///
    /// The identity needs the RAM action `kms:ExportDataKey`; the service allows 1,000 requests a
    /// second for an account and region, shared with the other symmetric operations. Whether the
    /// bytes of the data key or their Base64 are encrypted for the public key is not documented.
    ///
    /// # Errors
    ///
    /// As [`decrypt`](Self::decrypt).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{
    ///     CiphertextBlob, EncryptionAlgorithm, ExportDataKeyRequest, KeySpec,
    /// };
    ///
    /// let data_key = CiphertextBlob::from_bytes(std::fs::read("orders.key")?);
    /// let public_key = std::fs::read("device.der")?;
    /// let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
    /// let spec = KeySpec::Rsa2048;
    /// let request = ExportDataKeyRequest::new(data_key, public_key, spec, algorithm);
    /// let exported = client.export_data_key(request).await?;
    /// std::fs::write("device.key", exported.exported_data_key.as_bytes())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn export_data_key(
        &self,
        request: ExportDataKeyRequest,
    ) -> impl Future<Output = Result<ExportDataKeyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Generates a random data key, encrypted by a symmetric key and for a public key
    /// ([`GenerateAndExportDataKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generateandexportdatakey)).
    ///
    /// The identity needs the RAM action `kms:GenerateAndExportDataKey`; the service allows 1,000
    /// requests a second for an account and region, shared with the other symmetric operations.
    ///
    /// # Errors
    ///
    /// As [`encrypt`](Self::encrypt).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::{EncryptionAlgorithm, GenerateAndExportDataKeyRequest, KeySpec};
    ///
    /// let public_key = std::fs::read("device.der")?;
    /// let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
    /// let (key_id, spec) = ("alias/orders", KeySpec::Rsa2048);
    /// let request = GenerateAndExportDataKeyRequest::new(key_id, public_key, spec, algorithm);
    /// let data_key = client.generate_and_export_data_key(request).await?;
    /// std::fs::write("orders.key", data_key.ciphertext_blob.as_bytes())?;
    /// std::fs::write("device.key", data_key.exported_data_key.as_bytes())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn generate_and_export_data_key(
        &self,
        request: GenerateAndExportDataKeyRequest,
    ) -> impl Future<Output = Result<GenerateAndExportDataKeyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns a data key that KMS stores, by name and version
    /// ([`GetManagedDataKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getmanageddatakey)).
    ///
    /// Without a version and [`use_latest`](GetManagedDataKeyRequest::use_latest) it is the first
    /// version. The identity needs the RAM action `kms:GetManagedDataKey`; no quota is documented.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if there is no such data key; otherwise as
    /// [`list_secrets`](Self::list_secrets).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::GetManagedDataKeyRequest;
    ///
    /// let request = GetManagedDataKeyRequest::new("orders").use_latest(true);
    /// let data_key = client.get_managed_data_key(request).await?;
    /// println!("version {}", data_key.data_key_version_id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_managed_data_key(
        &self,
        request: GetManagedDataKeyRequest,
    ) -> impl Future<Output = Result<GetManagedDataKeyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns one page of the versions of a data key that KMS stores
    /// ([`ListManagedDataKeyVersions`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listmanageddatakeyversions)).
    ///
    /// For all pages use
    /// [`list_managed_data_key_versions_paginator`](Self::list_managed_data_key_versions_paginator).
    /// The identity needs the RAM action `kms:ListManagedDataKeyVersions`; no quota is documented.
    ///
    /// # Errors
    ///
    /// As [`get_managed_data_key`](Self::get_managed_data_key).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::ListManagedDataKeyVersionsRequest;
    ///
    /// let request = ListManagedDataKeyVersionsRequest::new("orders");
    /// let page = client.list_managed_data_key_versions(request).await?;
    /// println!("{} versions", page.total_count);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_managed_data_key_versions(
        &self,
        request: ListManagedDataKeyVersionsRequest,
    ) -> impl Future<Output = Result<ListManagedDataKeyVersionsResponse>> + Send + Sync + use<>
    {
        call(Arc::clone(&self.context), request)
    }

    /// Returns every page of the versions of a data key that KMS stores, as a stream of pages or of
    /// versions.
    ///
    /// It works as [`list_secrets_paginator`](Self::list_secrets_paginator).
    ///
    /// ```no_run
    /// # use std::error::Error;
    /// # async fn example(client: alibabacloud_kms::KmsClient) -> Result<(), Box<dyn Error>> {
    /// use alibabacloud_kms::keys::ListManagedDataKeyVersionsRequest;
    /// use futures_util::TryStreamExt;
    ///
    /// let request = ListManagedDataKeyVersionsRequest::new("orders");
    /// let mut versions = client.list_managed_data_key_versions_paginator(request).items();
    /// while let Some(version) = versions.try_next().await? {
    ///     println!("{}", version.data_key_version_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_managed_data_key_versions_paginator(
        &self,
        request: ListManagedDataKeyVersionsRequest,
    ) -> Paginator<ListManagedDataKeyVersionsRequest> {
        Paginator::new(Arc::clone(&self.context), request)
    }
}
