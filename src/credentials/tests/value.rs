//! [`Credentials`]: what is valid, and what `Debug` shows.

use crate::credentials::Credentials;

#[track_caller]
fn error(credentials: &Credentials) -> String {
    credentials.validate().unwrap_err().to_string()
}

#[test]
fn invalid_part_is_named_and_not_quoted() {
    assert_eq!(error(&Credentials::new("", "s")), "the access key id is empty");
    assert_eq!(error(&Credentials::new("i", "")), "the access key secret is empty");
    assert!(
        error(&Credentials::new("i", "fake-secret\n"))
            .starts_with("the access key secret contains a control")
    );
    assert!(!error(&Credentials::new("i", "fake-secret\n")).contains("fake-secret"));
    assert_eq!(
        error(&Credentials::new("i", "s").with_security_token("")),
        "the security token is empty"
    );
    assert!(Credentials::new("i", "s").with_security_token("t").validate().is_ok());
}

#[test]
fn debug_masks_the_id_and_hides_the_secrets() {
    let text = format!(
        "{:?}",
        Credentials::new("fake-key-id", "fake-secret").with_security_token("fake-token")
    );
    assert_eq!(
        text,
        "Credentials { access_key_id: \"fake****\", access_key_secret: \"[redacted]\", \
         security_token: Some(\"[redacted]\"), expiration: None }"
    );
}
