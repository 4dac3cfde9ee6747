//! [`KeyState`]: what a key can be used for, by the service's table of states and operations.
//! <https://help.aliyun.com/document_detail/44211.html>

use std::fmt;

use crate::emulator::error_response::ErrorResponse;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::emulator) enum KeyState {
    Enabled,
    Disabled,
    PendingDeletion,
    PendingImport,
}

impl KeyState {
    /// Rejects all states but `Enabled`, as cryptography, `CreateKeyVersion` and
    /// `UpdateRotationPolicy` do.
    pub(in crate::emulator) fn require_enabled(self) -> Result<(), ErrorResponse> {
        match self {
            Self::Enabled => Ok(()),
            _ => Err(self.rejected()),
        }
    }

    /// Rejects a key that is pending deletion, as changes of its description and its tags do.
    pub(in crate::emulator) fn require_not_deleted(self) -> Result<(), ErrorResponse> {
        match self {
            Self::PendingDeletion => Err(self.rejected()),
            _ => Ok(()),
        }
    }

    /// Rejects all states but these, as the operations that change the state do.
    pub(in crate::emulator) fn require_one_of(self, states: &[Self]) -> Result<(), ErrorResponse> {
        if states.contains(&self) {
            return Ok(());
        }
        let message = "Keystate modified failed.";
        Err(ErrorResponse::service(409, "Rejected.StateModifiedFailed", message))
    }

    fn rejected(self) -> ErrorResponse {
        let message = format!("The request was rejected because the key state is {self}.");
        ErrorResponse::service(409, format!("Rejected.{self}"), message)
    }
}

/// Writes the service's name of the state.
impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
