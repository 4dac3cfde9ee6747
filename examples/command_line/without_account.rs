//! What an example that has `--emulator` prints if there are no credentials.

pub(crate) const WITHOUT_ACCOUNT: &str =
    "Without an account, try the embedded emulator: --emulator";
