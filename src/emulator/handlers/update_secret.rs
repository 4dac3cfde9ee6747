//! UpdateSecret: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecret>

use serde_json::{Map, Value};

use super::{Changed, Context, json};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

const CUSTOM_DATA: &str = "ExtendedConfig.CustomData";
/// What the newest official libraries for Go and Python begin the name of each pair with: they spread the pairs over parameters
/// of their own.
const PAIR: &str = "ExtendedConfig.CustomData.";

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let custom_data = custom_data(parameters)?;
    if custom_data.as_ref().is_some_and(|pairs| pairs.len() > 10) {
        return Err(Refusal::invalid_parameter(CUSTOM_DATA, "at most 10 pairs"));
    }
    let stored = store.find_live(parameters.required("SecretName")?, context.now)?;
    if stored.is_generic() && custom_data.is_some() {
        return Err(Refusal::invalid_parameter(CUSTOM_DATA, "for managed secrets only"));
    }
    if let Some(pairs) = custom_data {
        stored.secret.extended_config.insert("CustomData".to_owned(), pairs.into());
    }
    if let Some(description) = parameters.get("Description") {
        description.clone_into(&mut stored.secret.description);
    }
    stored.update_time = context.now;
    json(&Changed { request_id: context.request_id, secret_name: &stored.secret.name })
}

/// The pairs of the one parameter that has them all, or of those that have one each.
fn custom_data(parameters: &Parameters) -> Result<Option<Map<String, Value>>, Refusal> {
    if let Some(pairs) = parameters.json(CUSTOM_DATA)? {
        return Ok(Some(pairs));
    }
    let pair =
        |(name, value): (&str, &str)| Some((name.strip_prefix(PAIR)?.to_owned(), value.into()));
    let pairs: Map<String, Value> = parameters.iter().filter_map(pair).collect();
    Ok((!pairs.is_empty()).then_some(pairs))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::types::ExtendedConfig;

    const CONTEXT: Context<'_> =
        Context { now: DateTime::UNIX_EPOCH, request_id: "r-1", host: "host" };

    fn store() -> Store {
        let mut store = Store::default();
        let config = ExtendedConfig::ram_credentials("robot").custom_data("old", "1");
        let managed = EmulatedSecret::new("managed").secret_type("RAMCredentials");
        store.add(managed.extended_config(&config), DateTime::UNIX_EPOCH);
        store.add(EmulatedSecret::new("generic").description("old"), DateTime::UNIX_EPOCH);
        store
    }

    #[test]
    fn what_is_given_takes_the_place_of_what_was_and_the_rest_stays() {
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
    fn each_pair_may_be_a_parameter() {
        let mut store = store();
        let name = ("SecretName", "managed");
        let port = ("ExtendedConfig.CustomData.Port", "3306");
        let spread = [name, port, ("ExtendedConfig.CustomData.a.b", "c")].into();
        handle(&spread, &mut store, &CONTEXT).unwrap();
        let config = store.find("managed", CONTEXT.now).unwrap().extended_config().unwrap();
        let config: Value = serde_json::from_str(&config).unwrap();
        assert_eq!(config["CustomData"], serde_json::json!({"Port": "3306", "a.b": "c"}));
        let refusal = handle(&[("SecretName", "generic"), port].into(), &mut store, &CONTEXT);
        assert_eq!(refusal.unwrap_err().code, "InvalidParameter");
    }

    #[test]
    fn custom_data_are_few_and_for_managed_secrets() {
        let eleven: Map<_, _> = (0..11).map(|n| (n.to_string(), n.into())).collect();
        let eleven = Value::from(eleven).to_string();
        for (name, pairs) in
            [("generic", "{}"), ("managed", "[]"), ("managed", "x"), ("managed", &*eleven)]
        {
            let parameters = [("SecretName", name), (CUSTOM_DATA, pairs)].into();
            let refusal = handle(&parameters, &mut store(), &CONTEXT).unwrap_err();
            assert_eq!(refusal.code, "InvalidParameter", "{name} {pairs}");
        }
    }
}
