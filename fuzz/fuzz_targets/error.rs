//! Bodies of errors, in JSON, XML or neither: always an error on one line, never a panic.

#![no_main]

use alibabacloud_kms_fuzz::call_answered;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Err(error) = call_answered(400, body) else { panic!("an error was taken for a success") };
    assert!(!error.to_string().contains(char::is_control));
});
