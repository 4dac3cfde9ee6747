//! The secret or key that a request is about, and what it must be for the operation.

use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{Key, KeyNames};
use crate::emulator::request::Parameters;
use crate::emulator::store::{Store, StoredSecret};

/// Returns the secret in `SecretName`, also one that is pending deletion.
pub(super) fn secret<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut StoredSecret, ErrorResponse> {
    store.find(parameters.required("SecretName")?, context.now)
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
    if stored.secret.instance_id.is_empty() {
        let message = "Only a secret in a KMS instance has a policy.";
        return Err(ErrorResponse::service(400, "Forbidden.KeyPolicyUnSupported", message));
    }
    if parameters.get("PolicyName").is_some_and(|name| name != "default") {
        let message = "The specified policy is not found: the only policy is default.";
        return Err(ErrorResponse::service(404, "Forbidden.ResourceNotFound", message));
    }
    Ok(stored)
}

/// Returns the secret that a request identifies by one of three parameters. The other two identify
/// resources that are not emulated.
pub(super) fn tagged_secret<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<&'s mut StoredSecret, ErrorResponse> {
    match ["SecretName", "KeyId", "CertificateId"].map(|name| parameters.get(name)) {
        [Some(name), None, None] => store.find(name, context.now),
        [None, Some(_), None] => Err(key_not_found()),
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

/// Returns the error for any KMS key, since none is emulated.
pub(super) fn key_not_found() -> ErrorResponse {
    ErrorResponse::service(404, "Forbidden.KeyNotFound", "The specified key is not found.")
}
