//! Secrets: the requests and responses of Secrets Manager, and the types that they share.
//!
//! Each operation is a method of [`KmsClient`](crate::KmsClient) that takes its request and returns
//! its response: [`list_secrets`](crate::KmsClient::list_secrets) takes a [`ListSecretsRequest`]
//! and returns a [`ListSecretsResponse`].

pub(crate) mod batch_get_secret_value;
pub(crate) mod create_secret;
pub(crate) mod delete_secret;
pub(crate) mod describe_secret;
mod from_name;
pub(crate) mod get_random_password;
pub(crate) mod get_secret_policy;
pub(crate) mod get_secret_value;
pub(crate) mod list_secret_version_ids;
pub(crate) mod list_secrets;
mod put_or_create;
pub(crate) mod put_secret_value;
pub(crate) mod restore_secret;
pub(crate) mod rotate_secret;
pub(crate) mod set_secret_policy;
pub(crate) mod update_secret;
pub(crate) mod update_secret_rotation_policy;
pub(crate) mod update_secret_version_stage;

pub use batch_get_secret_value::{
    BatchGetSecretValueError, BatchGetSecretValueRequest, BatchGetSecretValueResponse,
};
pub use create_secret::{CreateSecretRequest, CreateSecretResponse};
pub use delete_secret::{DeleteSecretRequest, DeleteSecretResponse};
pub use describe_secret::{DescribeSecretRequest, DescribeSecretResponse};
pub use get_random_password::{GetRandomPasswordRequest, GetRandomPasswordResponse};
pub use get_secret_policy::{GetSecretPolicyRequest, GetSecretPolicyResponse};
pub use get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
pub use list_secret_version_ids::{
    ListSecretVersionIdsRequest, ListSecretVersionIdsResponse, SecretVersion,
};
pub use list_secrets::{Filter, ListSecretsRequest, ListSecretsResponse, SecretSummary};
pub use put_or_create::PutOrCreateOutcome;
pub use put_secret_value::{PutSecretValueRequest, PutSecretValueResponse};
pub use restore_secret::{RestoreSecretRequest, RestoreSecretResponse};
pub use rotate_secret::{RotateSecretRequest, RotateSecretResponse};
pub use set_secret_policy::{SetSecretPolicyRequest, SetSecretPolicyResponse};
pub use update_secret::{UpdateSecretRequest, UpdateSecretResponse};
pub use update_secret_rotation_policy::{
    UpdateSecretRotationPolicyRequest, UpdateSecretRotationPolicyResponse,
};
pub use update_secret_version_stage::{
    UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse,
};

pub use crate::types::{
    ExtendedConfig, RotationState, SecretArn, SecretArnError, SecretBytes, SecretDataType,
    SecretSubType, SecretType, SecretValue, SecretValueError, VersionStage,
};

#[cfg(test)]
use crate::operation::{Operation as _, OperationSpec};

/// The operations of this module, for the table of all operations.
#[cfg(test)]
pub(crate) const OPERATIONS: &[OperationSpec] = &[
    BatchGetSecretValueRequest::SPEC,
    CreateSecretRequest::SPEC,
    DeleteSecretRequest::SPEC,
    DescribeSecretRequest::SPEC,
    GetRandomPasswordRequest::SPEC,
    GetSecretPolicyRequest::SPEC,
    GetSecretValueRequest::SPEC,
    ListSecretVersionIdsRequest::SPEC,
    ListSecretsRequest::SPEC,
    PutSecretValueRequest::SPEC,
    RestoreSecretRequest::SPEC,
    RotateSecretRequest::SPEC,
    SetSecretPolicyRequest::SPEC,
    UpdateSecretRequest::SPEC,
    UpdateSecretRotationPolicyRequest::SPEC,
    UpdateSecretVersionStageRequest::SPEC,
];
