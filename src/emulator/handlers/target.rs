//! The secret or key that a request is about, and what it must be for the operation.

use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{Key, KeyNames};
use crate::emulator::request::Parameters;
use crate::emulator::secret::EmulatedTag;
use crate::emulator::store::{Store, StoredSecret};

/// Returns the secret in `SecretName`, also one that is pending deletion.
pub(super) fn secret<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut StoredSecret, ErrorResponse> {
    store.find(parameters.required("SecretName")?, context.now)
}

/// Returns the secret in `SecretName`, if its values can be decrypted.
pub(super) fn decryptable_secret<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut StoredSecret, ErrorResponse> {
    store.find_decryptable(parameters.required("SecretName")?, context.now)
}

/// Returns the secret in `SecretName`, unless it is pending deletion.
pub(super) fn active_secret<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut StoredSecret, ErrorResponse> {
    store.find_active(parameters.required("SecretName")?, context.now)
}

/// Returns the secret in `SecretName` if KMS can rotate it.
pub(super) fn managed_secret<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut StoredSecret, ErrorResponse> {
    let stored = active_secret(parameters, store, context)?;
    if stored.is_generic() {
        // It is the only code documented for RotateSecret.
        let message = "The specified secret is of the type Generic, which KMS does not rotate.";
        return Err(ErrorResponse::service(400, "InvalidParameter", message));
    }
    Ok(stored)
}

/// Returns the secret in `SecretName` if it can have a policy.
pub(super) fn secret_with_policy<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut StoredSecret, ErrorResponse> {
    let stored = secret(parameters, store, context)?;
    require_policy(&stored.secret.instance_id, parameters)?;
    Ok(stored)
}

/// Returns the tags of the secret or key that a request identifies by one of three parameters, to
/// change them. The third identifies a certificate, and none is emulated.
pub(super) fn tags<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut Vec<EmulatedTag>, ErrorResponse> {
    match ["SecretName", "KeyId", "CertificateId"].map(|name| parameters.get(name)) {
        [Some(name), None, None] => store.secret_tags(name, context.now),
        [None, Some(id), None] => store.key_tags(id, context.now),
        [None, None, Some(_)] => Err(ErrorResponse::resource_not_found()),
        _ => {
            let allowed = "one of SecretName, KeyId, CertificateId";
            Err(ErrorResponse::invalid_parameter("KeyId", allowed))
        }
    }
}

/// Returns the key in `KeyId`, in any state.
pub(super) fn key<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    accepted: KeyNames,
    context: &RequestContext<'_>,
) -> Result<&'s mut Key, ErrorResponse> {
    store.keys.find(parameters.required("KeyId")?, accepted, context.now)
}

/// Returns the key in `KeyId`, in any form, if its state allows cryptography.
pub(super) fn enabled_key<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut Key, ErrorResponse> {
    let key = key(parameters, store, KeyNames::All, context)?;
    key.state(context.now).require_enabled()?;
    Ok(key)
}

/// Returns the key in `KeyId` if it can have a policy.
pub(super) fn key_with_policy<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut Key, ErrorResponse> {
    let key = key(parameters, store, KeyNames::IdsAndArns, context)?;
    require_policy(&key.attributes.instance_id, parameters)?;
    Ok(key)
}

/// Rejects a request for the policy of what is not in an instance, and for another policy than the
/// only one.
fn require_policy(instance_id: &str, parameters: &Parameters) -> Result<(), ErrorResponse> {
    if instance_id.is_empty() {
        let message = "Only what is in a KMS instance has a policy.";
        return Err(ErrorResponse::service(400, "Forbidden.KeyPolicyUnSupported", message));
    }
    if parameters.get("PolicyName").is_some_and(|name| name != "default") {
        let message = "The specified policy is not found: the only policy is default.";
        return Err(ErrorResponse::service(404, "Forbidden.ResourceNotFound", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::emulator::handlers::test_account::TestAccount;
    use crate::emulator::handlers::{
        Handler, cancel_key_deletion, create_alias, create_key_version, delete_alias,
        describe_key_version, disable_key, enable_key, list_aliases, list_key_versions, list_keys,
        list_resource_tags, schedule_key_deletion, tag_resource, untag_resource, update_alias,
        update_key_description, update_rotation_policy,
    };

    const STATES: [&str; 4] = ["Enabled", "Disabled", "PendingDeletion", "PendingImport"];
    const OK: [&str; 4] = ["ok"; 4];
    const MODIFIED: &str = "Rejected.StateModifiedFailed";
    const DELETED: &str = "Rejected.PendingDeletion";

    type Row = (Handler, &'static [(&'static str, &'static str)], [&'static str; 4]);

    /// The table of <https://help.aliyun.com/document_detail/44211.html>, by states.
    const ROWS: &[Row] = &[
        (
            create_key_version::handle,
            &[],
            [
                "Rejected.UnsupportedOperation",
                "Rejected.Disabled",
                DELETED,
                "Rejected.PendingImport",
            ],
        ),
        (
            update_rotation_policy::handle,
            &[("EnableAutomaticRotation", "false")],
            ["ok", "Rejected.Disabled", DELETED, "Rejected.PendingImport"],
        ),
        (enable_key::handle, &[], ["ok", "ok", MODIFIED, MODIFIED]),
        (disable_key::handle, &[], ["ok", "ok", MODIFIED, MODIFIED]),
        (
            schedule_key_deletion::handle,
            &[("PendingWindowInDays", "7")],
            ["ok", "ok", MODIFIED, "ok"],
        ),
        (create_alias::handle, &[("AliasName", "alias/new")], ["ok", "ok", MODIFIED, "ok"]),
        (cancel_key_deletion::handle, &[], [MODIFIED, MODIFIED, "ok", MODIFIED]),
        (update_key_description::handle, &[("Description", "new")], ["ok", "ok", DELETED, "ok"]),
        (
            tag_resource::handle,
            &[("Tags", r#"[{"TagKey":"a","TagValue":""}]"#)],
            ["ok", "ok", DELETED, "ok"],
        ),
        (untag_resource::handle, &[("TagKeys", r#"["a"]"#)], ["ok", "ok", DELETED, "ok"]),
        (update_alias::handle, &[("AliasName", "alias/old")], ["ok", "ok", DELETED, "ok"]),
        (list_keys::handle, &[], OK),
        (list_key_versions::handle, &[], OK),
        (list_aliases::handle_by_key_id, &[], OK),
        (list_resource_tags::handle, &[], OK),
        (delete_alias::handle, &[("AliasName", "alias/old")], OK),
    ];

    #[test]
    fn every_state_has_its_documented_errors() {
        for (row, (handle, parameters, expected)) in ROWS.iter().enumerate() {
            for (state, expected) in STATES.into_iter().zip(expected) {
                let mut account = TestAccount::new();
                let other = account.key(&[]);
                let old = [("AliasName", "alias/old"), ("KeyId", &*other)];
                account.call(create_alias::handle, &old).unwrap();
                let id = account.key_in_state(state);
                let parameters = [&[("KeyId", &*id)], *parameters].concat();
                assert_eq!(account.code(*handle, &parameters), *expected, "row {row}, {state}");
            }
        }
    }

    #[test]
    fn key_is_found_by_the_names_that_an_operation_accepts() {
        let mut account = TestAccount::new();
        let id = account.key(&[]);
        let alias = [("AliasName", "alias/app"), ("KeyId", &*id)];
        account.call(create_alias::handle, &alias).unwrap();
        let arn = account.describe(&id)["Arn"].as_str().unwrap().to_owned();
        let alias_arn = arn.replace(&format!("key/{id}"), "alias/app");
        for name in [&*id, &arn, "alias/app", &alias_arn] {
            assert_eq!(account.describe(name)["KeyId"], *id, "{name}");
        }
        let mut code = |name: &str| account.code(enable_key::handle, &[("KeyId", name)]);
        assert_eq!(code(&id), "ok");
        assert_eq!(code("alias/app"), "Unsupported.Alias");
        for unknown in [&*arn, "key-unknown", ""] {
            assert_eq!(code(unknown), "Forbidden.KeyNotFound", "{unknown}");
        }
        let unknown_alias = [("KeyId", "alias/unknown")];
        assert_eq!(
            account.code(list_key_versions::handle, &unknown_alias),
            "Forbidden.AliasNotFound"
        );
        let unknown_version = [("KeyId", &*id), ("KeyVersionId", "unknown")];
        let code = account.code(describe_key_version::handle, &unknown_version);
        assert_eq!(code, "Forbidden.KeyVersionNotFound");
        assert_eq!(account.code(enable_key::handle, &[]), "MissingParameter");
    }
}
