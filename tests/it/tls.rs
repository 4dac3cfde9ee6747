//! TLS on loopback sockets: whom a client trusts, and what it makes of a handshake that fails.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::{
    Error, ErrorKind, KmsClient, KmsClientBuilder, ListSecretsRequest, RetryPolicy,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A certificate authority that no machine knows.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    fn certificate_pem(&self) -> String {
        self.0.pem()
    }

    /// What a server needs to show that it is `host`, with the certificate changed by `change`.
    fn certify(&self, host: &str, change: impl FnOnce(&mut CertificateParams)) -> TlsAcceptor {
        let mut parameters = CertificateParams::new([host.to_owned()]).unwrap();
        change(&mut parameters);
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &self.0).unwrap();
        let private_key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private_key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// An emulator behind TLS.
struct TlsServer {
    emulator: Emulator,
    address: SocketAddr,
    connections: Arc<AtomicU32>,
    accepting: JoinHandle<()>,
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl TlsServer {
    async fn start(acceptor: TlsAcceptor) -> Self {
        Self::start_after_broken_handshakes(0, acceptor).await
    }

    /// Closes so many connections before anything of TLS is said.
    async fn start_after_broken_handshakes(broken: u32, acceptor: TlsAcceptor) -> Self {
        let emulator = Emulator::start().await.unwrap();
        let behind = emulator.endpoint().trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&connections);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if counted.fetch_add(1, Ordering::Relaxed) >= broken {
                    tokio::spawn(forward(acceptor.clone(), stream, behind.clone()));
                }
            }
        });
        Self { emulator, address, connections, accepting }
    }

    fn connection_count(&self) -> u32 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Calls this server as `localhost`, on the default policy of repeats with short waits.
    fn client(&self) -> KmsClientBuilder {
        KmsClient::builder()
            .endpoint(format!("https://localhost:{}", self.address.port()))
            .credentials(self.emulator.credentials())
            .retry_policy(RetryPolicy::new().base_delay(Duration::from_millis(1)))
    }
}

async fn forward(acceptor: TlsAcceptor, stream: TcpStream, behind: String) -> io::Result<()> {
    let mut outside = acceptor.accept(stream).await?;
    let mut inside = TcpStream::connect(behind).await?;
    copy_bidirectional(&mut outside, &mut inside).await?;
    Ok(())
}

/// A reqwest client that trusts `authority` and nobody else.
fn trusting(authority: &Authority) -> reqwest::Client {
    let root = reqwest::Certificate::from_pem(authority.certificate_pem().as_bytes()).unwrap();
    reqwest::Client::builder()
        .tls_certs_only([root])
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .build()
        .unwrap()
}

async fn list(client: KmsClientBuilder) -> Result<(), Error> {
    client.build().unwrap().list_secrets(ListSecretsRequest::new()).await.map(|_| ())
}

/// One connection and no request on it, and an advice that names what can be wrong.
#[track_caller]
fn assert_final(server: &TlsServer, error: &Error, cause: &str) {
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 1), "{error}");
    assert_eq!((server.connection_count(), server.emulator.request_count()), (1, 0));
    assert!(!error.may_have_been_carried_out());
    let text = error.to_string();
    assert!(text.contains("the server's certificate is not accepted"), "{text}");
    assert!(
        text.ends_with(
            "check the endpoint's name, this machine's clock and its trusted certificates"
        ),
        "{text}"
    );
    let mut causes =
        std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    assert!(causes.any(|told| told.to_string().contains(cause)), "{error:?}");
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_final() {
    let server = TlsServer::start(Authority::new().certify("localhost", |_| {})).await;
    let error = list(server.client()).await.unwrap_err();
    assert_final(&server, &error, "UnknownIssuer");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_final() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.certify("kms.example", |_| {})).await;
    let error = list(server.client().http_client(trusting(&authority))).await.unwrap_err();
    assert_final(&server, &error, "not valid for name");
}

#[tokio::test]
async fn an_expired_certificate_is_final() {
    let authority = Authority::new();
    let expired = |parameters: &mut CertificateParams| {
        parameters.not_before = date_time_ymd(2020, 1, 1);
        parameters.not_after = date_time_ymd(2021, 1, 1);
    };
    let server = TlsServer::start(authority.certify("localhost", expired)).await;
    let error = list(server.client().http_client(trusting(&authority))).await.unwrap_err();
    assert_final(&server, &error, "expired");
}

#[tokio::test]
async fn a_handshake_that_breaks_off_is_repeated() {
    let authority = Authority::new();
    let acceptor = authority.certify("localhost", |_| {});
    let server = TlsServer::start_after_broken_handshakes(2, acceptor.clone()).await;
    list(server.client().http_client(trusting(&authority))).await.unwrap();
    assert_eq!((server.connection_count(), server.emulator.request_count()), (3, 1));

    let server = TlsServer::start_after_broken_handshakes(3, acceptor).await;
    let error = list(server.client().http_client(trusting(&authority))).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 3), "{error}");
    assert!(!error.may_have_been_carried_out());
}
