//! Credentials: the value [`Credentials`], and the providers that load and refresh it.
//!
//! A client without credentials of its own uses [`DefaultProviderChain`], which finds them the way
//! the other Alibaba Cloud tools do. To choose a provider, pass it to
//! [`KmsClientBuilder::credentials_provider`](crate::KmsClientBuilder::credentials_provider); to
//! pass an access key, use [`KmsClientBuilder::credentials`](crate::KmsClientBuilder::credentials).
//! A program that must not find others starts with [a builder without default
//! credentials](crate::KmsClient::builder_without_default_credentials).
//!
//! | provider | where the credentials come from |
//! |---|---|
//! | [`DefaultProviderChain`] | the first of the others that is configured |
//! | [`EnvironmentProvider`] | environment variables |
//! | [`OidcProvider`] | a role, assumed with the token of a Kubernetes pod (RRSA) |
//! | [`CliConfigProvider`] | a profile of the `aliyun` CLI |
//! | [`IniFileProvider`] | a section of the credentials file of the SDKs |
//! | [`EcsRamRoleProvider`] | the role of an ECS instance |
//! | [`UriProvider`] | a URL, such as that of a sidecar |
//! | [`AssumeRoleProvider`] | a role, assumed with the credentials of another provider |
//! | [`FnProvider`] | a closure |
//!
//! Other providers implement [`ProvideCredentials`]. Some of these places name a region too, which
//! a client without one uses; [`RegionSource`] is where it was found.
//!
//! ```
//! use alibabacloud_kms::KmsClient;
//! use alibabacloud_kms::credentials::{AssumeRoleProvider, CliConfigProvider};
//!
//! # fn main() -> alibabacloud_kms::Result<()> {
//! let base = CliConfigProvider::new().profile("dev");
//! let auditor = AssumeRoleProvider::new(base, "acs:ram::1234567890123456:role/auditor");
//! let client = KmsClient::builder().region("cn-hangzhou").credentials_provider(auditor).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Credentials for other libraries
//!
//! Any provider also serves code that calls another service, such as OSS or ECS. Give the client a
//! clone of the provider, which shares its cache, and call [`ProvideCredentials::credentials`]
//! before each request of that code, since temporary credentials expire:
//!
//! ```
//! use alibabacloud_kms::credentials::{CredentialsError, ProvideCredentials};
//!
//! /// Represents the client of another service.
//! struct OssClient {
//!     access_key: (String, String),
//!     security_token: Option<String>,
//! }
//!
//! async fn oss_client(provider: &impl ProvideCredentials) -> Result<OssClient, CredentialsError> {
//!     let credentials = provider.credentials().await?;
//!     let secret = credentials.expose_access_key_secret();
//!     Ok(OssClient {
//!         access_key: (credentials.access_key_id().to_owned(), secret.to_owned()),
//!         security_token: credentials.expose_security_token().map(str::to_owned),
//!     })
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use alibabacloud_kms::KmsClient;
//! use alibabacloud_kms::credentials::{Credentials, FnProvider};
//!
//! // `DefaultProviderChain::new()` in most programs.
//! let provider = FnProvider::new(|| async {
//!     Ok(Credentials::new("fake-id", "fake-secret").with_security_token("fake-token"))
//! });
//! let client = KmsClient::builder()
//!     .region("cn-hangzhou")
//!     .credentials_provider(provider.clone())
//!     .build()?;
//! let oss = oss_client(&provider).await?;
//! assert_eq!(oss.access_key, ("fake-id".to_owned(), "fake-secret".to_owned()));
//! assert_eq!(oss.security_token.as_deref(), Some("fake-token"));
//! # Ok(())
//! # }
//! ```
//!
//! Without a client, [`DefaultProviderChain::region`] sets the region whose STS assumes roles.
//! A copy of what [`Credentials`] expose is not wiped from memory, and can reach a log.

mod assume_role;
mod cache;
mod cached_loader;
mod chain;
mod cli_config;
mod cloud_sso;
mod ecs_ram_role;
mod environment;
mod exchange;
mod fn_provider;
mod freshness;
mod ini_file;
mod issued;
mod load;
mod load_error;
mod oauth;
mod oidc;
mod process_command;
mod provider;
mod provider_env;
mod settings;
mod static_credentials;
mod sts;
mod text;
mod uri;

pub use assume_role::AssumeRoleProvider;
pub use chain::DefaultProviderChain;
pub use cli_config::CliConfigProvider;
pub use ecs_ram_role::EcsRamRoleProvider;
pub use environment::EnvironmentProvider;
pub use fn_provider::FnProvider;
pub use ini_file::IniFileProvider;
pub use oidc::OidcProvider;
pub use provider::{CredentialsFuture, ProvideCredentials, ProviderContext};
use provider_env::ProviderEnv;
pub use uri::UriProvider;

/// Returns the region of the ECS instance on which the program runs, from its metadata service.
pub(crate) async fn instance_region() -> Result<String, CredentialsError> {
    ecs_ram_role::instance_region(&ProviderEnv::system()).await
}

pub use crate::endpoint::RegionSource;
pub use crate::error::{AccessDeniedDetail, CredentialsError, ProviderReport, ProviderStatus};
pub use crate::identity::Credentials;
pub use crate::sign::SignatureVersion;

#[cfg(test)]
mod tests;
