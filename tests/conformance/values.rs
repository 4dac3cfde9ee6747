//! The values of secrets, and the dry run of reading one.

use alibabacloud_kms::ErrorKind;
use alibabacloud_kms::secrets::{
    BatchGetSecretValueRequest, GetSecretValueRequest, PutSecretValueRequest, SecretDataType,
    SecretValue,
};

use crate::account::{Account, on_every_account};

/// The longest value, as it is sent.
const MAX_BYTES: usize = 30_720;

/// Puts a value and reads it back.
async fn round_trip(
    account: &Account,
    name: &str,
    version: &str,
    value: &SecretValue,
) -> SecretValue {
    let put = PutSecretValueRequest::new(name, value.clone()).version_id(version);
    account.client.put_secret_value(put).await.unwrap();
    let read = GetSecretValueRequest::new(name).version_id(version);
    account.client.get_secret_value(read).await.unwrap().value
}

#[test]
fn longest_value_is_accepted_and_a_longer_one_rejected() {
    on_every_account(async |account| {
        let longest = SecretValue::text("k".repeat(MAX_BYTES));
        let create = account.creation("long", longest.clone());
        let name = account.client.create_secret(create).await.unwrap().secret_name;
        assert_eq!(account.read(&name).await, longest.expose_secret());
        // It is bytes that count, and not characters.
        let wide = SecretValue::text("é".repeat(MAX_BYTES / 2));
        assert_eq!(
            round_trip(account, &name, "v2", &wide).await.expose_secret(),
            wide.expose_secret()
        );

        let longer = SecretValue::text("k".repeat(MAX_BYTES + 1));
        let put = PutSecretValueRequest::new(&name, longer).version_id("v3");
        let error = account.client.put_secret_value(put).await.unwrap_err();
        assert!(error.is_invalid_input() && error.attempts() == 0, "{error}");
    });
}

#[test]
fn text_of_any_characters_is_read_as_it_was_put() {
    on_every_account(async |account| {
        let name = account.create("texts").await;
        let ascii: String = (' '..='~').collect();
        for (n, text) in [
            &*ascii,
            "&=+%20%2B a&b=c",
            " leading and trailing ",
            "-----BEGIN FAKE KEY-----\r\nZmFrZQ==\n-----END FAKE KEY-----\n",
            "\ttab \\ backslash \"double\" 'single' `back`",
            r#"{"user":"fake","password":"fake\n\u00e9"}"#,
            "密钥 é e\u{301} 🔑 👩‍👩‍👧 \u{feff} \u{202e}",
            "null",
        ]
        .into_iter()
        .enumerate()
        {
            let value = SecretValue::text(text);
            let version = format!("text-{n}");
            let read = round_trip(account, &name, &version, &value).await;
            assert_eq!((read.expose_secret(), read.data_type()), (text, &SecretDataType::Text));
        }
    });
}

#[test]
fn bytes_are_read_as_they_were_put() {
    on_every_account(async |account| {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        let create = account.creation("bytes", SecretValue::binary(&bytes));
        let name = account.client.create_secret(create).await.unwrap().secret_name;
        let read = GetSecretValueRequest::new(name);
        let read = account.client.get_secret_value(read).await.unwrap().value;
        assert_eq!(read.data_type(), &SecretDataType::Binary);
        assert_eq!(read.decode_base64().unwrap().expose_secret(), bytes);
    });
}

#[test]
fn dry_run_reports_that_a_value_can_be_read() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let request = GetSecretValueRequest::new(name);
        let outcome = account.client.dry_run_get_secret_value(request).await.unwrap();
        assert!(outcome.would_succeed(), "{outcome:?}");
    });
}

#[test]
fn batch_has_an_outcome_for_each_secret() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let missing = format!("{name}-missing");
        let request = BatchGetSecretValueRequest::new([&name, &missing]);
        let response = account.client.batch_get_secret_value(request).await.unwrap();
        assert!(response.outcome(&name).unwrap().is_ok());
        let error = response.outcome(&missing).unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    });
}
