//! Writes whose retry the service rejects, because an earlier attempt was executed or may have
//! been.
//!
//! If the response of a write is lost, the call sends the request again, and the service rejects
//! what it has executed: the secret exists, or is pending deletion. The rejection alone proves
//! nothing, since another caller may have done it. So the resource is read, and the write counts as
//! executed only if there is evidence of it:
//!
//! - a creation: the secret was created during the call, with the requested value and settings;
//! - a deletion with a recovery window: it is scheduled for the requested time;
//! - a stage that is moved: it is on the requested version.
//!
//! What contradicts that is the work of another caller, and the rejection is an error whose outcome
//! is known. Everything else is an error whose outcome is unknown. That includes absence, which the
//! same request with a mistyped name would find too: a secret that is gone, one that is not pending
//! deletion, a stage that is on no version.
//!
//! `PutSecretValue` and `RotateSecret` need none of this: the service accepts a retry with the same
//! version id.

mod create_secret;
mod delete_secret;
mod restore_secret;
mod update_secret_version_stage;
mod write;

pub(crate) use create_secret::create_secret;
pub(crate) use delete_secret::delete_secret;
pub(crate) use restore_secret::restore_secret;
pub(crate) use update_secret_version_stage::update_secret_version_stage;
