//! [`Aliases`]: the names that users give to keys.

use std::collections::BTreeMap;

use crate::emulator::error_response::ErrorResponse;

/// The quota of an account in a region.
/// <https://www.alibabacloud.com/help/en/kms/support/limits>
pub(super) const MAX_ALIASES: usize = 300;

pub(in crate::emulator) const ALIAS_PREFIX: &str = "alias/";

/// The ids of keys by alias. A key may have several.
#[derive(Default)]
pub(super) struct Aliases(BTreeMap<String, String>);

impl Aliases {
    pub(super) fn target(&self, alias: &str) -> Option<&str> {
        self.0.get(alias).map(String::as_str)
    }

    pub(super) fn set(&mut self, alias: &str, key_id: &str) {
        self.0.insert(alias.to_owned(), key_id.to_owned());
    }

    pub(super) fn remove(&mut self, alias: &str) {
        self.0.remove(alias);
    }

    /// Returns each alias with its target, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(alias, key_id)| (alias.as_str(), key_id.as_str()))
    }
}

/// Returns the error for an alias that does not exist.
pub(super) fn alias_not_found() -> ErrorResponse {
    let message = "The specified Alias is not found.";
    ErrorResponse::service(404, "Forbidden.AliasNotFound", message)
}
