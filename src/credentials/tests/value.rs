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
    for (secret, character) in [
        ("fake-secret\n", "U+000A (line feed)"),
        ("fake secret", "U+0020 (space)"),
        ("fake-secret\u{a0}", "U+00A0 (no-break space)"),
        ("\u{200b}fake-secret", "U+200B (zero width space)"),
        ("\u{feff}fake-secret", "U+FEFF (byte order mark)"),
        ("\"fake-secret\"", "U+0022 (quotation mark)"),
        ("\u{2019}fake-secret", "U+2019 (apostrophe)"),
        ("fake-secret\u{e9}", "U+00E9"),
        ("fake-secret\u{7f}", "U+007F"),
    ] {
        let text = error(&Credentials::new("i", secret));
        assert_eq!(text, format!("the access key secret contains {character}"));
    }
    let id = Credentials::new("LTAI\u{fffd}", "s");
    assert!(error(&id).starts_with("the access key id contains U+FFFD (in place of bytes"));
    let token = Credentials::new("i", "s").with_security_token("t t");
    assert_eq!(error(&token), "the security token contains U+0020 (space)");
    assert_eq!(
        error(&Credentials::new("i", "s").with_security_token("")),
        "the security token is empty"
    );
    assert!(
        Credentials::new("i", "s+/=")
            .with_security_token("~!#$%&()*,-.:;<>?@[]^_{|}")
            .validate()
            .is_ok()
    );
}

#[test]
fn exposed_parts_are_those_that_were_given() {
    let permanent = Credentials::new("fake-key-id", "fake-secret");
    assert_eq!(permanent.expose_access_key_secret(), "fake-secret");
    assert_eq!(permanent.expose_security_token(), None);
    let temporary = permanent.with_security_token("fake-token");
    assert_eq!(temporary.expose_security_token(), Some("fake-token"));
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
