//! Reading and writing what secrets hold.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::bulk_read::{MatchingSecretValues, SecretValues};
use crate::call::call;
use crate::error::Result;
use crate::put_or_create;
use crate::secrets::PutOrCreateOutcome;
use crate::secrets::batch_get_secret_value::{
    BatchGetSecretValueRequest, BatchGetSecretValueResponse,
};
use crate::secrets::create_secret::CreateSecretRequest;
use crate::secrets::dry_run::{DryRun, DryRunOutcome};
use crate::secrets::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::secrets::list_secrets::ListSecretsRequest;
use crate::secrets::put_secret_value::{PutSecretValueRequest, PutSecretValueResponse};

impl KmsClient {
    /// Reads a version of a secret, the current one unless the request says otherwise
    /// ([`GetSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue)).
    ///
    /// The identity needs the RAM action `kms:GetSecretValue`, and `kms:Decrypt` on the key if the
    /// secret has one of the account's own. The service allows 450 requests a second for an account
    /// and region, shared with `DescribeSecret`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret or version; otherwise
    /// as [`list_secrets`](Self::list_secrets) tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::{GetSecretValueRequest, SecretValue};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").value(SecretValue::text(r#"{"user":"fake-user"}"#)));
    /// # let client = emulator.client()?;
    /// #[derive(serde::Deserialize)]
    /// struct Login {
    ///     user: String,
    /// }
    ///
    /// let answer = client.get_secret_value(GetSecretValueRequest::new("prod/db")).await?;
    /// let login: Login = answer.value.json()?;
    /// assert_eq!(login.user, "fake-user");
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_secret_value(
        &self,
        request: impl Into<GetSecretValueRequest>,
    ) -> impl Future<Output = Result<GetSecretValueResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Reads up to 20 secrets in one call, with an outcome for each
    /// ([`BatchGetSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-batchgetsecretvalue)).
    ///
    /// A secret that cannot be read does not fail the others: it is in the response's
    /// [`errors`](BatchGetSecretValueResponse::errors). The identity needs the RAM action
    /// `kms:GetSecretValue` for every secret. For more than 20 secrets use
    /// [`get_secret_values`](Self::get_secret_values).
    ///
    /// # Errors
    ///
    /// As [`list_secrets`](Self::list_secrets), for the call as a whole.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::SecretValue;
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").value(SecretValue::text("fake-password")));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::ErrorKind;
    /// use alibabacloud_kms::secrets::BatchGetSecretValueRequest;
    ///
    /// let request = BatchGetSecretValueRequest::new(["prod/db", "prod/mistyped"]);
    /// let response = client.batch_get_secret_value(request).await?;
    /// assert_eq!(response.values[0].value.expose_secret(), "fake-password");
    /// assert_eq!(response.errors[0].kind(), ErrorKind::NotFound);
    /// # Ok(())
    /// # }
    /// ```
    pub fn batch_get_secret_value(
        &self,
        request: BatchGetSecretValueRequest,
    ) -> impl Future<Output = Result<BatchGetSecretValueResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Asks whether [`get_secret_value`](Self::get_secret_value) would succeed, without reading
    /// anything (`DryRun`).
    ///
    /// It is for the checks that a program makes when it starts: the service answers with what
    /// would become of the call, and that is an outcome here, not an error. Whether a [KMS
    /// instance](crate::KmsClientBuilder::dedicated_instance) knows of dry runs is not documented:
    /// one that does not reads the value, which is dropped, and the outcome is the same.
    ///
    /// # Errors
    ///
    /// When the service says nothing of the call itself; then as
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
    /// use alibabacloud_kms::secrets::{DryRunOutcome, GetSecretValueRequest};
    ///
    /// match client.dry_run_get_secret_value(GetSecretValueRequest::new("prod/db")).await? {
    ///     DryRunOutcome::WouldSucceed => println!("ready"),
    ///     DryRunOutcome::AccessDenied(error) => println!("not allowed: {error}"),
    ///     other => println!("would fail: {other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn dry_run_get_secret_value(
        &self,
        request: impl Into<GetSecretValueRequest>,
    ) -> impl Future<Output = Result<DryRunOutcome>> + Send + Sync + 'static {
        let answer = call(Arc::clone(&self.context), DryRun(request.into()));
        async move { DryRunOutcome::of(answer.await) }
    }

    /// Gives a secret a new value, as a version of its own
    /// ([`PutSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue)).
    ///
    /// For secrets of type [`Generic`](crate::secrets::SecretType::Generic). A request whose answer
    /// is lost is repeated, since the same version with the same value changes nothing. The
    /// identity needs the RAM action `kms:PutSecretValue`, and `kms:GenerateDataKey` on the key if
    /// the secret has one of the account's own.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) when the version exists with another value,
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret; otherwise as
    /// [`list_secrets`](Self::list_secrets) tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::GetSecretValueRequest;
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{PutSecretValueRequest, SecretValue};
    ///
    /// let password = SecretValue::text("fake-password");
    /// client.put_secret_value(PutSecretValueRequest::new("prod/db", password).version_id("v2")).await?;
    ///
    /// let answer = client.get_secret_value(GetSecretValueRequest::new("prod/db")).await?;
    /// assert_eq!(answer.version_id, "v2");
    /// # Ok(())
    /// # }
    /// ```
    pub fn put_secret_value(
        &self,
        request: PutSecretValueRequest,
    ) -> impl Future<Output = Result<PutSecretValueResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Reads many secrets side by side, each with an outcome of its own, in the order in which they
    /// were asked for.
    ///
    /// Four are in flight at a time, or as many as [`concurrency`](SecretValues::concurrency) sets.
    /// The next is requested when the stream is polled after it yielded one; those in flight
    /// continue meanwhile. One that cannot be read does not keep the others from being read, and
    /// with [`unordered`](SecretValues::unordered) one that takes long does not hold them back. The
    /// service allows 450 requests a second.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::GetSecretValueRequest;
    /// # let emulator = Emulator::start().await?;
    /// # for name in ["prod/db", "prod/cache"] { emulator.add_secret(EmulatedSecret::new(name)); }
    /// # let client = emulator.client()?;
    /// use futures_util::StreamExt;
    ///
    /// let requests = ["prod/db", "prod/missing", "prod/cache"].map(GetSecretValueRequest::new);
    /// let answers: Vec<_> = client.get_secret_values(requests).concurrency(8).collect().await;
    /// assert!(answers[0].1.is_ok() && answers[2].1.is_ok());
    /// assert!(answers[1].1.as_ref().is_err_and(|error| error.is_not_found()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_secret_values<I>(&self, requests: I) -> SecretValues
    where
        I: IntoIterator<Item = GetSecretValueRequest, IntoIter: Send + 'static>,
    {
        SecretValues::new(Arc::clone(&self.context), Box::new(requests.into_iter()))
    }

    /// Lists secrets and reads the current value of each, four at a time, or as many as
    /// [`concurrency`](MatchingSecretValues::concurrency) sets, in the order of the listing or
    /// [`unordered`](MatchingSecretValues::unordered).
    ///
    /// What the listing gives and how it goes on after an error is as with
    /// [`list_secrets_paginator`](Self::list_secrets_paginator); an error of a listing is an item
    /// of its own. Each secret comes with the outcome of reading it. Secrets that await deletion
    /// are listed as well.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::ListSecretsRequest;
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").tag("team", "core"));
    /// # emulator.add_secret(EmulatedSecret::new("prod/other"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::Filter;
    /// use futures_util::TryStreamExt;
    ///
    /// let request = ListSecretsRequest::new().filter(Filter::tag_value(["core"]));
    /// let mut values = client.get_matching_secret_values(request);
    /// while let Some((secret, answer)) = values.try_next().await? {
    ///     println!("{} is at version {}", secret.secret_name, answer?.version_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_matching_secret_values(&self, request: ListSecretsRequest) -> MatchingSecretValues {
        MatchingSecretValues::new(Arc::clone(&self.context), request)
    }

    /// Gives a secret of type [`Generic`](crate::secrets::SecretType::Generic) a new value, and
    /// creates it if there is none of that name.
    ///
    /// Of an existing secret only the value changes, as
    /// [`put_secret_value`](Self::put_secret_value) does it: description, tags and the like of the
    /// request are for one that is created. They are checked in either case, before anything is
    /// sent.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) when the version exists with another value, or the
    /// secret awaits deletion: [`restore_secret`](Self::restore_secret) it first. Otherwise as
    /// [`create_secret`](Self::create_secret) tells.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("other"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{CreateSecretRequest, PutOrCreateOutcome, SecretValue};
    ///
    /// let secret = |version| {
    ///     CreateSecretRequest::new("prod/db", SecretValue::text("fake-password")).version_id(version).tag("team", "core")
    /// };
    /// assert!(matches!(client.put_or_create_secret(secret("v1")).await?, PutOrCreateOutcome::Created(_)));
    /// assert!(matches!(client.put_or_create_secret(secret("v2")).await?, PutOrCreateOutcome::Put(_)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn put_or_create_secret(
        &self,
        request: CreateSecretRequest,
    ) -> impl Future<Output = Result<PutOrCreateOutcome>> + Send + Sync + use<> {
        put_or_create::put_or_create_secret(Arc::clone(&self.context), request)
    }
}
