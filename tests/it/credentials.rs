//! Sources of credentials as a program uses them: with a client, with files of this machine, with a service on a socket.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use alibabacloud_kms::credentials::{
    AssumeRoleProvider, CliConfigProvider, Credentials, IniFileProvider, OidcProvider,
    ProvideCredentials, UriProvider, credentials_fn,
};
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{ErrorKind, KmsClient};
use futures_util::TryStreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const SECRET: &str = "fake-secret";

/// A file of this test run.
fn file(name: &str, content: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

/// Answers every request with `body`, on a free port. Ends with the test.
async fn answering(status: u16, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut received = Vec::new();
            // Bodies here are small, and come with the head or right after it.
            while !received.windows(4).any(|end| end == b"\r\n\r\n") {
                let mut buffer = [0; 4096];
                match stream.read(&mut buffer).await {
                    Ok(count) if count > 0 => received.extend_from_slice(&buffer[..count]),
                    _ => break,
                }
            }
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{address}")
}

/// "A listing of 50 pages whose token expires at page 20 ends complete."
#[tokio::test]
async fn a_listing_of_50_pages_whose_token_expires_at_page_20_ends_complete() {
    let secrets = (0..500).map(|n| EmulatedSecret::new(format!("secret-{n:03}")));
    let emulator = Emulator::builder()
        .temporary_access_key("STS.1", SECRET, "fake-token-1")
        .temporary_access_key("STS.2", SECRET, "fake-token-2")
        .secrets(secrets)
        .start()
        .await
        .unwrap();
    let fetched = Arc::new(AtomicU32::new(0));
    let source = {
        let fetched = Arc::clone(&fetched);
        credentials_fn(move || {
            let number = fetched.fetch_add(1, Ordering::SeqCst) + 1;
            let keys = Credentials::new(format!("STS.{number}"), SECRET);
            std::future::ready(Ok(keys.with_security_token(format!("fake-token-{number}"))))
        })
    };
    let client = KmsClient::builder()
        .endpoint(emulator.endpoint())
        .credentials_provider(source)
        .build()
        .unwrap();

    let mut pages = client.list_secrets_paginator(ListSecretsRequest::new().page_size(10)).pages();
    let mut names = Vec::new();
    let mut count = 0;
    while let Some(page) = pages.try_next().await.unwrap() {
        count += 1;
        names.extend(page.secrets.into_iter().map(|secret| secret.secret_name));
        if count == 19 {
            assert!(emulator.expire_token("STS.1"));
        }
    }
    assert_eq!(names, emulator.secret_names());
    assert!(count >= 50, "{count}");
    assert_eq!(fetched.load(Ordering::SeqCst), 2);
    let refused = emulator.requests().iter().filter(|request| request.code.is_some()).count();
    assert!((1..=4).contains(&refused), "{refused} of the four in flight");
}

/// Keys that stay refused cost one more request for a call, and the source is not asked again and again.
#[tokio::test]
async fn keys_that_stay_refused_are_told_as_such() {
    let emulator = Emulator::start().await.unwrap();
    let fetched = Arc::new(AtomicU32::new(0));
    let source = {
        let fetched = Arc::clone(&fetched);
        credentials_fn(move || {
            fetched.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(Credentials::new("nobody", SECRET)))
        })
    };
    let client = KmsClient::builder()
        .endpoint(emulator.endpoint())
        .credentials_provider(source)
        .build()
        .unwrap();
    for _ in 0..3 {
        let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidAccessKeyId.NotFound"));
    }
    assert_eq!(fetched.load(Ordering::SeqCst), 2);
}

/// After a rotation the service says of the old key that it is inactive or disabled, and keys without an expiry would serve for
/// ever.
#[tokio::test]
async fn keys_that_were_rotated_are_read_again_whatever_the_service_calls_the_old_ones() {
    for (status, code) in [
        (400, "InvalidSecurityToken.Expired"),
        (400, "InvalidSecurityToken.Malformed"),
        (400, "InvalidSecurityToken.MismatchWithAccessKey"),
        (400, "MissingSecurityToken"),
        (404, "InvalidAccessKeyId.NotFound"),
        (400, "InvalidAccessKeyId.Inactive"),
        (403, "Forbidden.AccessKey"),
        (403, "Forbidden.AccessKeyDisabled"),
    ] {
        let emulator = Emulator::builder()
            .access_key("fake-old-id", SECRET)
            .access_key("fake-new-id", SECRET)
            .start()
            .await
            .unwrap();
        let section =
            |id: &str| format!("[default]\naccess_key_id={id}\naccess_key_secret={SECRET}\n");
        let name = format!("rotated-{code}");
        let client = KmsClient::builder()
            .endpoint(emulator.endpoint())
            .credentials_provider(IniFileProvider::new().path(file(&name, &section("fake-old-id"))))
            .build()
            .unwrap();
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
        file(&name, &section("fake-new-id"));
        emulator.inject(Fault::error(status, code));
        let outcome = client.list_secrets(ListSecretsRequest::new()).await;
        outcome.unwrap_or_else(|error| panic!("{code}: {error}"));
        assert_eq!(emulator.request_count(), 3, "{code}");
    }
}

#[tokio::test]
async fn files_of_this_machine_are_read() {
    let config = r#"{"current":"dev","profiles":[{"name":"dev","mode":"AK","access_key_id":"fake-cli-id","access_key_secret":"s"}]}"#;
    let config = file("config.json", config);
    let keys = CliConfigProvider::new().path(&config).profile("dev").credentials().await;
    assert_eq!(keys.unwrap().access_key_id(), "fake-cli-id");
    let error = CliConfigProvider::new().path(&config).profile("none").credentials().await;
    assert!(error.unwrap_err().to_string().contains("has no profile none"));

    let ini = file("credentials", "[prod]\naccess_key_id = fake-ini-id\naccess_key_secret = s\n");
    let keys = IniFileProvider::new().path(ini).section("prod").credentials().await.unwrap();
    assert_eq!(keys.access_key_id(), "fake-ini-id");
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_of_this_machine_is_run() {
    let printed = file(
        "printed.json",
        r#"{"mode":"StsToken","access_key_id":"STS.fake","access_key_secret":"s","sts_token":"t","expiration":"2999-01-01T00:00:00Z"}"#,
    );
    let config = serde_json::json!({ "current": "ext", "profiles": [
        { "name": "ext", "mode": "External", "process_command": format!("cat '{}'", printed.display()) }
    ]});
    let config = file("external.json", &config.to_string());
    let source = CliConfigProvider::new().path(config).profile("ext");
    let keys = source.credentials().await.unwrap();
    assert_eq!(keys.access_key_id(), "STS.fake");
    assert!(keys.expiration().is_some());
}

const ROLE: &str = r#"{"Credentials":{"AccessKeyId":"STS.role","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2999-01-01T00:00:00Z"}}"#;

#[tokio::test]
async fn a_role_is_taken_with_given_keys_and_with_a_token_file() {
    let sts = answering(200, ROLE).await;
    let role = AssumeRoleProvider::new(Credentials::new("fake-id", SECRET), "acs:ram::1:role/r")
        .sts_endpoint(&sts);
    assert_eq!(role.credentials().await.unwrap().access_key_id(), "STS.role");

    let token = file("token", "fake-token\n");
    let pod = OidcProvider::new("acs:ram::1:role/r", "acs:ram::1:oidc-provider/p", token)
        .sts_endpoint(&sts);
    assert_eq!(pod.credentials().await.unwrap().access_key_id(), "STS.role");
}

/// Answers STS with keys and KMS with an empty page, and keeps the hosts that were asked.
#[derive(Debug, Default)]
struct StsAndKms(Mutex<Vec<String>>);

impl HttpTransport for StsAndKms {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let host = url::Url::parse(&request.url).unwrap().host_str().unwrap().to_owned();
        let body = if host.starts_with("sts") {
            r#"{"Credentials":{"AccessKeyId":"STS.role","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2999-01-01T00:00:00Z"}}"#
        } else {
            r#"{"TotalCount":0,"RequestId":"r"}"#
        };
        self.0.lock().unwrap().push(host);
        Box::pin(std::future::ready(Ok(HttpResponse::new(200, body))))
    }
}

#[tokio::test]
async fn sts_is_asked_in_the_clients_region_by_its_transport_and_once_for_clients_that_share_a_source()
 {
    let keys = Credentials::new("fake-id", SECRET);
    let role = AssumeRoleProvider::new(keys, "acs:ram::1:role/r");
    let token = file("shared-token", "fake-token\n");
    let pod = OidcProvider::new("acs:ram::1:role/r", "acs:ram::1:oidc-provider/p", token);
    let pod: Arc<dyn ProvideCredentials> = Arc::new(pod);
    // A role over the keys of another source, and a clone of it.
    let over_the_pod = AssumeRoleProvider::new(Arc::clone(&pod), "acs:ram::1:role/r");

    let transport = Arc::new(StsAndKms::default());
    let listed = async |region: &str, source: Arc<dyn ProvideCredentials>| {
        let builder = KmsClient::builder().region(region).transport(Arc::clone(&transport));
        let client = builder.credentials_provider(source).build().unwrap();
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
        std::mem::take(&mut *transport.0.lock().unwrap())
    };
    let kms = |region: &str| format!("kms.{region}.aliyuncs.com");
    let sts = "sts.cn-beijing.aliyuncs.com".to_owned();

    let asked = listed("cn-beijing", Arc::new(role.clone())).await;
    assert_eq!(asked, [sts.clone(), kms("cn-beijing")]);
    assert_eq!(listed("us-west-1", Arc::new(role)).await, [kms("us-west-1")]);

    let asked = listed("cn-beijing", Arc::new(over_the_pod.clone())).await;
    assert_eq!(asked, [sts.clone(), sts, kms("cn-beijing")]);
    assert_eq!(listed("us-west-1", pod).await, [kms("us-west-1")]);
    assert_eq!(listed("us-west-1", Arc::new(over_the_pod)).await, [kms("us-west-1")]);
}

#[tokio::test]
async fn a_url_on_this_machine_is_asked() {
    let keys = r#"{"Code":"Success","AccessKeyId":"STS.uri","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2999-01-01T00:00:00Z"}"#;
    let source = UriProvider::new(answering(200, keys).await);
    assert_eq!(source.credentials().await.unwrap().access_key_id(), "STS.uri");
}

/// A call that has no keys says which source failed and what its service answered, beside its own text.
#[tokio::test]
async fn a_call_without_keys_tells_the_answer_of_sts() {
    let refusal = r#"{"Code":"EntityNotExist.Role","Message":"No such role.","RequestId":"r-1"}"#;
    let sts = answering(404, refusal).await;
    let role = AssumeRoleProvider::new(Credentials::new("fake-id", SECRET), "acs:ram::1:role/r")
        .sts_endpoint(&sts);
    let client =
        KmsClient::builder().region("cn-hangzhou").credentials_provider(role).build().unwrap();
    let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0));
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "ListSecrets failed: role: STS answered EntityNotExist.Role: No such role (HTTP 404, request id r-1)"
    );
    let why = error.credentials_error().unwrap();
    assert_eq!(why.code(), Some("EntityNotExist.Role"));
    assert_eq!((why.http_status(), why.request_id()), (Some(404), Some("r-1")));
}
