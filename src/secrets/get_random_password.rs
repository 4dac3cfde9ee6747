//! `GetRandomPassword`: a random password, which the service does not store.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getrandompassword>

use secrecy::SecretString;
use serde::Deserialize;

use crate::error::ValidationError;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::rate_limit::QuotaGroup;
use crate::types::{SecretDataType, SecretValue, wire};

/// The parameters of
/// [`GetRandomPassword`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getrandompassword).
///
/// The default is 32 characters of lower-case and upper-case letters, digits and punctuation, at
/// least one of each.
///
/// ```
/// use alibabacloud_kms::secrets::GetRandomPasswordRequest;
///
/// let readable = GetRandomPasswordRequest::new()
///     .password_length(16)
///     .exclude_punctuation(true)
///     .exclude_characters("0O1lI");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct GetRandomPasswordRequest {
    /// The number of characters, 8 to 128 (`PasswordLength`), default 32.
    pub password_length: u32,
    /// The characters that must not occur (`ExcludeCharacters`), of the printable ASCII characters
    /// without the space; default none.
    pub exclude_characters: String,
    /// True to exclude `a` to `z` (`ExcludeLowercase`), default `false`.
    pub exclude_lowercase: bool,
    /// True to exclude `A` to `Z` (`ExcludeUppercase`), default `false`.
    pub exclude_uppercase: bool,
    /// True to exclude `0` to `9` (`ExcludeNumbers`), default `false`.
    pub exclude_numbers: bool,
    /// True to exclude the printable ASCII characters that are neither letters nor digits
    /// (`ExcludePunctuation`), default `false`.
    pub exclude_punctuation: bool,
    /// True to require at least one character of each type that is not excluded
    /// (`RequireEachIncludedType`), default `true`.
    ///
    /// It is always sent, since the service's documentation states both defaults.
    pub require_each_included_type: bool,
}

impl Default for GetRandomPasswordRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl GetRandomPasswordRequest {
    /// Creates a request for 32 characters of all four types.
    pub fn new() -> Self {
        Self {
            password_length: 32,
            exclude_characters: String::new(),
            exclude_lowercase: false,
            exclude_uppercase: false,
            exclude_numbers: false,
            exclude_punctuation: false,
            require_each_included_type: true,
        }
    }

    /// Sets the number of characters.
    pub fn password_length(mut self, password_length: u32) -> Self {
        self.password_length = password_length;
        self
    }

    /// Sets the characters that must not occur.
    pub fn exclude_characters(mut self, characters: impl Into<String>) -> Self {
        self.exclude_characters = characters.into();
        self
    }

    /// Sets whether `a` to `z` must not occur.
    pub fn exclude_lowercase(mut self, exclude: bool) -> Self {
        self.exclude_lowercase = exclude;
        self
    }

    /// Sets whether `A` to `Z` must not occur.
    pub fn exclude_uppercase(mut self, exclude: bool) -> Self {
        self.exclude_uppercase = exclude;
        self
    }

    /// Sets whether `0` to `9` must not occur.
    pub fn exclude_numbers(mut self, exclude: bool) -> Self {
        self.exclude_numbers = exclude;
        self
    }

    /// Sets whether punctuation must not occur.
    pub fn exclude_punctuation(mut self, exclude: bool) -> Self {
        self.exclude_punctuation = exclude;
        self
    }

    /// Sets whether each type that is not excluded occurs.
    pub fn require_each_included_type(mut self, require: bool) -> Self {
        self.require_each_included_type = require;
        self
    }

    fn validate_characters(&self) -> Result<(), ValidationError> {
        if let Some(other) = self.exclude_characters.chars().find(|c| !c.is_ascii_graphic()) {
            let allowed = "ASCII letters, digits and punctuation";
            return Err(ValidationError::new("exclude_characters", other, allowed));
        }
        if !('!'..='~').any(|c| self.may_contain(c)) {
            let allowed = "at least 1, so exclude less";
            return Err(ValidationError::new("the number of characters not excluded", 0, allowed));
        }
        Ok(())
    }

    fn may_contain(&self, c: char) -> bool {
        let excluded = match c {
            'a'..='z' => self.exclude_lowercase,
            'A'..='Z' => self.exclude_uppercase,
            '0'..='9' => self.exclude_numbers,
            _ => self.exclude_punctuation,
        };
        !excluded && !self.exclude_characters.contains(c)
    }
}

impl Operation for GetRandomPasswordRequest {
    // In the body although it only reads: no two responses are the same, and no cache may keep one.
    const SPEC: OperationSpec =
        OperationSpec::read("GetRandomPassword", QuotaGroup::Manage).in_body();
    type Response = GetRandomPasswordResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        let length = usize::try_from(self.password_length).unwrap_or(usize::MAX);
        encoder.count("password_length", length, 8..=128, "8 to 128");
        encoder.check(self.validate_characters());
        encoder.number("PasswordLength", self.password_length);
        encoder.flag("ExcludeLowercase", self.exclude_lowercase);
        encoder.flag("ExcludeUppercase", self.exclude_uppercase);
        encoder.flag("ExcludeNumbers", self.exclude_numbers);
        encoder.flag("ExcludePunctuation", self.exclude_punctuation);
        encoder.flag("RequireEachIncludedType", self.require_each_included_type);
        if !self.exclude_characters.is_empty() {
            encoder.text("ExcludeCharacters", &self.exclude_characters);
        }
    }

    fn request_id(response: &mut GetRandomPasswordResponse) -> &mut String {
        &mut response.request_id
    }
}

/// A new password: the response to a [`GetRandomPasswordRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "WireResponse")]
#[non_exhaustive]
pub struct GetRandomPasswordResponse {
    /// The password (`RandomPassword`), ready for a
    /// [`PutSecretValueRequest`](crate::secrets::PutSecretValueRequest).
    pub random_password: SecretValue,
    /// The service's id of the request; empty if the response does not contain it.
    pub request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
    #[serde(deserialize_with = "wire::secret")]
    random_password: SecretString,
    #[serde(default, deserialize_with = "wire::lenient_string")]
    request_id: String,
}

impl From<WireResponse> for GetRandomPasswordResponse {
    fn from(wire: WireResponse) -> Self {
        Self {
            random_password: SecretValue::from_response(wire.random_password, SecretDataType::Text),
            request_id: wire.request_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn every_default_is_sent() {
        let mut parameters = vec![
            "PasswordLength=32",
            "ExcludeLowercase=false",
            "ExcludeUppercase=false",
            "ExcludeNumbers=false",
            "ExcludePunctuation=false",
            "RequireEachIncludedType=true",
        ];
        assert_eq!(sent(&GetRandomPasswordRequest::new()), parameters);
        let request = GetRandomPasswordRequest::new().exclude_characters("0O");
        parameters.push("ExcludeCharacters=0O");
        assert_eq!(sent(&request), parameters);
    }

    #[test]
    fn impossible_password_is_rejected() {
        let new = GetRandomPasswordRequest::new;
        let violation =
            |request: GetRandomPasswordRequest| request.validate().unwrap_err().to_string();
        assert_eq!(
            violation(new().password_length(7)),
            "`password_length` must be 8 to 128, got 7"
        );
        assert!(violation(new().password_length(129)).ends_with("8 to 128, got 129"));
        assert!(violation(new().exclude_characters("a é")).ends_with(", got ' '"));
        let digits =
            new().exclude_lowercase(true).exclude_uppercase(true).exclude_punctuation(true);
        assert!(digits.clone().exclude_characters("012345678").validate().is_ok());
        let none = "the number of characters not excluded must be at least 1";
        assert!(violation(digits.clone().exclude_characters("0123456789")).starts_with(none));
        assert!(violation(digits.exclude_numbers(true)).starts_with(none));
    }

    #[test]
    fn debug_does_not_show_the_password() {
        let body = r#"{"RequestId":"r","RandomPassword":"fake>password"}"#;
        let response = GetRandomPasswordRequest::new().decode(body.as_bytes()).unwrap();
        assert_eq!(response.random_password.expose_secret(), "fake>password");
        assert!(!format!("{response:?}").contains("fake>password"));
        assert!(GetRandomPasswordRequest::new().decode(br#"{"RequestId":"r"}"#).is_err());
    }
}
