//! UpdateSecret:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecret>

use serde_json::{Map, Value};

use super::response_fields::secret_name_only;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

const CUSTOM_DATA: &str = "ExtendedConfig.CustomData";
/// The prefix of parameters for one pair each, as the newest official libraries for Go and Python
/// send them.
const PAIR_PREFIX: &str = "ExtendedConfig.CustomData.";

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let custom_data = custom_data(parameters)?;
    if custom_data.as_ref().is_some_and(|pairs| pairs.len() > 10) {
        return Err(ErrorResponse::invalid_parameter(CUSTOM_DATA, "at most 10 pairs"));
    }
    let stored = target::active_secret(parameters, store, context)?;
    if stored.is_generic() && custom_data.is_some() {
        return Err(ErrorResponse::invalid_parameter(CUSTOM_DATA, "only for managed secrets"));
    }
    if let Some(pairs) = custom_data {
        stored.secret.extended_config.insert("CustomData".to_owned(), pairs.into());
    }
    if let Some(description) = parameters.get("Description") {
        description.clone_into(&mut stored.secret.description);
    }
    stored.update_time = context.now;
    secret_name_only(stored, context)
}

/// Returns the pairs of the parameter that contains all, or of the parameters with one pair each.
fn custom_data(parameters: &Parameters) -> Result<Option<Map<String, Value>>, ErrorResponse> {
    if let Some(pairs) = parameters.json(CUSTOM_DATA)? {
        return Ok(Some(pairs));
    }
    let pair = |(name, value): (&str, &str)| {
        Some((name.strip_prefix(PAIR_PREFIX)?.to_owned(), value.into()))
    };
    let pairs: Map<String, Value> = parameters.iter().filter_map(pair).collect();
    Ok((!pairs.is_empty()).then_some(pairs))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::types::ExtendedConfig;

    const CONTEXT: RequestContext<'_> =
        RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };

    fn store() -> Store {
        let mut store = Store::default();
        let config = ExtendedConfig::ram_credentials("robot").custom_data("old", "1");
        let managed = EmulatedSecret::new("managed").secret_type("RAMCredentials");
        store.add(managed.extended_config(&config), DateTime::UNIX_EPOCH);
        store.add(EmulatedSecret::new("generic").description("old"), DateTime::UNIX_EPOCH);
        store
    }

    #[test]
    fn absent_fields_do_not_change() {
        let mut store = store();
        let custom_data = [("SecretName", "managed"), (CUSTOM_DATA, r#"{"new":"2"}"#)].into();
        handle(&custom_data, &mut store, &CONTEXT).unwrap();
        let stored = store.find("managed", CONTEXT.now).unwrap();
        let config: Value = serde_json::from_str(&stored.extended_config().unwrap()).unwrap();
        assert_eq!(config["UserName"], "robot");
        assert_eq!(config["CustomData"], serde_json::json!({"new": "2"}));
        handle(&[("SecretName", "generic")].into(), &mut store, &CONTEXT).unwrap();
        assert_eq!(store.find("generic", CONTEXT.now).unwrap().secret.description, "old");
        let cleared = [("SecretName", "generic"), ("Description", "")].into();
        handle(&cleared, &mut store, &CONTEXT).unwrap();
        assert_eq!(store.find("generic", CONTEXT.now).unwrap().secret.description, "");
    }

    #[test]
    fn pairs_are_read_from_parameters_of_their_own() {
        let mut store = store();
        let name = ("SecretName", "managed");
        let port = ("ExtendedConfig.CustomData.Port", "3306");
        let spread = [name, port, ("ExtendedConfig.CustomData.a.b", "c")].into();
        handle(&spread, &mut store, &CONTEXT).unwrap();
        let config = store.find("managed", CONTEXT.now).unwrap().extended_config().unwrap();
        let config: Value = serde_json::from_str(&config).unwrap();
        assert_eq!(config["CustomData"], serde_json::json!({"Port": "3306", "a.b": "c"}));
        let error = handle(&[("SecretName", "generic"), port].into(), &mut store, &CONTEXT);
        assert_eq!(error.unwrap_err().code, "InvalidParameter");
    }

    #[test]
    fn custom_data_outside_its_limits_is_rejected() {
        let pairs = |count| {
            let pairs: Map<_, _> = (0..count).map(|n: u8| (n.to_string(), n.into())).collect();
            Value::from(pairs).to_string()
        };
        let ten = [("SecretName", "managed"), (CUSTOM_DATA, &*pairs(10))].into();
        assert!(handle(&ten, &mut store(), &CONTEXT).is_ok());
        let eleven = pairs(11);
        for (name, pairs) in
            [("generic", "{}"), ("managed", "[]"), ("managed", "x"), ("managed", &*eleven)]
        {
            let parameters = [("SecretName", name), (CUSTOM_DATA, pairs)].into();
            let error = handle(&parameters, &mut store(), &CONTEXT).unwrap_err();
            assert_eq!(error.code, "InvalidParameter", "{name} {pairs}");
        }
    }
}
