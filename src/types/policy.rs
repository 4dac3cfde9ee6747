//! Who may do what with a secret.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::{FieldError, Fields};
use super::open_enum::open_enum;

/// The access policy of a secret in a KMS instance: `Policy` of the service, the JSON text of an object, which `Display`
/// writes.
///
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy>
///
/// ```
/// use alibabacloud_kms::secrets::{Policy, PolicyStatement};
///
/// let readers = PolicyStatement::allow(["acs:ram::1234567890123456:role/fake-app"], ["kms:GetSecretValue"]);
/// let policy = Policy::new([readers.sid("readers")]);
/// assert_eq!(policy.statements[0].actions, ["kms:GetSecretValue"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Fields", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Policy {
    /// The version of the policy language, `1`.
    pub version: String,
    /// What is allowed and denied (`Statement`).
    #[serde(rename = "Statement")]
    pub statements: Vec<PolicyStatement>,
    /// Fields that came after this version of the crate.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// One rule of a [`Policy`]: whether these principals may do these actions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Fields", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PolicyStatement {
    /// A name for the statement, at most 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Whether it allows or denies.
    pub effect: PolicyEffect,
    /// For whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<PolicyPrincipal>,
    /// What is allowed or denied (`Action`), such as `kms:GetSecretValue` or `kms:*`.
    #[serde(rename = "Action", skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// On what (`Resource`): `*` alone, which stands for the secret that has the policy.
    #[serde(rename = "Resource", skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// When it applies, as JSON in the language of RAM policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Value>,
    /// Fields that this crate has no field for.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Whom a [`PolicyStatement`] is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Fields")]
#[non_exhaustive]
pub struct PolicyPrincipal {
    /// ARNs of RAM users and roles (`RAM`), also of other accounts; `acs:ram::<account>:*` stands for all of an account.
    #[serde(rename = "RAM")]
    pub ram: Vec<String>,
    /// Principals of other kinds.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

open_enum! {
    /// What a [`PolicyStatement`] does: `Effect` of the service.
    pub enum PolicyEffect ("the effect of a statement") {
        /// It grants the actions: `Allow`.
        Allow = "Allow",
        /// It refuses them, whatever another statement grants: `Deny`.
        Deny = "Deny",
        ..
        /// An effect that came after this version of the crate, in the service's spelling.
        Unknown,
    }
}

impl Policy {
    /// A policy of version `1` with these statements.
    #[must_use]
    pub fn new(statements: impl IntoIterator<Item = PolicyStatement>) -> Self {
        Self {
            version: "1".to_owned(),
            statements: statements.into_iter().collect(),
            other: Map::new(),
        }
    }
}

impl TryFrom<Fields> for Policy {
    type Error = FieldError;

    fn try_from(mut fields: Fields) -> Result<Self, FieldError> {
        let statements = fields.objects("Statement")?.into_iter().map(PolicyStatement::try_from);
        Ok(Self {
            statements: statements.collect::<Result<_, _>>()?,
            version: fields.text("Version")?,
            other: fields.rest(),
        })
    }
}

impl TryFrom<Fields> for PolicyStatement {
    type Error = FieldError;

    fn try_from(mut fields: Fields) -> Result<Self, FieldError> {
        Ok(Self {
            sid: fields.optional_text("Sid")?,
            effect: fields.text("Effect")?.into(),
            principal: fields.object("Principal")?.map(PolicyPrincipal::try_from).transpose()?,
            actions: fields.texts("Action")?,
            resources: fields.texts("Resource")?,
            condition: fields.value("Condition"),
            other: fields.rest(),
        })
    }
}

impl TryFrom<Fields> for PolicyPrincipal {
    type Error = FieldError;

    fn try_from(mut fields: Fields) -> Result<Self, FieldError> {
        Ok(Self { ram: fields.texts("RAM")?, other: fields.rest() })
    }
}

/// The JSON text that is sent.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl PolicyStatement {
    /// Grants actions on the secret to RAM users and roles, given by their ARNs.
    #[must_use]
    pub fn allow(
        ram: impl IntoIterator<Item = impl Into<String>>,
        actions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(PolicyEffect::Allow, texts(ram), texts(actions))
    }

    /// Refuses actions on the secret to RAM users and roles, given by their ARNs.
    #[must_use]
    pub fn deny(
        ram: impl IntoIterator<Item = impl Into<String>>,
        actions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(PolicyEffect::Deny, texts(ram), texts(actions))
    }

    fn new(effect: PolicyEffect, ram: Vec<String>, actions: Vec<String>) -> Self {
        Self {
            sid: None,
            effect,
            principal: Some(PolicyPrincipal { ram, other: Map::new() }),
            actions,
            resources: vec!["*".to_owned()],
            condition: None,
            other: Map::new(),
        }
    }

    /// Names the statement (`Sid`), at most 128 characters.
    #[must_use]
    pub fn sid(mut self, sid: impl Into<String>) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Restricts the statement (`Condition`), such as by `json!({"IpAddress": {"acs:SourceIp": ["192.0.2.0/24"]}})`.
    #[must_use]
    pub fn condition(mut self, condition: Value) -> Self {
        self.condition = Some(condition);
        self
    }
}

fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    texts.into_iter().map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_policy_is_written_as_the_service_shows_it() {
        let policy = Policy::new([PolicyStatement::allow(["acs:ram::1:*"], ["kms:*"])
            .sid("kms default secret policy")
            .condition(json!({"Bool": {"acs:SecureTransport": "true"}}))]);
        let expected = json!({"Version": "1", "Statement": [{
            "Sid": "kms default secret policy", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::1:*"]},
            "Action": ["kms:*"], "Resource": ["*"], "Condition": {"Bool": {"acs:SecureTransport": "true"}},
        }]});
        assert_eq!(serde_json::from_str::<Value>(&policy.to_string()).unwrap(), expected);
        assert_eq!(serde_json::from_value::<Policy>(expected).unwrap(), policy);
        assert_eq!(Policy::new([]).to_string(), r#"{"Version":"1","Statement":[]}"#);
    }

    #[test]
    fn what_is_not_known_is_kept() {
        let odd = json!({"Version": "2", "Id": "x", "Statement": [{
            "Effect": "Audit", "Principal": {"RAM": ["a"], "Service": ["b"]}, "NotAction": ["kms:Put*"], "Resource": ["*"],
        }]});
        let policy: Policy = serde_json::from_value(odd.clone()).unwrap();
        assert_eq!(policy.statements[0].effect, PolicyEffect::Unknown("Audit".to_owned()));
        assert_eq!(serde_json::to_value(&policy).unwrap(), odd);
    }

    #[test]
    fn a_single_text_stands_for_a_list() {
        let statement = |action: Value| json!({"Effect": "Deny", "Action": action, "Resource": "*", "Principal": {"RAM": "a"}});
        let read = |action: Value| serde_json::from_value::<PolicyStatement>(statement(action));
        assert_eq!(read(json!("kms:*")).unwrap(), PolicyStatement::deny(["a"], ["kms:*"]));
        assert!(read(json!(7)).is_err());
        assert!(read(json!(["kms:*", 7])).is_err());
    }
    #[test]
    fn what_is_of_another_form_than_documented_is_refused() {
        let problem =
            |policy: Value| serde_json::from_value::<Policy>(policy).unwrap_err().to_string();
        assert_eq!(problem(json!({"Statement": []})), "Version is not there");
        assert_eq!(problem(json!({"Version": 1})), "Version is not a text");
        for statements in [json!(null), json!({}), json!(["*"])] {
            let policy = json!({"Version": "1", "Statement": statements});
            assert_eq!(problem(policy), "Statement is not a list of objects");
        }
        for (statement, told) in [
            (json!({}), "Effect is not there"),
            (json!({"Effect": "Allow", "Sid": 7}), "Sid is not a text"),
            (json!({"Effect": "Allow", "Action": null}), "Action is not a list of texts"),
            (json!({"Effect": "Allow", "Principal": "*"}), "Principal is not an object"),
        ] {
            assert_eq!(problem(json!({"Version": "1", "Statement": [statement]})), told);
        }
        let optional =
            json!({"Effect": "Allow", "Sid": null, "Principal": null, "Condition": null});
        let statement: PolicyStatement = serde_json::from_value(optional).unwrap();
        assert_eq!((statement.sid, statement.principal, statement.condition), (None, None, None));
        assert_eq!((statement.actions.len(), statement.resources.len()), (0, 0));
        assert!(serde_json::from_str::<Policy>("[]").is_err());
    }
}
