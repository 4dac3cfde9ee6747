//! RotateSecret:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret>

use serde::Serialize;

use super::request_fields::version_id;
use super::response_fields::json;
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
    let version_id = version_id(parameters)?;
    let secret = &target::managed_secret(parameters, store, context)?.secret;
    let key_id = secret.encryption_key_id.clone();
    store.require_encryption_key(&key_id, context.now)?;
    let stored = target::managed_secret(parameters, store, context)?;
    stored.rotate(version_id, context.now)?;
    json(&Response {
        request_id: context.request_id,
        arn: stored.arn.clone(),
        secret_name: &stored.secret.name,
        version_id,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    arn: String,
    secret_name: &'a str,
    version_id: &'a str,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::TimeDelta;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::emulator::handlers::test_account::TestAccount;
    use crate::emulator::handlers::{disable_key, enable_key, list_secret_version_ids};

    /// Returns an account with a managed secret that is rotated every day.
    fn account_with_rotation(key_id: impl FnOnce(&mut TestAccount) -> String) -> TestAccount {
        let mut account = TestAccount::new();
        let key_id = key_id(&mut account);
        let secret = EmulatedSecret::new("a").secret_type("Rds").encryption_key_id(key_id);
        let day = Duration::from_secs(24 * 60 * 60);
        let secret = secret.automatic_rotation(day, account.now + TimeDelta::days(1));
        account.store.add(secret, account.now);
        account
    }

    fn count_versions(account: &mut TestAccount) -> usize {
        let all = [("SecretName", "a"), ("IncludeDeprecated", "true")];
        let listed = account.call(list_secret_version_ids::handle, &all).unwrap();
        listed["VersionIds"]["VersionId"].as_array().unwrap().len()
    }

    #[test]
    fn secret_is_not_rotated_while_its_key_is_unusable() {
        let mut key = String::new();
        let mut account = account_with_rotation(|account| {
            key = account.key(&[]);
            key.clone()
        });
        let by_id = [("KeyId", &*key)];
        account.call(disable_key::handle, &by_id).unwrap();
        let rotate = [("SecretName", "a"), ("VersionId", "v2")];
        assert_eq!(account.code(handle, &rotate), "Rejected.Disabled");
        account.advance_days(1);
        assert_eq!(count_versions(&mut account), 1);
        account.call(enable_key::handle, &by_id).unwrap();
        assert_eq!(count_versions(&mut account), 2);
        assert_eq!(account.code(handle, &rotate), "ok");
        assert_eq!(count_versions(&mut account), 3);
    }
}
