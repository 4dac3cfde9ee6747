//! [`check`]: what the policy of a secret must be.

use crate::emulator::error_response::ErrorResponse;
use crate::types::{Policy, PolicyEffect, PolicyStatement};

const MAX_BYTES: usize = 32_768;

/// Rejects what is not a policy. The form is documented with CreateSecret, which has one too.
pub(super) fn check(text: &str) -> Result<(), ErrorResponse> {
    if text.len() > MAX_BYTES {
        return Err(ErrorResponse::invalid_parameter("Policy", "at most 32,768 bytes"));
    }
    let policy: Policy = serde_json::from_str(text)
        .map_err(|error| ErrorResponse::invalid_parameter("Policy", &error.to_string()))?;
    if policy.version == "1" && policy.statements.iter().all(is_valid) {
        Ok(())
    } else {
        let allowed =
            "version 1, statements that allow or deny actions of kms to RAM principals on *";
        Err(ErrorResponse::invalid_parameter("Policy", allowed))
    }
}

fn is_valid(statement: &PolicyStatement) -> bool {
    statement.sid.as_ref().is_none_or(|sid| sid.chars().count() <= 128)
        && matches!(statement.effect, PolicyEffect::Allow | PolicyEffect::Deny)
        && statement.principal.as_ref().is_some_and(|principal| !principal.ram.is_empty())
        && statement.actions.iter().all(|action| action.starts_with("kms:"))
        && statement.resources == ["*"]
}
