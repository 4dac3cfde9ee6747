//! ScheduleKeyDeletion:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-schedulekeydeletion>

use chrono::TimeDelta;

use super::response_fields::request_id_only;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::KeyNames;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    parameters.required("PendingWindowInDays")?;
    // 7 to 30 was the rule before 2022.
    let days = parameters.integer("PendingWindowInDays", 7, 7..=366, "7 to 366")?;
    let key = target::key(parameters, store, KeyNames::Ids, context)?;
    key.schedule_deletion(TimeDelta::days(days.into()), context.now)?;
    request_id_only(context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::handlers::test_account::TestAccount;
    use crate::emulator::handlers::{
        cancel_key_deletion, create_alias, describe_key, list_aliases, list_keys,
    };

    #[test]
    fn key_and_its_aliases_are_gone_when_its_time_comes() {
        let mut account = TestAccount::new();
        let id = account.key(&[]);
        let alias = [("AliasName", "alias/app"), ("KeyId", &*id)];
        account.call(create_alias::handle, &alias).unwrap();
        account.schedule_deletion(&id);
        let described = account.describe("alias/app");
        assert_eq!(described["KeyState"], "PendingDeletion");
        assert_eq!(described["DeleteDate"], "1970-01-08T00:00:00Z");
        account.advance_days(7);
        let by_name = |name| [("KeyId", name)];
        assert_eq!(account.code(describe_key::handle, &by_name(&*id)), "Forbidden.KeyNotFound");
        let by_alias = by_name("alias/app");
        assert_eq!(account.code(describe_key::handle, &by_alias), "Forbidden.AliasNotFound");
        for list in [list_keys::handle, list_aliases::handle] {
            assert_eq!(account.call(list, &[]).unwrap()["TotalCount"], 0);
        }
        let other = account.key(&[]);
        let free = [("AliasName", "alias/app"), ("KeyId", &*other)];
        assert_eq!(account.code(create_alias::handle, &free), "ok");
    }

    #[test]
    fn key_is_enabled_after_a_cancelled_deletion() {
        let mut account = TestAccount::new();
        let id = account.key_in_state("Disabled");
        account.schedule_deletion(&id);
        account.call(cancel_key_deletion::handle, &[("KeyId", &id)]).unwrap();
        let described = account.describe(&id);
        assert_eq!(
            (&described["KeyState"], &described["DeleteDate"]),
            (&"Enabled".into(), &"".into())
        );
    }

    #[test]
    fn window_has_seven_to_366_days() {
        let mut account = TestAccount::new();
        let id = account.key(&[]);
        let mut code =
            |days| account.code(handle, &[("KeyId", &id), ("PendingWindowInDays", days)]);
        assert_eq!(
            (code("6"), code("367")),
            ("InvalidParameter".into(), "InvalidParameter".into())
        );
        assert_eq!(code("366"), "ok");
        assert_eq!(account.code(handle, &[("KeyId", &id)]), "MissingParameter");
    }
}
