//! Versions of keys, and their rotation.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::keys::create_key_version::{CreateKeyVersionRequest, CreateKeyVersionResponse};
use crate::keys::describe_key_version::{DescribeKeyVersionRequest, DescribeKeyVersionResponse};
use crate::keys::list_key_versions::{ListKeyVersionsRequest, ListKeyVersionsResponse};
use crate::keys::update_rotation_policy::{
    UpdateRotationPolicyRequest, UpdateRotationPolicyResponse,
};
use crate::pagination::Paginator;
use crate::reconcile;

impl KmsClient {
    /// Creates a version of a key
    /// ([`CreateKeyVersion`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createkeyversion)).
    ///
    /// A new version of a symmetric key becomes the primary version, which encrypts from then on.
    /// What older versions encrypted can still be decrypted.
    ///
    /// Each version counts as a key of the instance's quota. So the request is not retried if the
    /// service may have executed it.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist.
    /// - [`Conflict`](crate::ErrorKind::Conflict) if it is not enabled.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) with the code
    ///   `Rejected.UnsupportedOperation` if versions of such a key cannot be created.
    /// - The [errors of every call](Self#errors). If
    ///   [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true, compare the key's
    ///   versions with those before the call.
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
    /// # let request = CreateKeyRequest::new().instance_id("kst-fake");
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// let version = client.create_key_version(&key_id).await?.key_version;
    /// let key = client.describe_key(&key_id).await?.key_metadata;
    /// assert_eq!(key.primary_key_version, Some(version.key_version_id));
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_key_version(
        &self,
        request: impl Into<CreateKeyVersionRequest>,
    ) -> impl Future<Output = Result<CreateKeyVersionResponse>> + Send + Sync + 'static {
        reconcile::create_key_version(Arc::clone(&self.context), request.into())
    }

    /// Returns a version of a key
    /// ([`DescribeKeyVersion`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekeyversion)).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key or the version does not exist, and the
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
    /// # let request = CreateKeyRequest::new().instance_id("kst-fake");
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::DescribeKeyVersionRequest;
    ///
    /// let version = client.create_key_version(&key_id).await?.key_version.key_version_id;
    /// let request = DescribeKeyVersionRequest::new(&*key_id, &*version);
    /// assert_eq!(client.describe_key_version(request).await?.key_version.key_version_id, version);
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe_key_version(
        &self,
        request: DescribeKeyVersionRequest,
    ) -> impl Future<Output = Result<DescribeKeyVersionResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns one page of the versions of a key
    /// ([`ListKeyVersions`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeyversions)).
    ///
    /// For every page use [`list_key_versions_paginator`](Self::list_key_versions_paginator).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist, and the [errors of
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
    /// # use alibabacloud_kms::keys::CreateKeyRequest;
    /// # let key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// let page = client.list_key_versions(&key_id).await?;
    /// let newest = page.versions.iter().max_by_key(|version| version.creation_date);
    /// assert!(newest.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_key_versions(
        &self,
        request: impl Into<ListKeyVersionsRequest>,
    ) -> impl Future<Output = Result<ListKeyVersionsResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Returns every page of the versions of a key from the request's `page_number` on, as a stream
    /// of pages or of versions.
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
    /// # use alibabacloud_kms::keys::CreateKeyRequest;
    /// # let request = CreateKeyRequest::new().instance_id("kst-fake");
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// # client.create_key_version(&key_id).await?;
    /// use futures_util::TryStreamExt;
    ///
    /// let versions = client.list_key_versions_paginator(&key_id).items();
    /// assert_eq!(versions.try_collect::<Vec<_>>().await?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_key_versions_paginator(
        &self,
        request: impl Into<ListKeyVersionsRequest>,
    ) -> Paginator<ListKeyVersionsRequest> {
        Paginator::new(Arc::clone(&self.context), request.into())
    }

    /// Enables or disables the automatic rotation of a key
    /// ([`UpdateRotationPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updaterotationpolicy)).
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist.
    /// - [`Conflict`](crate::ErrorKind::Conflict) if it is not enabled.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) with the code
    ///   `Rejected.UnsupportedOperation` if such a key is not rotated, for example an asymmetric
    ///   key or one whose material is imported.
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
    /// # let request = CreateKeyRequest::new().instance_id("kst-fake");
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// use std::time::Duration;
    ///
    /// use alibabacloud_kms::keys::UpdateRotationPolicyRequest;
    /// use alibabacloud_kms::secrets::RotationState;
    ///
    /// let monthly = Duration::from_secs(30 * 24 * 60 * 60);
    /// let request = UpdateRotationPolicyRequest::enable(&*key_id, monthly);
    /// client.update_rotation_policy(request).await?;
    /// let key = client.describe_key(&key_id).await?.key_metadata;
    /// assert_eq!(key.automatic_rotation, Some(RotationState::Enabled));
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_rotation_policy(
        &self,
        request: UpdateRotationPolicyRequest,
    ) -> impl Future<Output = Result<UpdateRotationPolicyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }
}
