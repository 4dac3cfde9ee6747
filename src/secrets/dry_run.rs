//! `GetSecretValue` with `DryRun`: whether a value could be read, without reading it.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue>

use super::get_secret_value::{GetSecretValueRequest, GetSecretValueResponse};
use crate::error::Error;
use crate::operation::{Encoder, Operation, OperationSpec};

/// A request that the service checks and does not execute.
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

/// The outcome of a dry run. The service reports each of them as an error.
#[derive(Debug)]
#[non_exhaustive]
pub enum DryRunOutcome {
    /// The call would succeed: `DryRunOperationError`.
    WouldSucceed,
    /// The call would be rejected because of its parameters: `ValidationError`.
    Invalid(Error),
    /// The call would be rejected because of its identity: `AccessDeniedError`.
    AccessDenied(Error),
}

impl DryRunOutcome {
    /// Returns true if the call would succeed.
    #[must_use]
    pub fn would_succeed(&self) -> bool {
        matches!(self, Self::WouldSucceed)
    }

    /// Reads the outcome of the call from the outcome of its dry run. An error that is not about
    /// the call is returned.
    pub(crate) fn from_outcome<T>(outcome: Result<T, Error>) -> Result<Self, Error> {
        let Err(error) = outcome else { return Ok(Self::WouldSucceed) };
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

    /// Returns the error of a response with this code, with a status that is not documented.
    fn response_error(code: &str) -> Error {
        let body = format!(r#"{{"Code":"{code}"}}"#);
        match ErrorBody::read(body.as_bytes(), &Redactor::default()) {
            ErrorBody::Service(error) => Error::from_service(DryRun::SPEC.name, 500, *error),
            _ => panic!("an error of the service"),
        }
    }

    #[test]
    fn dry_run_flag_is_added_to_the_request() {
        let request = GetSecretValueRequest::new("a").version_id("v1");
        assert_eq!(sent(&DryRun(request)), ["SecretName=a", "VersionId=v1", "DryRun=true"]);
        assert!(DryRun(GetSecretValueRequest::new("")).validate().is_err());
    }

    #[test]
    fn rejection_of_the_call_is_an_outcome() {
        let outcome = |code| DryRunOutcome::from_outcome::<()>(Err(response_error(code)));
        assert!(outcome("DryRunOperationError").unwrap().would_succeed());
        assert!(DryRunOutcome::from_outcome(Ok(())).unwrap().would_succeed());
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
    fn outcomes_are_not_retryable() {
        for code in ["DryRunOperationError", "ValidationError", "AccessDeniedError"] {
            assert!(!response_error(code).is_retryable(), "{code}");
        }
    }
}
