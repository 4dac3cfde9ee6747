//! The advice of an example that has `--emulator`, for a user without credentials.

pub(crate) const WITHOUT_ACCOUNT: &str =
    "without an account, try the embedded emulator: --emulator";
