//! [`UsedKey`]: the part of a response that names the key.

use serde::Serialize;

use crate::emulator::keys::Key;

/// The key and the version that an operation used, whichever name the request had for the key.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UsedKey {
    key_id: String,
    key_version_id: String,
}

impl UsedKey {
    pub(super) fn new(key: &Key, version_id: &str) -> Self {
        Self { key_id: key.id.clone(), key_version_id: version_id.to_owned() }
    }
}
