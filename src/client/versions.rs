//! The versions of secrets and their stages.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::move_stages;
use crate::pagination::Paginator;
use crate::reconcile;
use crate::secrets::list_secret_version_ids::{
    ListSecretVersionIdsRequest, ListSecretVersionIdsResponse,
};
use crate::secrets::update_secret_version_stage::{
    UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse,
};
use crate::types::VersionStage;

impl KmsClient {
    /// Returns one page of the versions of a secret, without their values
    /// ([`ListSecretVersionIds`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecretversionids)).
    ///
    /// For all pages use
    /// [`list_secret_version_ids_paginator`](Self::list_secret_version_ids_paginator).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the secret does not exist, and the [errors of
    /// every call](Self#errors).
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
    /// use alibabacloud_kms::secrets::VersionStage;
    ///
    /// let page = client.list_secret_version_ids("prod/db").await?;
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

    /// Returns every page of the versions of a secret from the request's `page_number` on, as a
    /// stream of pages or of versions.
    ///
    /// It works like [`list_secrets_paginator`](Self::list_secrets_paginator).
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
    /// let paginator = client.list_secret_version_ids_paginator(request);
    /// let versions: Vec<_> = paginator.items().try_collect().await?;
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

    /// Adds a stage to a version, moves it to another version, or removes it
    /// ([`UpdateSecretVersionStage`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretversionstage)).
    ///
    /// It is for secrets of type [`Generic`](crate::secrets::SecretType::Generic).
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the secret or the version does not exist.
    /// - [`Conflict`](crate::ErrorKind::Conflict) if the secret is pending deletion.
    /// - [`QuotaExceeded`](crate::ErrorKind::QuotaExceeded) if the secret has 8 stages already.
    /// - The [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// This makes the previous version the current one:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::SecretValue;
    /// # let emulator = Emulator::start().await?;
    /// # let values = ["fake-1", "fake-2"].map(SecretValue::text);
    /// # let secret = EmulatedSecret::new("prod/db");
    /// # emulator.add_secret(values.into_iter().fold(secret, EmulatedSecret::value));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{UpdateSecretVersionStageRequest, VersionStage};
    ///
    /// let request = UpdateSecretVersionStageRequest::new("prod/db", VersionStage::Current);
    /// client.update_secret_version_stage(request.move_to_version("v1")).await?;
    ///
    /// let response = client.get_secret_value("prod/db").await?;
    /// assert_eq!(response.version_id, "v1");
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_secret_version_stage(
        &self,
        request: UpdateSecretVersionStageRequest,
    ) -> impl Future<Output = Result<UpdateSecretVersionStageResponse>> + Send + Sync + use<> {
        reconcile::update_secret_version_stage(Arc::clone(&self.context), request)
    }

    /// Moves several stages of a secret to their versions, and returns those that were moved.
    ///
    /// The versions are listed first, and a stage that is on its version already is not moved.
    /// [`Current`](VersionStage::Current) is moved first, whatever the order of `targets`: the
    /// version that loses it becomes [`Previous`](VersionStage::Previous), which is moved only if
    /// that is not its target.
    ///
    /// Each stage is moved by a request of its own, on the condition that the version from the list
    /// still has it, so that a change of another writer is not undone. After an error, call the
    /// method again: it continues with the stages that are left.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if a stage has two targets, and the errors
    /// of [`list_secret_version_ids`](Self::list_secret_version_ids) and
    /// [`update_secret_version_stage`](Self::update_secret_version_stage).
    ///
    /// # Examples
    ///
    /// This goes back to the previous version, and ends a canary:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::SecretValue;
    /// # let emulator = Emulator::start().await?;
    /// # let values = ["fake-1", "fake-2"].map(SecretValue::text);
    /// # let secret = EmulatedSecret::new("prod/db");
    /// # emulator.add_secret(values.into_iter().fold(secret, EmulatedSecret::value));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::VersionStage;
    ///
    /// let targets = [
    ///     (VersionStage::from("canary"), "v1"),
    ///     (VersionStage::Previous, "v2"),
    ///     (VersionStage::Current, "v1"),
    /// ];
    /// let moved = client.move_secret_version_stages("prod/db", targets).await?;
    /// assert_eq!(moved, [VersionStage::Current, VersionStage::from("canary")]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn move_secret_version_stages<V: Into<String>>(
        &self,
        secret_name: impl Into<String>,
        targets: impl IntoIterator<Item = (VersionStage, V)>,
    ) -> impl Future<Output = Result<Vec<VersionStage>>> + Send + Sync + 'static {
        let targets = targets.into_iter().map(|(stage, version_id)| (stage, version_id.into()));
        move_stages::move_secret_version_stages(
            Arc::clone(&self.context),
            secret_name.into(),
            targets.collect(),
        )
    }
}
