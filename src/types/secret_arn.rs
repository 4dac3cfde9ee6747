//! ARNs of secrets.

use std::fmt;
use std::str::FromStr;

/// The ARN of a secret: `acs:kms:<region>:<account>:secret/<name>`.
///
/// A request takes it in place of a secret's name. A secret of another account can only be
/// identified by its ARN.
///
/// It is made from its text, in which no two parts can be swapped unnoticed:
///
/// ```
/// use alibabacloud_kms::secrets::{DescribeSecretRequest, SecretArn};
///
/// let (region, account, name) = ("cn-hangzhou", "1234567890123456", "prod/db");
/// let arn: SecretArn = format!("acs:kms:{region}:{account}:secret/{name}").parse()?;
/// assert_eq!((arn.region(), arn.account(), arn.secret_name()), (region, account, name));
/// assert_eq!(arn, "acs:kms:cn-hangzhou:1234567890123456:secret/prod/db");
///
/// let request = DescribeSecretRequest::new(arn);
/// # Ok::<(), alibabacloud_kms::secrets::SecretArnError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretArn {
    text: String,
    /// The end of the region.
    region_end: usize,
    /// The end of the account.
    account_end: usize,
}

const PREFIX: &str = "acs:kms:";
const RESOURCE: &str = ":secret/";

impl SecretArn {
    /// Returns the ARN as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the id of the region that contains the secret, such as `cn-hangzhou`.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.text[PREFIX.len()..self.region_end]
    }

    /// Returns the id of the account that owns the secret.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.text[self.region_end + 1..self.account_end]
    }

    /// Returns the name that the secret has in its account and region.
    #[must_use]
    pub fn secret_name(&self) -> &str {
        &self.text[self.account_end + RESOURCE.len()..]
    }
}

/// A text is not the ARN of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ARN of a secret must have the form acs:kms:<region>:<account>:secret/<name>")]
pub struct SecretArnError(());

impl FromStr for SecretArn {
    type Err = SecretArnError;

    fn from_str(text: &str) -> Result<Self, SecretArnError> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for SecretArn {
    type Error = SecretArnError;

    fn try_from(text: String) -> Result<Self, SecretArnError> {
        let ends = || {
            let (region, rest) = text.strip_prefix(PREFIX)?.split_once(':')?;
            let (account, name) = rest.split_once(RESOURCE)?;
            let parts = [region, account, name];
            let is_valid = parts.iter().all(|part| !part.is_empty() && !part.contains(':'));
            let region_end = PREFIX.len() + region.len();
            is_valid.then_some((region_end, region_end + 1 + account.len()))
        };
        let (region_end, account_end) = ends().ok_or(SecretArnError(()))?;
        Ok(Self { text, region_end, account_end })
    }
}

impl fmt::Display for SecretArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl AsRef<str> for SecretArn {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl PartialEq<str> for SecretArn {
    fn eq(&self, text: &str) -> bool {
        self.text == text
    }
}

impl PartialEq<&str> for SecretArn {
    fn eq(&self, text: &&str) -> bool {
        self.text == *text
    }
}

impl From<SecretArn> for String {
    fn from(arn: SecretArn) -> Self {
        arn.text
    }
}

impl<'de> serde::Deserialize<'de> for SecretArn {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for SecretArn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_of_an_arn_are_returned() {
        for (text, parts) in [
            (
                "acs:kms:cn-hangzhou:154035569884****:secret/mydbconninfo",
                ("cn-hangzhou", "154035569884****", "mydbconninfo"),
            ),
            (
                "acs:kms:eu-central-1:1:secret/acs/ram/user/a@b/secret/",
                ("eu-central-1", "1", "acs/ram/user/a@b/secret/"),
            ),
        ] {
            let arn: SecretArn = text.parse().unwrap();
            assert_eq!((arn.region(), arn.account(), arn.secret_name()), parts);
            assert_eq!((arn.as_str(), &*arn.to_string()), (text, text));
            assert_eq!(arn, text);
            assert_eq!(String::from(arn), text);
        }
    }

    #[test]
    fn arn_is_serialized_as_text() {
        let arn: SecretArn = "acs:kms:cn-hangzhou:1:secret/prod/db".parse().unwrap();
        let json = serde_json::to_string(&arn).unwrap();
        assert_eq!(json, r#""acs:kms:cn-hangzhou:1:secret/prod/db""#);
        assert_eq!(serde_json::from_str::<SecretArn>(&json).unwrap(), arn);
        let error = serde_json::from_str::<SecretArn>(r#""prod/db""#).unwrap_err();
        assert!(error.to_string().starts_with("the ARN of a secret must have"), "{error}");
    }

    #[test]
    fn other_forms_are_rejected() {
        for text in [
            "",
            "prod/db",
            "acs:kms:cn-hangzhou:1",
            "acs:kms:cn-hangzhou:1:key/a",
            "acs:kms:cn-hangzhou:1:secret/",
            "acs:kms:cn-hangzhou::secret/a",
            "acs:kms::1:secret/a",
            "acs:kms:cn-hangzhou:1:secret/a:b",
            "acs:kms:cn-hangzhou:1:2:secret/a",
            "acs:kms:cn-hangzhou:1:key/a:secret/b",
            "acs:ram:cn-hangzhou:1:secret/a",
        ] {
            assert_eq!(text.parse::<SecretArn>(), Err(SecretArnError(())), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_arn_is_its_parts(text in "acs:kms:[a-z:é]{0,4}:[0-9:]{0,4}:secret/[a-z:/]{0,4}") {
            if let Ok(arn) = text.parse::<SecretArn>() {
                let (region, account, name) = (arn.region(), arn.account(), arn.secret_name());
                prop_assert_eq!(format!("acs:kms:{region}:{account}:secret/{name}"), text);
            }
        }
    }
}
