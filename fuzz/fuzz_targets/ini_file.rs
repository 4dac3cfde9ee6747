//! The credentials file of the SDKs: credentials or an error of that kind on one line.

#![no_main]

use alibabacloud_kms::credentials::IniFileProvider;
use alibabacloud_kms_fuzz::{CredentialsFile, disable_external_programs};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: disable_external_programs(), |bytes: &[u8]| {
    let file = CredentialsFile::new(bytes);
    let unnamed = file.call(IniFileProvider::new().path(file.path()));
    let default = file.call(IniFileProvider::new().path(file.path()).section("default"));
    assert_eq!(unnamed.is_ok(), default.is_ok(), "{unnamed:?} {default:?}");
    if !bytes.windows(3).any(|window| window == b"dev") {
        let missing = file.call(IniFileProvider::new().path(file.path()).section("dev"));
        assert!(missing.is_err(), "the credentials of another section");
    }
});
