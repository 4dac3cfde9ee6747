//! Documented limits that several operations share, checked before anything is sent.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::OutOfRange;
use crate::types::{SecretArn, SecretValue, VersionStage};

/// The most bytes of a secret value, in the form in which it is sent.
const MAX_SECRET_DATA: usize = 30_720;
const MAX_VERSION_ID: usize = 64;
const MAX_STAGES: usize = 8;
const MAX_CUSTOM_DATA: usize = 10;

/// A name that exists already, or the ARN of a secret, perhaps of another account.
pub(super) fn secret_name_or_arn(name: &str) -> Result<(), OutOfRange> {
    match name.parse::<SecretArn>() {
        Ok(_) => Ok(()),
        Err(_) if name.starts_with("acs:") => {
            let allowed = "names, and ARNs such as acs:kms:cn-hangzhou:1234567890123456:secret/a";
            Err(OutOfRange::new("secret_name", name, allowed))
        }
        Err(_) => secret_name(name),
    }
}

/// A name that a secret can have.
pub(super) fn secret_name(name: &str) -> Result<(), OutOfRange> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_/+=.-@".contains(c);
    if (1..=192).contains(&name.len()) && name.chars().all(allowed) {
        Ok(())
    } else {
        let allowed = "1 to 192 characters of a-z, A-Z, 0-9 and _/+=.-@";
        Err(OutOfRange::new("secret_name", name, allowed))
    }
}

pub(super) fn version_id(version_id: &str) -> Result<(), OutOfRange> {
    if (1..=MAX_VERSION_ID).contains(&version_id.chars().count()) {
        Ok(())
    } else {
        Err(OutOfRange::new("version_id", version_id, "1 to 64 characters"))
    }
}

/// The value itself is not told.
pub(super) fn secret_value(value: &SecretValue) -> Result<(), OutOfRange> {
    let bytes = value.expose().len();
    if bytes <= MAX_SECRET_DATA {
        Ok(())
    } else {
        Err(OutOfRange::new("the length of the secret value in bytes", bytes, "0 to 30720"))
    }
}

pub(super) fn version_stages(stages: &[VersionStage]) -> Result<(), OutOfRange> {
    if stages.len() <= MAX_STAGES {
        Ok(())
    } else {
        Err(OutOfRange::new("the number of version stages", stages.len(), "1 to 8"))
    }
}

pub(super) fn custom_data(pairs: &BTreeMap<String, Value>) -> Result<(), OutOfRange> {
    if pairs.len() <= MAX_CUSTOM_DATA {
        Ok(())
    } else {
        Err(OutOfRange::new("the number of pairs in custom_data", pairs.len(), "0 to 10"))
    }
}
