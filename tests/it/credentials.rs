//! Credential providers as a program uses them: with a client, with real files and programs, with a
//! service on a socket.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use alibabacloud_kms::credentials::{
    AssumeRoleProvider, CliConfigProvider, Credentials, DefaultProviderChain, FnProvider,
    IniFileProvider, OidcProvider, ProvideCredentials, UriProvider,
};
use alibabacloud_kms::emulator::{EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{ErrorKind, KmsClient};
use futures_util::TryStreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const SECRET: &str = "fake-secret";

/// Writes a file of this test run.
fn file(name: &str, content: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

/// Starts a server on a free port that responds to every request with `body`. It ends with the
/// test.
async fn server(status: u16, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut received = Vec::new();
            // The bodies are small, and arrive with the head or right after it.
            while !received.windows(4).any(|end| end == b"\r\n\r\n") {
                let mut buffer = [0; 4096];
                match stream.read(&mut buffer).await {
                    Ok(count) if count > 0 => received.extend_from_slice(&buffer[..count]),
                    _ => break,
                }
            }
            let length = body.len();
            let response = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn listing_is_complete_when_the_token_expires_midway() {
    let secrets = (0..500).map(|n| EmulatedSecret::new(format!("secret-{n:03}")));
    let emulator = Emulator::builder()
        .temporary_access_key("STS.1", SECRET, "fake-token-1")
        .temporary_access_key("STS.2", SECRET, "fake-token-2")
        .secrets(secrets)
        .start()
        .await
        .unwrap();
    let fetched = Arc::new(AtomicU32::new(0));
    let provider = {
        let fetched = Arc::clone(&fetched);
        FnProvider::new(move || {
            let number = fetched.fetch_add(1, Ordering::SeqCst) + 1;
            let credentials = Credentials::new(format!("STS.{number}"), SECRET);
            std::future::ready(Ok(credentials.with_security_token(format!("fake-token-{number}"))))
        })
    };
    let client = KmsClient::builder()
        .endpoint(emulator.endpoint())
        .credentials_provider(provider)
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
    let rejected = emulator.requests().iter().filter(|request| request.code.is_some()).count();
    assert!((1..=4).contains(&rejected), "{rejected} of the four in flight");
}

/// Credentials that stay rejected cost one more request per call, and few loads.
#[tokio::test]
async fn credentials_that_stay_rejected_are_reported() {
    let emulator = Emulator::start().await.unwrap();
    let fetched = Arc::new(AtomicU32::new(0));
    let provider = {
        let fetched = Arc::clone(&fetched);
        FnProvider::new(move || {
            fetched.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(Credentials::new("nobody", SECRET)))
        })
    };
    let client = KmsClient::builder()
        .endpoint(emulator.endpoint())
        .credentials_provider(provider)
        .build()
        .unwrap();
    for _ in 0..3 {
        let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidAccessKeyId.NotFound"));
    }
    assert_eq!(fetched.load(Ordering::SeqCst), 2);
}

/// After a rotation the service calls the old access key inactive or disabled, and credentials
/// without an expiration would be used forever.
#[tokio::test]
async fn rotated_access_key_is_read_again_after_any_rejection() {
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
async fn real_files_are_read() {
    let config = r#"{"current":"dev","profiles":[{"name":"dev","mode":"AK","access_key_id":"fake-cli-id","access_key_secret":"s"}]}"#;
    let config = file("config.json", config);
    let credentials = CliConfigProvider::new().path(&config).profile("dev").credentials().await;
    assert_eq!(credentials.unwrap().access_key_id(), "fake-cli-id");
    let error = CliConfigProvider::new().path(&config).profile("none").credentials().await;
    assert!(error.unwrap_err().to_string().contains("has no profile none"));

    let ini = file("credentials", "[prod]\naccess_key_id = fake-ini-id\naccess_key_secret = s\n");
    let credentials = IniFileProvider::new().path(ini).section("prod").credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), "fake-ini-id");
}

#[cfg(unix)]
#[tokio::test]
async fn real_program_is_run() {
    let printed = file(
        "printed.json",
        r#"{"mode":"StsToken","access_key_id":"STS.fake","access_key_secret":"s","sts_token":"t","expiration":"2999-01-01T00:00:00Z"}"#,
    );
    let config = serde_json::json!({ "current": "ext", "profiles": [
        { "name": "ext", "mode": "External", "process_command": format!("cat '{}'", printed.display()) }
    ]});
    let config = file("external.json", &config.to_string());
    let provider = CliConfigProvider::new().path(config).profile("ext");
    let credentials = provider.credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), "STS.fake");
    assert!(credentials.expiration().is_some());
}

const ROLE: &str = r#"{"Credentials":{"AccessKeyId":"STS.role","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2999-01-01T00:00:00Z"}}"#;

#[tokio::test]
async fn role_is_assumed_with_an_access_key_and_with_a_token_file() {
    let sts = server(200, ROLE).await;
    let role = AssumeRoleProvider::new(Credentials::new("fake-id", SECRET), "acs:ram::1:role/r")
        .sts_endpoint(&sts);
    assert_eq!(role.credentials().await.unwrap().access_key_id(), "STS.role");

    let token = file("token", "fake-token\n");
    let pod = OidcProvider::new()
        .role_arn("acs:ram::1:role/r")
        .oidc_provider_arn("acs:ram::1:oidc-provider/p")
        .oidc_token_file(token)
        .sts_endpoint(&sts);
    assert_eq!(pod.credentials().await.unwrap().access_key_id(), "STS.role");
}

/// Responds as STS with credentials and as KMS with an empty page, and records the called hosts.
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
async fn sts_uses_the_region_and_transport_of_the_first_client() {
    let base = Credentials::new("fake-id", SECRET);
    let role = AssumeRoleProvider::new(base, "acs:ram::1:role/r");
    let token = file("shared-token", "fake-token\n");
    let pod = OidcProvider::new()
        .role_arn("acs:ram::1:role/r")
        .oidc_provider_arn("acs:ram::1:oidc-provider/p")
        .oidc_token_file(token);
    let pod: Arc<dyn ProvideCredentials> = Arc::new(pod);
    // A role that is assumed with the credentials of another provider, and a clone of it.
    let pod_role = AssumeRoleProvider::new(Arc::clone(&pod), "acs:ram::1:role/r");

    let transport = Arc::new(StsAndKms::default());
    let called = async |region: &str, provider: Arc<dyn ProvideCredentials>| {
        let builder = KmsClient::builder().region(region).transport(Arc::clone(&transport));
        let client = builder.credentials_provider(provider).build().unwrap();
        client.list_secrets(ListSecretsRequest::new()).await.unwrap();
        std::mem::take(&mut *transport.0.lock().unwrap())
    };
    let kms = |region: &str| format!("kms.{region}.aliyuncs.com");
    let sts = "sts.cn-beijing.aliyuncs.com".to_owned();

    let hosts = called("cn-beijing", Arc::new(role.clone())).await;
    assert_eq!(hosts, [sts.clone(), kms("cn-beijing")]);
    assert_eq!(called("us-west-1", Arc::new(role)).await, [kms("us-west-1")]);

    let hosts = called("cn-beijing", Arc::new(pod_role.clone())).await;
    assert_eq!(hosts, [sts.clone(), sts, kms("cn-beijing")]);
    assert_eq!(called("us-west-1", pod).await, [kms("us-west-1")]);
    assert_eq!(called("us-west-1", Arc::new(pod_role)).await, [kms("us-west-1")]);
}

#[tokio::test]
async fn loopback_url_is_called() {
    let body = r#"{"Code":"Success","AccessKeyId":"STS.uri","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2999-01-01T00:00:00Z"}"#;
    let provider = UriProvider::new().uri(server(200, body).await);
    assert_eq!(provider.credentials().await.unwrap().access_key_id(), "STS.uri");
}

/// Responds with no credentials, and records URLs and what they are authorized with.
#[derive(Debug, Default)]
struct Authorizing(Mutex<Vec<(String, Option<String>)>>);

impl HttpTransport for Authorizing {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let value = request.headers.get("authorization").map(|v| v.to_str().unwrap().to_owned());
        self.0.lock().unwrap().push((request.url.to_string(), value));
        Box::pin(std::future::ready(Ok(HttpResponse::new(403, "{}"))))
    }
}

#[tokio::test]
async fn user_in_a_url_is_sent_as_basic_authentication() {
    let transport = Arc::new(Authorizing::default());
    let client = KmsClient::builder()
        .endpoint("http://127.0.0.1:1")
        .transport(Arc::clone(&transport))
        .credentials_provider(
            UriProvider::new().uri("https://fake-user:fake-password@sidecar.example/a"),
        )
        .build()
        .unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    let seen = transport.0.lock().unwrap();
    // The Base64 of the two with a colon.
    let expected = Some("Basic ZmFrZS11c2VyOmZha2UtcGFzc3dvcmQ=".to_owned());
    assert_eq!(*seen, [("https://sidecar.example/a".to_owned(), expected)]);
}

#[tokio::test]
async fn call_without_credentials_reports_the_error_of_sts() {
    let rejection = r#"{"Code":"EntityNotExist.Role","Message":"No such role.","RequestId":"r-1"}"#;
    let sts = server(404, rejection).await;
    let role = AssumeRoleProvider::new(Credentials::new("fake-id", SECRET), "acs:ram::1:role/r")
        .sts_endpoint(&sts);
    let client =
        KmsClient::builder().region("cn-hangzhou").credentials_provider(role).build().unwrap();
    let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 0));
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "ListSecrets failed: role: STS returned EntityNotExist.Role: No such role (HTTP 404, request id r-1)"
    );
    let cause = error.credentials_error().unwrap();
    assert_eq!(cause.code(), Some("EntityNotExist.Role"));
    assert_eq!((cause.http_status(), cause.request_id()), (Some(404), Some("r-1")));
}

/// Runs in a process of its own, whose environment the test below chooses.
#[tokio::test]
#[ignore = "a part of `default_chain_reads_the_environment_and_home_of_the_process`"]
async fn prints_what_the_default_chain_finds() {
    match DefaultProviderChain::new().credentials().await {
        Ok(credentials) => println!("found {}", credentials.access_key_id()),
        Err(error) => println!("failed: {error}"),
    }
}

#[test]
fn default_chain_reads_the_environment_and_home_of_the_process() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
    fs::create_dir_all(home.join(".alibabacloud")).unwrap();
    let section = "[default]\naccess_key_id=fake-home\naccess_key_secret=fake\n";
    fs::write(home.join(".alibabacloud/credentials"), section).unwrap();
    let output = |variables: &[(&str, &str)], home: &Path, directory: &Path| {
        let test = "credentials::prints_what_the_default_chain_finds";
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", test, "--nocapture"])
            .current_dir(directory)
            .env_clear()
            .envs([("HOME", home), ("USERPROFILE", home)])
            .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let variables =
        [("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-env"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "fake")];
    let anywhere = std::env::temp_dir();
    let found = output(&variables, &home, &anywhere);
    assert!(found.contains("found fake-env"), "{found}");
    let found = output(&[], &home, &anywhere);
    assert!(found.contains("found fake-home"), "{found}");
    if cfg!(unix) {
        // An empty home directory is none, and not the working directory.
        let found = output(&[], Path::new(""), &home);
        assert!(found.contains("failed: no provider has credentials"), "{found}");
    }
}
