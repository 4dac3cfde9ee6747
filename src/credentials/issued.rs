//! [`IssuedCredentials`]: credentials in the shape that all services and programs share, apart from
//! the names.

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::settings::Settings;
use super::text::decode;
use super::{Credentials, CredentialsError};
use crate::types::wire;

/// The names of each part, which ignore case: sources disagree on it for the OAuth exchange, and
/// the official Go library ignores it in the output of programs.
const ACCESS_KEY_ID: &[&str] = &["AccessKeyId", "access_key_id"];
const ACCESS_KEY_SECRET: &[&str] = &["AccessKeySecret", "access_key_secret"];
const SECURITY_TOKEN: &[&str] = &["SecurityToken", "SessionToken", "sts_token", "security_token"];
const EXPIRATION: &[&str] = &["Expiration"];

/// An access key, its token and its expiration.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct IssuedCredentials(Settings);

/// The response of STS, and that of CloudSSO.
#[derive(Deserialize)]
pub(super) struct CredentialsEnvelope {
    #[serde(rename = "Credentials", alias = "CloudCredential")]
    pub(super) credentials: IssuedCredentials,
}

impl IssuedCredentials {
    /// Returns the outcome, in responses of the metadata service and of a credentials URI.
    pub(super) fn code(&self) -> Option<&str> {
        self.0.any(&["Code"])
    }

    /// Returns the kind of credentials that a program printed.
    pub(super) fn mode(&self) -> Option<&str> {
        self.0.any(&["mode"])
    }

    /// Returns temporary credentials, which need a token. `issuer` is named in errors.
    pub(super) fn temporary(&self, issuer: &str) -> Result<Credentials, CredentialsError> {
        let credentials = self.with_optional_token(issuer)?;
        if credentials.security_token().is_none() {
            return Err(missing(issuer, "security token"));
        }
        let Some(expiration) = self.0.any(EXPIRATION) else { return Ok(credentials) };
        match wire::parse_time(expiration) {
            Some(expiration) => Ok(credentials.with_expiration(expiration)),
            None => {
                let message = format!("{issuer} returned an expiration that is not a time");
                Err(CredentialsError::new(message))
            }
        }
    }

    /// Returns credentials with the token and the expiration, if they are there. A malformed
    /// expiration counts as missing, as for the official Go library.
    pub(super) fn lenient(&self, issuer: &str) -> Result<Credentials, CredentialsError> {
        let credentials = self.with_optional_token(issuer)?;
        Ok(match self.0.any(EXPIRATION).and_then(wire::parse_time) {
            Some(expiration) => credentials.with_expiration(expiration),
            None => credentials,
        })
    }

    fn with_optional_token(&self, issuer: &str) -> Result<Credentials, CredentialsError> {
        let id = self.0.any(ACCESS_KEY_ID).ok_or_else(|| missing(issuer, "access key id"))?;
        let secret =
            self.0.any(ACCESS_KEY_SECRET).ok_or_else(|| missing(issuer, "access key secret"))?;
        let token = self.0.any(SECURITY_TOKEN).map(SecretString::from);
        Ok(Credentials::from_parts(id.to_owned(), SecretString::from(secret), token))
    }
}

fn missing(issuer: &str, part: &str) -> CredentialsError {
    CredentialsError::new(format!("{issuer} returned no {part}"))
}

/// Reads JSON that contains secrets. Unlike those of `serde_json`, its errors quote nothing of it.
pub(super) fn read<T: DeserializeOwned>(what: &str, json: &[u8]) -> Result<T, CredentialsError> {
    wire::object(decode(what, json)?).map_err(|error| read_error(what, &error))
}

fn read_error(what: &str, error: &serde_json::Error) -> CredentialsError {
    let problem = match error.classify() {
        serde_json::error::Category::Data => "has a value of an unexpected type",
        serde_json::error::Category::Eof => "ends too early",
        serde_json::error::Category::Io | serde_json::error::Category::Syntax => "is not JSON",
    };
    CredentialsError::new(format!("{what} {problem}, at line {}", error.line()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[track_caller]
    fn temporary(json: &str) -> Result<Credentials, String> {
        let issued: IssuedCredentials =
            read("it", json.as_bytes()).map_err(|error| error.to_string())?;
        issued.temporary("it").map_err(|error| error.to_string())
    }

    #[test]
    fn fields_are_read_in_each_naming_style() {
        for json in [
            r#"{"AccessKeyId":"i","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2026-11-24T09:00:00Z"}"#,
            r#"{"accessKeyId":"i","accessKeySecret":"s","securityToken":"t","expiration":"2026-11-24T17:00:00.000+08:00"}"#,
            r#"{"access_key_id":" i","access_key_secret":"s\n","sts_token":"t ","expiration":"2026-11-24T09:00:00.5Z"}"#,
            r#"{"AccessKeyId":"i","AccessKeySecret":"s","SessionToken":"t","Expiration":"2026-11-24T09:00:00Z"}"#,
        ] {
            let credentials = temporary(json).unwrap();
            assert_eq!(credentials.access_key_id(), "i");
            assert_eq!(credentials.access_key_secret().expose_secret(), "s");
            assert_eq!(credentials.security_token().unwrap().expose_secret(), "t");
            assert_eq!(credentials.expiration().unwrap().timestamp(), 1_795_510_800);
        }
    }

    #[test]
    fn missing_part_is_named_and_malformed_json_not_quoted() {
        let missing = temporary(r#"{"AccessKeyId":"i","AccessKeySecret":" "}"#).unwrap_err();
        assert_eq!(missing, "it returned no access key secret");
        assert_eq!(
            temporary(r#"{"AccessKeyId":"i","AccessKeySecret":"s"}"#).unwrap_err(),
            "it returned no security token"
        );
        assert_eq!(temporary("[]").unwrap_err(), "it has a value of an unexpected type, at line 1");
        assert_eq!(
            temporary(r#"{"AccessKeyId":"fake"#).unwrap_err(),
            "it ends too early, at line 1"
        );
        assert_eq!(temporary("fake-secret").unwrap_err(), "it is not JSON, at line 1");
    }

    #[test]
    fn malformed_expiration_is_an_error_unless_lenient() {
        let json =
            r#"{"access_key_id":"i","access_key_secret":"s","sts_token":"t","expiration":1}"#;
        assert_eq!(temporary(json).unwrap_err(), "it returned an expiration that is not a time");
        let issued: IssuedCredentials = read("it", json.as_bytes()).unwrap();
        let credentials = issued.lenient("it").unwrap();
        assert_eq!(credentials.expiration(), None);
        assert!(credentials.security_token().is_some());
    }
}
