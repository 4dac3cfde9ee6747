//! The values of secrets.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::bulk_read::{MatchingSecretValues, SecretValues};
use crate::call::call;
use crate::error::Result;
use crate::operation::dry_run::DryRunOutcome;
use crate::put_or_create;
use crate::secrets::PutOrCreateOutcome;
use crate::secrets::batch_get_secret_value::{
    BatchGetSecretValueRequest, BatchGetSecretValueResponse,
};
use crate::secrets::create_secret::CreateSecretRequest;
use crate::secrets::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::secrets::list_secrets::ListSecretsRequest;
use crate::secrets::put_secret_value::{PutSecretValueRequest, PutSecretValueResponse};

impl KmsClient {
    /// Returns the value of a secret: of its current version, unless the request names another
    /// ([`GetSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue)).
    ///
    /// If the secret is encrypted with a key of the account's own, the identity also needs
    /// `kms:Decrypt` on it.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the secret or the version does not exist, and
    /// the [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::SecretValue;
    /// # let emulator = Emulator::start().await?;
    /// # let value = SecretValue::text(r#"{"user":"fake-user"}"#);
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").value(value));
    /// # let client = emulator.client()?;
    /// #[derive(serde::Deserialize)]
    /// struct Login {
    ///     user: String,
    /// }
    ///
    /// let response = client.get_secret_value("prod/db").await?;
    /// let login: Login = response.value.json()?;
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

    /// Returns the values of up to 20 secrets in one call, with an outcome for each
    /// ([`BatchGetSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-batchgetsecretvalue)).
    ///
    /// A secret that cannot be read does not fail the others: it is in the response's
    /// [`errors`](BatchGetSecretValueResponse::errors). For more than 20 secrets use
    /// [`get_secret_values`](Self::get_secret_values).
    ///
    /// The operation has no RAM action of its own: the identity needs `kms:GetSecretValue` on every
    /// secret, and `kms:Decrypt` on each key of the account's own that encrypts one.
    ///
    /// # Errors
    ///
    /// The [errors of every call](Self#errors), for the call as a whole.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::SecretValue;
    /// # let emulator = Emulator::start().await?;
    /// # let value = SecretValue::text("fake-password");
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").value(value));
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

    /// Returns whether [`get_secret_value`](Self::get_secret_value) would succeed, without reading
    /// the value.
    ///
    /// It is [`dry_run`](Self::dry_run) of a name or a request. It is not documented whether a [KMS
    /// instance](crate::KmsClientBuilder::dedicated_instance) supports dry runs. If it does not, it
    /// returns the value, which is dropped, and the outcome is the same.
    ///
    /// # Errors
    ///
    /// The [errors of every call](Self#errors), if the service did not check the call.
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
    /// use alibabacloud_kms::keys::DryRunOutcome;
    ///
    /// match client.dry_run_get_secret_value("prod/db").await? {
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
        self.dry_run(request.into())
    }

    /// Adds a version with a new value to a secret, and makes it the current one
    /// ([`PutSecretValue`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue)).
    ///
    /// It is for secrets of type [`Generic`](crate::secrets::SecretType::Generic). After a lost
    /// response the request is retried, since putting the same version with the same value twice
    /// changes nothing. If the secret is encrypted with a key of the account's own, the identity
    /// also needs `kms:GenerateDataKey` on it.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) if the version exists with another value,
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
    /// use alibabacloud_kms::secrets::{PutSecretValueRequest, SecretValue};
    ///
    /// let password = SecretValue::text("fake-password");
    /// let request = PutSecretValueRequest::new("prod/db", password).version_id("v2");
    /// client.put_secret_value(request).await?;
    ///
    /// let response = client.get_secret_value("prod/db").await?;
    /// assert_eq!(response.version_id, "v2");
    /// # Ok(())
    /// # }
    /// ```
    pub fn put_secret_value(
        &self,
        request: PutSecretValueRequest,
    ) -> impl Future<Output = Result<PutSecretValueResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Reads many secrets concurrently, as a stream of requests with their outcomes in the order of
    /// the requests.
    ///
    /// Four requests are in flight at a time, or as many as
    /// [`concurrency`](SecretValues::concurrency) sets. The next one is sent when the stream is
    /// polled after it yielded an outcome. A secret that cannot be read does not end the stream.
    /// With [`unordered`](SecretValues::unordered), a slow secret does not delay the others.
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
    /// let outcomes: Vec<_> = client.get_secret_values(requests).concurrency(8).collect().await;
    /// assert!(outcomes[0].1.is_ok() && outcomes[2].1.is_ok());
    /// assert!(outcomes[1].1.as_ref().is_err_and(|error| error.is_not_found()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_secret_values<I>(&self, requests: I) -> SecretValues
    where
        I: IntoIterator<Item = GetSecretValueRequest, IntoIter: Send + 'static>,
    {
        SecretValues::new(Arc::clone(&self.context), Box::new(requests.into_iter()))
    }

    /// Lists secrets and reads the current value of each, as a stream of secrets with the outcomes
    /// of reading them.
    ///
    /// Four values are read at a time, or as many as
    /// [`concurrency`](MatchingSecretValues::concurrency) sets. The order is that of the listing,
    /// or that of completion with [`unordered`](MatchingSecretValues::unordered). Secrets that are
    /// pending deletion are listed too. An error of the listing is an item of its own;
    /// [`list_secrets_paginator`](Self::list_secrets_paginator) describes how a listing continues
    /// after it.
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
    /// while let Some((secret, outcome)) = values.try_next().await? {
    ///     println!("{} is at version {}", secret.secret_name, outcome?.version_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_matching_secret_values(&self, request: ListSecretsRequest) -> MatchingSecretValues {
        MatchingSecretValues::new(Arc::clone(&self.context), request)
    }

    /// Puts a new value into a secret of type [`Generic`](crate::secrets::SecretType::Generic), and
    /// creates the secret if it does not exist.
    ///
    /// For an existing secret only the value changes, as by
    /// [`put_secret_value`](Self::put_secret_value). The other fields of the request, such as its
    /// description and tags, apply if the secret is created. They are checked in both cases, before
    /// anything is sent.
    ///
    /// # Errors
    ///
    /// - [`Conflict`](crate::ErrorKind::Conflict) if the version exists with another value, or if
    ///   the secret is pending deletion; call [`restore_secret`](Self::restore_secret) first.
    /// - The errors of [`create_secret`](Self::create_secret).
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
    /// let password = SecretValue::text("fake-password");
    /// let request = CreateSecretRequest::new("prod/db", password).tag("team", "core");
    /// let first = client.put_or_create_secret(request.clone().version_id("v1")).await?;
    /// assert!(matches!(first, PutOrCreateOutcome::Created(_)));
    /// let second = client.put_or_create_secret(request.version_id("v2")).await?;
    /// assert!(matches!(second, PutOrCreateOutcome::Put(_)));
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
