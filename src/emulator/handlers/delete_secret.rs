//! DeleteSecret:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletesecret>

use chrono::TimeDelta;
use serde::Serialize;

use super::response_fields::{json, whole_seconds};
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::emulator::time::shifted;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let is_immediate = parameters.boolean("ForceDeleteWithoutRecovery")?;
    let days = parameters.integer("RecoveryWindowInDays", 30, 7..=30, "7 to 30")?;
    let stored = target::active_secret(parameters, store, context)?;
    let name = stored.secret.name.clone();
    // The documentation forbids a recovery window here, and a client by Alibaba Cloud sends one: it
    // has no effect.
    let planned_delete_time = if is_immediate {
        store.remove(&name, context.now);
        context.now
    } else {
        let planned = shifted(context.now, TimeDelta::days(days.into()));
        stored.secret.planned_delete_time = Some(planned);
        planned
    };
    json(&Response {
        request_id: context.request_id,
        secret_name: &name,
        planned_delete_time: whole_seconds(planned_delete_time),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    secret_name: &'a str,
    planned_delete_time: String,
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::Value;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::emulator::handlers::restore_secret;

    type Handler =
        fn(&Parameters, &mut Store, &RequestContext<'_>) -> Result<Vec<u8>, ErrorResponse>;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn store() -> Store {
        let mut store = Store::default();
        store.add(EmulatedSecret::new("a"), day(0));
        store
    }

    fn call(
        handler: Handler,
        store: &mut Store,
        now: DateTime<Utc>,
        more: &[(&str, &str)],
    ) -> Result<Value, ErrorResponse> {
        let parameters = [("SecretName", "a")].iter().chain(more).copied().collect();
        let context = RequestContext { now, request_id: "r-1", host: "host" };
        let body = handler(&parameters, store, &context)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn secret_is_gone_from_the_end_of_its_window_on() {
        for (more, days) in [
            (&[][..], 30),
            (&[("RecoveryWindowInDays", "7")], 7),
            (&[("RecoveryWindowInDays", "30")], 30),
        ] {
            let mut store = store();
            let response = call(handle, &mut store, day(0), more).unwrap();
            assert_eq!(response["PlannedDeleteTime"], whole_seconds(day(days)));
            assert!(store.find("a", day(days) - TimeDelta::seconds(1)).is_ok());
            assert_eq!(store.find("a", day(days)).err().unwrap().status, 404);
        }
    }

    #[test]
    fn forced_deletion_is_immediate() {
        let mut store = store();
        let forced = [("ForceDeleteWithoutRecovery", "true"), ("RecoveryWindowInDays", "30")];
        let response = call(handle, &mut store, day(1), &forced).unwrap();
        assert_eq!(response["PlannedDeleteTime"], whole_seconds(day(1)));
        assert_eq!(call(handle, &mut store, day(1), &[]).unwrap_err().status, 404);
    }

    #[test]
    fn deletion_is_scheduled_once_and_canceled_once() {
        let mut store = store();
        let error = call(restore_secret::handle, &mut store, day(0), &[]).unwrap_err();
        assert_eq!((error.status, &*error.code), (409, "Rejected.ResourceInUse"));
        call(handle, &mut store, day(0), &[]).unwrap();
        let error = call(handle, &mut store, day(1), &[]).unwrap_err();
        assert_eq!((error.status, &*error.code), (409, "Rejected.ResourceInDeleteWindow"));
        call(restore_secret::handle, &mut store, day(1), &[]).unwrap();
        assert!(store.find_active("a", day(100)).is_ok());
        assert_eq!(
            call(restore_secret::handle, &mut store, day(1), &[]).unwrap_err().code,
            "Rejected.ResourceInUse"
        );
    }

    #[test]
    fn recovery_window_outside_its_limits_is_rejected() {
        for days in ["6", "31", "", "x"] {
            let error = call(handle, &mut store(), day(0), &[("RecoveryWindowInDays", days)]);
            assert_eq!(error.unwrap_err().code, "InvalidParameter", "{days}");
        }
    }
}
