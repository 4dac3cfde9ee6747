//! UpdateSecretVersionStage:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretversionstage>

use super::response_fields::secret_name_only;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::emulator::versions::{CURRENT, PREVIOUS, Versions};

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let stage = parameters.required("VersionStage")?;
    let (to, from) = (parameters.get("MoveToVersion"), parameters.get("RemoveFromVersion"));
    let stored = target::active_secret(parameters, store, context)?;
    if !stored.is_generic() {
        let message = "The stages of a managed secret are set only by KMS.";
        return Err(ErrorResponse::service(400, "Rejected.UnsupportedOperation", message));
    }
    update(&mut stored.versions, stage, to, from)?;
    stored.update_time = context.now;
    secret_name_only(stored, context)
}

fn update(
    versions: &mut Versions,
    stage: &str,
    to: Option<&str>,
    from: Option<&str>,
) -> Result<(), ErrorResponse> {
    match (to, from) {
        (Some(to), Some(from)) => {
            versions.check_stage_is_on(stage, from)?;
            versions.move_stage(stage, to)
        }
        (Some(to), None) => versions.move_stage(stage, to),
        (None, Some(_)) if [CURRENT, PREVIOUS].contains(&stage) => {
            Err(invalid("A stage of the system can be moved but not removed."))
        }
        (None, Some(from)) => versions.remove_stage(stage, from),
        (None, None) => Err(invalid("MoveToVersion and RemoveFromVersion are both missing.")),
    }
}

fn invalid(message: &'static str) -> ErrorResponse {
    ErrorResponse::service(400, "Rejected.InvalidRequest", message)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::types::SecretValue;

    fn store(secret: EmulatedSecret) -> Store {
        let values = ["1", "2", "3"].map(SecretValue::text);
        let mut store = Store::default();
        store.add(values.into_iter().fold(secret, EmulatedSecret::value), DateTime::UNIX_EPOCH);
        store
    }

    fn update(store: &mut Store, stage: &str, more: &[(&str, &str)]) -> Result<(), ErrorResponse> {
        let named = [("SecretName", "a"), ("VersionStage", stage)];
        let context = RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };
        let parameters = named.iter().chain(more).copied().collect();
        handle(&parameters, store, &context).map(|_| ())
    }

    fn holder(store: &mut Store, stage: &str) -> Option<String> {
        let stored = store.find("a", DateTime::UNIX_EPOCH).unwrap();
        stored.versions.with_stage(stage).map(|version| version.id.clone())
    }

    #[test]
    fn stage_is_added_moved_and_removed() {
        let mut store = store(EmulatedSecret::new("a"));
        update(&mut store, CURRENT, &[("MoveToVersion", "v1")]).unwrap();
        assert_eq!(holder(&mut store, CURRENT).as_deref(), Some("v1"));
        assert_eq!(holder(&mut store, PREVIOUS).as_deref(), Some("v3"));
        update(&mut store, "canary", &[("MoveToVersion", "v2")]).unwrap();
        let moved = [("MoveToVersion", "v1"), ("RemoveFromVersion", "v2")];
        update(&mut store, "canary", &moved).unwrap();
        assert_eq!(holder(&mut store, "canary").as_deref(), Some("v1"));
        update(&mut store, "canary", &[("RemoveFromVersion", "v1")]).unwrap();
        assert_eq!(holder(&mut store, "canary"), None);
    }

    #[test]
    fn contradicting_parameters_are_rejected() {
        let mut a = store(EmulatedSecret::new("a"));
        let both = [("MoveToVersion", "v1"), ("RemoveFromVersion", "v2")];
        for (stage, more, code) in [
            (CURRENT, &[][..], "Rejected.InvalidRequest"),
            (CURRENT, &[("RemoveFromVersion", "v3")], "Rejected.InvalidRequest"),
            (CURRENT, &both, "Rejected.InvalidRequest"),
            ("canary", &[("RemoveFromVersion", "v3")], "Rejected.InvalidRequest"),
            ("canary", &[("MoveToVersion", "v9")], "Forbidden.ResourceNotFound"),
        ] {
            let error = update(&mut a, stage, more).unwrap_err();
            let status = if code.starts_with("Forbidden") { 404 } else { 400 };
            assert_eq!((error.status, &*error.code), (status, code));
        }
        assert_eq!(holder(&mut a, CURRENT).as_deref(), Some("v3"));
    }

    #[test]
    fn managed_or_pending_secret_is_rejected() {
        let to_first = &[("MoveToVersion", "v1")];
        let mut managed = store(EmulatedSecret::new("a").secret_type("Rds"));
        let error = update(&mut managed, CURRENT, to_first).unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "Rejected.UnsupportedOperation"));
        let planned = DateTime::from_timestamp(1, 0).unwrap();
        let mut pending = store(EmulatedSecret::new("a").planned_delete_time(planned));
        let error = update(&mut pending, CURRENT, to_first).unwrap_err();
        assert_eq!((error.status, &*error.code), (409, "Rejected.ResourceInDeleteWindow"));
    }
}
