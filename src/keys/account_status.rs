//! The states of KMS for an account.

use crate::types::open_enum::open_enum;

open_enum! {
    /// The state of KMS for an account: `AccountStatus` of the service.
    pub enum AccountStatus ("the state of KMS for an account") {
        /// KMS can be used: `Enabled`.
        Enabled = "Enabled",
        /// KMS is not activated: `NotEnabled`.
        NotEnabled = "NotEnabled",
        /// KMS cannot be used because payment is overdue: `InDebt`.
        InDebt = "InDebt",
        /// KMS is suspended: `Suspended`.
        Suspended = "Suspended",
        ..
        /// A state that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
