//! What keys are, and what of them is shown.

use crate::credentials::Credentials;

#[track_caller]
fn refused(credentials: &Credentials) -> String {
    credentials.validate().unwrap_err().to_string()
}

#[test]
fn what_cannot_be_a_key_is_refused_by_name_and_not_shown() {
    assert_eq!(refused(&Credentials::new("", "s")), "the access key id is empty");
    assert_eq!(refused(&Credentials::new("i", "")), "the access key secret is empty");
    assert!(
        refused(&Credentials::new("i", "fake-secret\n"))
            .starts_with("the access key secret has a control")
    );
    assert!(!refused(&Credentials::new("i", "fake-secret\n")).contains("fake-secret"));
    assert_eq!(
        refused(&Credentials::new("i", "s").with_security_token("")),
        "the security token is empty"
    );
    assert!(Credentials::new("i", "s").with_security_token("t").validate().is_ok());
}

#[test]
fn debug_shows_a_part_of_the_id_and_no_secret() {
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
