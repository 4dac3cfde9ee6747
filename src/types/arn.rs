//! ARNs of the resources of KMS.

const PREFIX: &str = "acs:kms:";

/// The ARN of a resource of KMS: `acs:kms:<region>:<account>:<type>/<name>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Arn {
    text: String,
    /// The end of the region.
    region_end: usize,
    /// The end of the account.
    account_end: usize,
    /// The start of the name.
    name_start: usize,
}

impl Arn {
    /// Parses the ARN of a resource of one type, which has the form `:secret/`; `None` if the text
    /// has another form.
    pub(super) fn parse(text: String, resource_type: &str) -> Option<Self> {
        let (region, rest) = text.strip_prefix(PREFIX)?.split_once(':')?;
        let (account, name) = rest.split_once(resource_type)?;
        if [region, account, name].iter().any(|part| part.is_empty() || part.contains(':')) {
            return None;
        }
        let region_end = PREFIX.len() + region.len();
        let account_end = region_end + 1 + account.len();
        let name_start = text.len() - name.len();
        Some(Self { text, region_end, account_end, name_start })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn into_string(self) -> String {
        self.text
    }

    pub(super) fn region(&self) -> &str {
        &self.text[PREFIX.len()..self.region_end]
    }

    pub(super) fn account(&self) -> &str {
        &self.text[self.region_end + 1..self.account_end]
    }

    /// Returns the name, without the type of the resource.
    pub(super) fn name(&self) -> &str {
        &self.text[self.name_start..]
    }

    /// Returns the type and the name, such as `alias/app`.
    pub(super) fn resource(&self) -> &str {
        &self.text[self.account_end + 1..]
    }
}
