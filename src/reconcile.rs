//! Writes whose retry the service rejects, because an earlier attempt was executed or may have
//! been.
//!
//! If the response of a write is lost, the call sends the request again, and the service rejects
//! what it has executed: the secret exists, or is pending deletion. The rejection alone proves
//! nothing, since another caller may have done it. So the resource is read, and the write counts as
//! executed only if there is evidence of it:
//!
//! - a creation: the secret was created during the call, with the requested value and settings;
//! - a deletion: it is scheduled for the end of the requested recovery window, or for now;
//! - a stage that is moved: it is on the requested version;
//! - a key's scheduled deletion: it is scheduled for the requested time;
//! - an alias: it belongs to the requested key.
//!
//! What contradicts that is the work of another caller, and the rejection is an error whose outcome
//! is known. Everything else is an error whose outcome is unknown. That includes absence, which the
//! same request with a mistyped name would find too: a secret that is gone, one that is not pending
//! deletion, a stage that is on no version.
//!
//! Keys and their versions have no name to find them by. Their creation is not retried if it may
//! have been executed, and the error says how to look for what it may have created.
//!
//! `PutSecretValue` and `RotateSecret` need none of this: the service accepts a retry with the same
//! version id.

mod cancel_key_deletion;
mod create_alias;
mod create_key;
mod create_key_version;
mod create_secret;
mod delete_alias;
mod delete_secret;
mod find_keys_by_tag;
mod restore_secret;
mod schedule_key_deletion;
mod update_secret_version_stage;
mod write;

pub(crate) use cancel_key_deletion::cancel_key_deletion;
pub(crate) use create_alias::create_alias;
pub(crate) use create_key::create_key;
pub(crate) use create_key_version::create_key_version;
pub(crate) use create_secret::create_secret;
pub(crate) use delete_alias::delete_alias;
pub(crate) use delete_secret::delete_secret;
pub(crate) use find_keys_by_tag::find_keys_by_tag;
pub(crate) use restore_secret::restore_secret;
pub(crate) use schedule_key_deletion::schedule_key_deletion;
pub(crate) use update_secret_version_stage::update_secret_version_stage;
