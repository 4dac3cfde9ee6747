//! Who may do what with a secret.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::secrets::get_secret_policy::{GetSecretPolicyRequest, GetSecretPolicyResponse};
use crate::secrets::set_secret_policy::{SetSecretPolicyRequest, SetSecretPolicyResponse};

impl KmsClient {
    /// Reads the access policy of a secret
    /// ([`GetSecretPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretpolicy)).
    ///
    /// Only a secret in a KMS instance has one. The identity needs the RAM action
    /// `kms:GetSecretPolicy`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such secret,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the code
    /// `Forbidden.KeyPolicyUnSupported` when it is in no KMS instance; otherwise as
    /// [`list_secrets`](Self::list_secrets) tells.
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
    /// use alibabacloud_kms::secrets::GetSecretPolicyRequest;
    ///
    /// let answer = client.get_secret_policy(GetSecretPolicyRequest::new("prod/db")).await?;
    /// for statement in answer.policy.map(|policy| policy.statements).unwrap_or_default() {
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

    /// Gives a secret another access policy, in place of the whole one that it has
    /// ([`SetSecretPolicy`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy)).
    ///
    /// Only a secret in a KMS instance takes one. A policy that grants the caller nothing can lock
    /// it out. The identity needs the RAM action `kms:SetSecretPolicy`.
    ///
    /// # Errors
    ///
    /// As [`get_secret_policy`](Self::get_secret_policy) tells.
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
    /// use alibabacloud_kms::secrets::{
    ///     GetSecretPolicyRequest, Policy, PolicyPrincipal, PolicyStatement, SetSecretPolicyRequest,
    /// };
    ///
    /// let account = PolicyPrincipal::ram(["acs:ram::1234567890123456:*"]);
    /// let owner = PolicyStatement::allow(account, ["kms:*"]);
    /// let app = PolicyPrincipal::ram(["acs:ram::1234567890123456:role/fake-app"]);
    /// let readers = PolicyStatement::allow(app, ["kms:GetSecretValue"]).sid("readers");
    /// let policy = Policy::new([owner, readers]);
    /// client.set_secret_policy(SetSecretPolicyRequest::new("prod/db", policy.clone())).await?;
    ///
    /// let answer = client.get_secret_policy(GetSecretPolicyRequest::new("prod/db")).await?;
    /// assert_eq!(answer.policy, Some(policy));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_secret_policy(
        &self,
        request: SetSecretPolicyRequest,
    ) -> impl Future<Output = Result<SetSecretPolicyResponse>> + Send + Sync + use<> {
        call(Arc::clone(&self.context), request)
    }
}
