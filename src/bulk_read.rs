//! Reads of many secrets, with a bounded number of requests in flight.
//!
//! [`KmsClient::get_secret_values`](crate::KmsClient::get_secret_values) returns [`SecretValues`],
//! a stream of requests with their outcomes.
//! [`KmsClient::describe_secrets`](crate::KmsClient::describe_secrets) returns
//! [`SecretDescriptions`], the same of the metadata of secrets.
//! [`KmsClient::get_matching_secret_values`](crate::KmsClient::get_matching_secret_values) returns
//! [`MatchingSecretValues`], a stream of the values of the secrets that a listing finds.
//!
//! # Ordered or unordered
//!
//! By default outcomes come in the order of the requests. One secret that takes long then holds
//! back those after it: with 4 in flight, three finished reads wait behind it and no further one is
//! sent. With `unordered()` each outcome comes as soon as it is there, and a slow secret is only
//! one of the 4 requests in flight. Use `unordered()` if each outcome is handled by itself; each
//! comes with its request or its secret, so nothing is mixed up. Keep the default if the order
//! itself matters.

mod matching;
mod requests;
mod window;

use crate::secrets::describe_secret::DescribeSecretRequest;
use crate::secrets::get_secret_value::GetSecretValueRequest;
pub use matching::MatchingSecretValues;
pub use requests::BulkRead;

/// The values of many secrets: a stream made by
/// [`KmsClient::get_secret_values`](crate::KmsClient::get_secret_values).
pub type SecretValues = BulkRead<GetSecretValueRequest>;

/// The metadata of many secrets: a stream made by
/// [`KmsClient::describe_secrets`](crate::KmsClient::describe_secrets).
pub type SecretDescriptions = BulkRead<DescribeSecretRequest>;
