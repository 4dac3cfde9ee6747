//! `GetSecretValue` with `DryRun`: whether a value could be read, without reading it.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue>

use http::Method;

use super::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::error::{Error, Resource, ValidationError};
use crate::operation::Operation;
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;

/// A reading that the service only tries.
///
/// What it would answer to a success is a value all the same: a service that does not know of dry runs reads it.
pub(crate) struct DryRun(pub(crate) GetSecretValueRequest);

impl Operation for DryRun {
    const NAME: &'static str = GetSecretValueRequest::NAME;
    const METHOD: Method = GetSecretValueRequest::METHOD;
    const QUOTA: QuotaGroup = GetSecretValueRequest::QUOTA;
    const SERVED_BY_INSTANCES: bool = GetSecretValueRequest::SERVED_BY_INSTANCES;

    type Response = GetSecretValueResponse;

    fn validate(&self) -> Result<(), ValidationError> {
        self.0.validate()
    }

    fn parameters(&self) -> Parameters<'_> {
        let mut parameters = self.0.parameters();
        parameters.push(("DryRun".into(), "true".into()));
        parameters
    }

    fn resource(&self) -> Option<Resource<'_>> {
        self.0.resource()
    }

    fn request_id(response: &GetSecretValueResponse) -> &str {
        GetSecretValueRequest::request_id(response)
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
    use crate::operation::sent;

    /// An answer with this code, under a status that is not documented.
    fn answered(code: &str) -> Error {
        let body = format!(r#"{{"Code":"{code}"}}"#);
        match ErrorBody::read(body.as_bytes(), &Redactor::default()) {
            ErrorBody::Service(error) => Error::from_service(DryRun::NAME, 500, *error),
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
