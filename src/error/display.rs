//! The texts of an [`Error`]: one line for `Display`, and every field below it for `Debug`.

use std::error::Error as _;
use std::fmt;

use super::{Error, NotRetried, Repr};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repr { what, hint, operation, resource, outcome_unknown, is_write, .. } = &*self.0;
        match (operation, resource) {
            (Some(operation), Some(resource)) => write!(f, "{operation} of {resource} failed: ")?,
            (Some(operation), None) => write!(f, "{operation} failed: ")?,
            (None, _) => {}
        }
        f.write_str(what)?;
        self.fmt_circumstances(f)?;
        if *outcome_unknown && *is_write {
            f.write_str("; the outcome is unknown: check the resource before retrying")?;
        }
        match hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl Error {
    /// Writes in parentheses the status, request id, host, number of attempts and why there were no
    /// more.
    fn fmt_circumstances(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let circumstances = [
            self.http_status().map(|status| format!("HTTP {status}")),
            self.request_id().map(|id| format!("request id {id}")),
            // Without credentials nothing was sent to it.
            self.host().filter(|_| self.0.credentials.is_none()).map(|host| format!("host {host}")),
            self.attempts_made(),
            match self.0.not_retried {
                NotRetried::Final | NotRetried::AttemptsExhausted => None,
                NotRetried::DeadlineTooClose => {
                    Some("not retried: too little of call_timeout is left".to_owned())
                }
                NotRetried::BudgetExhausted => {
                    Some("not retried: the client's retry budget is used up".to_owned())
                }
            },
        ];
        let known: Vec<String> = circumstances.into_iter().flatten().collect();
        if known.is_empty() { Ok(()) } else { write!(f, " ({})", known.join(", ")) }
    }

    fn attempts_made(&self) -> Option<String> {
        match (self.attempts(), self.0.not_retried) {
            (0 | 1, _) => None,
            (attempts, NotRetried::AttemptsExhausted) => Some(format!("all {attempts} attempts")),
            (attempts, _) => Some(format!("{attempts} attempts")),
        }
    }
}

/// The line of `Display`, as people meet this text when `main` returns the error or `unwrap`
/// panics, then the fields.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}\n    kind: {}", self.kind())?;
        let texts = [
            ("operation", self.operation()),
            ("resource", self.resource()),
            ("version_id", self.version_id()),
            ("version_stage", self.version_stage()),
            ("code", self.code()),
            ("message", self.message()),
            ("request_id", self.request_id()),
            ("recommendation", self.recommendation()),
            ("host", self.host()),
            ("hint", self.hint()),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                write!(f, "\n    {name}: {text:?}")?;
            }
        }
        if let Some(status) = self.http_status() {
            write!(f, "\n    http_status: {status}")?;
        }
        if let Some(detail) = self.access_denied_detail() {
            write!(f, "\n    access_denied_detail: {detail:?}")?;
        }
        write!(f, "\n    attempts: {}", self.attempts())?;
        write!(f, "\n    is_outcome_unknown: {}", self.is_outcome_unknown())?;
        match self.source() {
            Some(source) => write!(f, "\n    source: {source:?}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ErrorKind, Resource};
    use super::*;

    #[test]
    fn display_is_what_happened_the_circumstances_and_the_hint() {
        let error = Error::new(ErrorKind::Network, "the connection broke")
            .with_operation("ListSecrets")
            .with_host("kms.example")
            .with_http_status(200)
            .with_attempts(3)
            .with_hint(Some("check the network"))
            .with_source(Some("the cause".into()));
        assert_eq!(
            error.to_string(),
            "ListSecrets failed: the connection broke (HTTP 200, host kms.example, 3 attempts); check the network"
        );
        assert_eq!(error.hint(), Some("check the network"));
        assert_eq!(error.source().unwrap().to_string(), "the cause");
    }

    #[test]
    fn debug_is_the_line_of_display_and_a_line_for_each_field() {
        let error = Error::new(ErrorKind::Timeout, "no response came")
            .with_operation("PutSecretValue")
            .on_resource(Some(Resource::named("prod/db").version(Some("v1")).stage(Some("canary"))))
            .with_host("kms.example")
            .with_http_status(504)
            .with_attempts(2)
            .with_outcome_unknown(true, true)
            .with_source(Some("the cause".into()));
        let line = "PutSecretValue of \"prod/db\" version \"v1\" stage \"canary\" failed: no response came (HTTP 504, host \
                    kms.example, 2 attempts); the outcome is unknown: check the resource before retrying";
        assert_eq!(error.to_string(), line);
        let fields = [
            "kind: Timeout",
            "operation: \"PutSecretValue\"",
            "resource: \"prod/db\"",
            "version_id: \"v1\"",
            "version_stage: \"canary\"",
            "host: \"kms.example\"",
            "http_status: 504",
            "attempts: 2",
            "is_outcome_unknown: true",
            "source: \"the cause\"",
        ];
        assert_eq!(format!("{error:?}"), format!("{line}\n    {}", fields.join("\n    ")));
    }

    #[test]
    fn outcome_of_a_read_is_not_in_its_line() {
        let error =
            Error::new(ErrorKind::Timeout, "no response came").with_outcome_unknown(true, false);
        assert!(error.is_outcome_unknown());
        assert_eq!(error.to_string(), "no response came");
    }

    #[test]
    fn line_says_why_no_other_attempt_was_made() {
        let error =
            |why| Error::new(ErrorKind::Network, "it broke").with_attempts(3).not_retried(why);
        let line = |why| error(why).to_string();
        assert_eq!(line(NotRetried::Final), "it broke (3 attempts)");
        assert_eq!(line(NotRetried::AttemptsExhausted), "it broke (all 3 attempts)");
        let late = "it broke (3 attempts, not retried: too little of call_timeout is left)";
        assert_eq!(line(NotRetried::DeadlineTooClose), late);
        let spent = "it broke (3 attempts, not retried: the client's retry budget is used up)";
        assert_eq!(line(NotRetried::BudgetExhausted), spent);
    }
}
