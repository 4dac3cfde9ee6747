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
fn refused(builder: KmsClientBuilder, words: &str) {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.attempts(), 0);
    assert!(error.to_string().contains(words), "{error}");
    assert!(!format!("{error} {error:?}").contains("fake-secret"), "{error:?}");
}

#[test]
fn a_client_that_cannot_work_is_not_built() {
    refused(builder().region(""), "region is \"\", allowed are 1 to 63 characters");
    refused(builder().region("cn.hangzhou"), "region is \"cn.hangzhou\"");
    refused(builder().region("cn/hangzhou"), "region is \"cn/hangzhou\"");
    refused(
        builder().dedicated_instance("key-hzz00000000000fake"),
        "dedicated_instance is \"key-hzz00000000000fake\", allowed are kst- and",
    );
    refused(
        builder().endpoint("http://kms.cn-hangzhou.aliyuncs.com"),
        "endpoint is \"http://kms.cn-hangzhou",
    );
    refused(
        builder().endpoint("https://me:fake-secret@kms.example"),
        "endpoint is \"https://kms.example\" with a user name or password",
    );
    refused(
        builder().endpoint("https://kms.example/?Action=ListSecrets"),
        "endpoint is \"https://kms.example\" with a path, a query",
    );
    refused(
        builder().credentials(Credentials::new("", "fake-secret")),
        "the access key id is empty",
    );
    refused(
        builder().credentials(Credentials::new("fake-id", "")),
        "the access key secret is empty",
    );
    refused(
        builder().credentials(Credentials::new("fake-id", "fake-secret\n")),
        "has a control character",
    );
    refused(
        builder().credentials(Credentials::new("fake\tid", "fake-secret")),
        "access key id has a control",
    );
    refused(builder().user_agent_suffix("two\nlines"), "user_agent_suffix is \"two\\nlines\"");
    refused(builder().max_response_bytes(0), "max_response_bytes is 0");
}

#[test]
fn zero_and_absurd_timeouts_and_attempts_are_refused() {
    let day = Duration::from_secs(24 * 60 * 60);
    let allowed = "allowed are more than 0 and at most 24 hours";
    for (timeout, told) in [
        (Duration::ZERO, "0ns"),
        (day + Duration::from_nanos(1), "86400.000000001s"),
        (Duration::MAX, "18446744073709551615.999999999s"),
    ] {
        refused(
            builder().connect_timeout(timeout),
            &format!("connect_timeout is {told}, {allowed}"),
        );
        refused(
            builder().attempt_timeout(timeout),
            &format!("attempt_timeout is {told}, {allowed}"),
        );
        refused(builder().call_timeout(timeout), &format!("call_timeout is {told}, {allowed}"));
    }
    assert!(builder().connect_timeout(day).attempt_timeout(day).call_timeout(day).build().is_ok());
    for attempts in [0, 101, u32::MAX] {
        let policy = RetryPolicy::new().max_attempts(attempts);
        let words = format!("max_attempts is {attempts}, allowed are 1 to 100");
        refused(builder().retry_policy(policy), &words);
    }
}

/// The port is closed: anything that were sent would fail in another way.
#[tokio::test]
async fn zero_and_absurd_limits_of_one_call_are_refused_before_anything_is_sent() {
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
            assert!(error.to_string().contains(&format!("{name} is ")), "{error}");
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
async fn a_request_outside_the_limits_is_not_sent() {
    let client = builder().endpoint("http://127.0.0.1:1").build().unwrap();
    let eleven = (0..11)
        .fold(ListSecretsRequest::new(), |request, _| request.filter(Filter::creator(["x"])));
    for (request, words) in [
        (ListSecretsRequest::new().page_size(0), "page_size is 0, allowed are 1 to 100"),
        (ListSecretsRequest::new().page_size(101), "page_size is 101, allowed are 1 to 100"),
        (ListSecretsRequest::new().page_number(0), "page_number is 0, allowed are at least 1"),
        (eleven, "the number of filters is 11, allowed are 0 to 10"),
        (
            ListSecretsRequest::new().filter(Filter::tag_key(["k"; 11])),
            "the number of values of filter TagKey is 11, allowed are 0 to 10",
        ),
        (
            ListSecretsRequest::new().filter(Filter::secret_name([""])),
            "a value of filter SecretName is \"\", allowed are 1 to 192 characters",
        ),
    ] {
        let error = client.list_secrets(request).await.unwrap_err();
        assert!(error.is_invalid_input());
        assert_eq!((error.attempts(), error.http_status()), (0, None));
        assert!(error.to_string().contains(words), "{error}");
    }
}
