//! Both signature versions against the emulator, where they could differ: what is signed, rejected
//! and recovered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alibabacloud_kms::credentials::{Credentials, FnProvider, SignatureVersion};
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{
    Filter, GetSecretValueRequest, ListSecretsRequest, PutSecretValueRequest, SecretValue,
};
use alibabacloud_kms::{KmsClient, KmsClientBuilder};
use chrono::TimeDelta;
use futures_util::TryStreamExt;

const VERSIONS: [SignatureVersion; 2] = [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256];

fn builder(emulator: &Emulator, version: SignatureVersion) -> KmsClientBuilder {
    KmsClient::builder()
        .endpoint(emulator.endpoint())
        .credentials(emulator.credentials())
        .signature_version(version)
        // The waits are real here, so they are short.
        .retry_policy(RetryPolicy::new().base_delay(Duration::from_millis(1)))
}

/// Names with what encodings differ in, listed and filtered with long-term and with temporary
/// access keys.
#[tokio::test]
async fn awkward_names_are_listed_and_found() {
    let names = ["a b", "a+b=c&d", "a*b", "a%20b", "a~b", "密钥/数据库", "\u{1f511}"];
    for version in VERSIONS {
        for emulator in [
            Emulator::builder().access_key("fake-id", "fake+secret/="),
            Emulator::builder().temporary_access_key("STS.fake", "fake", "fake+token/with=%*~"),
        ] {
            let secrets = names.map(EmulatedSecret::new);
            let emulator = emulator.secrets(secrets).start().await.unwrap();
            let client = builder(&emulator, version).build().unwrap();
            let all = client.list_secrets_paginator(ListSecretsRequest::new().page_size(2));
            let all: Vec<_> =
                all.items().map_ok(|secret| secret.secret_name).try_collect().await.unwrap();
            assert_eq!(all, emulator.secret_names(), "{version:?}");
            // A star matches any text, so it is not searched for.
            for name in names.into_iter().filter(|name| !name.contains('*')) {
                let request = ListSecretsRequest::new().filter(Filter::secret_name([name]));
                let page = client.list_secrets(request).await.unwrap();
                assert_eq!(page.total_count, 1, "{version:?} {name}");
            }
        }
    }
}

/// A write has its parameters in the body, whose bytes ACS3 hashes; a read has them in the query.
#[tokio::test]
async fn put_value_is_read_back() {
    let value = "a b*c~d/é&=%\"+\n\u{1f511}";
    for version in VERSIONS {
        let emulator = Emulator::start().await.unwrap();
        emulator.add_secret(EmulatedSecret::new("app/db+main@eu=1"));
        let client = builder(&emulator, version).build().unwrap();
        let put = PutSecretValueRequest::new("app/db+main@eu=1", SecretValue::text(value))
            .version_id("v~1");
        client.put_secret_value(put).await.unwrap();
        let read = GetSecretValueRequest::new("app/db+main@eu=1");
        let read = client.get_secret_value(read).await.unwrap();
        assert_eq!(read.value.expose_secret(), value, "{version:?}");
    }
}

#[tokio::test]
async fn wrong_secret_has_its_own_hint() {
    for version in VERSIONS {
        let emulator = Emulator::start().await.unwrap();
        let wrong = Credentials::new(emulator.credentials().access_key_id(), "fake-wrong-secret");
        let client = builder(&emulator, version).credentials(wrong).build().unwrap();
        let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err().to_string();
        assert!(error.contains("SignatureDoesNotMatch: Specified signature"), "{error}");
        assert!(
            error.ends_with("; the AccessKeySecret does not belong to this AccessKeyId"),
            "{error}"
        );
        assert_eq!(emulator.request_count(), 1, "{version:?}");
    }
}

#[tokio::test]
async fn wrong_clock_is_corrected_and_retry_has_a_new_nonce() {
    for version in VERSIONS {
        let emulator = Emulator::start().await.unwrap();
        emulator.advance(TimeDelta::hours(-2));
        let client = builder(&emulator, version).build().unwrap();
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
        assert_eq!(emulator.request_count(), 2, "{version:?}");
        // Executed, so that its nonce is used up.
        emulator.inject(Fault::LostResponse);
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
        assert_eq!(emulator.request_count(), 4, "{version:?}");
    }
}

#[tokio::test]
async fn expired_token_is_fetched_again_once() {
    for version in VERSIONS {
        let emulator = Emulator::builder()
            .temporary_access_key("STS.1", "fake-secret", "fake-token-1")
            .temporary_access_key("STS.2", "fake-secret", "fake-token-2")
            .start()
            .await
            .unwrap();
        let fetched = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&fetched);
        let provider = FnProvider::new(move || {
            let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
            let keys = Credentials::new(format!("STS.{number}"), "fake-secret");
            std::future::ready(Ok(keys.with_security_token(format!("fake-token-{number}"))))
        });
        let client = builder(&emulator, version).credentials_provider(provider).build().unwrap();
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
        assert!(emulator.expire_token("STS.1"));
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
        assert_eq!(fetched.load(Ordering::SeqCst), 2, "{version:?}");
        assert_eq!(emulator.request_count(), 3, "{version:?}");
    }
}
