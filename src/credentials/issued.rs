//! [`IssuedCredentials`]: credentials in the shape that all services and programs share, apart from
//! the case of the names.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Credentials, CredentialsError};
use crate::types::wire;

/// An access key, its token and its expiration. Sources disagree on the case of the names in the
/// OAuth exchange, so all are read.
#[derive(Deserialize)]
pub(super) struct IssuedCredentials {
    /// The outcome, in responses of the metadata service and of a credentials URI.
    #[serde(rename = "Code")]
    pub(super) code: Option<String>,
    /// The kind of credentials that a program printed.
    pub(super) mode: Option<String>,
    #[serde(rename = "AccessKeyId", alias = "accessKeyId", alias = "access_key_id")]
    access_key_id: Option<String>,
    #[serde(rename = "AccessKeySecret", alias = "accessKeySecret", alias = "access_key_secret")]
    access_key_secret: Option<SecretString>,
    #[serde(
        rename = "SecurityToken",
        alias = "securityToken",
        alias = "SessionToken",
        alias = "sts_token"
    )]
    security_token: Option<SecretString>,
    #[serde(rename = "Expiration", alias = "expiration", default, deserialize_with = "wire::time")]
    expiration: Option<DateTime<Utc>>,
}

/// The response of STS, and that of CloudSSO.
#[derive(Deserialize)]
pub(super) struct CredentialsEnvelope {
    #[serde(rename = "Credentials", alias = "CloudCredential")]
    pub(super) credentials: IssuedCredentials,
}

impl IssuedCredentials {
    /// Returns temporary credentials, which need a token. `issuer` is named in errors.
    pub(super) fn temporary(self, issuer: &str) -> Result<Credentials, CredentialsError> {
        let Self { access_key_id, access_key_secret, security_token, expiration, .. } = self;
        convert(issuer, access_key_id, access_key_secret, Some(security_token), expiration)
    }

    /// Returns credentials without a token.
    pub(super) fn permanent(self, issuer: &str) -> Result<Credentials, CredentialsError> {
        let Self { access_key_id, access_key_secret, expiration, .. } = self;
        convert(issuer, access_key_id, access_key_secret, None, expiration)
    }
}

fn convert(
    issuer: &str,
    id: Option<String>,
    secret: Option<SecretString>,
    token: Option<Option<SecretString>>,
    expiration: Option<DateTime<Utc>>,
) -> Result<Credentials, CredentialsError> {
    let missing = |part| CredentialsError::new(format!("{issuer} returned no {part}"));
    let id = id.and_then(trimmed).ok_or_else(|| missing("access key id"))?;
    let secret = secret.and_then(trimmed_secret).ok_or_else(|| missing("access key secret"))?;
    let token = match token {
        Some(token) => {
            let token = token.and_then(trimmed_secret);
            Some(token.ok_or_else(|| missing("security token"))?)
        }
        None => None,
    };
    let credentials = Credentials::from_parts(id, secret, token);
    Ok(match expiration {
        Some(expiration) => credentials.with_expiration(expiration),
        None => credentials,
    })
}

/// Removes surrounding white space; `None` if nothing remains.
pub(super) fn trimmed(text: String) -> Option<String> {
    match text.trim() {
        "" => None,
        inner if inner.len() == text.len() => Some(text),
        inner => Some(inner.to_owned()),
    }
}

/// Does the same for a secret.
pub(super) fn trimmed_secret(secret: SecretString) -> Option<SecretString> {
    let inner = secret.expose_secret().trim();
    match inner.len() {
        0 => None,
        len if len == secret.expose_secret().len() => Some(secret),
        _ => Some(SecretString::from(inner)),
    }
}

/// Reads JSON that contains secrets. Unlike those of `serde_json`, its errors quote nothing of it.
pub(super) fn read<T: DeserializeOwned>(what: &str, json: &[u8]) -> Result<T, CredentialsError> {
    let json = std::str::from_utf8(json)
        .map_err(|_| CredentialsError::new(format!("{what} is not UTF-8")))?;
    wire::object(json).map_err(|error| read_error(what, &error))
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
    use super::*;

    #[track_caller]
    fn temporary(json: &str) -> Result<Credentials, String> {
        let issued: IssuedCredentials =
            read("it", json.as_bytes()).map_err(|error| error.to_string())?;
        issued.temporary("it").map_err(|error| error.to_string())
    }

    #[test]
    fn names_are_read_in_every_case() {
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
        let wrong = temporary(r#"{"AccessKeyId":{"fake-secret":1}}"#).unwrap_err();
        assert_eq!(wrong, "it has a value of an unexpected type, at line 1");
        assert_eq!(
            temporary(r#"{"AccessKeyId":"fake"#).unwrap_err(),
            "it ends too early, at line 1"
        );
        assert_eq!(temporary("fake-secret").unwrap_err(), "it is not JSON, at line 1");
    }
}
