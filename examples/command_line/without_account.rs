//! What an example that has `--emulator` says to those who have no keys.

pub(crate) const WITHOUT_ACCOUNT: &str =
    "Without an account, try the embedded emulator: --emulator";
