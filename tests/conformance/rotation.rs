//! Passwords that KMS generates. Rotation itself needs a database, a host or an account, which no
//! test has.

use alibabacloud_kms::secrets::GetRandomPasswordRequest;

use crate::account::{Account, on_every_account};

async fn password(account: &Account, request: GetRandomPasswordRequest) -> String {
    let response = account.client.get_random_password(request).await.unwrap();
    response.random_password.expose_secret().to_owned()
}

#[test]
fn password_has_the_requested_length_and_is_unique() {
    on_every_account(async |account| {
        let request = GetRandomPasswordRequest::new;
        for length in [8, 33, 128] {
            let generated = password(account, request().password_length(length)).await;
            assert_eq!(generated.len(), length as usize);
        }
        let first = password(account, request()).await;
        assert_eq!(first.len(), 32);
        assert_ne!(first, password(account, request()).await);
    });
}

#[test]
fn password_has_each_type_but_excluded_characters() {
    on_every_account(async |account| {
        let all = GetRandomPasswordRequest::new().password_length(8);
        let generated = password(account, all).await;
        let has = |is: fn(&char) -> bool| generated.chars().any(|c| is(&c));
        assert!(has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase), "{generated}");
        assert!(has(char::is_ascii_digit) && has(char::is_ascii_punctuation), "{generated}");

        let digits = GetRandomPasswordRequest::new().password_length(128).exclude_lowercase(true);
        let digits = digits.exclude_uppercase(true).exclude_punctuation(true);
        let generated = password(account, digits.exclude_characters("01")).await;
        assert!(generated.chars().all(|c| ('2'..='9').contains(&c)), "{generated}");
        let others = GetRandomPasswordRequest::new().password_length(128);
        let others = others.exclude_numbers(true).exclude_characters("aZ\"'`\\&=+%");
        let generated = password(account, others).await;
        assert!(!generated.contains(|c: char| c.is_ascii_digit() || "aZ\"'`\\&=+%".contains(c)));
    });
}
