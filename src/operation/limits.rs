//! Documented limits that several operations share, checked before anything is sent.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::ValidationError;
use crate::types::{
    AliasArn, AliasName, ExtendedConfig, KeyArn, Policy, SecretArn, SecretValue, Tag, TagTarget,
    VersionStage,
};

/// The most bytes of a secret value, in the form in which it is sent.
const MAX_SECRET_DATA: usize = 30_720;
const MAX_VERSION_ID: usize = 64;
const MAX_STAGES: usize = 8;
const MAX_CUSTOM_DATA: usize = 10;
const MAX_EXTENDED_CONFIG: usize = 1_024;
const SHORTEST_ROTATION: Duration = Duration::from_secs(6 * 60 * 60);
const LONGEST_ROTATION: Duration = Duration::from_secs(8_760 * 60 * 60);
const MIN_KEY_ROTATION: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const MAX_KEY_ROTATION: Duration = Duration::from_secs(730 * 24 * 60 * 60);
const MAX_KEY_DESCRIPTION: usize = 8_192;
const ALIAS_NAME: &str = "alias/ and 1 to 255 letters, digits and _-/";
const MAX_POLICY: usize = 32_768;
const MAX_TAG_TEXT: usize = 128;
/// The prose of all sources says 50 and 20; one schema has one more of each.
const MAX_RESOURCES: usize = 50;
const MAX_TAGS: usize = 20;

/// Returns the first item that equals an earlier one. Requests have few items, so that comparing
/// each pair costs less than a set of them.
pub(crate) fn first_repeated<T: PartialEq>(items: impl Iterator<Item = T> + Clone) -> Option<T> {
    let is_repeated = |(n, item): &(usize, T)| items.clone().take(*n).any(|other| other == *item);
    items.clone().enumerate().find(is_repeated).map(|(_, item)| item)
}

/// A name that exists already, or the ARN of a secret, of this account or another.
pub(super) fn secret_name_or_arn(field: &'static str, name: &str) -> Result<(), ValidationError> {
    match name.parse::<SecretArn>() {
        Ok(_) => Ok(()),
        Err(_) if name.starts_with("acs:") => {
            let allowed = "a name or an ARN such as acs:kms:cn-hangzhou:1234567890123456:secret/a";
            Err(ValidationError::new(field, name, allowed))
        }
        Err(_) => secret_name(field, name),
    }
}

/// A name that a new secret can have.
pub(crate) fn new_secret_name(name: &str) -> Result<(), ValidationError> {
    secret_name("secret_name", name)
}

fn secret_name(field: &'static str, name: &str) -> Result<(), ValidationError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_/+=.-@".contains(c);
    if (1..=192).contains(&name.len()) && name.chars().all(allowed) {
        Ok(())
    } else {
        let allowed = "1 to 192 characters of a-z, A-Z, 0-9 and _/+=.-@";
        Err(ValidationError::new(field, name, allowed))
    }
}

pub(super) fn version_id(field: &'static str, id: &str) -> Result<(), ValidationError> {
    if (1..=MAX_VERSION_ID).contains(&id.chars().count()) {
        Ok(())
    } else {
        Err(ValidationError::new(field, id, "1 to 64 characters"))
    }
}

/// The error does not contain the value.
pub(super) fn secret_value(value: &SecretValue) -> Result<(), ValidationError> {
    let bytes = value.expose_secret().len();
    if bytes <= MAX_SECRET_DATA {
        Ok(())
    } else {
        Err(ValidationError::new("the length of `value` in bytes", bytes, "0 to 30,720"))
    }
}

pub(super) fn version_stages(stages: &[VersionStage]) -> Result<(), ValidationError> {
    if stages.len() <= MAX_STAGES {
        Ok(())
    } else {
        Err(ValidationError::new("the number of `version_stages`", stages.len(), "1 to 8"))
    }
}

/// The whole and its custom data.
pub(super) fn extended_config(config: &ExtendedConfig) -> Result<(), ValidationError> {
    custom_data(&config.custom_data)?;
    let characters = config.to_text().chars().count();
    if characters <= MAX_EXTENDED_CONFIG {
        Ok(())
    } else {
        let field = "the length of `extended_config` in characters";
        Err(ValidationError::new(field, characters, "1 to 1,024"))
    }
}

pub(super) fn custom_data(pairs: &Map<String, Value>) -> Result<(), ValidationError> {
    if pairs.len() <= MAX_CUSTOM_DATA {
        Ok(())
    } else {
        Err(ValidationError::new("the number of pairs in `custom_data`", pairs.len(), "0 to 10"))
    }
}

/// The documentation of `UpdateSecretRotationPolicy` has another minimum, 168 hours, so the service
/// may reject a shorter one.
pub(super) fn rotation_interval(interval: Duration) -> Result<(), ValidationError> {
    let whole = interval.subsec_nanos() == 0;
    if whole && (SHORTEST_ROTATION..=LONGEST_ROTATION).contains(&interval) {
        Ok(())
    } else {
        let allowed = "6 hours to 8,760 hours, in whole seconds";
        Err(ValidationError::new("rotation_interval", interval, allowed))
    }
}

pub(super) fn policy(policy: &Policy) -> Result<(), ValidationError> {
    let bytes = policy.to_string().len();
    if bytes <= MAX_POLICY {
        Ok(())
    } else {
        Err(ValidationError::new("the length of `policy` in bytes", bytes, "1 to 32,768"))
    }
}

pub(super) fn page(number: u32, size: u32, max_size: Option<u32>) -> Result<(), ValidationError> {
    if number == 0 {
        return Err(ValidationError::new("page_number", number, "at least 1"));
    }
    match max_size {
        None if size == 0 => Err(ValidationError::new("page_size", size, "at least 1")),
        Some(max) if !(1..=max).contains(&size) => {
            Err(ValidationError::new("page_size", size, "1 to 100"))
        }
        _ => Ok(()),
    }
}

/// A key id, whose form is not documented, or an alias or ARN in its place. Which operations take
/// which of them is for the service to say: its texts change.
pub(super) fn key_id(field: &'static str, id: &str) -> Result<(), ValidationError> {
    if id.starts_with("acs:") && id.parse::<KeyArn>().is_err() && id.parse::<AliasArn>().is_err() {
        let allowed = "a key id or an ARN such as acs:kms:cn-hangzhou:1234567890123456:key/key-a";
        return Err(ValidationError::new(field, id, allowed));
    }
    if id.starts_with("alias/") && id.parse::<AliasName>().is_err() {
        return Err(ValidationError::new(field, id, ALIAS_NAME));
    }
    not_empty(field, id)
}

pub(super) fn alias_name(name: &str) -> Result<(), ValidationError> {
    match name.parse::<AliasName>() {
        Ok(_) => Ok(()),
        Err(_) => Err(ValidationError::new("alias_name", name, ALIAS_NAME)),
    }
}

pub(super) fn key_description(text: &str) -> Result<(), ValidationError> {
    let characters = text.chars().count();
    if characters <= MAX_KEY_DESCRIPTION {
        Ok(())
    } else {
        let field = "the length of `description` in characters";
        Err(ValidationError::new(field, characters, "0 to 8,192"))
    }
}

/// The widest documented range. Instances allow up to 365 days, and default keys only 365 days.
pub(super) fn key_rotation_interval(interval: Duration) -> Result<(), ValidationError> {
    let whole = interval.subsec_nanos() == 0;
    if whole && (MIN_KEY_ROTATION..=MAX_KEY_ROTATION).contains(&interval) {
        Ok(())
    } else {
        let allowed = "7 to 730 days, in whole seconds";
        Err(ValidationError::new("rotation_interval", interval, allowed))
    }
}

pub(super) fn tag_target(target: &TagTarget) -> Result<(), ValidationError> {
    match target {
        TagTarget::Secret(name) => secret_name_or_arn("target", name),
        TagTarget::Key(id) => key_id("target", id),
        TagTarget::Certificate(id) => not_empty("target", id),
    }
}

/// Something whose form is not documented.
pub(crate) fn not_empty(field: &'static str, text: &str) -> Result<(), ValidationError> {
    if text.is_empty() {
        Err(ValidationError::new(field, text, "at least 1 character"))
    } else {
        Ok(())
    }
}

/// A tag that is to be set.
pub(super) fn tag(tag: &Tag) -> Result<(), ValidationError> {
    let own = |c: char| c.is_alphanumeric() || "/\\_-.+=:@".contains(c);
    tag_key(&tag.key)?;
    if tag.key.starts_with("aliyun") || tag.key.starts_with("acs:") {
        return Err(ValidationError::new(
            "a tag key",
            &tag.key,
            "a text that does not start with aliyun or acs:",
        ));
    }
    if !tag.key.chars().all(own) {
        return Err(ValidationError::new("a tag key", &tag.key, "letters, digits and /\\_-.+=:@"));
    }
    if tag.value.chars().count() > MAX_TAG_TEXT || !tag.value.chars().all(own) {
        let allowed = "at most 128 characters: letters, digits and /\\_-.+=:@";
        return Err(ValidationError::new("a tag value", &tag.value, allowed));
    }
    Ok(())
}

/// The key of a tag that is to be found or removed, whoever set it.
pub(super) fn tag_key(key: &str) -> Result<(), ValidationError> {
    if (1..=MAX_TAG_TEXT).contains(&key.chars().count()) {
        Ok(())
    } else {
        Err(ValidationError::new("a tag key", key, "1 to 128 characters"))
    }
}

/// The number of tags or tag keys in a request for several resources.
pub(super) fn tag_count(field: &'static str, count: usize) -> Result<(), ValidationError> {
    if (1..=MAX_TAGS).contains(&count) {
        Ok(())
    } else {
        Err(ValidationError::new(field, count, "1 to 20"))
    }
}

pub(super) fn resource_ids(ids: &[String]) -> Result<(), ValidationError> {
    if !(1..=MAX_RESOURCES).contains(&ids.len()) {
        return Err(ValidationError::new("the number of `resource_ids`", ids.len(), "1 to 50"));
    }
    ids.iter().try_for_each(|id| not_empty("each of `resource_ids`", id))
}

/// `RegionId`, which the operations on the tags of several resources want besides the endpoint.
pub(super) fn region(region: Option<&str>) -> Result<(), ValidationError> {
    match region {
        Some(region) => not_empty("region", region),
        None => Err(ValidationError::missing(
            "region",
            "set a region such as cn-hangzhou on the request or the client",
        )),
    }
}
