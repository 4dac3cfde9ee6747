//! [`OPERATIONS`]: the one table of all typed operations, for the emulator, the README and the
//! tests.

#[cfg(test)]
mod tests;

use crate::operation::{Operation as _, OperationSpec};
use crate::regions::DescribeRegionsRequest;
use crate::secrets::{
    CreateSecretRequest, DeleteSecretRequest, DescribeSecretRequest, GetRandomPasswordRequest,
    GetSecretPolicyRequest, GetSecretValueRequest, ListSecretVersionIdsRequest, ListSecretsRequest,
    PutSecretValueRequest, RestoreSecretRequest, RotateSecretRequest, SetSecretPolicyRequest,
    UpdateSecretRequest, UpdateSecretRotationPolicyRequest, UpdateSecretVersionStageRequest,
};
use crate::tags::{
    ListResourceTagsRequest, ListTagResourcesRequest, TagResourceRequest, TagResourcesRequest,
    UntagResourceRequest, UntagResourcesRequest,
};

/// The operations in alphabetical order.
pub(crate) const OPERATIONS: &[OperationSpec] = &[
    CreateSecretRequest::SPEC,
    DeleteSecretRequest::SPEC,
    DescribeRegionsRequest::SPEC,
    DescribeSecretRequest::SPEC,
    GetRandomPasswordRequest::SPEC,
    GetSecretPolicyRequest::SPEC,
    GetSecretValueRequest::SPEC,
    ListResourceTagsRequest::SPEC,
    ListSecretVersionIdsRequest::SPEC,
    ListSecretsRequest::SPEC,
    ListTagResourcesRequest::SPEC,
    PutSecretValueRequest::SPEC,
    RestoreSecretRequest::SPEC,
    RotateSecretRequest::SPEC,
    SetSecretPolicyRequest::SPEC,
    TagResourceRequest::SPEC,
    TagResourcesRequest::SPEC,
    UntagResourceRequest::SPEC,
    UntagResourcesRequest::SPEC,
    UpdateSecretRequest::SPEC,
    UpdateSecretRotationPolicyRequest::SPEC,
    UpdateSecretVersionStageRequest::SPEC,
];
