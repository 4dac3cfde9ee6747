//! DeleteSecret: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletesecret>

use chrono::TimeDelta;
use serde::Serialize;

use super::{Context, json, whole_seconds};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::emulator::time::shifted;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let at_once = parameters.boolean("ForceDeleteWithoutRecovery")?;
    let days = parameters.integer("RecoveryWindowInDays", 30, 7..=30, "7 to 30")?;
    let stored = store.find_live(parameters.required("SecretName")?, context.now)?;
    let name = stored.secret.name.clone();
    // A window beside the force is told to be wrong, and sent by a client of the service's own makers: it is of no effect.
    let planned_delete_time = if at_once {
        store.remove(&name, context.now);
        context.now
    } else {
        let planned = shifted(context.now, TimeDelta::days(days.into()));
        stored.secret.planned_delete_time = Some(planned);
        planned
    };
    json(&Answer {
        request_id: context.request_id,
        secret_name: &name,
        planned_delete_time: whole_seconds(planned_delete_time),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    request_id: &'a str,
    secret_name: &'a str,
    planned_delete_time: String,
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::Value;

    use super::super::restore_secret;
    use super::*;
    use crate::emulator::EmulatedSecret;

    type Handler = fn(&Parameters, &mut Store, &Context<'_>) -> Result<Vec<u8>, Refusal>;

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
    ) -> Result<Value, Refusal> {
        let parameters = [("SecretName", "a")].iter().chain(more).copied().collect();
        let context = Context { now, request_id: "r-1", host: "host" };
        let body = handler(&parameters, store, &context)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn a_secret_is_gone_after_its_window_and_not_before() {
        for (more, days) in [(&[][..], 30), (&[("RecoveryWindowInDays", "7")][..], 7)] {
            let mut store = store();
            let answer = call(handle, &mut store, day(0), more).unwrap();
            assert_eq!(answer["PlannedDeleteTime"], whole_seconds(day(days)));
            assert!(store.find("a", day(days) - TimeDelta::seconds(1)).is_ok());
            assert_eq!(store.find("a", day(days)).err().unwrap().status, 404);
        }
    }

    #[test]
    fn forced_it_is_gone_at_once() {
        let mut store = store();
        let forced = [("ForceDeleteWithoutRecovery", "true"), ("RecoveryWindowInDays", "30")];
        let answer = call(handle, &mut store, day(1), &forced).unwrap();
        assert_eq!(answer["PlannedDeleteTime"], whole_seconds(day(1)));
        assert_eq!(call(handle, &mut store, day(1), &[]).unwrap_err().status, 404);
    }

    #[test]
    fn a_deletion_is_planned_once_and_taken_back_once() {
        let mut store = store();
        let refusal = call(restore_secret::handle, &mut store, day(0), &[]).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (409, "Rejected.ResourceInUse"));
        call(handle, &mut store, day(0), &[]).unwrap();
        let refusal = call(handle, &mut store, day(1), &[]).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (409, "Rejected.ResourceInDeleteWindow"));
        call(restore_secret::handle, &mut store, day(1), &[]).unwrap();
        assert!(store.find_live("a", day(100)).is_ok());
        assert_eq!(
            call(restore_secret::handle, &mut store, day(1), &[]).unwrap_err().code,
            "Rejected.ResourceInUse"
        );
    }

    #[test]
    fn a_window_of_another_length_is_refused() {
        for days in ["6", "31", "", "x"] {
            let refusal = call(handle, &mut store(), day(0), &[("RecoveryWindowInDays", days)]);
            assert_eq!(refusal.unwrap_err().code, "InvalidParameter", "{days}");
        }
    }
}
