//! Access policies of secrets and keys.
//!
//! A [`Policy`] belongs to one secret or key. Each of its [statements](PolicyStatement) allows or
//! denies [principals](PolicyPrincipal), RAM users and roles of any account, some actions on it.
//! Only secrets and keys in a KMS instance have a policy; the others have only the RAM policies of
//! their account.
//!
//! | | of a secret | of a key |
//! |---|---|---|
//! | read | [`get_secret_policy`](crate::KmsClient::get_secret_policy) | [`get_key_policy`](crate::KmsClient::get_key_policy) |
//! | replace | [`set_secret_policy`](crate::KmsClient::set_secret_policy) | [`set_key_policy`](crate::KmsClient::set_key_policy) |
//! | set at creation | [`CreateSecretRequest::policy`](crate::secrets::CreateSecretRequest::policy) | [`CreateKeyRequest::policy`](crate::keys::CreateKeyRequest::policy) |
//!
//! A policy is replaced as a whole, so add a statement to the one that was read. A policy that does
//! not allow its caller to replace it locks the caller out. It takes up to 5 minutes until an
//! instance applies a policy.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
//! # let emulator = Emulator::start().await?;
//! # emulator.add_secret(EmulatedSecret::new("prod/db").instance_id("kst-fake"));
//! # let client = emulator.client()?;
//! use alibabacloud_kms::policies::{PolicyPrincipal, PolicyStatement};
//! use alibabacloud_kms::secrets::SetSecretPolicyRequest;
//!
//! let response = client.get_secret_policy("prod/db").await?;
//! let mut policy = response.policy.expect("a secret in an instance has a policy");
//!
//! let app = PolicyPrincipal::ram(["acs:ram::1234567890123456:role/fake-app"]);
//! let readers = PolicyStatement::allow(app, ["kms:GetSecretValue"]).sid("readers");
//! policy.statements.push(readers);
//! client.set_secret_policy(SetSecretPolicyRequest::new("prod/db", policy)).await?;
//! # Ok(())
//! # }
//! ```

pub use crate::types::{Policy, PolicyEffect, PolicyPrincipal, PolicyStatement};
