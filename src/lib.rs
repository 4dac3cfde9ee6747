#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Examples and benches print; the library has no business with the terminal.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod call;
mod client;
mod clock;
mod credentials;
#[cfg(feature = "emulator")]
pub mod emulator;
mod error;
mod listing;
mod ops;
mod os;
mod pages;
mod quota;
mod region;
mod retry;
mod settle;
mod sign;
mod telemetry;
mod transport;
mod types;
mod workflows;

pub use {chrono, http, reqwest, serde_json, zeroize};

pub use client::{KmsClient, KmsClientBuilder};
pub use credentials::{
    AskingClient, AssumeRoleCredentials, ChainStep, CliConfigCredentials, Credentials,
    CredentialsError, CredentialsFn, CredentialsFuture, DefaultCredentials, EcsRamRoleCredentials,
    EnvironmentCredentials, IniFileCredentials, OidcCredentials, ProvideCredentials, StepOutcome,
    TriedSource, UriCredentials, credentials_fn,
};
pub use error::{AccessDeniedDetail, Error, ErrorKind, Result};
pub use listing::regions::{RegionListings, RegionOutcome, list_regions};
pub use listing::{ListAll, Listing};
pub use ops::create_secret::{CreateSecretRequest, CreateSecretResponse};
pub use ops::delete_secret::{DeleteSecretRequest, DeleteSecretResponse};
pub use ops::describe_regions::{DescribeRegionsRequest, DescribeRegionsResponse, Region};
pub use ops::describe_secret::{DescribeSecretRequest, DescribeSecretResponse};
pub use ops::dry_run::DryRunOutcome;
pub use ops::get_random_password::{GetRandomPasswordRequest, GetRandomPasswordResponse};
pub use ops::get_secret_policy::{GetSecretPolicyRequest, GetSecretPolicyResponse};
pub use ops::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
pub use ops::list_resource_tags::{KeyTag, ListResourceTagsRequest, ListResourceTagsResponse};
pub use ops::list_secret_version_ids::{
    ListSecretVersionIdsRequest, ListSecretVersionIdsResponse, SecretVersion,
};
pub use ops::list_secrets::{Filter, ListSecretsRequest, ListSecretsResponse, SecretSummary};
pub use ops::list_tag_resources::{ListTagResourcesRequest, ListTagResourcesResponse, ResourceTag};
pub use ops::paged::PagedRequest;
pub use ops::put_secret_value::{PutSecretValueRequest, PutSecretValueResponse};
pub use ops::restore_secret::{RestoreSecretRequest, RestoreSecretResponse};
pub use ops::rotate_secret::{RotateSecretRequest, RotateSecretResponse};
pub use ops::set_secret_policy::{SetSecretPolicyRequest, SetSecretPolicyResponse};
pub use ops::tag_resource::{TagResourceRequest, TagResourceResponse};
pub use ops::tag_resources::{TagResourcesRequest, TagResourcesResponse};
pub use ops::untag_resource::{UntagResourceRequest, UntagResourceResponse};
pub use ops::untag_resources::{UntagResourcesRequest, UntagResourcesResponse};
pub use ops::update_secret::{UpdateSecretRequest, UpdateSecretResponse};
pub use ops::update_secret_rotation_policy::{
    UpdateSecretRotationPolicyRequest, UpdateSecretRotationPolicyResponse,
};
pub use ops::update_secret_version_stage::{
    UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse,
};
pub use pages::{Items, Pages, Paginator, ResourceTagItems, ResumeToken};
pub use quota::{QuotaGroup, RateLimits};
pub use retry::{RetryDecision, RetryPolicy};
pub use sign::SignatureVersion;
pub use transport::{
    HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};
pub use types::{
    ExtendedConfig, Policy, PolicyEffect, PolicyPrincipal, PolicyStatement, ResourceType,
    RotationState, SecretArn, SecretArnError, SecretBytes, SecretDataType, SecretSubType,
    SecretType, SecretValue, SecretValueError, Tag, TagTarget, VersionStage,
};
pub use workflows::{GetMany, GetMatching, PutOrCreated};
