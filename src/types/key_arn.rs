//! ARNs of keys and aliases.

use super::alias_name::is_alias_name;
use super::arn::Arn;
use super::parsed_text::impl_parsed_text;

/// The ARN of a key: `acs:kms:<region>:<account>:key/<id>`.
///
/// Many requests take it in place of a key id. A key of another account can only be identified by
/// its ARN.
///
/// ```
/// use alibabacloud_kms::keys::{DescribeKeyRequest, KeyArn};
///
/// let arn: KeyArn = "acs:kms:cn-hangzhou:1234567890123456:key/key-fake".parse()?;
/// assert_eq!((arn.region(), arn.key_id()), ("cn-hangzhou", "key-fake"));
///
/// let request = DescribeKeyRequest::from(arn);
/// # Ok::<(), alibabacloud_kms::keys::KeyArnError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyArn(Arn);

impl KeyArn {
    /// Returns the ARN as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the id of the region that contains the key, such as `cn-hangzhou`.
    #[must_use]
    pub fn region(&self) -> &str {
        self.0.region()
    }

    /// Returns the id of the account that owns the key.
    #[must_use]
    pub fn account(&self) -> &str {
        self.0.account()
    }

    /// Returns the id of the key.
    #[must_use]
    pub fn key_id(&self) -> &str {
        self.0.name()
    }

    fn into_string(self) -> String {
        self.0.into_string()
    }
}

/// A text is not the ARN of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ARN of a key must have the form acs:kms:<region>:<account>:key/<id>")]
pub struct KeyArnError(());

impl TryFrom<String> for KeyArn {
    type Error = KeyArnError;

    fn try_from(text: String) -> Result<Self, KeyArnError> {
        Arn::parse(text, ":key/").map(Self).ok_or(KeyArnError(()))
    }
}

impl_parsed_text!(KeyArn, KeyArnError);

/// The ARN of an alias: `acs:kms:<region>:<account>:alias/<name>`.
///
/// Operations that take the ARN of a key and an alias take it too.
///
/// ```
/// use alibabacloud_kms::keys::AliasArn;
///
/// let arn: AliasArn = "acs:kms:cn-hangzhou:1234567890123456:alias/app".parse()?;
/// assert_eq!(arn.alias_name(), "alias/app");
/// # Ok::<(), alibabacloud_kms::keys::AliasArnError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AliasArn(Arn);

impl AliasArn {
    /// Returns the ARN as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the id of the region that contains the alias, such as `cn-hangzhou`.
    #[must_use]
    pub fn region(&self) -> &str {
        self.0.region()
    }

    /// Returns the id of the account that owns the alias.
    #[must_use]
    pub fn account(&self) -> &str {
        self.0.account()
    }

    /// Returns the name of the alias with its prefix, such as `alias/app`.
    #[must_use]
    pub fn alias_name(&self) -> &str {
        self.0.resource()
    }

    fn into_string(self) -> String {
        self.0.into_string()
    }
}

/// A text is not the ARN of an alias.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ARN of an alias must have the form acs:kms:<region>:<account>:alias/<name>")]
pub struct AliasArnError(());

impl TryFrom<String> for AliasArn {
    type Error = AliasArnError;

    fn try_from(text: String) -> Result<Self, AliasArnError> {
        let arn = Arn::parse(text, ":alias/").filter(|arn| is_alias_name(arn.resource()));
        arn.map(Self).ok_or(AliasArnError(()))
    }
}

impl_parsed_text!(AliasArn, AliasArnError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_arn_are_returned() {
        let text = "acs:kms:cn-hangzhou:154035569884****:key/key-hzz6****";
        let arn: KeyArn = text.parse().unwrap();
        let parts = (arn.region(), arn.account(), arn.key_id());
        assert_eq!(parts, ("cn-hangzhou", "154035569884****", "key-hzz6****"));
        assert_eq!((arn.as_str(), &*arn.to_string()), (text, text));

        let text = "acs:kms:cn-hangzhou:1:alias/acs/oss";
        let arn: AliasArn = text.parse().unwrap();
        let parts = (arn.region(), arn.account(), arn.alias_name());
        assert_eq!(parts, ("cn-hangzhou", "1", "alias/acs/oss"));
        assert_eq!(String::from(arn), text);
    }

    #[test]
    fn other_forms_are_rejected() {
        for text in [
            "",
            "key-fake",
            "acs:kms:cn-hangzhou:1:key/",
            "acs:kms:cn-hangzhou:1:key/a:b",
            "acs:kms:cn-hangzhou:1:secret/a",
            "acs:kms::1:key/a",
            "acs:ram:cn-hangzhou:1:key/a",
        ] {
            assert_eq!(text.parse::<KeyArn>(), Err(KeyArnError(())), "{text}");
        }
        for text in ["alias/a", "acs:kms:cn-hangzhou:1:alias/", "acs:kms:cn-hangzhou:1:alias/a b"] {
            assert_eq!(text.parse::<AliasArn>(), Err(AliasArnError(())), "{text}");
        }
    }
}
