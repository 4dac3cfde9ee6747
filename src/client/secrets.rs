//! Secrets without their values.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::KmsClient;
use crate::bulk_read::SecretDescriptions;
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
    /// If the request names a key, the identity also needs `kms:GenerateDataKey` on it.
    ///
    /// # Errors
    ///
    /// - [`Conflict`](crate::ErrorKind::Conflict) if the name is taken, also by a secret that is
    ///   pending deletion. After a lost response, a secret that was created during the call, with
    ///   the requested value and settings, counts as created by it. If that cannot be known,
    ///   [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true.
    /// - [`QuotaExceeded`](crate::ErrorKind::QuotaExceeded) if the account may not have more
    ///   secrets.
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
    /// use alibabacloud_kms::secrets::{CreateSecretRequest, SecretValue};
    ///
    /// let password = SecretValue::text("fake-password");
    /// let request = CreateSecretRequest::new("prod/db", password).version_id("v1");
    /// let created = client.create_secret(request.tag("team", "core")).await?;
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

    /// Returns the metadata of a secret, without its value and its versions
    /// ([`DescribeSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describesecret)).
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
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").description("main database"));
    /// # let client = emulator.client()?;
    /// let secret = client.describe_secret("prod/db").await?;
    /// assert_eq!(secret.description.as_deref(), Some("main database"));
    /// assert_eq!(secret.planned_delete_time, None); // not pending deletion
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe_secret(
        &self,
        request: impl Into<DescribeSecretRequest>,
    ) -> impl Future<Output = Result<DescribeSecretResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Describes many secrets concurrently, as a stream of requests with their outcomes in the
    /// order of the requests.
    ///
    /// It sends and yields as [`get_secret_values`](Self::get_secret_values) does: four requests
    /// are in flight unless [`concurrency`](SecretDescriptions::concurrency) sets another number,
    /// and a secret that cannot be described does not end the stream. A listing does not contain
    /// the rotation, the key and the description of a secret; this adds them.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # for name in ["prod/db", "prod/cache"] { emulator.add_secret(EmulatedSecret::new(name)); }
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::DescribeSecretRequest;
    /// use futures_util::StreamExt;
    ///
    /// let requests = ["prod/db", "prod/missing", "prod/cache"].map(DescribeSecretRequest::new);
    /// let mut outcomes = client.describe_secrets(requests);
    /// while let Some((request, outcome)) = outcomes.next().await {
    ///     match outcome {
    ///         Ok(secret) => println!("{}: {:?}", secret.secret_name, secret.rotation_interval),
    ///         Err(error) => println!("{}: {error}", request.secret_name),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe_secrets<I>(&self, requests: I) -> SecretDescriptions
    where
        I: IntoIterator<Item = DescribeSecretRequest, IntoIter: Send + 'static>,
    {
        SecretDescriptions::new(Arc::clone(&self.context), Box::new(requests.into_iter()))
    }

    /// Changes the description and the extended configuration of a secret
    /// ([`UpdateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecret)).
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the secret does not exist,
    /// [`Conflict`](crate::ErrorKind::Conflict) if it is pending deletion, and the [errors of every
    /// call](Self#errors).
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
    /// use alibabacloud_kms::secrets::UpdateSecretRequest;
    ///
    /// let request = UpdateSecretRequest::new("prod/db").description("main database");
    /// client.update_secret(request).await?;
    ///
    /// let secret = client.describe_secret("prod/db").await?;
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

    /// Schedules the deletion of a secret, or deletes it immediately
    /// ([`DeleteSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletesecret)).
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the secret does not exist. After a lost
    ///   response to an immediate deletion, the retry finds no secret, as it would for a mistyped
    ///   name. Then [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true.
    /// - [`Conflict`](crate::ErrorKind::Conflict) if the secret is pending deletion already.
    /// - The [errors of every call](Self#errors).
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
    /// let in_a_week = DeleteSecretRequest::new("prod/db").recovery_window_in_days(7);
    /// let planned = client.delete_secret(in_a_week).await?.planned_delete_time;
    /// let secret = client.describe_secret("prod/db").await?;
    /// assert_eq!(secret.planned_delete_time, planned);
    ///
    /// client.restore_secret("prod/db").await?; // until then
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_secret(
        &self,
        request: impl Into<DeleteSecretRequest>,
    ) -> impl Future<Output = Result<DeleteSecretResponse>> + Send + Sync + 'static {
        reconcile::delete_secret(Arc::clone(&self.context), request.into())
    }

    /// Cancels the scheduled deletion of a secret
    /// ([`RestoreSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-restoresecret)).
    ///
    /// See [`delete_secret`](Self::delete_secret) for an example.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the secret does not exist, or was deleted
    ///   already.
    /// - [`Conflict`](crate::ErrorKind::Conflict) if the secret is not pending deletion. After a
    ///   lost response, the retry finds the secret restored. Then
    ///   [`is_outcome_unknown`](crate::Error::is_outcome_unknown) returns true.
    /// - The [errors of every call](Self#errors).
    pub fn restore_secret(
        &self,
        request: impl Into<RestoreSecretRequest>,
    ) -> impl Future<Output = Result<RestoreSecretResponse>> + Send + Sync + 'static {
        reconcile::restore_secret(Arc::clone(&self.context), request.into())
    }

    /// Lists the secrets of several regions concurrently, as a stream of regions with their
    /// outcomes in order of completion.
    ///
    /// Each region is listed as by [`list_all_secrets`](Self::list_all_secrets) of the client that
    /// [`in_region`](Self::in_region) returns. A region that fails is reported as failed, never as
    /// empty, and does not end the stream. Nothing is sent before the stream is polled.
    /// [`describe_regions`](Self::describe_regions) returns the regions that exist.
    ///
    /// For several accounts, call [`list_all_secrets`](Self::list_all_secrets) on a client for each
    /// account.
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
    /// let outcomes = client.list_secrets_in_regions(regions, ListSecretsRequest::new());
    /// let mut outcomes = outcomes.concurrency(8);
    /// while let Some((region, outcome)) = outcomes.next().await {
    ///     match outcome {
    ///         RegionOutcome::Listed(inventory) => {
    ///             println!("{region}: {} secrets", inventory.secrets.len());
    ///         }
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

    /// Returns true if a secret is pending deletion. It can still be
    /// [restored](Self::restore_secret), and its name is taken.
    ///
    /// It calls [`describe_secret`](Self::describe_secret).
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
    /// assert!(!client.is_secret_pending_deletion("prod/db").await?);
    /// client.delete_secret("prod/db").await?;
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

    /// Waits until a secret does not exist any more and its name is free: after a deletion [without
    /// a recovery window](DeleteSecretRequest::without_recovery), which the service may take a
    /// while to execute, or at the end of a recovery window.
    ///
    /// It polls [`describe_secret`](Self::describe_secret): immediately, after half a second, then
    /// at growing intervals of up to ten seconds. Transient errors do not end the wait.
    ///
    /// # Errors
    ///
    /// - [`Timeout`](crate::ErrorKind::Timeout) if the secret still exists after `timeout`, at most
    ///   a second later; immediately if its deletion is scheduled for a later time. The source of
    ///   the error is the last poll, if that failed.
    /// - The [errors of every call](Self#errors).
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
