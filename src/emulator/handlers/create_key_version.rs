//! CreateKeyVersion:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createkeyversion>

use chrono::TimeDelta;
use serde::Serialize;

use super::key_fields::KeyVersionFields;
use super::response_fields::json;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{Key, rejected_operation};
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::keys::Origin;

/// The limits of asymmetric keys: the least time between two versions, and the most versions.
const MIN_AGE: TimeDelta = TimeDelta::days(7);
const MAX_VERSIONS: usize = 50;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let key = target::enabled_key(parameters, store, context)?;
    require_versions(key, context)?;
    let key_id = key.id.clone();
    let version = store.keys.create_version(&key_id, context.now)?;
    json(&Response {
        request_id: context.request_id,
        key_version: KeyVersionFields::new(&key_id, version),
    })
}

/// Rejects a key that gets no version by request: one outside an instance, one with imported
/// material, a MAC key, and an asymmetric key at its limits.
fn require_versions(key: &Key, context: &RequestContext<'_>) -> Result<(), ErrorResponse> {
    let attributes = &key.attributes;
    let signs = !attributes.spec.signing_algorithms().is_empty();
    let is_within_limits = || {
        let is_old = key.rotation.last().is_none_or(|last| context.now - last >= MIN_AGE);
        is_old && key.versions().len() < MAX_VERSIONS
    };
    let is_versioned = if signs { is_within_limits() } else { key.is_symmetric() };
    if is_versioned && !attributes.instance_id.is_empty() && attributes.origin != Origin::External {
        Ok(())
    } else {
        Err(rejected_operation())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    key_version: KeyVersionFields<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::handlers::list_key_versions;
    use crate::emulator::handlers::test_account::TestAccount;

    #[test]
    fn new_version_of_a_symmetric_key_is_the_primary_one() {
        let mut account = TestAccount::new();
        let id = account.instance_key("Aliyun_AES_256");
        let first = account.describe(&id)["PrimaryKeyVersion"].clone();
        account.advance_days(1);
        let created = account.call(handle, &[("KeyId", &id)]).unwrap()["KeyVersion"].take();
        assert_eq!(created["KeyId"], *id);
        assert_eq!(created["CreationDate"], "1970-01-02T00:00:00Z");
        let described = account.describe(&id);
        assert_eq!(described["PrimaryKeyVersion"], created["KeyVersionId"]);
        assert_eq!(described["LastRotationDate"], "1970-01-02T00:00:00Z");
        let listed = account.call(list_key_versions::handle, &[("KeyId", &id)]).unwrap();
        let versions = &listed["KeyVersions"]["KeyVersion"];
        assert_eq!([&versions[0], &versions[1]["KeyVersionId"]], [&created, &first]);
        assert_eq!(listed["TotalCount"], 2);
    }

    #[test]
    fn asymmetric_key_gets_a_version_every_seven_days() {
        let mut account = TestAccount::new();
        let id = account.instance_key("EC_P256");
        assert_eq!(account.code(handle, &[("KeyId", &id)]), "Rejected.UnsupportedOperation");
        for _ in 1..50 {
            account.advance_days(7);
            assert_eq!(account.code(handle, &[("KeyId", &id)]), "ok");
        }
        account.advance_days(7);
        assert_eq!(account.code(handle, &[("KeyId", &id)]), "Rejected.UnsupportedOperation");
    }

    #[test]
    fn keys_without_versions_by_request_are_rejected() {
        let mut account = TestAccount::new();
        for id in [account.key(&[]), account.instance_key("HMAC_SHA_256")] {
            assert_eq!(account.code(handle, &[("KeyId", &id)]), "Rejected.UnsupportedOperation");
        }
    }
}
