//! UpdateSecretRotationPolicy:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretrotationpolicy>

use super::request_fields::rotation_interval;
use super::response_fields::secret_name_only;
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
    parameters.required("EnableAutomaticRotation")?;
    let interval = rotation_interval(parameters)?;
    let stored = target::managed_secret(parameters, store, context)?;
    match interval {
        Some(interval) => stored.rotation.enable(interval, stored.create_time, context.now),
        None => stored.rotation.disable(),
    }
    // A rotation whose time has passed is executed.
    let stored = target::managed_secret(parameters, store, context)?;
    secret_name_only(stored, context)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use serde_json::{Value, json};

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::emulator::handlers::{get_secret_value, rotate_secret};

    type Handler =
        fn(&Parameters, &mut Store, &RequestContext<'_>) -> Result<Vec<u8>, ErrorResponse>;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn store() -> Store {
        let mut store = Store::default();
        store.add(EmulatedSecret::new("rds").secret_type("Rds"), day(0));
        store.add(EmulatedSecret::new("generic"), day(0));
        store
    }

    fn call<const N: usize>(
        handler: Handler,
        store: &mut Store,
        now: DateTime<Utc>,
        parameters: [(&str, &str); N],
    ) -> Result<Value, ErrorResponse> {
        let context = RequestContext { now, request_id: "r-1", host: "host" };
        let body = handler(&parameters.into(), store, &context)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    fn read(store: &mut Store, now: DateTime<Utc>) -> Value {
        call(get_secret_value::handle, store, now, [("SecretName", "rds")]).unwrap()
    }

    const WEEKLY: [(&str, &str); 3] =
        [("SecretName", "rds"), ("EnableAutomaticRotation", "true"), ("RotationInterval", "7d")];

    #[test]
    fn secret_is_rotated_at_its_rotation_date() {
        let mut store = store();
        assert_eq!(read(&mut store, day(0))["AutomaticRotation"], "Disabled");
        let response = call(handle, &mut store, day(1), WEEKLY).unwrap();
        assert_eq!(response, json!({"RequestId": "r-1", "SecretName": "rds"}));
        let before = read(&mut store, day(6));
        assert_eq!(
            (&before["VersionId"], &before["AutomaticRotation"]),
            (&json!("v1"), &json!("Enabled"))
        );
        assert_eq!(
            (&before["RotationInterval"], &before["NextRotationDate"]),
            (&json!("604800s"), &json!("1970-01-08T00:00:00Z"))
        );
        assert!(before.get("LastRotationDate").is_none());
        let after = read(&mut store, day(8));
        assert_eq!(after["LastRotationDate"], "1970-01-08T00:00:00Z");
        assert_eq!(after["NextRotationDate"], "1970-01-15T00:00:00Z");
        assert!(after["SecretData"].as_str().unwrap().contains("fake-password-"));
        assert_ne!(after["VersionId"], "v1");
        let previous = [("SecretName", "rds"), ("VersionStage", "ACSPrevious")];
        let previous = call(get_secret_value::handle, &mut store, day(8), previous).unwrap();
        assert_eq!(previous["VersionId"], "v1");
    }

    #[test]
    fn rotation_enabled_after_the_interval_is_immediate() {
        let mut store = store();
        call(handle, &mut store, day(30), WEEKLY).unwrap();
        assert_eq!(read(&mut store, day(30))["LastRotationDate"], "1970-01-31T00:00:00Z");
        let off = [("SecretName", "rds"), ("EnableAutomaticRotation", "False")];
        call(handle, &mut store, day(31), off).unwrap();
        let response = read(&mut store, day(90));
        assert_eq!(response["AutomaticRotation"], "Disabled");
        assert_eq!(response["LastRotationDate"], "1970-01-31T00:00:00Z");
        assert!(response.get("RotationInterval").is_none());
    }

    #[test]
    fn version_id_rotates_a_secret_once() {
        let mut store = store();
        let rotate = [("SecretName", "rds"), ("VersionId", "v2")];
        let response = call(rotate_secret::handle, &mut store, day(1), rotate).unwrap();
        let arn = "acs:kms:cn-hangzhou:1234567890123456:secret/rds";
        let expected =
            json!({"RequestId": "r-1", "Arn": arn, "SecretName": "rds", "VersionId": "v2"});
        assert_eq!(response, expected);
        call(rotate_secret::handle, &mut store, day(2), rotate).unwrap();
        let response = read(&mut store, day(2));
        assert_eq!(
            (&response["VersionId"], &response["LastRotationDate"]),
            (&json!("v2"), &json!("1970-01-02T00:00:00Z"))
        );
    }

    #[test]
    fn secret_that_kms_cannot_rotate_is_rejected() {
        let generic = ("SecretName", "generic");
        let code = |handler: Handler, parameters: [(&str, &str); 3]| {
            let error = call(handler, &mut store(), day(0), parameters).unwrap_err();
            assert_eq!(error.status, 400);
            error.code
        };
        let weekly = [generic, WEEKLY[1], WEEKLY[2]];
        assert_eq!(code(handle, weekly), "InvalidParameter");
        let now = [generic, ("VersionId", "v2"), ("RegionId", "cn-hangzhou")];
        assert_eq!(code(rotate_secret::handle, now), "InvalidParameter");
        for interval in ["", "1h", "366d", "7", "weekly"] {
            let interval = [WEEKLY[0], WEEKLY[1], ("RotationInterval", interval)];
            assert_eq!(code(handle, interval), "InvalidParameter");
        }
        let missing = [WEEKLY[0], WEEKLY[2], ("RegionId", "cn-hangzhou")];
        assert_eq!(code(handle, missing), "MissingParameter");
    }
}
