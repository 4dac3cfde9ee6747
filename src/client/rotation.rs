//! New values made by KMS: rotation of the secrets that it manages, and random passwords.

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
    /// Lets KMS give a secret that it manages a new value now
    /// ([`RotateSecret`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret)).
    ///
    /// For secrets of any type but [`Generic`](crate::secrets::SecretType::Generic). The new value
    /// may be there only some time after the answer: read it with
    /// [`get_secret_value`](Self::get_secret_value), and it is there when the version id is the one
    /// that was asked for. A request whose answer is lost is repeated, since a version that exists
    /// already is not made again. The identity needs the RAM action `kms:RotateSecret`; the service
    /// allows 50 requests an hour for an account and region.
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
    /// # emulator.add_secret(EmulatedSecret::new("prod/rds").secret_type("Rds"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::secrets::{GetSecretValueRequest, RotateSecretRequest};
    ///
    /// client.rotate_secret(RotateSecretRequest::new("prod/rds").version_id("2026-11-24")).await?;
    ///
    /// let answer = client.get_secret_value(GetSecretValueRequest::new("prod/rds")).await?;
    /// assert_eq!(answer.version_id, "2026-11-24");
    /// # Ok(())
    /// # }
    /// ```
    pub fn rotate_secret(
        &self,
        request: RotateSecretRequest,
    ) -> impl Future<Output = Result<RotateSecretResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Turns the rotation of a secret by KMS on or off, and sets how often it is
    /// ([`UpdateSecretRotationPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretrotationpolicy)).
    ///
    /// For secrets of any type but [`Generic`](crate::secrets::SecretType::Generic). The identity
    /// needs the RAM action `kms:UpdateSecretRotationPolicy`; the service allows 40 requests a
    /// second for an account and region, shared with seven other operations.
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
    /// # emulator.add_secret(EmulatedSecret::new("prod/rds").secret_type("Rds"));
    /// # let client = emulator.client()?;
    /// use std::time::Duration;
    ///
    /// use alibabacloud_kms::secrets::{GetSecretValueRequest, UpdateSecretRotationPolicyRequest};
    ///
    /// let weekly = Duration::from_secs(7 * 24 * 60 * 60);
    /// client.update_secret_rotation_policy(UpdateSecretRotationPolicyRequest::enable("prod/rds", weekly)).await?;
    ///
    /// let answer = client.get_secret_value(GetSecretValueRequest::new("prod/rds")).await?;
    /// assert_eq!(answer.rotation_interval, Some(weekly));
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

    /// Lets KMS make up a password, of which it keeps nothing
    /// ([`GetRandomPassword`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getrandompassword)).
    ///
    /// Each call gets another one. The identity needs the RAM action `kms:GetRandomPassword`; the
    /// service allows 40 requests a second for an account and region, shared with seven other
    /// operations.
    ///
    /// # Errors
    ///
    /// As [`list_secrets`](Self::list_secrets) tells.
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
    /// let request = GetRandomPasswordRequest::new().password_length(20).exclude_characters("\"'`\\");
    /// let password = client.get_random_password(request).await?.random_password;
    /// client.put_secret_value(PutSecretValueRequest::new("prod/db", password).version_id("v2")).await?;
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
    /// is the current one, and gives its value.
    ///
    /// It looks by `GetSecretValue`, at once, after half a second and then ever less often, at last
    /// every ten seconds. Looks that fail in a way that passes are made again. The identity needs
    /// the RAM actions of both operations.
    ///
    /// # Errors
    ///
    /// [`Timeout`](crate::ErrorKind::Timeout) when the version is not the current one `timeout`
    /// after the rotation began, at most a second later; the rotation itself may still come to its
    /// end. The error's source is the last look, if that failed. Otherwise as
    /// [`rotate_secret`](Self::rotate_secret) and [`get_secret_value`](Self::get_secret_value)
    /// tell.
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
