//! The fields that several operations share: each checks its documented limit and adds its
//! parameter under the service's name.

use std::time::Duration;

use serde_json::{Map, Value};

use super::Encoder;
use crate::error::{Resource, ValidationError};
use crate::operation::limits;
use crate::types::{ExtendedConfig, Policy, SecretValue, Tag, TagTarget, VersionStage};

impl<'a> Encoder<'a> {
    /// Adds the name or ARN of an existing secret, which becomes the resource of the request.
    pub(crate) fn secret_name(&mut self, name: &'a str) {
        self.check(limits::secret_name_or_arn("secret_name", name));
        self.text("SecretName", name);
        self.resource(Some(Resource::named(name)));
    }

    /// Adds the id of a version that the request names or creates.
    pub(crate) fn version_id(&mut self, id: &'a str) {
        self.check(limits::version_id("version_id", id));
        self.text("VersionId", id);
        self.resource_version(id);
    }

    pub(crate) fn optional_version_id(&mut self, id: Option<&'a str>) {
        if let Some(id) = id {
            self.version_id(id);
        }
    }

    /// Adds the version that a stage moves to or from, which is this field of the request.
    pub(crate) fn stage_version(
        &mut self,
        parameter: &'static str,
        field: &'static str,
        id: Option<&'a str>,
    ) {
        if let Some(id) = id {
            self.check(limits::version_id(field, id));
            self.text(parameter, id);
            self.resource_version(id);
        }
    }

    pub(crate) fn version_stage(&mut self, stage: Option<&'a VersionStage>) {
        if let Some(stage) = stage.map(VersionStage::as_str) {
            self.text("VersionStage", stage);
            let resource = self.encoded.resource.take();
            self.resource(resource.map(|resource| resource.stage(Some(stage))));
        }
    }

    pub(crate) fn version_stages(&mut self, stages: &[VersionStage]) {
        self.check(limits::version_stages(stages));
        if !stages.is_empty() {
            self.json("VersionStages", stages);
        }
    }

    /// Adds a secret value and its form.
    pub(crate) fn secret_value(&mut self, value: &'a SecretValue) {
        self.check(limits::secret_value(value));
        self.secret_text("SecretData", value.expose_secret());
        self.text("SecretDataType", value.data_type().as_str());
    }

    pub(crate) fn extended_config(&mut self, config: Option<&'a ExtendedConfig>) {
        if let Some(config) = config {
            self.check(limits::extended_config(config));
            self.push("ExtendedConfig", config.to_text());
        }
    }

    /// Adds the custom data of a managed secret.
    pub(crate) fn custom_data(&mut self, pairs: Option<&Map<String, Value>>) {
        self.check(pairs.map_or(Ok(()), limits::custom_data));
        // One parameter with a dot in its name, by all but the newest of the official libraries.
        self.optional_json("ExtendedConfig.CustomData", pairs);
    }

    pub(crate) fn policy(&mut self, policy: Option<&Policy>) {
        self.check(policy.map_or(Ok(()), limits::policy));
        self.optional_json("Policy", policy);
    }

    /// Adds whether and how often KMS rotates a secret.
    pub(crate) fn rotation_interval(&mut self, interval: Option<Duration>) {
        self.flag("EnableAutomaticRotation", interval.is_some());
        if let Some(interval) = interval {
            self.check(limits::rotation_interval(interval));
            self.seconds("RotationInterval", interval);
        }
    }

    /// Adds the number and the size of a page; `max_size` is the documented limit if there is one.
    pub(crate) fn page(&mut self, number: u32, size: u32, max_size: Option<u32>) {
        self.check(limits::page(number, size, max_size));
        self.number("PageNumber", number);
        self.number("PageSize", size);
    }

    /// Adds the id, alias or ARN of a key, which becomes the resource of the request.
    pub(crate) fn key_id(&mut self, id: &'a str) {
        self.key_id_named("KeyId", "key_id", id);
    }

    /// Adds the same as another parameter, which is another field of the request.
    pub(crate) fn key_id_named(
        &mut self,
        parameter: &'static str,
        field: &'static str,
        id: &'a str,
    ) {
        self.check(limits::key_id(field, id));
        self.text(parameter, id);
        self.resource(Some(Resource::named(id)));
    }

    /// Adds the name of an alias, which becomes the resource of the request.
    pub(crate) fn alias_name(&mut self, name: &'a str) {
        self.check(limits::alias_name(name));
        self.text("AliasName", name);
        self.resource(Some(Resource::named(name)));
    }

    pub(crate) fn key_description(&mut self, text: Option<&'a str>) {
        self.check(text.map_or(Ok(()), limits::key_description));
        self.optional_text("Description", text);
    }

    /// Adds whether and how often KMS rotates a key.
    pub(crate) fn key_rotation_interval(&mut self, interval: Option<Duration>) {
        self.flag("EnableAutomaticRotation", interval.is_some());
        if let Some(interval) = interval {
            self.check(limits::key_rotation_interval(interval));
            self.seconds("RotationInterval", interval);
        }
    }

    /// Adds the one resource whose tags change.
    pub(crate) fn tag_target(&mut self, target: &'a TagTarget) {
        self.check(limits::tag_target(target));
        let (parameter, id) = target.parameter();
        self.text(parameter, id);
        self.resource(Some(Resource::named(id)));
    }

    /// Adds the ids of the resources whose tags change or are listed.
    pub(crate) fn resource_ids(&mut self, ids: &'a [String]) {
        self.check(limits::resource_ids(ids));
        self.list("ResourceId", ids);
        self.resource(Resource::first_of(ids));
    }

    /// Adds tags to set, as one JSON text.
    pub(crate) fn tags_as_json(&mut self, tags: &[Tag]) {
        self.check(tags.iter().try_for_each(limits::tag));
        if !tags.is_empty() {
            self.json("Tags", tags);
        }
    }

    /// Adds 1 to 20 tags to set on several resources.
    pub(crate) fn tags_to_set(&mut self, tags: &'a [Tag]) {
        self.check(limits::tag_count("the number of `tags`", tags.len()));
        self.check(tags.iter().try_for_each(limits::tag));
        self.numbered_tags(tags.iter().map(|tag| (&*tag.key, Some(&*tag.value))));
    }

    /// Adds 1 to 20 conditions on tags: a key, with a value or without.
    pub(crate) fn tag_filters(
        &mut self,
        tags: impl ExactSizeIterator<Item = (&'a str, Option<&'a str>)> + Clone,
    ) {
        self.check(limits::tag_count("the number of `tags`", tags.len()));
        self.check(tags.clone().try_for_each(|(key, _)| limits::tag_key(key)));
        self.numbered_tags(tags);
    }

    /// Adds the keys of 1 to 20 tags to remove from several resources.
    pub(crate) fn tag_keys(&mut self, keys: &'a [String]) {
        self.check(limits::tag_count("the number of `tag_keys`", keys.len()));
        self.check_tag_keys(keys);
        self.list("TagKey", keys);
    }

    /// Checks the keys of tags to remove.
    pub(crate) fn check_tag_keys(&mut self, keys: &[String]) {
        self.check(keys.iter().try_for_each(|key| limits::tag_key(key)));
    }

    /// Adds tags, or keys of tags with any value, numbered from 1: `Tag.1.Key`, `Tag.1.Value`.
    fn numbered_tags(&mut self, tags: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) {
        for (n, (key, value)) in (1..).zip(tags) {
            self.push(format!("Tag.{n}.Key"), key);
            if let Some(value) = value {
                self.push(format!("Tag.{n}.Value"), value);
            }
        }
    }

    /// Adds the region of the resources: the request's own, or else the client's.
    pub(crate) fn region_id(&mut self, region: Option<&'a str>) {
        let region = region.or(self.region);
        self.check(limits::region(region));
        self.optional_text("RegionId", region);
    }

    /// Adds a version to the resource of the request.
    pub(crate) fn resource_version(&mut self, id: &'a str) {
        // A request names the version that it moves to before the one that it moves from.
        let resource = self.encoded.resource.take();
        self.resource(resource.map(|resource| match resource.version_id() {
            Some(_) => resource,
            None => resource.version(Some(id)),
        }));
    }
}

impl Encoder<'_> {
    /// Checks the number of entries of a list.
    pub(crate) fn count(
        &mut self,
        field: &'static str,
        count: usize,
        limit: std::ops::RangeInclusive<usize>,
        allowed: &'static str,
    ) {
        if !limit.contains(&count) {
            self.check(Err(ValidationError::new(field, count, allowed)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(encoder: Encoder<'_>) -> Vec<String> {
        let encoded = encoder.finish();
        encoded.parameters().iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn lists_and_tags_are_numbered_from_one() {
        let ids = ["a", "b"].map(String::from);
        let mut encoder = Encoder::new(None);
        encoder.list("ResourceId", &ids);
        encoder.list("TagKey", &[]);
        encoder.numbered_tags([("team", Some("core")), ("empty", Some("")), ("any", None)]);
        let tags = [
            "Tag.1.Key=team",
            "Tag.1.Value=core",
            "Tag.2.Key=empty",
            "Tag.2.Value=",
            "Tag.3.Key=any",
        ];
        assert_eq!(sent(encoder), [&["ResourceId.1=a", "ResourceId.2=b"], &tags[..]].concat());
    }

    #[test]
    fn first_violated_limit_is_kept() {
        let mut encoder = Encoder::new(None);
        encoder.secret_name("a b");
        encoder.version_id("");
        let violation = encoder.finish().violation.unwrap().to_string();
        assert!(violation.contains("secret_name"), "{violation}");
    }

    #[test]
    fn region_of_the_request_precedes_that_of_the_client() {
        let mut encoder = Encoder::new(Some("eu-west-1"));
        encoder.region_id(Some("us-east-1"));
        encoder.region_id(None);
        assert_eq!(sent(encoder), ["RegionId=us-east-1", "RegionId=eu-west-1"]);
        let mut encoder = Encoder::new(None);
        encoder.region_id(None);
        assert!(encoder.finish().violation.is_some());
    }
}
