//! Access policies.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::{FieldError, Fields};
use super::open_enum::open_enum;

/// The access policy of a secret or a key in a KMS instance: `Policy` of the service.
///
/// `Display` writes the JSON text that is sent.
///
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy>
///
/// ```
/// use alibabacloud_kms::policies::{Policy, PolicyPrincipal, PolicyStatement};
///
/// let app = PolicyPrincipal::ram(["acs:ram::1234567890123456:role/fake-app"]);
/// let policy = Policy::new([PolicyStatement::allow(app, ["kms:GetSecretValue"]).sid("readers")]);
/// assert_eq!(policy.statements[0].actions, ["kms:GetSecretValue"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Fields", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Policy {
    /// The version of the policy language, `1`.
    pub version: String,
    /// The rules (`Statement`).
    #[serde(rename = "Statement")]
    pub statements: Vec<PolicyStatement>,
    /// Fields that this version of the crate does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A rule of a [`Policy`], which allows or denies actions to principals.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Fields", rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PolicyStatement {
    /// The name of the statement, at most 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// The effect of the statement: it allows or denies.
    pub effect: PolicyEffect,
    /// The principals that it applies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<PolicyPrincipal>,
    /// The actions (`Action`), such as `kms:GetSecretValue` or `kms:*`.
    #[serde(rename = "Action", skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// The resources (`Resource`): only `*`, which means the secret or key that has the
    /// policy.
    #[serde(rename = "Resource", skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The condition under which the statement applies, in the JSON of RAM policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Value>,
    /// Fields that this version of the crate does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The principals that a [`PolicyStatement`] applies to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Fields")]
#[non_exhaustive]
pub struct PolicyPrincipal {
    /// ARNs of RAM users and roles (`RAM`), also of other accounts. `acs:ram::<account>:*` means
    /// all of an account.
    #[serde(rename = "RAM", skip_serializing_if = "Vec::is_empty")]
    pub ram: Vec<String>,
    /// Principals of other types.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

open_enum! {
    /// The effect of a [`PolicyStatement`]: `Effect` of the service.
    pub enum PolicyEffect ("the effect of a statement") {
        /// The actions are allowed: `Allow`.
        Allow = "Allow",
        /// The actions are denied, even if another statement allows them: `Deny`.
        Deny = "Deny",
        ..
        /// An effect that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}

impl Policy {
    /// Creates a policy of version `1` from its statements.
    #[must_use]
    pub fn new(statements: impl IntoIterator<Item = PolicyStatement>) -> Self {
        Self {
            version: "1".to_owned(),
            statements: statements.into_iter().collect(),
            extra: Map::new(),
        }
    }
}

impl PolicyPrincipal {
    /// Returns RAM users and roles by their ARNs, such as
    /// `acs:ram::1234567890123456:role/fake-app`.
    #[must_use]
    pub fn ram(arns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { ram: to_strings(arns), extra: Map::new() }
    }
}

impl PolicyStatement {
    /// Allows these actions on the secret or key.
    #[must_use]
    pub fn allow(
        principal: PolicyPrincipal,
        actions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(PolicyEffect::Allow, principal, to_strings(actions))
    }

    /// Denies these actions on the secret or key.
    #[must_use]
    pub fn deny(
        principal: PolicyPrincipal,
        actions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self::new(PolicyEffect::Deny, principal, to_strings(actions))
    }

    fn new(effect: PolicyEffect, principal: PolicyPrincipal, actions: Vec<String>) -> Self {
        Self {
            sid: None,
            effect,
            principal: Some(principal),
            actions,
            resources: vec!["*".to_owned()],
            condition: None,
            extra: Map::new(),
        }
    }

    /// Names the statement (`Sid`), at most 128 characters.
    #[must_use]
    pub fn sid(mut self, sid: impl Into<String>) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Restricts the statement (`Condition`), for example to
    /// `json!({"IpAddress": {"acs:SourceIp": ["192.0.2.0/24"]}})`.
    #[must_use]
    pub fn condition(mut self, condition: Value) -> Self {
        self.condition = Some(condition);
        self
    }
}

fn to_strings(texts: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    texts.into_iter().map(Into::into).collect()
}

impl TryFrom<Fields> for Policy {
    type Error = FieldError;

    fn try_from(mut fields: Fields) -> Result<Self, FieldError> {
        let statements = fields.objects("Statement")?.into_iter().map(PolicyStatement::try_from);
        Ok(Self {
            statements: statements.collect::<Result<_, _>>()?,
            version: fields.text("Version")?,
            extra: fields.rest(),
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
            extra: fields.rest(),
        })
    }
}

impl TryFrom<Fields> for PolicyPrincipal {
    type Error = FieldError;

    fn try_from(mut fields: Fields) -> Result<Self, FieldError> {
        Ok(Self { ram: fields.texts("RAM")?, extra: fields.rest() })
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn policy_is_written_as_the_service_shows_it() {
        let policy = Policy::new([PolicyStatement::allow(
            PolicyPrincipal::ram(["acs:ram::1:*"]),
            ["kms:*"],
        )
        .sid("kms default secret policy")
        .condition(json!({"Bool": {"acs:SecureTransport": "true"}}))]);
        let expected = json!({"Version": "1", "Statement": [{
            "Sid": "kms default secret policy", "Effect": "Allow",
            "Principal": {"RAM": ["acs:ram::1:*"]}, "Action": ["kms:*"], "Resource": ["*"],
            "Condition": {"Bool": {"acs:SecureTransport": "true"}},
        }]});
        assert_eq!(serde_json::from_str::<Value>(&policy.to_string()).unwrap(), expected);
        assert_eq!(serde_json::from_value::<Policy>(expected).unwrap(), policy);
        assert_eq!(Policy::new([]).to_string(), r#"{"Version":"1","Statement":[]}"#);
    }

    #[test]
    fn unknown_fields_are_kept() {
        let unknown = json!({"Version": "2", "Id": "x", "Statement": [{
            "Effect": "Audit", "Principal": {"RAM": ["a"], "Service": ["b"]},
            "NotAction": ["kms:Put*"], "Resource": ["*"],
        }, {
            "Effect": "Allow", "Principal": {"Service": ["b"]}, "Action": ["kms:*"],
        }]});
        let policy: Policy = serde_json::from_value(unknown.clone()).unwrap();
        assert_eq!(policy.statements[0].effect, PolicyEffect::Unknown("Audit".to_owned()));
        assert_eq!(serde_json::to_value(&policy).unwrap(), unknown);
    }

    #[test]
    fn single_text_is_a_list_of_it() {
        let read = |action: Value| {
            let statement = json!({
                "Effect": "Deny", "Action": action, "Resource": "*", "Principal": {"RAM": "a"},
            });
            serde_json::from_value::<PolicyStatement>(statement)
        };
        assert_eq!(
            read(json!("kms:*")).unwrap(),
            PolicyStatement::deny(PolicyPrincipal::ram(["a"]), ["kms:*"])
        );
        assert!(read(json!(7)).is_err());
        assert!(read(json!(["kms:*", 7])).is_err());
    }

    #[test]
    fn other_forms_than_documented_are_rejected() {
        let problem =
            |policy: Value| serde_json::from_value::<Policy>(policy).unwrap_err().to_string();
        assert_eq!(problem(json!({"Statement": []})), "`Version` is missing");
        assert_eq!(problem(json!({"Version": 1})), "`Version` must be a text");
        for statements in [json!(null), json!({}), json!(["*"])] {
            let policy = json!({"Version": "1", "Statement": statements});
            assert_eq!(problem(policy), "`Statement` must be a list of objects");
        }
        for (statement, expected) in [
            (json!({}), "`Effect` is missing"),
            (json!({"Effect": "Allow", "Sid": 7}), "`Sid` must be a text"),
            (json!({"Effect": "Allow", "Action": null}), "`Action` must be a list of texts"),
            (json!({"Effect": "Allow", "Principal": "*"}), "`Principal` must be an object"),
        ] {
            assert_eq!(problem(json!({"Version": "1", "Statement": [statement]})), expected);
        }
        let optional =
            json!({"Effect": "Allow", "Sid": null, "Principal": null, "Condition": null});
        let statement: PolicyStatement = serde_json::from_value(optional).unwrap();
        assert_eq!((statement.sid, statement.principal, statement.condition), (None, None, None));
        assert_eq!((statement.actions.len(), statement.resources.len()), (0, 0));
        assert!(serde_json::from_str::<Policy>("[]").is_err());
    }
}
