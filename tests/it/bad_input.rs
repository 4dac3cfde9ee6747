//! Bad input gets an error that names field, value and range before anything is sent.

use std::time::Duration;

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::{Filter, ListSecretsRequest};
use alibabacloud_kms::{ErrorKind, KmsClient, KmsClientBuilder};

fn builder() -> KmsClientBuilder {
    KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake-secret"))
}

#[track_caller]
fn assert_rejected(builder: KmsClientBuilder, words: &str) {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.attempts(), 0);
    assert!(error.to_string().contains(words), "{error}");
    assert!(!format!("{error} {error:?}").contains("fake-secret"), "{error:?}");
}

#[test]
fn malformed_settings_are_rejected_by_build() {
    assert_rejected(
        builder().region(""),
        "`region` must be 1 to 63 characters of a-z, 0-9 and -, such as cn-hangzhou, got \"\"",
    );
    assert_rejected(builder().region("cn.hangzhou"), "got \"cn.hangzhou\"");
    assert_rejected(builder().region("cn/hangzhou"), "got \"cn/hangzhou\"");
    assert_rejected(
        builder().dedicated_instance("key-hzz00000000000fake"),
        "`dedicated_instance` must be kst- and 1 to 59 characters of a-z, 0-9 and -, got \"key-hzz00000000000fake\"",
    );
    assert_rejected(
        builder().endpoint("http://kms.cn-hangzhou.aliyuncs.com"),
        "`endpoint` must be an https:// URL",
    );
    assert_rejected(
        builder().endpoint("https://me:fake-secret@kms.example"),
        "`endpoint` must be a URL without user name and password, got https://kms.example with them",
    );
    assert_rejected(
        builder().endpoint("https://kms.example/?Action=ListSecrets"),
        "`endpoint` must be a URL without path, query and fragment, got https://kms.example with them",
    );
    assert_rejected(
        builder().user_agent_suffix("two\nlines"),
        "`user_agent_suffix` must be a text without control characters, got \"two\\nlines\"",
    );
    assert_rejected(
        builder().max_response_bytes(0),
        "`max_response_bytes` must be at least 1, got 0",
    );
}

#[test]
fn credentials_that_none_issues_are_invalid_input() {
    for (id, secret, words) in [
        ("", "fake-secret", "the access key id is empty"),
        ("fake-id", "", "the access key secret is empty"),
        ("fake-id", "fake-secret\n", "the access key secret contains U+000A (line feed)"),
        ("fake\tid", "fake-secret", "the access key id contains U+0009 (tab)"),
        ("fake\u{a0}id", "fake-secret", "the access key id contains U+00A0 (no-break space)"),
    ] {
        let error = builder().credentials(Credentials::new(id, secret)).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{words}");
        assert_eq!(error.to_string(), words);
        assert!(!format!("{error:?}").contains("fake-secret"), "{error:?}");
    }
}

#[test]
fn timeouts_and_attempts_out_of_range_are_rejected() {
    let day = Duration::from_secs(24 * 60 * 60);
    let allowed = "must be more than 0 and at most 24 hours";
    for (timeout, got) in [
        (Duration::ZERO, "0ns"),
        (day + Duration::from_nanos(1), "86400.000000001s"),
        (Duration::MAX, "18446744073709551615.999999999s"),
    ] {
        assert_rejected(
            builder().connect_timeout(timeout),
            &format!("`connect_timeout` {allowed}, got {got}"),
        );
        assert_rejected(
            builder().attempt_timeout(timeout),
            &format!("`attempt_timeout` {allowed}, got {got}"),
        );
        assert_rejected(
            builder().call_timeout(timeout),
            &format!("`call_timeout` {allowed}, got {got}"),
        );
    }
    assert!(builder().connect_timeout(day).attempt_timeout(day).call_timeout(day).build().is_ok());
    for attempts in [0, 101, u32::MAX] {
        let policy = RetryPolicy::new().max_attempts(attempts);
        let words = format!("`max_attempts` must be 1 to 100, got {attempts}");
        assert_rejected(builder().retry_policy(policy), &words);
    }
}

/// The port is closed: anything that were sent would fail in another way.
#[tokio::test]
async fn timeouts_of_one_call_out_of_range_are_rejected_unsent() {
    let client = builder().endpoint("http://127.0.0.1:1").build().unwrap();
    for timeout in [Duration::ZERO, Duration::MAX] {
        for (handle, name) in [
            (client.with_connect_timeout(timeout), "connect_timeout"),
            (client.with_attempt_timeout(timeout), "attempt_timeout"),
            (client.with_call_timeout(timeout), "call_timeout"),
            (client.with_retry_policy(RetryPolicy::new().max_attempts(0)), "max_attempts"),
        ] {
            let error = handle.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
            assert!(error.is_invalid_input());
            assert_eq!(error.attempts(), 0);
            assert!(error.to_string().contains(&format!("`{name}` must be ")), "{error}");
        }
    }
}

#[test]
fn http_elsewhere_is_a_choice() {
    assert!(builder().endpoint("http://kms.internal").allow_http().build().is_ok());
    assert!(builder().endpoint("http://127.0.0.1:8080").build().is_ok());
}

/// The port is closed: anything that were sent would fail in another way.
#[tokio::test]
async fn request_outside_the_limits_is_not_sent() {
    let client = builder().endpoint("http://127.0.0.1:1").build().unwrap();
    let eleven = (0..11)
        .fold(ListSecretsRequest::new(), |request, _| request.filter(Filter::creator(["x"])));
    for (request, words) in [
        (ListSecretsRequest::new().page_size(0), "`page_size` must be 1 to 100, got 0"),
        (ListSecretsRequest::new().page_size(101), "`page_size` must be 1 to 100, got 101"),
        (ListSecretsRequest::new().page_number(0), "`page_number` must be at least 1, got 0"),
        (eleven, "the number of `filters` must be 0 to 10, got 11"),
        (
            ListSecretsRequest::new().filter(Filter::tag_key(["k"; 11])),
            "the number of values of filter TagKey must be 0 to 10, got 11",
        ),
        (
            ListSecretsRequest::new().filter(Filter::secret_name([""])),
            "a value of filter SecretName must be 1 to 192 characters, got \"\"",
        ),
    ] {
        let error = client.list_secrets(request).await.unwrap_err();
        assert!(error.is_invalid_input());
        assert_eq!((error.attempts(), error.http_status()), (0, None));
        assert!(error.to_string().contains(words), "{error}");
    }
}
