//! Conversions into the requests that need only the name of a secret.

use super::{
    DeleteSecretRequest, DescribeSecretRequest, GetSecretPolicyRequest, GetSecretValueRequest,
    ListSecretVersionIdsRequest, RestoreSecretRequest,
};
use crate::types::SecretArn;

macro_rules! from_name {
    ($($request:ty),+ $(,)?) => {
        $(
            impl From<&str> for $request {
                fn from(secret_name: &str) -> Self {
                    Self::new(secret_name)
                }
            }

            impl From<String> for $request {
                fn from(secret_name: String) -> Self {
                    Self::new(secret_name)
                }
            }

            impl From<&String> for $request {
                fn from(secret_name: &String) -> Self {
                    Self::new(secret_name)
                }
            }

            impl From<SecretArn> for $request {
                fn from(arn: SecretArn) -> Self {
                    Self::new(arn)
                }
            }

            impl From<&SecretArn> for $request {
                fn from(arn: &SecretArn) -> Self {
                    Self::new(arn.to_string())
                }
            }
        )+
    };
}

from_name!(
    DeleteSecretRequest,
    DescribeSecretRequest,
    GetSecretPolicyRequest,
    GetSecretValueRequest,
    ListSecretVersionIdsRequest,
    RestoreSecretRequest,
);
