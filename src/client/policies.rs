//! Access policies of secrets and keys.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::keys::get_key_policy::{GetKeyPolicyRequest, GetKeyPolicyResponse};
use crate::keys::set_key_policy::{SetKeyPolicyRequest, SetKeyPolicyResponse};
use crate::secrets::get_secret_policy::{GetSecretPolicyRequest, GetSecretPolicyResponse};
use crate::secrets::set_secret_policy::{SetSecretPolicyRequest, SetSecretPolicyResponse};

impl KmsClient {
    /// Returns the access policy of a secret
    /// ([`GetSecretPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretpolicy)).
    ///
    /// Only a secret in a KMS instance has one.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound) if the secret does not exist.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) with the code
    ///   `Forbidden.KeyPolicyUnSupported` if the secret is not in a KMS instance.
    /// - The [errors of every call](Self#errors).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").instance_id("kst-fake"));
    /// # let client = emulator.client()?;
    /// let response = client.get_secret_policy("prod/db").await?;
    /// for statement in response.policy.map(|policy| policy.statements).unwrap_or_default() {
    ///     println!("{}: {}", statement.effect, statement.actions.join(" "));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_secret_policy(
        &self,
        request: impl Into<GetSecretPolicyRequest>,
    ) -> impl Future<Output = Result<GetSecretPolicyResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Replaces the access policy of a secret
    /// ([`SetSecretPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy)).
    ///
    /// Only a secret in a KMS instance can have one. A policy that grants the caller nothing can
    /// lock the caller out.
    ///
    /// # Errors
    ///
    /// The errors of [`get_secret_policy`](Self::get_secret_policy).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db").instance_id("kst-fake"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::policies::{Policy, PolicyPrincipal, PolicyStatement};
    /// use alibabacloud_kms::secrets::SetSecretPolicyRequest;
    ///
    /// let account = PolicyPrincipal::ram(["acs:ram::1234567890123456:*"]);
    /// let owner = PolicyStatement::allow(account, ["kms:*"]);
    /// let app = PolicyPrincipal::ram(["acs:ram::1234567890123456:role/fake-app"]);
    /// let readers = PolicyStatement::allow(app, ["kms:GetSecretValue"]).sid("readers");
    /// let policy = Policy::new([owner, readers]);
    /// client.set_secret_policy(SetSecretPolicyRequest::new("prod/db", policy.clone())).await?;
    ///
    /// let response = client.get_secret_policy("prod/db").await?;
    /// assert_eq!(response.policy, Some(policy));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_secret_policy(
        &self,
        request: SetSecretPolicyRequest,
    ) -> impl Future<Output = Result<SetSecretPolicyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }

    /// Returns the access policy of a key
    /// ([`GetKeyPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getkeypolicy)).
    ///
    /// Only a key in a KMS instance has one.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the code
    /// `Forbidden.KeyPolicyUnSupported` if it is not in a KMS instance, and the [errors of every
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
    /// # let request = CreateKeyRequest::new().instance_id("kst-fake");
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// let response = client.get_key_policy(&key_id).await?;
    /// for statement in response.policy.map(|policy| policy.statements).unwrap_or_default() {
    ///     println!("{}: {}", statement.effect, statement.actions.join(" "));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_key_policy(
        &self,
        request: impl Into<GetKeyPolicyRequest>,
    ) -> impl Future<Output = Result<GetKeyPolicyResponse>> + Send + Sync + 'static {
        call(Arc::clone(&self.context), request.into())
    }

    /// Replaces the access policy of a key
    /// ([`SetKeyPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setkeypolicy)).
    ///
    /// Only a key in a KMS instance has one. A policy that grants the caller nothing can lock it
    /// out. It takes up to 5 minutes until an instance applies a policy.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the key does not exist,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the code
    /// `Forbidden.KeyPolicyUnSupported` if it is not in a KMS instance, and the [errors of every
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
    /// # let request = CreateKeyRequest::new().instance_id("kst-fake");
    /// # let key_id = client.create_key(request).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::SetKeyPolicyRequest;
    /// use alibabacloud_kms::policies::{Policy, PolicyPrincipal, PolicyStatement};
    ///
    /// let account = PolicyPrincipal::ram(["acs:ram::1234567890123456:*"]);
    /// let owner = PolicyStatement::allow(account, ["kms:*"]);
    /// let app = PolicyPrincipal::ram(["acs:ram::1234567890123456:role/fake-app"]);
    /// let users = PolicyStatement::allow(app, ["kms:Encrypt", "kms:Decrypt"]).sid("users");
    /// let policy = Policy::new([owner, users]);
    /// client.set_key_policy(SetKeyPolicyRequest::new(&*key_id, policy.clone())).await?;
    /// assert_eq!(client.get_key_policy(&key_id).await?.policy, Some(policy));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_key_policy(
        &self,
        request: SetKeyPolicyRequest,
    ) -> impl Future<Output = Result<SetKeyPolicyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }
}
