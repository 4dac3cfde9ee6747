//! The name that a secret has across accounts and regions.

use std::fmt;
use std::str::FromStr;

/// The ARN of a secret: `acs:kms:<region>:<account>:secret/<name>`.
///
/// It goes wherever a request takes a secret's name, and is how a secret of another account is named.
///
/// ```
/// use alibabacloud_kms::{DescribeSecretRequest, SecretArn};
///
/// let arn: SecretArn = "acs:kms:cn-hangzhou:1234567890123456:secret/prod/db".parse()?;
/// assert_eq!((arn.region(), arn.account(), arn.secret_name()), ("cn-hangzhou", "1234567890123456", "prod/db"));
///
/// let request = DescribeSecretRequest::new(arn);
/// # Ok::<(), alibabacloud_kms::SecretArnError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretArn {
    region: String,
    account: String,
    secret_name: String,
}

impl SecretArn {
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
            Some([region, account, resource.strip_prefix("secret/")?])
        };
        match parts() {
            Some(parts) if parts.iter().all(|part| !part.is_empty() && !part.contains(':')) => {
                let [region, account, secret_name] = parts.map(str::to_owned);
                Ok(Self { region, account, secret_name })
            }
            _ => Err(SecretArnError(())),
        }
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
