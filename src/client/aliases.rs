//! Aliases of keys.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::keys::create_alias::{CreateAliasRequest, CreateAliasResponse};
use crate::keys::delete_alias::{DeleteAliasRequest, DeleteAliasResponse};
use crate::keys::list_aliases::{ListAliasesRequest, ListAliasesResponse};
use crate::keys::list_aliases_by_key_id::ListAliasesByKeyIdRequest;
use crate::keys::update_alias::{UpdateAliasRequest, UpdateAliasResponse};
use crate::pagination::Paginator;
use crate::reconcile;

impl KmsClient {
    /// Binds a new alias to a key
    /// ([`CreateAlias`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createalias)).
    ///
    /// The identity needs the permission on the key, not on the alias.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist.
    /// - [`Conflict`](crate::ErrorKind::Conflict) if the name is taken, or the key is pending
    ///   deletion. After a lost response, an alias of the requested key counts as created by this
    ///   call. If that cannot be known, [`is_outcome_unknown`](crate::Error::is_outcome_unknown)
    ///   returns true.
    /// - [`QuotaExceeded`](crate::ErrorKind::QuotaExceeded) if the region may not have more
    ///   aliases.
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
    /// use alibabacloud_kms::keys::CreateAliasRequest;
    ///
    /// client.create_alias(CreateAliasRequest::new("alias/app", &*key_id)).await?;
    /// let page = client.list_aliases_by_key_id(&key_id).await?;
    /// assert_eq!(page.aliases[0].alias_name, "alias/app");
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_alias(
        &self,
        request: CreateAliasRequest,
    ) -> impl Future<Output = Result<CreateAliasResponse>> + Send + Sync + use<> {
        reconcile::create_alias(Arc::clone(&self.context), request)
    }

    /// Binds an existing alias to another key
    /// ([`UpdateAlias`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatealias)).
    ///
    /// What was encrypted by the alias before can still be decrypted: a ciphertext names its key.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the alias or the key does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) if the key is pending deletion, and the [errors of
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
    /// # let new_key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::{CreateAliasRequest, UpdateAliasRequest};
    ///
    /// client.create_alias(CreateAliasRequest::new("alias/app", &*key_id)).await?;
    /// client.update_alias(UpdateAliasRequest::new("alias/app", &*new_key_id)).await?;
    /// assert_eq!(client.describe_key("alias/app").await?.key_metadata.key_id, new_key_id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_alias(
        &self,
        request: UpdateAliasRequest,
    ) -> impl Future<Output = Result<UpdateAliasResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Deletes an alias, and not its key
    /// ([`DeleteAlias`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletealias)).
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the alias does not exist. After a lost
    ///   response, the retry finds no alias, as it would for a mistyped name. Then
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
    /// use alibabacloud_kms::keys::CreateAliasRequest;
    ///
    /// client.create_alias(CreateAliasRequest::new("alias/app", &*key_id)).await?;
    /// client.delete_alias("alias/app").await?;
    /// assert!(client.describe_key("alias/app").await.unwrap_err().is_not_found());
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_alias(
        &self,
        request: impl Into<DeleteAliasRequest>,
    ) -> impl Future<Output = Result<DeleteAliasResponse>> + Send + Sync + 'static {
        reconcile::delete_alias(Arc::clone(&self.context), request.into())
    }

    /// Returns one page of the aliases of a region
    /// ([`ListAliases`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliases)).
    ///
    /// For every page use [`list_aliases_paginator`](Self::list_aliases_paginator).
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
    /// # let key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// # use alibabacloud_kms::keys::CreateAliasRequest;
    /// # client.create_alias(CreateAliasRequest::new("alias/app", &*key_id)).await?;
    /// use alibabacloud_kms::keys::ListAliasesRequest;
    ///
    /// let page = client.list_aliases(ListAliasesRequest::new()).await?;
    /// assert_eq!(page.aliases[0].alias_name, "alias/app");
    /// assert_eq!(page.aliases[0].key_id, key_id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_aliases(
        &self,
        request: ListAliasesRequest,
    ) -> impl Future<Output = Result<ListAliasesResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns every page of the region's aliases from the request's `page_number` on, as a stream
    /// of pages or of aliases.
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
    /// # let key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// # use alibabacloud_kms::keys::CreateAliasRequest;
    /// # for name in ["alias/a", "alias/b"] {
    /// #     client.create_alias(CreateAliasRequest::new(name, &*key_id)).await?;
    /// # }
    /// use alibabacloud_kms::keys::ListAliasesRequest;
    /// use futures_util::TryStreamExt;
    ///
    /// let aliases = client.list_aliases_paginator(ListAliasesRequest::new()).items();
    /// assert_eq!(aliases.try_collect::<Vec<_>>().await?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_aliases_paginator(
        &self,
        request: ListAliasesRequest,
    ) -> Paginator<ListAliasesRequest> {
        Paginator::new(Arc::clone(&self.context), request)
    }

    /// Returns one page of the aliases of a key
    /// ([`ListAliasesByKeyId`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliasesbykeyid)).
    ///
    /// For every page use
    /// [`list_aliases_by_key_id_paginator`](Self::list_aliases_by_key_id_paginator).
    /// [`create_alias`](Self::create_alias) has an example.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist, and the [errors of
    /// every call](Self#errors).
    pub fn list_aliases_by_key_id(
        &self,
        request: impl Into<ListAliasesByKeyIdRequest>,
    ) -> impl Future<Output = Result<ListAliasesResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Returns every page of the aliases of one key from the request's `page_number` on, as a
    /// stream of pages or of aliases.
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
    /// # let key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// # use alibabacloud_kms::keys::CreateAliasRequest;
    /// # for name in ["alias/a", "alias/b"] {
    /// #     client.create_alias(CreateAliasRequest::new(name, &*key_id)).await?;
    /// # }
    /// use futures_util::TryStreamExt;
    ///
    /// let aliases = client.list_aliases_by_key_id_paginator(&key_id).items();
    /// assert_eq!(aliases.try_collect::<Vec<_>>().await?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_aliases_by_key_id_paginator(
        &self,
        request: impl Into<ListAliasesByKeyIdRequest>,
    ) -> Paginator<ListAliasesByKeyIdRequest> {
        Paginator::new(Arc::clone(&self.context), request.into())
    }
}
