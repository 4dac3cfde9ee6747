//! [`ValidationError`]: a value outside its documented range.

use std::borrow::Cow;
use std::fmt;

use super::resource::bounded;

/// A value outside its range, found before anything is sent.
///
/// Its text contains the value, shortened if it is long, so no secret may be validated with this.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ValidationError {
    field: Cow<'static, str>,
    problem: Problem,
}

#[derive(Debug, PartialEq, Eq)]
enum Problem {
    OutOfRange { got: String, allowed: Cow<'static, str> },
    Missing { what_to_do: &'static str },
}

impl ValidationError {
    /// Makes the error for a `field`, named as the user wrote it, whose value is not `allowed`.
    ///
    /// `allowed` completes *the field must be …*, such as `1 to 64 characters`.
    pub(crate) fn new(
        field: impl Into<Cow<'static, str>>,
        got: impl fmt::Debug,
        allowed: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::out_of_range(field.into(), &got, allowed.into())
    }

    /// The part of [`new`](Self::new) that is compiled once for all types.
    #[cold]
    fn out_of_range(
        field: Cow<'static, str>,
        got: &dyn fmt::Debug,
        allowed: Cow<'static, str>,
    ) -> Self {
        let got = bounded(&format!("{got:?}")).into_owned();
        Self { field, problem: Problem::OutOfRange { got, allowed } }
    }

    /// Makes the error for a `field` that must be set and was not.
    pub(crate) fn missing(field: &'static str, what_to_do: &'static str) -> Self {
        Self { field: Cow::Borrowed(field), problem: Problem::Missing { what_to_do } }
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_identifier = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
        if self.field.chars().all(is_identifier) {
            write!(f, "`{}` ", self.field)?;
        } else {
            write!(f, "{} ", self.field)?;
        }
        match &self.problem {
            Problem::OutOfRange { got, allowed } => write!(f, "must be {allowed}, got {got}"),
            Problem::Missing { what_to_do } => write!(f, "is missing: {what_to_do}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn text_names_the_field_its_range_and_the_value() {
        let text = |error: ValidationError| error.to_string();
        let size = ValidationError::new("page_size", 101, "1 to 100");
        assert_eq!(text(size), "`page_size` must be 1 to 100, got 101");
        let version = ValidationError::new("version_id", "", "1 to 64 characters");
        assert_eq!(text(version), "`version_id` must be 1 to 64 characters, got \"\"");
        let timeout = ValidationError::new("call_timeout", Duration::ZERO, "more than 0");
        assert_eq!(text(timeout), "`call_timeout` must be more than 0, got 0ns");
        let prose = ValidationError::new("the number of `filters`", 11, "0 to 10");
        assert_eq!(text(prose), "the number of `filters` must be 0 to 10, got 11");
        let region = ValidationError::missing("region", "set it on the builder");
        assert_eq!(text(region), "`region` is missing: set it on the builder");
    }

    #[test]
    fn long_value_is_shortened() {
        let text = ValidationError::new("secret_name", "n".repeat(1_000_000), "names").to_string();
        assert!(text.len() < 400, "{}", text.len());
    }
}
