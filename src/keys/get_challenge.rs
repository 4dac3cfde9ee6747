//! `GetChallenge`: a nonce and a token for a remote attestation.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getchallenge>

use serde::Deserialize;

use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The parameters of
/// [`GetChallenge`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getchallenge).
///
/// The service does not document what the challenge is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GetChallengeRequest {}

impl GetChallengeRequest {
    /// Creates a request for a challenge.
    pub fn new() -> Self {
        Self {}
    }
}

impl Operation for GetChallengeRequest {
    const SPEC: OperationSpec =
        OperationSpec::read("GetChallenge", QuotaGroup::Undocumented).in_body();
    type Response = GetChallengeResponse;

    fn encode<'a>(&'a self, _: &mut Encoder<'a>) {}

    fn request_id(response: &mut GetChallengeResponse) -> &mut String {
        &mut response.request_id
    }
}

/// A nonce and the token that belongs to it: the response to a [`GetChallengeRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GetChallengeResponse {
    /// The token of the challenge.
    pub challenge_token: String,
    /// The nonce that belongs to the token (`Nonce`).
    pub nonce: String,
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::GetChallengeRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn challenge_needs_no_parameters() {
        let request = Request::new();
        assert!(sent(&request).is_empty() && request.validate().is_ok());
        let response =
            request.decode(br#"{"ChallengeToken":"fake-token","Nonce":"fake"}"#).unwrap();
        assert_eq!((&*response.challenge_token, &*response.nonce), ("fake-token", "fake"));
        assert!(request.decode(br#"{"Nonce":"fake"}"#).is_err());
    }
}
