//! UpdateRotationPolicy:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updaterotationpolicy>

use std::time::Duration;

use super::request_fields::interval_between;
use super::response_fields::request_id_only;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::KeyNames;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A rotation whose time has passed is executed when the key is next used.
pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    parameters.required("EnableAutomaticRotation")?;
    let is_enabled = parameters.boolean("EnableAutomaticRotation")?;
    let key = target::key(parameters, store, KeyNames::Ids, context)?;
    key.state(context.now).require_enabled()?;
    key.require_rotatable()?;
    if is_enabled {
        let interval = interval_between(parameters, 7 * DAY..=730 * DAY, "7 days to 730 days")?;
        key.enable_rotation(interval, context.now);
    } else {
        key.rotation.disable();
    }
    request_id_only(context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::handlers::test_account::TestAccount;
    use crate::emulator::handlers::{disable_key, enable_key};

    fn enable(id: &str) -> [(&str, &str); 3] {
        [("KeyId", id), ("EnableAutomaticRotation", "true"), ("RotationInterval", "30d")]
    }

    #[test]
    fn key_is_rotated_when_its_time_comes() {
        let mut account = TestAccount::new();
        let id = account.key(&[]);
        account.call(handle, &enable(&id)).unwrap();
        let before = account.describe(&id);
        assert_eq!(before["RotationInterval"], "2592000s");
        assert_eq!(before["NextRotationDate"], "1970-01-31T00:00:00Z");
        account.advance_days(31);
        let after = account.describe(&id);
        assert_ne!(after["PrimaryKeyVersion"], before["PrimaryKeyVersion"]);
        assert_eq!(after["LastRotationDate"], "1970-01-31T00:00:00Z");
        assert_eq!(after["NextRotationDate"], "1970-03-02T00:00:00Z");
        account.call(handle, &[("KeyId", &id), ("EnableAutomaticRotation", "false")]).unwrap();
        account.advance_days(400);
        let disabled = account.describe(&id);
        assert_eq!(disabled["PrimaryKeyVersion"], after["PrimaryKeyVersion"]);
        assert_eq!(disabled["AutomaticRotation"], "Disabled");
        assert_eq!(disabled.get("NextRotationDate"), None);
    }

    #[test]
    fn disabled_key_is_not_rotated_until_it_is_enabled() {
        let mut account = TestAccount::new();
        let id = account.key(&[]);
        account.call(handle, &enable(&id)).unwrap();
        account.call(disable_key::handle, &[("KeyId", &id)]).unwrap();
        account.advance_days(45);
        let suspended = account.describe(&id);
        assert_eq!(suspended["AutomaticRotation"], "Suspended");
        assert_eq!(suspended["LastRotationDate"], "1970-01-01T00:00:00Z");
        account.call(enable_key::handle, &[("KeyId", &id)]).unwrap();
        let enabled = account.describe(&id);
        assert_ne!(enabled["PrimaryKeyVersion"], suspended["PrimaryKeyVersion"]);
    }

    #[test]
    fn key_that_kms_does_not_rotate_is_rejected() {
        let mut account = TestAccount::new();
        for spec in ["EC_P256", "HMAC_SHA_256"] {
            let id = account.instance_key(spec);
            let code = account.code(handle, &enable(&id));
            assert_eq!(code, "Rejected.UnsupportedOperation", "{spec}");
        }
        let id = account.key(&[]);
        let common = [("KeyId", &*id), ("EnableAutomaticRotation", "true")];
        assert_eq!(account.code(handle, &common), "MissingParameter");
        let too_long = [common[0], common[1], ("RotationInterval", "731d")];
        assert_eq!(account.code(handle, &too_long), "InvalidParameter");
    }
}
