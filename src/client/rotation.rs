//! New values that KMS makes: rotation of the secrets that it manages, and random passwords.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::secrets::get_random_password::{GetRandomPasswordRequest, GetRandomPasswordResponse};
use crate::secrets::get_secret_value::GetSecretValueResponse;
use crate::secrets::rotate_secret::{RotateSecretRequest, RotateSecretResponse};
use crate::secrets::update_secret_rotation_policy::{
    UpdateSecretRotationPolicyRequest, UpdateSecretRotationPolicyResponse,
};
use crate::waiter;

impl KmsClient {
    /// Starts the rotation of a secret that KMS manages: KMS makes a new value
    /// ([`RotateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret)).
    ///
    /// It is for secrets of any type except [`Generic`](crate::secrets::SecretType::Generic). The
    /// new value may become current only some time after the response:
    /// [`get_secret_value`](Self::get_secret_value) returns it once its version id is the one of
    /// the request, which [`rotate_secret_and_wait`](Self::rotate_secret_and_wait) waits for. After
    /// a lost response the request is retried, since a version that exists is not made twice.
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
    /// # emulator.add_secret(EmulatedSecret::new("prod/rds").secret_type("Rds"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::RotateSecretRequest;
    ///
    /// client.rotate_secret(RotateSecretRequest::new("prod/rds").version_id("2026-11-24")).await?;
    ///
    /// let response = client.get_secret_value("prod/rds").await?;
    /// assert_eq!(response.version_id, "2026-11-24");
    /// # Ok(())
    /// # }
    /// ```
    pub fn rotate_secret(
        &self,
        request: RotateSecretRequest,
    ) -> impl Future<Output = Result<RotateSecretResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Turns the automatic rotation of a secret on or off, and sets its interval
    /// ([`UpdateSecretRotationPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretrotationpolicy)).
    ///
    /// It is for secrets of any type except [`Generic`](crate::secrets::SecretType::Generic).
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
    /// # emulator.add_secret(EmulatedSecret::new("prod/rds").secret_type("Rds"));
    /// # let client = emulator.client()?;
    /// use std::time::Duration;
    ///
    /// use alibabacloud_kms::secrets::UpdateSecretRotationPolicyRequest;
    ///
    /// let weekly = Duration::from_secs(7 * 24 * 60 * 60);
    /// let request = UpdateSecretRotationPolicyRequest::enable("prod/rds", weekly);
    /// client.update_secret_rotation_policy(request).await?;
    ///
    /// let response = client.get_secret_value("prod/rds").await?;
    /// assert_eq!(response.rotation_interval, Some(weekly));
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_secret_rotation_policy(
        &self,
        request: UpdateSecretRotationPolicyRequest,
    ) -> impl Future<Output = Result<UpdateSecretRotationPolicyResponse>> + Send + Sync + use<>
    {
        call(Arc::clone(&self.context), request)
    }

    /// Returns a random password that KMS generates and does not store
    /// ([`GetRandomPassword`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getrandompassword)).
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
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{GetRandomPasswordRequest, PutSecretValueRequest};
    ///
    /// let request = GetRandomPasswordRequest::new().password_length(20);
    /// let response = client.get_random_password(request.exclude_characters("\"'`")).await?;
    /// let request = PutSecretValueRequest::new("prod/db", response.random_password);
    /// client.put_secret_value(request.version_id("v2")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_random_password(
        &self,
        request: GetRandomPasswordRequest,
    ) -> impl Future<Output = Result<GetRandomPasswordResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Rotates a secret as [`rotate_secret`](Self::rotate_secret) does, waits until the new version
    /// is the current one, and returns its value.
    ///
    /// It polls [`get_secret_value`](Self::get_secret_value): immediately, after half a second,
    /// then at growing intervals of up to ten seconds. Transient errors do not end the wait. The
    /// identity needs the RAM actions of both operations.
    ///
    /// # Errors
    ///
    /// - [`Timeout`](crate::ErrorKind::Timeout) if the version is not the current one `timeout`
    ///   after the response to `RotateSecret`, at most a second later. The rotation may still
    ///   complete. The source of the error is the last poll, if that failed. The request itself has
    ///   the [`call_timeout`](crate::KmsClientBuilder::call_timeout) of every call.
    /// - The errors of [`rotate_secret`](Self::rotate_secret) and
    ///   [`get_secret_value`](Self::get_secret_value).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/rds").secret_type("Rds"));
    /// # let client = emulator.client()?;
    /// use std::time::Duration;
    ///
    /// use alibabacloud_kms::secrets::RotateSecretRequest;
    ///
    /// let request = RotateSecretRequest::new("prod/rds").version_id("2026-11-24");
    /// let login = client.rotate_secret_and_wait(request, Duration::from_secs(60)).await?;
    /// assert_eq!(login.version_id, "2026-11-24");
    /// # Ok(())
    /// # }
    /// ```
    pub fn rotate_secret_and_wait(
        &self,
        request: RotateSecretRequest,
        timeout: Duration,
    ) -> impl Future<Output = Result<GetSecretValueResponse>> + Send + Sync + use<> {
        waiter::rotate_secret_and_wait(Arc::clone(&self.context), request, timeout)
    }
}
