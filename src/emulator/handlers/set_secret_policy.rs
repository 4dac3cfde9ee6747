//! SetSecretPolicy: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy>

use super::{Context, done, holder_of_policy};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::types::{Policy, PolicyEffect, PolicyStatement};

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let text = parameters.required("Policy")?;
    check(text)?;
    let stored = holder_of_policy(parameters, store, context)?;
    stored.policy = text.to_owned();
    done(context)
}

/// What a policy has to be is told with CreateSecret, which takes one as well.
pub(super) fn check(text: &str) -> Result<(), Refusal> {
    if text.len() > 32_768 {
        return Err(Refusal::invalid_parameter("Policy", "at most 32768 bytes"));
    }
    let policy: Policy = serde_json::from_str(text)
        .map_err(|error| Refusal::invalid_parameter("Policy", &error.to_string()))?;
    if policy.version == "1" && policy.statements.iter().all(is_known) {
        Ok(())
    } else {
        let allowed =
            "version 1, statements that allow or deny actions of kms to RAM principals on *";
        Err(Refusal::invalid_parameter("Policy", allowed))
    }
}

fn is_known(statement: &PolicyStatement) -> bool {
    statement.sid.as_ref().is_none_or(|sid| sid.chars().count() <= 128)
        && matches!(statement.effect, PolicyEffect::Allow | PolicyEffect::Deny)
        && statement.principal.as_ref().is_some_and(|principal| !principal.ram.is_empty())
        && statement.actions.iter().all(|action| action.starts_with("kms:"))
        && statement.resources == ["*"]
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::super::get_secret_policy;
    use super::*;
    use crate::emulator::EmulatedSecret;

    const CONTEXT: Context<'_> =
        Context { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };

    fn store() -> Store {
        let mut store = Store::default();
        store.add(EmulatedSecret::new("held").instance_id("kst-fake"), CONTEXT.now);
        store.add(EmulatedSecret::new("shared"), CONTEXT.now);
        store
    }

    #[track_caller]
    fn refused<const N: usize>(parameters: [(&str, &str); N], status: u16, code: &str) {
        let refusal = handle(&parameters.into(), &mut store(), &CONTEXT).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (status, code));
    }

    #[test]
    fn a_policy_is_kept_to_the_letter() {
        let mut store = store();
        let text = r#"{ "Version": "1", "Statement": [] }"#;
        handle(&[("SecretName", "held"), ("Policy", text)].into(), &mut store, &CONTEXT).unwrap();
        let read = [("SecretName", "held"), ("PolicyName", "default")].into();
        let body = get_secret_policy::handle(&read, &mut store, &CONTEXT).unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer["Policy"], text);
    }

    #[test]
    fn only_a_secret_in_an_instance_has_one_and_one_only() {
        let policy = ("Policy", r#"{"Version":"1","Statement":[]}"#);
        refused([("SecretName", "shared"), policy], 400, "Forbidden.KeyPolicyUnSupported");
        refused([("SecretName", "none"), policy], 404, "Forbidden.ResourceNotFound");
        let other = ("PolicyName", "other");
        refused([("SecretName", "held"), policy, other], 404, "Forbidden.ResourceNotFound");
        refused([("SecretName", "held")], 400, "MissingParameter");
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        let refused_text = |text: &str| {
            refused([("SecretName", "held"), ("Policy", text)], 400, "InvalidParameter");
        };
        refused_text("policy");
        refused_text(r#"{"Version":"2","Statement":[]}"#);
        refused_text(&format!(r#"{{"Version":"1","Statement":[]{}}}"#, " ".repeat(32_768)));
        let statement = |effect: &str, action: &str, ram: &[&str], resource: &str| {
            let statement = json!({
                "Effect": effect, "Action": [action], "Principal": {"RAM": ram}, "Resource": [resource],
            });
            json!({"Version": "1", "Statement": [statement]}).to_string()
        };
        assert!(check(&statement("Deny", "kms:*", &["a"], "*")).is_ok());
        refused_text(&statement("Audit", "kms:*", &["a"], "*"));
        refused_text(&statement("Deny", "ecs:*", &["a"], "*"));
        refused_text(&statement("Deny", "kms:*", &[], "*"));
        refused_text(&statement("Deny", "kms:*", &["a"], "one"));
    }
}
