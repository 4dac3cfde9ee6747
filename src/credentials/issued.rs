//! Temporary keys in the shape in which all services and programs give them, apart from the case of the names.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Credentials, CredentialsError};
use crate::types::wire;

/// Keys, token and expiry. Which case the names of the OAuth exchange have is told in two ways, so all are read.
#[derive(Deserialize)]
pub(super) struct IssuedKeys {
    /// How it went, by the metadata service and a credentials URI.
    #[serde(rename = "Code")]
    pub(super) code: Option<String>,
    /// Which kind of keys a program printed.
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

/// Keys as STS answers them, and as CloudSSO does.
#[derive(Deserialize)]
pub(super) struct EnclosedKeys {
    #[serde(rename = "Credentials", alias = "CloudCredential")]
    pub(super) keys: IssuedKeys,
}

impl IssuedKeys {
    /// Keys that are worth nothing without their token, which `who` gave.
    pub(super) fn temporary(self, who: &str) -> Result<Credentials, CredentialsError> {
        let Self { access_key_id, access_key_secret, security_token, expiration, .. } = self;
        keys(who, access_key_id, access_key_secret, Some(security_token), expiration)
    }

    /// Keys that stand for themselves.
    pub(super) fn permanent(self, who: &str) -> Result<Credentials, CredentialsError> {
        let Self { access_key_id, access_key_secret, expiration, .. } = self;
        keys(who, access_key_id, access_key_secret, None, expiration)
    }
}

fn keys(
    who: &str,
    id: Option<String>,
    secret: Option<SecretString>,
    token: Option<Option<SecretString>>,
    expiration: Option<DateTime<Utc>>,
) -> Result<Credentials, CredentialsError> {
    let missing = |part| CredentialsError::new(format!("{who} gave no {part}"));
    let id = id.and_then(trimmed).ok_or_else(|| missing("access key id"))?;
    let secret = secret.and_then(trimmed_secret).ok_or_else(|| missing("access key secret"))?;
    let token = match token {
        Some(token) => {
            let token = token.and_then(trimmed_secret);
            Some(token.ok_or_else(|| missing("security token"))?)
        }
        None => None,
    };
    let keys = Credentials::from_parts(id, secret, token);
    Ok(match expiration {
        Some(expiration) => keys.with_expiration(expiration),
        None => keys,
    })
}

/// Text without the white space around it; `None` when nothing remains.
pub(super) fn trimmed(text: String) -> Option<String> {
    match text.trim() {
        "" => None,
        inner if inner.len() == text.len() => Some(text),
        inner => Some(inner.to_owned()),
    }
}

/// The same for a secret.
pub(super) fn trimmed_secret(secret: SecretString) -> Option<SecretString> {
    let inner = secret.expose_secret().trim();
    match inner.len() {
        0 => None,
        len if len == secret.expose_secret().len() => Some(secret),
        _ => Some(SecretString::from(inner)),
    }
}

/// Reads JSON that holds secrets: what is wrong with it is told without quoting it, which `serde_json` would do.
pub(super) fn read<T: DeserializeOwned>(what: &str, json: &[u8]) -> Result<T, CredentialsError> {
    let json = std::str::from_utf8(json)
        .map_err(|_| CredentialsError::new(format!("{what} is no UTF-8")))?;
    wire::object(json).map_err(|error| unreadable(what, &error))
}

fn unreadable(what: &str, error: &serde_json::Error) -> CredentialsError {
    let problem = match error.classify() {
        serde_json::error::Category::Data => "has a value of another form than documented",
        serde_json::error::Category::Eof => "ends too early",
        serde_json::error::Category::Io | serde_json::error::Category::Syntax => "is no JSON",
    };
    CredentialsError::new(format!("{what} {problem}, at line {}", error.line()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn keys_of(json: &str) -> Result<Credentials, String> {
        let issued: IssuedKeys = read("it", json.as_bytes()).map_err(|error| error.to_string())?;
        issued.temporary("it").map_err(|error| error.to_string())
    }

    #[test]
    fn every_case_of_the_names_is_read() {
        for json in [
            r#"{"AccessKeyId":"i","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2026-11-24T09:00:00Z"}"#,
            r#"{"accessKeyId":"i","accessKeySecret":"s","securityToken":"t","expiration":"2026-11-24T17:00:00.000+08:00"}"#,
            r#"{"access_key_id":" i","access_key_secret":"s\n","sts_token":"t ","expiration":"2026-11-24T09:00:00.5Z"}"#,
            r#"{"AccessKeyId":"i","AccessKeySecret":"s","SessionToken":"t","Expiration":"2026-11-24T09:00:00Z"}"#,
        ] {
            let keys = keys_of(json).unwrap();
            assert_eq!(keys.access_key_id(), "i");
            assert_eq!(keys.access_key_secret().expose_secret(), "s");
            assert_eq!(keys.security_token().unwrap().expose_secret(), "t");
            assert_eq!(keys.expiration().unwrap().timestamp(), 1_795_510_800);
        }
    }

    #[test]
    fn what_is_missing_is_named_and_what_is_broken_is_not_quoted() {
        let missing = keys_of(r#"{"AccessKeyId":"i","AccessKeySecret":" "}"#).unwrap_err();
        assert_eq!(missing, "it gave no access key secret");
        assert_eq!(
            keys_of(r#"{"AccessKeyId":"i","AccessKeySecret":"s"}"#).unwrap_err(),
            "it gave no security token"
        );
        let wrong = keys_of(r#"{"AccessKeyId":{"fake-secret":1}}"#).unwrap_err();
        assert_eq!(wrong, "it has a value of another form than documented, at line 1");
        assert_eq!(keys_of(r#"{"AccessKeyId":"fake"#).unwrap_err(), "it ends too early, at line 1");
        assert_eq!(keys_of("fake-secret").unwrap_err(), "it is no JSON, at line 1");
    }
}
