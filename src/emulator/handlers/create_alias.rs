//! CreateAlias:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createalias>

use super::alias_fields::{RESERVED_PREFIX, alias_name};
use super::response_fields::request_id_only;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{KeyNames, KeyState};
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let alias = alias_name(parameters)?;
    if alias.starts_with(RESERVED_PREFIX) {
        let allowed = "a name that does not begin with alias/acs";
        return Err(ErrorResponse::invalid_parameter("AliasName", allowed));
    }
    let key = target::key(parameters, store, KeyNames::Ids, context)?;
    key.state(context.now).require_one_of(&[
        KeyState::Enabled,
        KeyState::Disabled,
        KeyState::PendingImport,
    ])?;
    let key_id = key.id.clone();
    store.keys.create_alias(alias, &key_id, context.now)?;
    request_id_only(context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::handlers::test_account::TestAccount;
    use crate::emulator::handlers::{delete_alias, list_aliases, update_alias};

    fn names(account: &mut TestAccount, key_id: Option<&str>) -> Vec<String> {
        let listed = match key_id {
            Some(id) => account.call(list_aliases::handle_by_key_id, &[("KeyId", id)]),
            None => account.call(list_aliases::handle, &[]),
        };
        let listed = listed.unwrap();
        let aliases = listed["Aliases"]["Alias"].as_array().unwrap();
        aliases.iter().map(|alias| alias["AliasName"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn alias_names_one_key_until_it_is_moved_or_deleted() {
        let mut account = TestAccount::new();
        let (one, other) = (account.key(&[]), account.key(&[]));
        let call = |name, id| [("AliasName", name), ("KeyId", id)];
        account.call(handle, &call("alias/b", &*one)).unwrap();
        account.call(handle, &call("alias/a", &*one)).unwrap();
        assert_eq!(account.code(handle, &call("alias/a", &*other)), "AliasAlreadyExists");
        assert_eq!(names(&mut account, None), ["alias/a", "alias/b"]);
        account.call(update_alias::handle, &call("alias/a", &*other)).unwrap();
        assert_eq!(account.describe("alias/a")["KeyId"], *other);
        assert_eq!(names(&mut account, Some(&one)), ["alias/b"]);
        let unknown = call("alias/c", &*one);
        assert_eq!(account.code(update_alias::handle, &unknown), "Forbidden.AliasNotFound");
        account.call(delete_alias::handle, &[("AliasName", "alias/b")]).unwrap();
        let deleted = [("AliasName", "alias/b")];
        assert_eq!(account.code(delete_alias::handle, &deleted), "Forbidden.AliasNotFound");
        let listed = account.call(list_aliases::handle, &[]).unwrap();
        let arn = "acs:kms:cn-hangzhou:1234567890123456:alias/a";
        assert_eq!(listed["Aliases"]["Alias"][0]["AliasArn"], arn);
    }

    #[test]
    fn malformed_and_reserved_aliases_are_rejected() {
        let mut account = TestAccount::new();
        let id = account.key(&[]);
        let longest = format!("alias/{}", "a".repeat(249));
        for name in
            ["app", "alias/", "alias/a b", "alias/é", "alias/acs/oss", &format!("{longest}a")]
        {
            let code = account.code(handle, &[("AliasName", name), ("KeyId", &id)]);
            assert_eq!(code, "InvalidParameter", "{name}");
        }
        assert_eq!(account.code(handle, &[("AliasName", &longest), ("KeyId", &id)]), "ok");
        let by_alias = [("AliasName", "alias/b"), ("KeyId", &*longest)];
        assert_eq!(account.code(handle, &by_alias), "Unsupported.Alias");
    }

    #[test]
    fn alias_over_the_quota_is_rejected() {
        let mut account = TestAccount::new();
        let id = account.key(&[]);
        let mut create = |number: u32| {
            let name = format!("alias/{number}");
            account.code(handle, &[("AliasName", &name), ("KeyId", &id)])
        };
        assert!((0..300).all(|number| create(number) == "ok"));
        assert_eq!(create(300), "Rejected.LimitExceeded");
    }
}
