//! SetKeyPolicy:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setkeypolicy>

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
    let key = target::key_with_policy(parameters, store, context)?;
    text.clone_into(&mut key.attributes.policy);
    request_id_only(context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::handlers::get_key_policy;
    use crate::emulator::handlers::test_account::TestAccount;

    const POLICY: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1:*"]},"Action":["kms:*"],"Resource":["*"]}]}"#;

    #[test]
    fn policy_of_a_key_in_an_instance_is_replaced() {
        let mut account = TestAccount::new();
        let id = account.instance_key("Aliyun_AES_256");
        let default = account.call(get_key_policy::handle, &[("KeyId", &id)]).unwrap();
        assert!(default["Policy"].as_str().unwrap().contains("kms default key policy"));
        let arn = account.describe(&id)["Arn"].as_str().unwrap().to_owned();
        account.call(handle, &[("KeyId", &arn), ("Policy", POLICY)]).unwrap();
        let stored = account.call(get_key_policy::handle, &[("KeyId", &id)]).unwrap();
        assert_eq!(stored["Policy"], POLICY);
    }

    #[test]
    fn other_keys_names_and_policies_are_rejected() {
        let mut account = TestAccount::new();
        let (default, id) = (account.key(&[]), account.instance_key("Aliyun_AES_256"));
        let policy = ("Policy", POLICY);
        let code = account.code(handle, &[("KeyId", &default), policy]);
        assert_eq!(code, "Forbidden.KeyPolicyUnSupported");
        let name = ("PolicyName", "other");
        let code = account.code(handle, &[("KeyId", &id), policy, name]);
        assert_eq!(code, "Forbidden.ResourceNotFound");
        assert_eq!(account.code(handle, &[("KeyId", &id), ("Policy", "{}")]), "InvalidParameter");
        assert_eq!(account.code(handle, &[("KeyId", "alias/a"), policy]), "Unsupported.Alias");
    }
}
