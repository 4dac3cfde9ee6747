//! `GetRandomPassword`: a password made up by the service, which keeps nothing of it.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getrandompassword>

use http::Method;
use secrecy::SecretString;
use serde::Deserialize;

use crate::error::ValidationError;
use crate::operation::Operation;
use crate::operation::parameters::ParameterList;
use crate::rate_limit::QuotaGroup;
use crate::sign::Parameters;
use crate::types::{SecretDataType, SecretValue, wire};

/// What a password is to be made of: the parameters of
/// [`GetRandomPassword`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getrandompassword).
///
/// By default it has 32 characters: lower-case and upper-case letters, digits and punctuation, at least one of each.
///
/// ```
/// use alibabacloud_kms::secrets::GetRandomPasswordRequest;
///
/// let readable = GetRandomPasswordRequest::new()
///     .password_length(16)
///     .exclude_punctuation(true)
///     .exclude_characters("0O1lI");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct GetRandomPasswordRequest {
    password_length: u32,
    exclude_characters: String,
    exclude_lowercase: bool,
    exclude_uppercase: bool,
    exclude_numbers: bool,
    exclude_punctuation: bool,
    require_each_included_type: bool,
}

impl Default for GetRandomPasswordRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl GetRandomPasswordRequest {
    /// 32 characters of all four types.
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

    /// How many characters it has, 8 to 128 (`PasswordLength`), default 32.
    pub fn password_length(mut self, password_length: u32) -> Self {
        self.password_length = password_length;
        self
    }

    /// Characters that it must not have (`ExcludeCharacters`), out of the printable ones of ASCII without the space; default
    /// none.
    pub fn exclude_characters(mut self, characters: impl Into<String>) -> Self {
        self.exclude_characters = characters.into();
        self
    }

    /// Whether it has no `a` to `z` (`ExcludeLowercase`), default `false`.
    pub fn exclude_lowercase(mut self, exclude: bool) -> Self {
        self.exclude_lowercase = exclude;
        self
    }

    /// Whether it has no `A` to `Z` (`ExcludeUppercase`), default `false`.
    pub fn exclude_uppercase(mut self, exclude: bool) -> Self {
        self.exclude_uppercase = exclude;
        self
    }

    /// Whether it has no `0` to `9` (`ExcludeNumbers`), default `false`.
    pub fn exclude_numbers(mut self, exclude: bool) -> Self {
        self.exclude_numbers = exclude;
        self
    }

    /// Whether it has none of the ASCII characters that are neither letters nor digits (`ExcludePunctuation`), default `false`.
    pub fn exclude_punctuation(mut self, exclude: bool) -> Self {
        self.exclude_punctuation = exclude;
        self
    }

    /// Whether it has at least one character of each type that is not excluded (`RequireEachIncludedType`), default `true`.
    ///
    /// It is always sent, since the service's documentation has both defaults.
    pub fn require_each_included_type(mut self, require: bool) -> Self {
        self.require_each_included_type = require;
        self
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
    const NAME: &'static str = "GetRandomPassword";
    /// Though it only reads: no two answers are the same, and nothing on the way may keep one.
    const METHOD: Method = Method::POST;
    const QUOTA: QuotaGroup = QuotaGroup::Manage;

    type Response = GetRandomPasswordResponse;

    fn writes(&self) -> bool {
        false
    }

    fn validate(&self) -> Result<(), ValidationError> {
        if !(8..=128).contains(&self.password_length) {
            return Err(ValidationError::new("password_length", self.password_length, "8 to 128"));
        }
        if let Some(other) = self.exclude_characters.chars().find(|c| !c.is_ascii_graphic()) {
            let allowed = "ASCII letters, digits and punctuation";
            return Err(ValidationError::new("a character of exclude_characters", other, allowed));
        }
        if !('!'..='~').any(|c| self.may_contain(c)) {
            let allowed = "1 and more";
            return Err(ValidationError::new("the number of characters not excluded", 0, allowed));
        }
        Ok(())
    }

    fn parameters(&self) -> Parameters<'_> {
        let list = ParameterList::new()
            .number("PasswordLength", self.password_length)
            .flag("ExcludeLowercase", self.exclude_lowercase)
            .flag("ExcludeUppercase", self.exclude_uppercase)
            .flag("ExcludeNumbers", self.exclude_numbers)
            .flag("ExcludePunctuation", self.exclude_punctuation)
            .flag("RequireEachIncludedType", self.require_each_included_type);
        if self.exclude_characters.is_empty() {
            list.done()
        } else {
            list.text("ExcludeCharacters", &self.exclude_characters).done()
        }
    }

    fn request_id(response: &GetRandomPasswordResponse) -> &str {
        &response.request_id
    }
}

/// A password that nobody has seen before: the answer to a [`GetRandomPasswordRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "WireResponse")]
#[non_exhaustive]
pub struct GetRandomPasswordResponse {
    /// The password (`RandomPassword`), ready for a [`PutSecretValueRequest`](crate::secrets::PutSecretValueRequest).
    pub random_password: SecretValue,
    /// The id under which the service knows the request; empty if it left it out.
    pub request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireResponse {
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
    use crate::operation::sent;

    #[test]
    fn everything_with_a_default_is_sent() {
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
    fn a_password_that_cannot_be_is_not_asked_for() {
        let new = GetRandomPasswordRequest::new;
        let refusal =
            |request: GetRandomPasswordRequest| request.validate().unwrap_err().to_string();
        assert_eq!(refusal(new().password_length(7)), "password_length is 7, allowed are 8 to 128");
        assert!(refusal(new().password_length(129)).starts_with("password_length is 129"));
        assert!(
            refusal(new().exclude_characters("a é"))
                .starts_with("a character of exclude_characters is ' '")
        );
        let digits =
            new().exclude_lowercase(true).exclude_uppercase(true).exclude_punctuation(true);
        assert!(digits.clone().exclude_characters("012345678").validate().is_ok());
        let none = "the number of characters not excluded is 0";
        assert!(refusal(digits.clone().exclude_characters("0123456789")).starts_with(none));
        assert!(refusal(digits.exclude_numbers(true)).starts_with(none));
    }

    #[test]
    fn the_answer_does_not_show_the_password() {
        let body = r#"{"RequestId":"r","RandomPassword":"fake>password"}"#;
        let answer = GetRandomPasswordRequest::new().decode(body.as_bytes()).unwrap();
        assert_eq!(answer.random_password.expose_secret(), "fake>password");
        assert!(!format!("{answer:?}").contains("fake>password"));
        assert!(GetRandomPasswordRequest::new().decode(br#"{"RequestId":"r"}"#).is_err());
    }
}
