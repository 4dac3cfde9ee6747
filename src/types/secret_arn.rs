//! The name that a secret has across accounts and regions.

use std::fmt;
use std::str::FromStr;

/// The ARN of a secret: `acs:kms:<region>:<account>:secret/<name>`.
///
/// It goes wherever a request takes a secret's name, and is how a secret of another account is named.
///
/// ```
/// use alibabacloud_kms::secrets::{DescribeSecretRequest, SecretArn};
///
/// let arn: SecretArn = "acs:kms:cn-hangzhou:1234567890123456:secret/prod/db".parse()?;
/// assert_eq!((arn.region(), arn.account(), arn.secret_name()), ("cn-hangzhou", "1234567890123456", "prod/db"));
///
/// assert_eq!(arn, SecretArn::new("cn-hangzhou", "1234567890123456", "prod/db")?);
///
/// let request = DescribeSecretRequest::new(arn);
/// # Ok::<(), alibabacloud_kms::secrets::SecretArnError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretArn {
    region: String,
    account: String,
    secret_name: String,
}

impl SecretArn {
    /// The ARN of the secret of this name in this region and account.
    ///
    /// # Errors
    ///
    /// When a part is empty or has a `:`, which separates the parts.
    pub fn new(
        region: impl Into<String>,
        account: impl Into<String>,
        secret_name: impl Into<String>,
    ) -> Result<Self, SecretArnError> {
        let arn = Self {
            region: region.into(),
            account: account.into(),
            secret_name: secret_name.into(),
        };
        let parts = [&arn.region, &arn.account, &arn.secret_name];
        if parts.iter().all(|part| !part.is_empty() && !part.contains(':')) {
            Ok(arn)
        } else {
            Err(SecretArnError(()))
        }
    }

    /// The region that the secret is in, such as `cn-hangzhou`.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The id of the account that the secret belongs to.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The secret's name in that account and region.
    #[must_use]
    pub fn secret_name(&self) -> &str {
        &self.secret_name
    }
}

/// What was to be read as a [`SecretArn`] has another form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the ARN of a secret, which has the form acs:kms:<region>:<account>:secret/<name>")]
pub struct SecretArnError(());

impl FromStr for SecretArn {
    type Err = SecretArnError;

    fn from_str(text: &str) -> Result<Self, SecretArnError> {
        let parts = || {
            let (region, rest) = text.strip_prefix("acs:kms:")?.split_once(':')?;
            let (account, resource) = rest.split_once(':')?;
            Some((region, account, resource.strip_prefix("secret/")?))
        };
        let (region, account, secret_name) = parts().ok_or(SecretArnError(()))?;
        Self::new(region, account, secret_name)
    }
}

impl fmt::Display for SecretArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { region, account, secret_name } = self;
        write!(f, "acs:kms:{region}:{account}:secret/{secret_name}")
    }
}

impl From<SecretArn> for String {
    fn from(arn: SecretArn) -> Self {
        arn.to_string()
    }
}

impl<'de> serde::Deserialize<'de> for SecretArn {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for SecretArn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_the_form_comes_back_as_it_went() {
        for text in [
            "acs:kms:cn-hangzhou:154035569884****:secret/mydbconninfo",
            "acs:kms:eu-central-1:1:secret/acs/ram/user/a@b/secret/",
        ] {
            assert_eq!(text.parse::<SecretArn>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn it_is_stored_as_its_text() {
        let arn = SecretArn::new("cn-hangzhou", "1", "prod/db").unwrap();
        let stored = serde_json::to_string(&arn).unwrap();
        assert_eq!(stored, r#""acs:kms:cn-hangzhou:1:secret/prod/db""#);
        assert_eq!(serde_json::from_str::<SecretArn>(&stored).unwrap(), arn);
        let error = serde_json::from_str::<SecretArn>(r#""prod/db""#).unwrap_err();
        assert!(error.to_string().starts_with("not the ARN of a secret"), "{error}");
    }

    #[test]
    fn parts_that_would_not_come_back_make_none() {
        for [region, account, name] in
            [["", "1", "a"], ["r", "", "a"], ["r", "1", ""], ["r", "1:2", "a"]]
        {
            assert!(SecretArn::new(region, account, name).is_err(), "{region}:{account}:{name}");
        }
    }

    #[test]
    fn what_has_another_form_is_refused() {
        for text in [
            "",
            "prod/db",
            "acs:kms:cn-hangzhou:1",
            "acs:kms:cn-hangzhou:1:key/a",
            "acs:kms:cn-hangzhou:1:secret/",
            "acs:kms:cn-hangzhou::secret/a",
            "acs:kms::1:secret/a",
            "acs:kms:cn-hangzhou:1:secret/a:b",
            "acs:ram:cn-hangzhou:1:secret/a",
        ] {
            let error = text.parse::<SecretArn>().unwrap_err();
            assert!(error.to_string().starts_with("not the ARN of a secret"), "{text}");
        }
    }
}
