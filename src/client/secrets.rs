//! Secrets as a whole, without what they hold.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::inventory::RegionInventories;
use crate::reconcile;
use crate::secrets::create_secret::{CreateSecretRequest, CreateSecretResponse};
use crate::secrets::delete_secret::{DeleteSecretRequest, DeleteSecretResponse};
use crate::secrets::describe_secret::{DescribeSecretRequest, DescribeSecretResponse};
use crate::secrets::list_secrets::ListSecretsRequest;
use crate::secrets::restore_secret::{RestoreSecretRequest, RestoreSecretResponse};
use crate::secrets::update_secret::{UpdateSecretRequest, UpdateSecretResponse};
use crate::waiter;

impl KmsClient {
    /// Creates a secret with its first version
    /// ([`CreateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createsecret)).
    ///
    /// The identity needs the RAM action `kms:CreateSecret`, and `kms:GenerateDataKey` on the key
    /// if one is named. The service allows 10 requests a second for an account and region, shared
    /// with `DeleteSecret`.
    ///
    /// # Errors
    ///
    /// - [`Conflict`](crate::ErrorKind::Conflict) when the name is taken, or held by a secret that
    ///   awaits deletion. After a lost response, a secret that was created during the call, with
    ///   the requested value and settings, counts as created by it; where that cannot be known,
    ///   [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true.
    /// - [`QuotaExceeded`](crate::ErrorKind::QuotaExceeded) when the account has as many secrets as
    ///   it may.
    /// - Otherwise as [`list_secrets`](Self::list_secrets) tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{CreateSecretRequest, SecretValue};
    ///
    /// let password = SecretValue::text("fake-password");
    /// let request = CreateSecretRequest::new("prod/db", password).version_id("v1").tag("team", "core");
    /// let created = client.create_secret(request).await?;
    /// assert_eq!(created.version_id, "v1");
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_secret(
        &self,
        request: CreateSecretRequest,
    ) -> impl Future<Output = Result<CreateSecretResponse>> + Send + Sync + use<> {
        reconcile::create_secret(Arc::clone(&self.context), request)
    }

    /// Tells all of a secret but its value and its versions
    /// ([`DescribeSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describesecret)).
    ///
    /// The identity needs the RAM action `kms:DescribeSecret`. The service allows 450 requests a
    /// second for an account and region, shared with `GetSecretValue`.
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
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").description("main database"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::DescribeSecretRequest;
    ///
    /// let secret = client.describe_secret(DescribeSecretRequest::new("prod/db")).await?;
    /// assert_eq!(secret.description.as_deref(), Some("main database"));
    /// assert_eq!(secret.planned_delete_time, None); // it does not await deletion
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe_secret(
        &self,
        request: impl Into<DescribeSecretRequest>,
    ) -> impl Future<Output = Result<DescribeSecretResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Changes what is said of a secret, or what its users keep with it
    /// ([`UpdateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecret)).
    ///
    /// The identity needs the RAM action `kms:UpdateSecret`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret,
    /// [`Conflict`](crate::ErrorKind::Conflict) when it awaits deletion; otherwise as
    /// [`list_secrets`](Self::list_secrets) tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::DescribeSecretRequest;
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::UpdateSecretRequest;
    ///
    /// client.update_secret(UpdateSecretRequest::new("prod/db").description("main database")).await?;
    ///
    /// let secret = client.describe_secret(DescribeSecretRequest::new("prod/db")).await?;
    /// assert_eq!(secret.description.as_deref(), Some("main database"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_secret(
        &self,
        request: UpdateSecretRequest,
    ) -> impl Future<Output = Result<UpdateSecretResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Plans the deletion of a secret, or deletes it at once
    /// ([`DeleteSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletesecret)).
    ///
    /// The identity needs the RAM action `kms:DeleteSecret`. The service allows 10 requests a
    /// second for an account and region, shared with `CreateSecret`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret,
    /// [`Conflict`](crate::ErrorKind::Conflict) when it awaits deletion already; otherwise as
    /// [`list_secrets`](Self::list_secrets) tells. If the response of an immediate deletion is
    /// lost, the retry finds no secret, as it would for a mistyped name: `NotFound`, for which
    /// [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::DescribeSecretRequest;
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{DeleteSecretRequest, RestoreSecretRequest};
    ///
    /// let in_a_week = DeleteSecretRequest::new("prod/db").recovery_window_in_days(7);
    /// let planned = client.delete_secret(in_a_week).await?.planned_delete_time;
    /// let secret = client.describe_secret(DescribeSecretRequest::new("prod/db")).await?;
    /// assert_eq!(secret.planned_delete_time, planned);
    ///
    /// client.restore_secret(RestoreSecretRequest::new("prod/db")).await?; // until then
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_secret(
        &self,
        request: impl Into<DeleteSecretRequest>,
    ) -> impl Future<Output = Result<DeleteSecretResponse>> + Send + Sync + 'static {
        reconcile::delete_secret(Arc::clone(&self.context), request.into())
    }

    /// Takes the planned deletion of a secret back
    /// ([`RestoreSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-restoresecret)).
    ///
    /// The identity needs the RAM action `kms:RestoreSecret`. See
    /// [`delete_secret`](Self::delete_secret) for an example.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret, or no longer;
    /// [`Conflict`](crate::ErrorKind::Conflict) when it does not await deletion; otherwise as
    /// [`list_secrets`](Self::list_secrets) tells. If a response is lost, the retry finds the
    /// secret restored: `Conflict`, for which
    /// [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true.
    pub fn restore_secret(
        &self,
        request: impl Into<RestoreSecretRequest>,
    ) -> impl Future<Output = Result<RestoreSecretResponse>> + Send + Sync + 'static {
        reconcile::restore_secret(Arc::clone(&self.context), request.into())
    }

    /// Lists the secrets of several regions concurrently: a stream of regions with their outcomes,
    /// in order of completion.
    ///
    /// Each region is listed as [`list_all_secrets`](Self::list_all_secrets) lists this client's,
    /// by a client that [`in_region`](Self::in_region) returns: it has the same credentials,
    /// connections and network, and its own retry budget and rate limits.
    /// [`describe_regions`](Self::describe_regions) returns the regions that exist. A region that
    /// fails is reported as failed, never as empty, and does not end the stream. Nothing is sent
    /// before the stream is polled.
    ///
    /// For several accounts, await a [`list_all_secrets`](Self::list_all_secrets) of a client for
    /// each.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedRegions, EmulatedSecret, Fault};
    /// # let regions = EmulatedRegions::start(["cn-hangzhou", "cn-beijing"]).await?;
    /// # regions["cn-hangzhou"].add_secret(EmulatedSecret::new("prod/db"));
    /// # regions["cn-beijing"].inject(Fault::error(403, "Forbidden.KmsServiceNotEnabled"));
    /// # let client = regions.client()?;
    /// use alibabacloud_kms::inventory::RegionOutcome;
    /// use alibabacloud_kms::secrets::ListSecretsRequest;
    /// use futures_util::StreamExt;
    ///
    /// let regions = ["cn-hangzhou", "cn-beijing"];
    /// let mut outcomes = client.list_secrets_in_regions(regions, ListSecretsRequest::new()).concurrency(8);
    /// while let Some((region, outcome)) = outcomes.next().await {
    ///     match outcome {
    ///         RegionOutcome::Listed(inventory) => println!("{region}: {} secrets", inventory.secrets.len()),
    ///         RegionOutcome::NotActivated(_) => println!("{region}: KMS is not activated"),
    ///         failed => println!("{region}: unknown, {:?}", failed.error()),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_secrets_in_regions<R: Into<String>>(
        &self,
        regions: impl IntoIterator<Item = R>,
        request: ListSecretsRequest,
    ) -> RegionInventories {
        let regions = regions.into_iter().map(Into::into).collect();
        RegionInventories::new(Arc::clone(&self.context), regions, request)
    }

    /// Whether a secret awaits deletion: it can still be [restored](Self::restore_secret), and its
    /// name stays taken.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret, or no longer;
    /// otherwise as [`describe_secret`](Self::describe_secret) tells.
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
    /// use alibabacloud_kms::secrets::DeleteSecretRequest;
    ///
    /// assert!(!client.is_secret_pending_deletion("prod/db").await?);
    /// client.delete_secret(DeleteSecretRequest::new("prod/db")).await?;
    /// assert!(client.is_secret_pending_deletion("prod/db").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_secret_pending_deletion(
        &self,
        secret_name: impl Into<String>,
    ) -> impl Future<Output = Result<bool>> + Send + Sync + 'static {
        waiter::is_secret_pending_deletion(Arc::clone(&self.context), secret_name.into())
    }

    /// Waits until a secret is gone and its name free again: right after a deletion [without
    /// recovery](DeleteSecretRequest::without_recovery), which the service may take a while for, or
    /// at the end of a recovery window.
    ///
    /// It looks by `DescribeSecret`, first after half a second and then ever less often, at last
    /// every ten seconds. Looks that fail in a way that passes are made again.
    ///
    /// # Errors
    ///
    /// [`Timeout`](crate::ErrorKind::Timeout) when it is still there after `timeout`, at most a
    /// second later; at once when its deletion is planned for a later time. The error's source is
    /// the last look, if that failed. Otherwise as [`describe_secret`](Self::describe_secret)
    /// tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("test/db"));
    /// # let client = emulator.client()?;
    /// use std::time::Duration;
    ///
    /// use alibabacloud_kms::secrets::DeleteSecretRequest;
    ///
    /// client.delete_secret(DeleteSecretRequest::without_recovery("test/db")).await?;
    /// client.wait_until_secret_deleted("test/db", Duration::from_secs(60)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_until_secret_deleted(
        &self,
        secret_name: impl Into<String>,
        timeout: Duration,
    ) -> impl Future<Output = Result<()>> + Send + Sync + 'static {
        waiter::wait_until_secret_deleted(Arc::clone(&self.context), secret_name.into(), timeout)
    }
}
