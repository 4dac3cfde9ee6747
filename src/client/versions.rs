//! The versions of secrets and the labels on them.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::pagination::Paginator;
use crate::reconcile;
use crate::secrets::list_secret_version_ids::{
    ListSecretVersionIdsRequest, ListSecretVersionIdsResponse,
};
use crate::secrets::update_secret_version_stage::{
    UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse,
};

impl KmsClient {
    /// Gets one page of the versions of a secret, without their values
    /// ([`ListSecretVersionIds`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecretversionids)).
    ///
    /// For all pages use
    /// [`list_secret_version_ids_paginator`](Self::list_secret_version_ids_paginator). The identity
    /// needs the RAM action `kms:ListSecretVersionIds`; the service allows 40 requests a second for
    /// an account and region, shared with seven other operations.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret; otherwise as
    /// [`list_secrets`](Self::list_secrets) tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{ListSecretVersionIdsRequest, VersionStage};
    ///
    /// let page = client.list_secret_version_ids(ListSecretVersionIdsRequest::new("prod/db")).await?;
    /// assert_eq!(page.versions[0].version_id, "v1");
    /// assert_eq!(page.versions[0].version_stages, [VersionStage::Current]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_secret_version_ids(
        &self,
        request: impl Into<ListSecretVersionIdsRequest>,
    ) -> impl Future<Output = Result<ListSecretVersionIdsResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Gets every page of the versions of a secret from the request's `page_number` on, as a stream
    /// of pages or of versions.
    ///
    /// It does as [`list_secrets_paginator`](Self::list_secrets_paginator) does.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::ListSecretVersionIdsRequest;
    /// use futures_util::TryStreamExt;
    ///
    /// let request = ListSecretVersionIdsRequest::new("prod/db").include_deprecated(true);
    /// let versions: Vec<_> = client.list_secret_version_ids_paginator(request).items().try_collect().await?;
    /// assert_eq!(versions.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_secret_version_ids_paginator(
        &self,
        request: impl Into<ListSecretVersionIdsRequest>,
    ) -> Paginator<ListSecretVersionIdsRequest> {
        Paginator::new(Arc::clone(&self.context), request.into())
    }

    /// Puts a label on a version, moves it to another, or takes it away
    /// ([`UpdateSecretVersionStage`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretversionstage)).
    ///
    /// For secrets of type [`Generic`](crate::secrets::SecretType::Generic). The identity needs the
    /// RAM action `kms:UpdateSecretVersionStage`.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret or version.
    /// - [`Conflict`](crate::ErrorKind::Conflict) when the secret awaits deletion.
    /// - [`QuotaExceeded`](crate::ErrorKind::QuotaExceeded) when the secret has 8 labels already.
    /// - Otherwise as [`list_secrets`](Self::list_secrets) tells.
    ///
    /// # Examples
    ///
    /// Back to the version before:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::SecretValue;
    /// # let emulator = Emulator::start().await?;
    /// # let secret = EmulatedSecret::new("prod/db").value(SecretValue::text("fake-1")).value(SecretValue::text("fake-2"));
    /// # emulator.add_secret(secret);
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{GetSecretValueRequest, UpdateSecretVersionStageRequest, VersionStage};
    ///
    /// let back = UpdateSecretVersionStageRequest::new("prod/db", VersionStage::Current).move_to_version("v1");
    /// client.update_secret_version_stage(back).await?;
    ///
    /// let answer = client.get_secret_value(GetSecretValueRequest::new("prod/db")).await?;
    /// assert_eq!(answer.version_id, "v1");
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_secret_version_stage(
        &self,
        request: UpdateSecretVersionStageRequest,
    ) -> impl Future<Output = Result<UpdateSecretVersionStageResponse>> + Send + Sync + use<> {
        reconcile::update_secret_version_stage(Arc::clone(&self.context), request)
    }
}
