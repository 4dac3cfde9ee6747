//! The version of a key that an asymmetric operation names, since there is no primary one.

use super::used_key::UsedKey;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::handlers::target;
use crate::emulator::keys::{
    CryptoError, Key, KeyMaterial, KeyNames, KeyState, rejected_operation,
};
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;
use crate::keys::KeyUsage;

/// Returns the material in `KeyId` and `KeyVersionId` of a key for encryption.
pub(super) fn for_encryption<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<(UsedKey, &'s KeyMaterial), ErrorResponse> {
    let key = target::enabled_key(parameters, store, context)?;
    require_encryption(key)?;
    version(key, parameters)
}

/// Rejects a key that is not an asymmetric one for encryption.
pub(super) fn require_encryption(key: &Key) -> Result<(), ErrorResponse> {
    if key.is_symmetric() || key.attributes.usage != KeyUsage::EncryptDecrypt {
        return Err(rejected_operation());
    }
    Ok(())
}

/// Returns the material in `KeyId` and `KeyVersionId` of a key for signatures.
pub(super) fn for_signatures<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<(UsedKey, &'s KeyMaterial), ErrorResponse> {
    let key = target::enabled_key(parameters, store, context)?;
    if key.attributes.usage != KeyUsage::SignVerify {
        return Err(CryptoError::WrongKeyType.into());
    }
    version(key, parameters)
}

/// Returns the material in `KeyId` and `KeyVersionId`, in any state of the key in which it has
/// some. No source says in which states a public key can be read.
pub(super) fn for_public_key<'s>(
    parameters: &Parameters,
    store: &'s mut Store,
    context: &RequestContext<'_>,
) -> Result<(UsedKey, &'s KeyMaterial), ErrorResponse> {
    let key = target::key(parameters, store, KeyNames::All, context)?;
    let state = key.state(context.now);
    if state == KeyState::PendingImport {
        state.require_enabled()?;
    }
    version(key, parameters)
}

fn version<'s>(
    key: &'s Key,
    parameters: &Parameters,
) -> Result<(UsedKey, &'s KeyMaterial), ErrorResponse> {
    let version = key.version(parameters.required("KeyVersionId")?)?;
    Ok((UsedKey::new(key, &version.id), version.material()?))
}
