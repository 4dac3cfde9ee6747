//! Proxies that are set in code: what is reached through them, and what their failures are called.

use std::net::{Ipv4Addr, SocketAddr};

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::reqwest::Proxy;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::{Error, ErrorKind, KmsClient};

use crate::network::{RawServer, closed_port};

/// Lists over HTTPS through a proxy, with the default attempts.
async fn failure_through(proxy: String) -> Error {
    let proxy = Proxy::all(proxy).unwrap();
    let client = KmsClient::builder()
        .endpoint("https://kms.invalid")
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .retry_policy(RetryPolicy::new().base_delay(std::time::Duration::from_millis(1)))
        .configure_http_client(move |http| http.proxy(proxy.clone()))
        .build()
        .unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap_err()
}

async fn failure_after(response: &'static str) -> (Error, u32) {
    let proxy = RawServer::start(move |_| vec![response]).await;
    let error = failure_through(format!("http://{}", proxy.address)).await;
    (error, proxy.connection_count())
}

#[tokio::test]
async fn proxy_that_requires_a_password_is_final() {
    let response = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
    let (error, connections) = failure_after(response).await;
    assert_eq!((error.kind(), error.attempts(), connections), (ErrorKind::Network, 1, 1));
    let text = error.to_string();
    assert!(text.contains("the proxy requires a user name and a password (HTTP 407)"), "{text}");
    assert!(text.ends_with("as in http://user:password@proxy:3128"), "{text}");
    assert!(!error.is_outcome_unknown());
}

#[tokio::test]
async fn proxy_that_rejects_the_host_is_final() {
    let (error, connections) =
        failure_after("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!((error.kind(), error.attempts(), connections), (ErrorKind::Network, 1, 1));
    let text = error.to_string();
    assert!(text.contains("the proxy rejected the connection to the host"), "{text}");
    assert!(text.ends_with("list it in NO_PROXY"), "{text}");
}

#[tokio::test]
async fn proxy_that_is_down_is_named_and_retried() {
    let error = failure_through(format!("http://{}", closed_port().await)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 3));
    let text = error.to_string();
    assert!(text.contains("the connection to the proxy was refused"), "{text}");
    assert!(text.contains("check the proxy that HTTPS_PROXY"), "{text}");
}

#[tokio::test]
async fn proxy_that_closes_is_named_and_retried() {
    let (error, connections) = failure_after("").await;
    assert_eq!((error.kind(), error.attempts(), connections), (ErrorKind::Network, 3, 3));
    let text = error.to_string();
    assert!(text.contains("the connection to the proxy"), "{text}");
}

#[tokio::test]
async fn proxy_whose_name_does_not_resolve_is_named() {
    let error = failure_through("http://proxy.invalid:3128".to_owned()).await;
    assert!(error.to_string().contains("the proxy's name does not resolve"), "{error}");
}

#[tokio::test]
async fn socks_proxy_that_is_down_is_named() {
    let error = failure_through(format!("socks5h://{}", closed_port().await)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 3));
    let text = error.to_string();
    assert!(text.contains("through the SOCKS proxy"), "{text}");
}

/// A SOCKS5 server (RFC 1928) that connects every request to one address, whatever its target.
async fn socks_server(target: SocketAddr) -> SocketAddr {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
    use tokio::net::{TcpListener, TcpStream};
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut greeting = [0; 16];
                assert!(stream.read(&mut greeting).await.unwrap() > 0);
                stream.write_all(&[5, 0]).await.unwrap();
                let mut request = [0; 300];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]).await.unwrap();
                let mut target = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut stream, &mut target).await;
            });
        }
    });
    address
}

#[tokio::test]
async fn call_uses_a_socks_proxy() {
    use alibabacloud_kms::emulator::Emulator;
    let emulator = Emulator::start().await.unwrap();
    let target = emulator.endpoint().trim_start_matches("http://").parse().unwrap();
    let proxy = Proxy::all(format!("socks5h://{}", socks_server(target).await)).unwrap();
    let client = KmsClient::builder()
        .endpoint("http://kms.invalid")
        .allow_http()
        .credentials(emulator.credentials())
        .configure_http_client(move |http| http.proxy(proxy.clone()))
        .build()
        .unwrap();
    client.list_secrets(ListSecretsRequest::new()).await.unwrap();
    assert_eq!(emulator.request_count(), 1);
}
