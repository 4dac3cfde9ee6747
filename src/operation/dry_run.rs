//! `DryRun`: whether a request would succeed, without executing it.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue>

use super::{Encoder, Operation, OperationSpec};
use crate::error::Error;

/// A request that the service can check without executing it (`DryRun`), for
/// [`dry_run`](crate::KmsClient::dry_run).
///
/// Only requests of this crate implement it: it cannot be implemented outside.
pub trait DryRunRequest: Operation {}

/// A request that the service checks and does not execute.
pub(crate) struct DryRun<O>(pub(crate) O);

impl<O: DryRunRequest> Operation for DryRun<O> {
    const SPEC: OperationSpec = O::SPEC;
    type Response = O::Response;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        self.0.encode(encoder);
        encoder.flag("DryRun", true);
    }

    fn request_id(response: &mut O::Response) -> &mut String {
        O::request_id(response)
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
            _ if error.or_successful_dry_run().is_ok() => Ok(Self::WouldSucceed),
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
    use crate::rate_limit::QuotaGroup;

    struct Read(&'static str);

    impl Operation for Read {
        const SPEC: OperationSpec = OperationSpec::read("Read", QuotaGroup::Read);
        type Response = String;

        fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
            encoder.secret_name(self.0);
        }

        fn request_id(response: &mut String) -> &mut String {
            response
        }
    }

    impl DryRunRequest for Read {}

    /// Returns the error of a response with this code, under a status that is not documented.
    fn rejected(code: &str) -> Error {
        let body = format!(r#"{{"Code":"{code}"}}"#);
        match ErrorBody::read(body.as_bytes(), &Redactor::default()) {
            ErrorBody::Service(error) => Error::from_service("Read", 500, *error),
            _ => panic!("an error of the service"),
        }
    }

    #[test]
    fn dry_run_is_the_same_request_with_a_mark() {
        assert_eq!(sent(&DryRun(Read("a"))), ["SecretName=a", "DryRun=true"]);
        assert!(DryRun(Read("")).validate().is_err());
    }

    #[test]
    fn rejection_of_the_call_is_an_outcome() {
        let outcome = |code| DryRunOutcome::from_outcome::<()>(Err(rejected(code)));
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
            assert!(!rejected(code).is_retryable(), "{code}");
        }
    }
}
