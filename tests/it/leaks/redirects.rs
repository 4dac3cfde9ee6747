//! Redirects to another host, by every HTTP client that a user can make.

use std::sync::{Arc, Mutex};

use alibabacloud_kms::KmsClientBuilder;
use alibabacloud_kms::emulator::{CannedResponse, Emulator, Fault};
use alibabacloud_kms::reqwest::{Client, redirect};
use alibabacloud_kms::transport::ReqwestTransport;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::markers::{KEY, TOKEN, VALUE, clean, found};
use super::{VERSIONS, builder, emulator};
use crate::capture::Capture;
use crate::operations;

/// Another host, which records all that it receives and claims success.
struct Elsewhere {
    url: String,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Elsewhere {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
        let received = Arc::<Mutex<Vec<u8>>>::default();
        let record = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let received = receive(stream).await;
                record.lock().unwrap().extend(received);
            }
        });
        Self { url, received }
    }

    fn received(&self) -> String {
        String::from_utf8(self.received.lock().unwrap().clone()).unwrap()
    }

    /// Returns the response that sends every request here, with its method and body.
    fn redirect(&self) -> CannedResponse {
        CannedResponse::new(307).header("location", self.url.clone())
    }
}

/// Reads one request, and responds to it.
async fn receive(mut stream: TcpStream) -> Vec<u8> {
    let mut received = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    let is_complete = |received: &[u8]| {
        let text = String::from_utf8_lossy(received).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        length.is_none_or(|length| body.len() >= length.parse().unwrap())
    };
    while !is_complete(&received) {
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => received.extend_from_slice(&buffer[..count]),
            _ => return received,
        }
    }
    let body = r#"{"RequestId":"r","SecretName":"a","VersionId":"v1","SecretData":"fake"}"#;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close", body.len());
    let _ = stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await;
    received
}

type Configure = fn(KmsClientBuilder) -> KmsClientBuilder;

/// Makes one call of every operation, each of which is redirected, and returns what arrived
/// elsewhere. No outcome, event or log may show anything.
async fn arrived_elsewhere(
    emulator: &Emulator,
    keys: &operations::Keys,
    elsewhere: &Elsewhere,
    builder: KmsClientBuilder,
) -> String {
    emulator.inject(Fault::from(elsewhere.redirect()).always());
    let client = builder.build().unwrap();
    let capture = Capture::start();
    for made in join_all(operations::all(&client, VALUE, keys)).await {
        assert!(!made.succeeded, "{}", made.shown);
        clean(&made.shown);
    }
    clean(&capture.text());
    elsewhere.received()
}

#[tokio::test]
async fn redirected_request_of_any_operation_arrives_nowhere() {
    let clients: [Configure; 3] = [
        |builder| builder,
        |builder| {
            builder.configure_http_client(|http| {
                http.redirect(redirect::Policy::limited(10)).referer(true)
            })
        },
        |builder| {
            let own = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
            builder.transport(ReqwestTransport::from_client(own))
        },
    ];
    for version in VERSIONS {
        for configure in clients {
            let (emulator, keys) = emulator().await;
            let elsewhere = Elsewhere::start().await;
            let client = configure(builder(&emulator).signature_version(version));
            let arrived = arrived_elsewhere(&emulator, &keys, &elsewhere, client).await;
            assert_eq!(arrived, "", "{version:?}");
        }
    }
}

/// The crate cannot change the redirects of a ready-made client. It can reject the response, and it
/// shows what arrives elsewhere that the search above finds it.
#[tokio::test]
async fn client_that_follows_redirects_only_gets_errors() {
    for version in VERSIONS {
        let (emulator, keys) = emulator().await;
        let elsewhere = Elsewhere::start().await;
        let following = ReqwestTransport::from_client(Client::new());
        let client = builder(&emulator).signature_version(version).transport(following);
        let arrived = arrived_elsewhere(&emulator, &keys, &elsewhere, client).await;
        for sent in [TOKEN, VALUE] {
            assert!(found(sent, &arrived).count() > 0, "{version:?} {sent}");
        }
        // The secret of the access key signs, and is not sent.
        assert_eq!(found(KEY, &arrived).count(), 0);
    }
}
