//! Conversions into the requests that need only a key.

use super::{
    CancelKeyDeletionRequest, CreateKeyVersionRequest, DescribeKeyRequest, DisableKeyRequest,
    EnableKeyRequest, GetKeyPolicyRequest, ListAliasesByKeyIdRequest, ListKeyVersionsRequest,
};
use crate::types::{AliasName, KeyArn};

macro_rules! from_key_id {
    ($($request:ty),+ $(,)?) => {
        $(
            impl From<&str> for $request {
                fn from(key_id: &str) -> Self {
                    Self::new(key_id)
                }
            }

            impl From<String> for $request {
                fn from(key_id: String) -> Self {
                    Self::new(key_id)
                }
            }

            impl From<&String> for $request {
                fn from(key_id: &String) -> Self {
                    Self::new(key_id)
                }
            }
        )+
    };
}

/// For the operations that take an alias or an ARN as well.
macro_rules! from_other_names {
    ($($name:ty => $request:ty),+ $(,)?) => {
        $(
            impl From<$name> for $request {
                fn from(name: $name) -> Self {
                    Self::new(name)
                }
            }
        )+
    };
}

from_key_id!(
    CancelKeyDeletionRequest,
    CreateKeyVersionRequest,
    DescribeKeyRequest,
    DisableKeyRequest,
    EnableKeyRequest,
    GetKeyPolicyRequest,
    ListAliasesByKeyIdRequest,
    ListKeyVersionsRequest,
);

from_other_names!(
    AliasName => CreateKeyVersionRequest,
    AliasName => DescribeKeyRequest,
    AliasName => ListKeyVersionsRequest,
    KeyArn => DescribeKeyRequest,
    KeyArn => GetKeyPolicyRequest,
);
