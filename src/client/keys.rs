//! Keys.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::keys::KeySummary;
use crate::keys::cancel_key_deletion::{CancelKeyDeletionRequest, CancelKeyDeletionResponse};
use crate::keys::create_key::{CreateKeyRequest, CreateKeyResponse};
use crate::keys::describe_key::{DescribeKeyRequest, DescribeKeyResponse};
use crate::keys::disable_key::{DisableKeyRequest, DisableKeyResponse};
use crate::keys::enable_key::{EnableKeyRequest, EnableKeyResponse};
use crate::keys::list_keys::{ListKeysRequest, ListKeysResponse};
use crate::keys::schedule_key_deletion::{ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse};
use crate::keys::set_deletion_protection::{
    SetDeletionProtectionRequest, SetDeletionProtectionResponse,
};
use crate::keys::update_key_description::{
    UpdateKeyDescriptionRequest, UpdateKeyDescriptionResponse,
};
use crate::pagination::Paginator;
use crate::reconcile;
use crate::tags::Tag;

impl KmsClient {
    /// Creates a key
    /// ([`CreateKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createkey)).
    ///
    /// A key cannot be deleted in less than 7 days and counts towards the quota until then. So the
    /// request is not retried if the service may have executed it.
    ///
    /// # Errors
    ///
    /// - [`QuotaExceeded`](crate::ErrorKind::QuotaExceeded) if the account or the instance may not
    ///   have more keys.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) with the code `UnsupportedOperation` if a
    ///   key with these settings cannot be created, for example a signing key outside an instance.
    /// - The [errors of every call](Self#errors). If
    ///   [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true, the key may exist:
    ///   [`find_keys_by_tag`](Self::find_keys_by_tag) finds it if it has a tag of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::keys::{CreateKeyRequest, KeySpec};
    ///
    /// let request = CreateKeyRequest::new().description("for backups").tag("team", "core");
    /// let key = client.create_key(request).await?.key_metadata;
    /// assert_eq!(key.key_spec, Some(KeySpec::Aes256));
    /// assert!(key.is_enabled());
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_key(
        &self,
        request: CreateKeyRequest,
    ) -> impl Future<Output = Result<CreateKeyResponse>> + Send + Sync + use<> {
        reconcile::create_key(Arc::clone(&self.context), request)
    }

    /// Returns the keys that have a tag with this key and value.
    ///
    /// It finds the key of a [`create_key`](Self::create_key) whose outcome is unknown, if the key
    /// was requested with a tag whose value no other key has. The service may take a moment until
    /// it lists a new key, and its search by tag covers at most 4,000 resources.
    ///
    /// The identity needs the RAM actions `kms:ListKeys` and `kms:ListResourceTags`.
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
    /// use alibabacloud_kms::keys::CreateKeyRequest;
    /// use alibabacloud_kms::tags::Tag;
    ///
    /// let creation = Tag::new("creation", "fake-random-id");
    /// let request = CreateKeyRequest::new().tags([creation.clone()]);
    /// let key = match client.create_key(request).await {
    ///     Ok(response) => Some(response.key_metadata.key_id),
    ///     Err(error) if error.is_outcome_unknown() => {
    ///         client.find_keys_by_tag(creation).await?.pop().map(|key| key.key_id)
    ///     }
    ///     Err(error) => return Err(error.into()),
    /// };
    /// assert!(key.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn find_keys_by_tag(
        &self,
        tag: Tag,
    ) -> impl Future<Output = Result<Vec<KeySummary>>> + Send + 'static {
        reconcile::find_keys_by_tag(Arc::clone(&self.context), tag)
    }

    /// Returns the metadata of a key, by its id, alias or ARN
    /// ([`DescribeKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekey)).
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
    /// use alibabacloud_kms::keys::CreateAliasRequest;
    ///
    /// client.create_alias(CreateAliasRequest::new("alias/app", &*key_id)).await?;
    /// let key = client.describe_key("alias/app").await?.key_metadata;
    /// assert_eq!(key.key_id, key_id); // an id, whatever the request names
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe_key(
        &self,
        request: impl Into<DescribeKeyRequest>,
    ) -> impl Future<Output = Result<DescribeKeyResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Returns one page of keys
    /// ([`ListKeys`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeys)).
    ///
    /// An entry has only the id and the ARN of a key; [`describe_key`](Self::describe_key) returns
    /// the rest. For every page use [`list_keys_paginator`](Self::list_keys_paginator).
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
    /// # use alibabacloud_kms::keys::CreateKeyRequest;
    /// # client.create_key(CreateKeyRequest::new()).await?;
    /// use alibabacloud_kms::keys::{KeyFilter, KeyState, ListKeysRequest};
    ///
    /// let request = ListKeysRequest::new().filter(KeyFilter::key_state([KeyState::Enabled]));
    /// let page = client.list_keys(request).await?;
    /// assert_eq!((page.total_count, page.keys.len()), (1, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_keys(
        &self,
        request: ListKeysRequest,
    ) -> impl Future<Output = Result<ListKeysResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns every page of keys from the request's `page_number` on, as a stream of pages or of
    /// keys.
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
    /// # for _ in 0..3 { client.create_key(CreateKeyRequest::new()).await?; }
    /// use alibabacloud_kms::keys::ListKeysRequest;
    /// use futures_util::TryStreamExt;
    ///
    /// let keys = client.list_keys_paginator(ListKeysRequest::new()).items();
    /// assert_eq!(keys.try_collect::<Vec<_>>().await?.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_keys_paginator(&self, request: ListKeysRequest) -> Paginator<ListKeysRequest> {
        Paginator::new(Arc::clone(&self.context), request)
    }

    /// Replaces the description of a key
    /// ([`UpdateKeyDescription`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatekeydescription)).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) if it is pending deletion, and the [errors of every
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
    /// # use alibabacloud_kms::keys::CreateKeyRequest;
    /// # let key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::UpdateKeyDescriptionRequest;
    ///
    /// let request = UpdateKeyDescriptionRequest::new(&*key_id, "for backups");
    /// client.update_key_description(request).await?;
    /// let key = client.describe_key(&key_id).await?.key_metadata;
    /// assert_eq!(key.description.as_deref(), Some("for backups"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_key_description(
        &self,
        request: UpdateKeyDescriptionRequest,
    ) -> impl Future<Output = Result<UpdateKeyDescriptionResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Enables a key, so that it can be used for cryptography
    /// ([`EnableKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-enablekey)).
    ///
    /// A key that is enabled stays so. [`disable_key`](Self::disable_key) has an example.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) if it is pending deletion or has no material, and
    /// the [errors of every call](Self#errors).
    pub fn enable_key(
        &self,
        request: impl Into<EnableKeyRequest>,
    ) -> impl Future<Output = Result<EnableKeyResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Disables a key until it is enabled again
    /// ([`DisableKey`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-disablekey)).
    ///
    /// What was encrypted with a disabled key cannot be decrypted, and secrets that it encrypts
    /// cannot be read.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) if it is pending deletion or has no material, and
    /// the [errors of every call](Self#errors).
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
    /// client.disable_key(&key_id).await?;
    /// assert!(!client.describe_key(&key_id).await?.key_metadata.is_enabled());
    ///
    /// client.enable_key(&key_id).await?;
    /// assert!(client.describe_key(&key_id).await?.key_metadata.is_enabled());
    /// # Ok(())
    /// # }
    /// ```
    pub fn disable_key(
        &self,
        request: impl Into<DisableKeyRequest>,
    ) -> impl Future<Output = Result<DisableKeyResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Schedules the deletion of a key, 7 to 366 days from now
    /// ([`ScheduleKeyDeletion`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-schedulekeydeletion)).
    ///
    /// Until then the key cannot be used, and [`cancel_key_deletion`](Self::cancel_key_deletion)
    /// cancels the deletion. After it, nothing that was encrypted with the key can be decrypted.
    ///
    /// The deletion of a key with [deletion protection](Self::set_deletion_protection) cannot be
    /// scheduled; the code of that error is not documented.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist.
    /// - [`Conflict`](crate::ErrorKind::Conflict) if its deletion is scheduled already. After a
    ///   lost response, a deletion that is scheduled for the requested time counts as scheduled by
    ///   this call. If that cannot be known,
    ///   [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true.
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
    /// use alibabacloud_kms::keys::ScheduleKeyDeletionRequest;
    ///
    /// client.schedule_key_deletion(ScheduleKeyDeletionRequest::new(&*key_id, 30)).await?;
    /// let key = client.describe_key(&key_id).await?.key_metadata;
    /// assert!(key.is_pending_deletion() && key.delete_date.is_some());
    ///
    /// client.cancel_key_deletion(&key_id).await?;
    /// assert!(client.describe_key(&key_id).await?.key_metadata.is_enabled());
    /// # Ok(())
    /// # }
    /// ```
    pub fn schedule_key_deletion(
        &self,
        request: ScheduleKeyDeletionRequest,
    ) -> impl Future<Output = Result<ScheduleKeyDeletionResponse>> + Send + Sync + use<> {
        reconcile::schedule_key_deletion(Arc::clone(&self.context), request)
    }

    /// Cancels the scheduled deletion of a key, which is then enabled
    /// ([`CancelKeyDeletion`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-cancelkeydeletion)).
    ///
    /// [`schedule_key_deletion`](Self::schedule_key_deletion) has an example.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist, or was deleted
    ///   already.
    /// - [`Conflict`](crate::ErrorKind::Conflict) if the key is not pending deletion. After a lost
    ///   response, the retry finds the deletion cancelled. Then
    ///   [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true.
    /// - The [errors of every call](Self#errors).
    pub fn cancel_key_deletion(
        &self,
        request: impl Into<CancelKeyDeletionRequest>,
    ) -> impl Future<Output = Result<CancelKeyDeletionResponse>> + Send + Sync + 'static {
        reconcile::cancel_key_deletion(Arc::clone(&self.context), request.into())
    }

    /// Protects a key or a KMS instance from deletion, or stops protecting it
    /// ([`SetDeletionProtection`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setdeletionprotection)).
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
    /// use alibabacloud_kms::keys::{
    ///     DeletionProtection, ScheduleKeyDeletionRequest, SetDeletionProtectionRequest,
    /// };
    ///
    /// let request = SetDeletionProtectionRequest::enable(&*key_id);
    /// let request = request.description("encrypts backups");
    /// client.set_deletion_protection(request).await?;
    /// let key = client.describe_key(&key_id).await?.key_metadata;
    /// assert_eq!(key.deletion_protection, Some(DeletionProtection::Enabled));
    ///
    /// let deletion = ScheduleKeyDeletionRequest::new(&*key_id, 7);
    /// assert!(client.schedule_key_deletion(deletion).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_deletion_protection(
        &self,
        request: SetDeletionProtectionRequest,
    ) -> impl Future<Output = Result<SetDeletionProtectionResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }
}
