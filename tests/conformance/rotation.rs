//! Passwords that KMS makes up. A secret that it rotates opens a database, a host or an account, which no test has to give.

use alibabacloud_kms::secrets::GetRandomPasswordRequest;

use crate::account::{Account, on_every_account};

async fn password(account: &Account, request: GetRandomPasswordRequest) -> String {
    let answer = account.client.get_random_password(request).await.unwrap();
    answer.random_password.expose_secret().to_owned()
}

#[test]
fn a_password_has_the_length_that_was_asked_for_and_each_is_another_one() {
    on_every_account(async |account| {
        let request = GetRandomPasswordRequest::new;
        for length in [8, 33, 128] {
            let made = password(account, request().password_length(length)).await;
            assert_eq!(made.len(), length as usize);
        }
        let first = password(account, request()).await;
        assert_eq!(first.len(), 32);
        assert_ne!(first, password(account, request()).await);
    });
}

#[test]
fn a_password_has_each_type_of_character_and_none_that_is_excluded() {
    on_every_account(async |account| {
        let all = GetRandomPasswordRequest::new().password_length(8);
        let made = password(account, all).await;
        let has = |is: fn(&char) -> bool| made.chars().any(|c| is(&c));
        assert!(has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase), "{made}");
        assert!(has(char::is_ascii_digit) && has(char::is_ascii_punctuation), "{made}");

        let digits = GetRandomPasswordRequest::new().password_length(128).exclude_lowercase(true);
        let digits = digits.exclude_uppercase(true).exclude_punctuation(true);
        let made = password(account, digits.exclude_characters("01")).await;
        assert!(made.chars().all(|c| ('2'..='9').contains(&c)), "{made}");
        let others = GetRandomPasswordRequest::new().password_length(128);
        let others = others.exclude_numbers(true).exclude_characters("aZ\"'`\\&=+%");
        let made = password(account, others).await;
        assert!(!made.contains(|c: char| c.is_ascii_digit() || "aZ\"'`\\&=+%".contains(c)));
    });
}
