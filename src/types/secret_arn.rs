//! ARNs of secrets.

use super::arn::Arn;
use super::parsed_text::impl_parsed_text;

/// The ARN of a secret: `acs:kms:<region>:<account>:secret/<name>`.
///
/// A request takes it in place of a secret's name. A secret of another account can only be
/// identified by its ARN.
///
/// It is parsed from its text, so that its parts cannot be swapped by mistake:
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
pub struct SecretArn(Arn);

impl SecretArn {
    /// Returns the ARN as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the id of the region that contains the secret, such as `cn-hangzhou`.
    #[must_use]
    pub fn region(&self) -> &str {
        self.0.region()
    }

    /// Returns the id of the account that owns the secret.
    #[must_use]
    pub fn account(&self) -> &str {
        self.0.account()
    }

    /// Returns the name that the secret has in its account and region.
    #[must_use]
    pub fn secret_name(&self) -> &str {
        self.0.name()
    }

    fn into_string(self) -> String {
        self.0.into_string()
    }
}

/// A text is not the ARN of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ARN of a secret must have the form acs:kms:<region>:<account>:secret/<name>")]
pub struct SecretArnError(());

impl TryFrom<String> for SecretArn {
    type Error = SecretArnError;

    fn try_from(text: String) -> Result<Self, SecretArnError> {
        Arn::parse(text, ":secret/").map(Self).ok_or(SecretArnError(()))
    }
}

impl_parsed_text!(SecretArn, SecretArnError);

/// Returns the name of a secret that is given by its name or its ARN.
pub(crate) fn bare_name(name_or_arn: &str) -> &str {
    match name_or_arn.strip_prefix("acs:kms:") {
        Some(arn) => arn.split_once(":secret/").map_or(name_or_arn, |(_, name)| name),
        None => name_or_arn,
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
        fn arn_is_rebuilt_from_its_parts(text in "acs:kms:[a-z:é]{0,4}:[0-9:]{0,4}:secret/[a-z:/]{0,4}") {
            if let Ok(arn) = text.parse::<SecretArn>() {
                let (region, account, name) = (arn.region(), arn.account(), arn.secret_name());
                prop_assert_eq!(format!("acs:kms:{region}:{account}:secret/{name}"), text);
            }
        }
    }
}
