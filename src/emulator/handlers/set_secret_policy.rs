//! SetSecretPolicy:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy>

use super::policy;
use super::response_fields::request_id_only;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let text = parameters.required("Policy")?;
    policy::check(text)?;
    let stored = target::secret_with_policy(parameters, store, context)?;
    stored.policy = text.to_owned();
    request_id_only(context)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::emulator::handlers::get_secret_policy;

    const CONTEXT: RequestContext<'_> =
        RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };

    fn store() -> Store {
        let mut store = Store::default();
        store.add(EmulatedSecret::new("held").instance_id("kst-fake"), CONTEXT.now);
        store.add(EmulatedSecret::new("shared"), CONTEXT.now);
        store
    }

    #[track_caller]
    fn assert_rejected<const N: usize>(parameters: [(&str, &str); N], status: u16, code: &str) {
        let error = handle(&parameters.into(), &mut store(), &CONTEXT).unwrap_err();
        assert_eq!((error.status, &*error.code), (status, code));
    }

    #[test]
    fn policy_is_stored_verbatim() {
        let mut store = store();
        let text = r#"{ "Version": "1", "Statement": [] }"#;
        handle(&[("SecretName", "held"), ("Policy", text)].into(), &mut store, &CONTEXT).unwrap();
        let read = [("SecretName", "held"), ("PolicyName", "default")].into();
        let body = get_secret_policy::handle(&read, &mut store, &CONTEXT).unwrap();
        let response: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(response["Policy"], text);
    }

    #[test]
    fn only_a_secret_in_an_instance_has_a_policy() {
        let policy = ("Policy", r#"{"Version":"1","Statement":[]}"#);
        assert_rejected([("SecretName", "shared"), policy], 400, "Forbidden.KeyPolicyUnSupported");
        assert_rejected([("SecretName", "none"), policy], 404, "Forbidden.ResourceNotFound");
        let other = ("PolicyName", "other");
        assert_rejected([("SecretName", "held"), policy, other], 404, "Forbidden.ResourceNotFound");
        assert_rejected([("SecretName", "held")], 400, "MissingParameter");
    }

    #[test]
    fn text_that_is_not_a_policy_is_rejected() {
        let assert_text_rejected = |text: &str| {
            assert_rejected([("SecretName", "held"), ("Policy", text)], 400, "InvalidParameter");
        };
        assert_text_rejected("policy");
        assert_text_rejected(r#"{"Version":"2","Statement":[]}"#);
        let policy = |length: usize| {
            let start = r#"{"Version":"1","Statement":[]"#;
            format!("{start}{}}}", " ".repeat(length - start.len() - 1))
        };
        assert_eq!(policy::check(&policy(32_768)), Ok(()));
        assert_text_rejected(&policy(32_769));
        let statement = |effect: &str, action: &str, ram: &[&str], resource: &str| {
            let statement = json!({
                "Effect": effect, "Action": [action], "Principal": {"RAM": ram}, "Resource": [resource],
            });
            json!({"Version": "1", "Statement": [statement]}).to_string()
        };
        assert!(policy::check(&statement("Deny", "kms:*", &["a"], "*")).is_ok());
        let named = |length| {
            let sid = "s".repeat(length);
            let principal = json!({"RAM": ["a"]});
            let statement = json!({"Sid": sid, "Effect": "Deny", "Action": ["kms:*"], "Principal": principal, "Resource": ["*"]});
            json!({"Version": "1", "Statement": [statement]}).to_string()
        };
        assert!(policy::check(&named(128)).is_ok());
        assert_text_rejected(&named(129));
        assert_text_rejected(&statement("Audit", "kms:*", &["a"], "*"));
        assert_text_rejected(&statement("Deny", "ecs:*", &["a"], "*"));
        assert_text_rejected(&statement("Deny", "kms:*", &[], "*"));
        assert_text_rejected(&statement("Deny", "kms:*", &["a"], "one"));
    }
}
