//! SetDeletionProtection:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setdeletionprotection>

use super::response_fields::request_id_only;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{DeletionProtection, KeyNames};
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    parameters.required("EnableDeletionProtection")?;
    let is_enabled = parameters.boolean("EnableDeletionProtection")?;
    let description = parameters.get("DeletionProtectionDescription").unwrap_or_default();
    let protection = DeletionProtection { description: description.to_owned() };
    match resource(parameters)? {
        Resource::Key(name, accepted) => {
            let key = store.keys.find(name, accepted, context.now)?;
            key.deletion_protection = is_enabled.then_some(protection);
        }
        // Nothing deletes an instance here.
        Resource::Instance => {}
    }
    request_id_only(context)
}

enum Resource<'a> {
    Key(&'a str, KeyNames),
    Instance,
}

/// Returns the resource that a request identifies by one of three parameters. The service does not
/// document what happens if it contains several.
fn resource(parameters: &Parameters) -> Result<Resource<'_>, ErrorResponse> {
    let names = ["KeyId", "ProtectedResourceArn", "KmsInstanceId"];
    match names.map(|name| parameters.get(name)) {
        [Some(id), None, None] => Ok(Resource::Key(id, KeyNames::Ids)),
        [None, Some(arn), None] if arn.contains(":key/") => {
            Ok(Resource::Key(arn, KeyNames::IdsAndArns))
        }
        [None, None, Some(id)] if id.starts_with("kst-") => Ok(Resource::Instance),
        [None, None, None] => Err(ErrorResponse::missing_parameter("KeyId")),
        _ => {
            let allowed = "one of a key id, the ARN of a key, and the id of an instance";
            Err(ErrorResponse::invalid_parameter("KeyId", allowed))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::handlers::schedule_key_deletion;
    use crate::emulator::handlers::test_account::TestAccount;

    #[test]
    fn protected_key_cannot_be_scheduled_for_deletion() {
        let mut account = TestAccount::new();
        let id = account.key(&[]);
        let on = ("EnableDeletionProtection", "true");
        let described = ("DeletionProtectionDescription", "in use");
        account.call(handle, &[("KeyId", &id), on, described]).unwrap();
        let metadata = account.describe(&id);
        assert_eq!(metadata["DeletionProtection"], "Enabled");
        assert_eq!(metadata["DeletionProtectionDescription"], "in use");
        let schedule = [("KeyId", &*id), ("PendingWindowInDays", "7")];
        let code = account.code(schedule_key_deletion::handle, &schedule);
        assert_eq!(code, "Rejected.StateModifiedFailed");
        let arn = metadata["Arn"].as_str().unwrap();
        let off = ("EnableDeletionProtection", "false");
        account.call(handle, &[("ProtectedResourceArn", arn), off]).unwrap();
        account.schedule_deletion(&id);
    }

    #[test]
    fn resource_is_named_by_one_parameter() {
        let mut account = TestAccount::new();
        let id = account.key(&[]);
        let on = ("EnableDeletionProtection", "true");
        assert_eq!(account.code(handle, &[on]), "MissingParameter");
        assert_eq!(account.code(handle, &[on, ("KmsInstanceId", "kst-fake")]), "ok");
        let both = [on, ("KeyId", &*id), ("KmsInstanceId", "kst-fake")];
        assert_eq!(account.code(handle, &both), "InvalidParameter");
        assert_eq!(account.code(handle, &[("KeyId", &id)]), "MissingParameter");
    }
}
