//! ImportKeyMaterial:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-importkeymaterial>

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::{DateTime, Utc};

use super::response_fields::request_id_only;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{KeyMaterial, KeyNames, KeyState, invalid_key_material};
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let encrypted = parameters.required("EncryptedKeyMaterial")?;
    let token = parameters.required("ImportToken")?;
    let expire_time = expire_time(parameters, context)?;
    let key = target::key(parameters, store, KeyNames::Ids, context)?;
    key.require_external()?;
    key.state(context.now).require_one_of(&[
        KeyState::Enabled,
        KeyState::Disabled,
        KeyState::PendingImport,
    ])?;
    let wrapping_key = &key.import(token, context.now)?.wrapping_key;
    let encrypted = BASE64_STANDARD.decode(encrypted).map_err(|_| invalid_key_material())?;
    let material = wrapping_key
        .unwrap(&encrypted)
        .and_then(|material| KeyMaterial::import(&key.attributes.spec, &material))
        .map_err(|_| invalid_key_material())?;
    key.import_material(material, expire_time)?;
    request_id_only(context)
}

/// Returns when the material expires; `None` for never, which 0 means too.
fn expire_time(
    parameters: &Parameters,
    context: &RequestContext<'_>,
) -> Result<Option<DateTime<Utc>>, ErrorResponse> {
    let allowed = "0, or a time in the future in seconds since 1970";
    let invalid = || ErrorResponse::invalid_parameter("KeyMaterialExpireUnix", allowed);
    let seconds: i32 = match parameters.get("KeyMaterialExpireUnix") {
        None | Some("" | "0") => return Ok(None),
        Some(text) => text.parse().map_err(|_| invalid())?,
    };
    let expires =
        DateTime::from_timestamp(seconds.into(), 0).filter(|expires| *expires > context.now);
    expires.map(Some).ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::Value;

    use super::*;
    use crate::emulator::handlers::test_account::TestAccount;
    use crate::emulator::handlers::{delete_key_material, get_parameters_for_import};
    use crate::emulator::keys::wrap;

    const OAEP: &str = "RSAES_OAEP_SHA_256";

    /// An account with a key that is pending import, and the parameters for its import.
    struct Import {
        account: TestAccount,
        key_id: String,
        parameters: Value,
    }

    impl Import {
        fn new() -> Self {
            let mut account = TestAccount::new();
            let key_id = account.key_in_state("PendingImport");
            let requested =
                [("KeyId", &*key_id), ("WrappingKeySpec", "RSA_2048"), ("WrappingAlgorithm", OAEP)];
            let parameters = account.call(get_parameters_for_import::handle, &requested).unwrap();
            Self { account, key_id, parameters }
        }

        /// Imports material and returns the code of the error, or `ok`.
        fn import(&mut self, material: &[u8], more: &[(&str, &str)]) -> String {
            let text = |name: &str| self.parameters[name].as_str().unwrap();
            let public_key = BASE64_STANDARD.decode(text("PublicKey")).unwrap();
            let wrapped = wrap(&public_key, OAEP, material).unwrap();
            let common = [
                ("KeyId", &*self.key_id),
                ("EncryptedKeyMaterial", &*BASE64_STANDARD.encode(wrapped)),
                ("ImportToken", text("ImportToken")),
            ];
            self.account.code(handle, &[&common, more].concat())
        }

        fn field(&mut self, name: &str) -> Value {
            self.account.describe(&self.key_id)[name].take()
        }
    }

    #[test]
    fn key_is_enabled_by_the_same_material_as_ever() {
        let mut import = Import::new();
        assert_eq!(import.parameters["TokenExpireTime"], "1970-01-02T00:00:00Z");
        assert_eq!(import.import(&[7; 16], &[]), "InvalidKeyMaterial");
        assert_eq!(import.import(&[7; 32], &[]), "ok");
        assert_eq!(import.field("KeyState"), "Enabled");
        let key_id = import.key_id.clone();
        import.account.call(delete_key_material::handle, &[("KeyId", &key_id)]).unwrap();
        assert_eq!(import.field("KeyState"), "PendingImport");
        assert_eq!(import.import(&[8; 32], &[]), "InvalidKeyMaterial");
        assert_eq!(import.import(&[7; 32], &[]), "ok");
        assert_eq!(import.field("KeyState"), "Enabled");
    }

    #[test]
    fn material_expires_at_its_time() {
        let mut import = Import::new();
        let expires = |seconds| [("KeyMaterialExpireUnix", seconds)];
        assert_eq!(import.import(&[7; 32], &expires("3600")), "ok");
        assert_eq!(import.field("MaterialExpireTime"), "1970-01-01T01:00:00Z");
        import.account.now += TimeDelta::hours(1);
        assert_eq!(import.field("KeyState"), "PendingImport");
        assert_eq!(import.import(&[7; 32], &expires("3600")), "InvalidParameter");
        assert_eq!(import.import(&[7; 32], &expires("soon")), "InvalidParameter");
        assert_eq!(import.import(&[7; 32], &expires("2147483648")), "InvalidParameter");
        assert_eq!(import.import(&[7; 32], &expires("0")), "ok");
        assert_eq!(import.field("MaterialExpireTime"), "");
    }

    #[test]
    fn token_is_valid_for_its_key_and_a_day() {
        let mut import = Import::new();
        let own_key = import.key_id.clone();
        import.key_id = import.account.key_in_state("PendingImport");
        assert_eq!(import.import(&[7; 32], &[]), "InvalidImportToken");
        import.key_id = import.account.key(&[]);
        assert_eq!(import.import(&[7; 32], &[]), "Unsupported.Origin");
        import.key_id = own_key;
        import.account.advance_days(1);
        assert_eq!(import.import(&[7; 32], &[]), "ExpiredImportToken");
    }

    #[test]
    fn algorithm_must_be_one_for_the_key() {
        let mut account = TestAccount::new();
        let external = ("Origin", "EXTERNAL");
        let default = account.key(&[external]);
        let instance = ("DKMSInstanceId", "kst-fake");
        let symmetric = account.key(&[external, instance]);
        let private = account.key(&[external, instance, ("KeySpec", "EC_P256")]);
        let hybrid = "RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD";
        for (id, algorithm, code) in [
            (&default, "RSAES_OAEP_SHA_1", "ok"),
            (&symmetric, "RSAES_OAEP_SHA_1", "InvalidParameter"),
            (&symmetric, "RSAES_PKCS1_V1_5", "ok"),
            (&symmetric, hybrid, "InvalidParameter"),
            (&private, hybrid, "ok"),
            (&private, OAEP, "InvalidParameter"),
            (&default, "unknown", "InvalidParameter"),
        ] {
            let parameters = [
                ("KeyId", &**id),
                ("WrappingKeySpec", "RSA_2048"),
                ("WrappingAlgorithm", algorithm),
            ];
            assert_eq!(
                account.code(get_parameters_for_import::handle, &parameters),
                code,
                "{algorithm}"
            );
        }
    }
}
