//! Bodies of successes: a page or an error, never a panic.

#![no_main]

use alibabacloud_kms_fuzz::call_answered;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    match call_answered(200, body) {
        Ok(page) => assert!(page.secrets.iter().all(|secret| secret.tags.is_some())),
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
});
