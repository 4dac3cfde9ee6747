//! The configuration of the CLI: credentials or an error of that kind on one line.

#![no_main]

use alibabacloud_kms::credentials::CliConfigProvider;
use alibabacloud_kms_fuzz::{CredentialsFile, disable_external_programs};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: disable_external_programs(), |bytes: &[u8]| {
    let file = CredentialsFile::new(bytes);
    let _ = file.call(CliConfigProvider::new().path(file.path()));
    // JSON can write a letter as an escape.
    let may_name_dev = bytes.windows(3).any(|window| window == b"dev") || bytes.contains(&b'\\');
    if !may_name_dev {
        let missing = file.call(CliConfigProvider::new().path(file.path()).profile("dev"));
        assert!(missing.is_err(), "the credentials of another profile");
    }
});
