//! `GetSecretValue` with `DryRun`: whether a value could be read, without reading it.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue>

use super::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::error::Error;
use crate::operation::{Encoder, Operation, OperationSpec};

/// A request that the service checks without executing it.
pub(crate) struct DryRun(pub(crate) GetSecretValueRequest);

impl Operation for DryRun {
    const SPEC: OperationSpec = GetSecretValueRequest::SPEC;
    type Response = GetSecretValueResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        self.0.encode(encoder);
        encoder.flag("DryRun", true);
    }

    fn request_id(response: &mut GetSecretValueResponse) -> &mut String {
        &mut response.request_id
    }
}

/// What became of a dry run, which the service always answers with an error.
#[derive(Debug)]
#[non_exhaustive]
pub enum DryRunOutcome {
    /// The call itself would succeed: `DryRunOperationError`.
    WouldSucceed,
    /// The call itself would be refused for what it asks for: `ValidationError`.
    Invalid(Error),
    /// The call itself would be refused for who asks: `AccessDeniedError`.
    AccessDenied(Error),
}

impl DryRunOutcome {
    /// Whether the call itself would succeed.
    #[must_use]
    pub fn would_succeed(&self) -> bool {
        matches!(self, Self::WouldSucceed)
    }

    /// What an answer says of the call itself; the error when it says nothing of it.
    pub(crate) fn of<T>(answer: Result<T, Error>) -> Result<Self, Error> {
        let Err(error) = answer else { return Ok(Self::WouldSucceed) };
        match error.code() {
            Some("DryRunOperationError") => Ok(Self::WouldSucceed),
            Some("ValidationError") => Ok(Self::Invalid(error)),
            Some("AccessDeniedError") => Ok(Self::AccessDenied(error)),
            _ => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorBody, ErrorKind, Redactor};
    use crate::operation::{Validate as _, sent};

    /// An answer with this code, under a status that is not documented.
    fn answered(code: &str) -> Error {
        let body = format!(r#"{{"Code":"{code}"}}"#);
        match ErrorBody::read(body.as_bytes(), &Redactor::default()) {
            ErrorBody::Service(error) => Error::from_service(DryRun::SPEC.name, 500, *error),
            _ => panic!("an error of the service"),
        }
    }

    #[test]
    fn it_is_the_same_request_with_a_mark() {
        let request = GetSecretValueRequest::new("a").version_id("v1");
        assert_eq!(sent(&DryRun(request)), ["SecretName=a", "VersionId=v1", "DryRun=true"]);
        assert!(DryRun(GetSecretValueRequest::new("")).validate().is_err());
    }

    #[test]
    fn what_the_answer_says_of_the_call_itself_is_no_error() {
        let outcome = |code| DryRunOutcome::of::<()>(Err(answered(code)));
        assert!(outcome("DryRunOperationError").unwrap().would_succeed());
        assert!(DryRunOutcome::of(Ok(())).unwrap().would_succeed());
        assert!(matches!(
            outcome("ValidationError"),
            Ok(DryRunOutcome::Invalid(error)) if error.kind() == ErrorKind::InvalidInput
        ));
        assert!(matches!(
            outcome("AccessDeniedError"),
            Ok(DryRunOutcome::AccessDenied(error)) if error.kind() == ErrorKind::AccessDenied
        ));
        assert_eq!(outcome("Rejected.Throttling").unwrap_err().kind(), ErrorKind::Throttled);
    }

    #[test]
    fn no_outcome_is_worth_a_repeat() {
        for code in ["DryRunOperationError", "ValidationError", "AccessDeniedError"] {
            assert!(!answered(code).is_retryable(), "{code}");
        }
    }
}
