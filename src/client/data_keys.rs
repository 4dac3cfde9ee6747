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
    ///
    /// # Errors
    ///
    /// The errors of [`encrypt`](Self::encrypt).
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
    /// use alibabacloud_kms::keys::{DecryptRequest, GenerateDataKeyRequest};
    ///
    /// let context = [("table", "orders")];
    /// let request = GenerateDataKeyRequest::new(&*key_id).encryption_context(context);
    /// let data_key = client.generate_data_key(request).await?;
    /// assert_eq!(data_key.plaintext.expose_secret().len(), 32);
    ///
    /// let request = DecryptRequest::new(data_key.ciphertext_blob).encryption_context(context);
    /// let decrypted = client.decrypt(request).await?.plaintext.to_bytes()?;
    /// assert_eq!(decrypted.expose_secret(), data_key.plaintext.expose_secret());
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
    /// It is for a program that prepares data keys and need not know them.
    ///
    /// # Errors
    ///
    /// The errors of [`encrypt`](Self::encrypt).
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
    /// use alibabacloud_kms::keys::GenerateDataKeyWithoutPlaintextRequest;
    ///
    /// let request = GenerateDataKeyWithoutPlaintextRequest::new(&*key_id);
    /// let blob = client.generate_data_key_without_plaintext(request).await?.ciphertext_blob;
    /// let data_key = client.decrypt(blob).await?.plaintext.to_bytes()?;
    /// assert_eq!(data_key.expose_secret().len(), 32);
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
    /// It is not documented whether the bytes of the data key or their Base64 are encrypted for the
    /// public key.
    ///
    /// # Errors
    ///
    /// The errors of [`decrypt`](Self::decrypt).
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
    /// # use alibabacloud_kms::keys::{GetParametersForImportRequest, Origin, WrappingAlgorithm};
    /// # let request = CreateKeyRequest::new().origin(Origin::External);
    /// # let external_key_id = client.create_key(request).await?.key_metadata.key_id;
    /// # let algorithm = WrappingAlgorithm::RsaesOaepSha256;
    /// # let request = GetParametersForImportRequest::new(external_key_id, algorithm);
    /// # let public_key = client.get_parameters_for_import(request).await?.public_key;
    /// # use alibabacloud_kms::keys::GenerateDataKeyRequest;
    /// # let request = GenerateDataKeyRequest::new(&*key_id);
    /// # let blob = client.generate_data_key(request).await?.ciphertext_blob;
    /// use alibabacloud_kms::keys::{EncryptionAlgorithm, ExportDataKeyRequest, KeySpec};
    ///
    /// let algorithm = EncryptionAlgorithm::RsaesOaepSha256;
    /// let request = ExportDataKeyRequest::new(blob, public_key, KeySpec::Rsa2048, algorithm);
    /// let exported = client.export_data_key(request).await?.exported_data_key;
    /// assert_eq!(exported.as_bytes().len(), 256);
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
    /// # Errors
    ///
    /// The errors of [`encrypt`](Self::encrypt).
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
    /// # use alibabacloud_kms::keys::{GetParametersForImportRequest, Origin, WrappingAlgorithm};
    /// # let request = CreateKeyRequest::new().origin(Origin::External);
    /// # let external_key_id = client.create_key(request).await?.key_metadata.key_id;
    /// # let algorithm = WrappingAlgorithm::RsaesOaepSha256;
    /// # let request = GetParametersForImportRequest::new(external_key_id, algorithm);
    /// # let public_key = client.get_parameters_for_import(request).await?.public_key;
    /// use alibabacloud_kms::keys::{EncryptionAlgorithm, GenerateAndExportDataKeyRequest, KeySpec};
    ///
    /// let (spec, algorithm) = (KeySpec::Rsa2048, EncryptionAlgorithm::RsaesOaepSha256);
    /// let request = GenerateAndExportDataKeyRequest::new(&*key_id, public_key, spec, algorithm);
    /// let data_key = client.generate_and_export_data_key(request).await?;
    /// assert_eq!(data_key.exported_data_key.as_bytes().len(), 256); // for the public key
    /// let bytes = client.decrypt(data_key.ciphertext_blob).await?.plaintext.to_bytes()?;
    /// assert_eq!(bytes.expose_secret().len(), 32);
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
    /// version.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the data key does not exist, and the [errors of
    /// every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # emulator.add_managed_data_key("orders", 2);
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
    ///
    /// # Errors
    ///
    /// The errors of [`get_managed_data_key`](Self::get_managed_data_key).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # emulator.add_managed_data_key("orders", 2);
    /// use alibabacloud_kms::keys::ListManagedDataKeyVersionsRequest;
    ///
    /// let request = ListManagedDataKeyVersionsRequest::new("orders");
    /// let page = client.list_managed_data_key_versions(request).await?;
    /// assert_eq!(page.total_count, 2);
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
    /// It works like [`list_secrets_paginator`](Self::list_secrets_paginator).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # emulator.add_managed_data_key("orders", 2);
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
