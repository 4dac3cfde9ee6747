//! Bytes on a connection to the emulator: an HTTP response or none, and the emulator goes on.

#![no_main]

use alibabacloud_kms_fuzz::{exchange, with_emulator};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    with_emulator(async |emulator| {
        let response = exchange(emulator, bytes).await;
        assert!(response.is_empty() || response.starts_with(b"HTTP/1."));
        assert!(!response.windows(10).any(|window| window == b"fake-value"));
        assert_eq!(emulator.secret_names(), ["prod/db"], "an unsigned request changed something");
    });
});
