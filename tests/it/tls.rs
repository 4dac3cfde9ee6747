//! TLS on loopback sockets: which certificates a client trusts, and the errors of failed
//! handshakes.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alibabacloud_kms::credentials::{Credentials, SignatureVersion};
use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::ReqwestTransport;
use alibabacloud_kms::{Error, ErrorKind, KmsClient, KmsClientBuilder};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate authority that no trust store contains.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The certificates that a server presents beside its own.
    chain: Vec<CertificateDer<'static>>,
}

impl Authority {
    fn new() -> Self {
        let parameters = Self::parameters("root");
        let issuer = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap());
        Self { issuer: issuer.unwrap(), chain: Vec::new() }
    }

    /// Returns an authority whose certificate this one has issued.
    fn intermediate(&self) -> Self {
        let parameters = Self::parameters("intermediate");
        let key = KeyPair::generate().unwrap();
        let issuer = CertifiedIssuer::signed_by(parameters, key, &self.issuer).unwrap();
        let chain = vec![issuer.as_ref().der().clone()];
        Self { issuer, chain }
    }

    fn parameters(name: &str) -> CertificateParams {
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters
    }

    fn certificate_pem(&self) -> String {
        self.issuer.pem()
    }

    /// Returns the TLS setup of a server whose certificate is for `host` and changed by `change`.
    fn certify(&self, host: &str, change: impl FnOnce(&mut CertificateParams)) -> TlsAcceptor {
        let mut parameters = CertificateParams::new([host.to_owned()]).unwrap();
        change(&mut parameters);
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap();
        let mut chain = vec![certificate.der().clone()];
        chain.extend(self.chain.iter().cloned());
        acceptor(chain, &key)
    }
}

/// Returns the TLS setup of a server that presents `chain`.
fn acceptor(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> TlsAcceptor {
    let private_key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, private_key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
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

    /// Closes the first connections before their handshakes.
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

    /// Returns a client that calls this server as `localhost`, with the default retry policy and
    /// short waits.
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

/// Returns a client of `server` that trusts only `authority`.
fn trusting(server: &TlsServer, authority: &Authority) -> KmsClientBuilder {
    server.client().root_certificates_pem(authority.certificate_pem())
}

async fn list(client: KmsClientBuilder) -> Result<(), Error> {
    client.build().unwrap().list_secrets(ListSecretsRequest::new()).await.map(|_| ())
}

/// Asserts that there was one connection without a request, and that the error names the cause and
/// a remedy.
#[track_caller]
fn assert_final(server: &TlsServer, error: &Error, why: &str, hint: &str) {
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 1), "{error}");
    assert_eq!((server.connection_count(), server.emulator.request_count()), (1, 0));
    assert!(!error.is_outcome_unknown());
    let text = error.to_string();
    let words = format!("the certificate of localhost was rejected: {why} (");
    assert!(text.contains(&words), "{text}");
    assert!(text.ends_with(&format!("; {hint}")), "{text}");
}

#[track_caller]
fn assert_unknown(server: &TlsServer, error: &Error) {
    let why = "it is self-signed, or its issuer is not trusted";
    let hint = "give the issuer's certificate by root_certificates_pem: for a dedicated instance \
                the CA certificate that the console offers, since the server may not send the one \
                of its intermediate authority";
    assert_final(server, error, why, hint);
}

#[tokio::test]
async fn certificate_of_an_unknown_authority_is_final() {
    let server = TlsServer::start(Authority::new().certify("localhost", |_| {})).await;
    let error = list(server.client()).await.unwrap_err();
    assert_unknown(&server, &error);
}

#[tokio::test]
async fn certificate_for_another_host_is_final() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.certify("kms.example", |_| {})).await;
    let error = list(trusting(&server, &authority)).await.unwrap_err();
    assert_final(&server, &error, "it is for another host", "check the endpoint");
}

#[tokio::test]
async fn expired_certificate_is_final() {
    let authority = Authority::new();
    let expired = |parameters: &mut CertificateParams| {
        parameters.not_before = date_time_ymd(2020, 1, 1);
        parameters.not_after = date_time_ymd(2021, 1, 1);
    };
    let server = TlsServer::start(authority.certify("localhost", expired)).await;
    let error = list(trusting(&server, &authority)).await.unwrap_err();
    let hint = "check the local clock; if that is right, the server needs a new certificate";
    assert_final(&server, &error, "it has expired", hint);
}

#[tokio::test]
async fn broken_handshake_is_retried() {
    let authority = Authority::new();
    let acceptor = authority.certify("localhost", |_| {});
    let server = TlsServer::start_after_broken_handshakes(2, acceptor.clone()).await;
    list(trusting(&server, &authority)).await.unwrap();
    assert_eq!((server.connection_count(), server.emulator.request_count()), (3, 1));

    let server = TlsServer::start_after_broken_handshakes(3, acceptor).await;
    let error = list(trusting(&server, &authority)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 3), "{error}");
    assert!(!error.is_outcome_unknown());
}

/// As for instances: the root issued the certificate of an intermediate authority, which issued
/// that of the server.
#[tokio::test]
async fn root_is_sufficient_if_the_server_sends_its_chain() {
    let root = Authority::new();
    let server = TlsServer::start(root.intermediate().certify("localhost", |_| {})).await;
    list(trusting(&server, &root)).await.unwrap();
    let acs3 = trusting(&server, &root).signature_version(SignatureVersion::Acs3HmacSha256);
    list(acs3).await.unwrap();
    assert_eq!(server.emulator.request_count(), 2);
}

#[tokio::test]
async fn intermediate_is_sufficient_with_and_without_a_chain() {
    let mut intermediate = Authority::new().intermediate();
    let server = TlsServer::start(intermediate.certify("localhost", |_| {})).await;
    list(trusting(&server, &intermediate)).await.unwrap();

    intermediate.chain.clear();
    let server = TlsServer::start(intermediate.certify("localhost", |_| {})).await;
    list(trusting(&server, &intermediate)).await.unwrap();
}

#[tokio::test]
async fn root_is_not_sufficient_if_the_server_sends_no_chain() {
    let root = Authority::new();
    let mut intermediate = root.intermediate();
    intermediate.chain.clear();
    let server = TlsServer::start(intermediate.certify("localhost", |_| {})).await;
    let error = list(trusting(&server, &root)).await.unwrap_err();
    assert_unknown(&server, &error);
}

#[tokio::test]
async fn one_of_several_given_authorities_is_sufficient() {
    let (right, other) = (Authority::new(), Authority::new());
    let acceptor = right.certify("localhost", |_| {});
    let server = TlsServer::start(acceptor.clone()).await;
    let both = format!("# two\n{}\n{}", other.certificate_pem(), right.certificate_pem());
    list(server.client().root_certificates_pem(both)).await.unwrap();

    let server = TlsServer::start(acceptor).await;
    let error = list(trusting(&server, &other)).await.unwrap_err();
    assert_unknown(&server, &error);
}

#[tokio::test]
async fn certificate_that_is_not_valid_yet_is_final() {
    let authority = Authority::new();
    let early =
        |parameters: &mut CertificateParams| parameters.not_before = date_time_ymd(3000, 1, 1);
    let server = TlsServer::start(authority.certify("localhost", early)).await;
    let error = list(trusting(&server, &authority)).await.unwrap_err();
    assert_final(&server, &error, "it is not valid yet", "check the local clock");
}

#[tokio::test]
async fn certificate_without_an_alternative_name_is_final() {
    let authority = Authority::new();
    let nameless = |parameters: &mut CertificateParams| {
        parameters.subject_alt_names.clear();
        parameters.distinguished_name.push(DnType::CommonName, "localhost");
    };
    let server = TlsServer::start(authority.certify("localhost", nameless)).await;
    let error = list(trusting(&server, &authority)).await.unwrap_err();
    let hint = "issue one that names the host so; its common name does not count";
    assert_final(&server, &error, "it has no subject alternative name", hint);
}

#[tokio::test]
async fn self_signed_certificate_is_final_unless_given() {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let acceptor = acceptor(vec![certificate.der().clone()], &key);
    let server = TlsServer::start(acceptor.clone()).await;
    let error = list(server.client()).await.unwrap_err();
    assert_unknown(&server, &error);
    let server = TlsServer::start(acceptor).await;
    list(server.client().root_certificates_pem(certificate.pem())).await.unwrap();
}

#[tokio::test]
async fn certificate_of_an_authority_as_a_server_is_final() {
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(["localhost".to_owned()]).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = parameters.self_signed(&key).unwrap();
    let server = TlsServer::start(acceptor(vec![certificate.der().clone()], &key)).await;
    let client = server.client().root_certificates_pem(certificate.pem());
    let error = list(client).await.unwrap_err();
    let why = "it is that of an authority itself, which a server must not use";
    assert_final(&server, &error, why, "issue a certificate for the server by that authority");
}

#[tokio::test]
async fn extra_certificates_are_trusted_beside_the_platforms() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.certify("localhost", |_| {})).await;
    list(server.client().extra_root_certificates_pem(authority.certificate_pem())).await.unwrap();
}

/// Lists at an endpoint and prints the outcome, in a process with another environment.
#[tokio::test]
#[ignore = "a child process of another test runs it"]
async fn list_in_a_child_process() {
    let endpoint = std::env::var("KMS_TEST_ENDPOINT").unwrap();
    let client = KmsClient::builder()
        .endpoint(endpoint)
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .retry_policy(RetryPolicy::disabled());
    match list(client).await {
        Ok(()) => println!("listed"),
        Err(error) => println!("kind {}: {error}", error.kind()),
    }
}

/// Returns the output of a child process that lists at `endpoint` without any CA certificate.
async fn listed_without_certificates(endpoint: String) -> String {
    let child = tokio::task::spawn_blocking(move || {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tls::list_in_a_child_process", "--ignored", "--nocapture"])
            .env("KMS_TEST_ENDPOINT", endpoint)
            .env("SSL_CERT_FILE", "/does/not/exist.pem")
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap()
    });
    String::from_utf8(child.await.unwrap().stdout).unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn missing_ca_certificates_are_named_with_their_places() {
    let server = TlsServer::start(Authority::new().certify("localhost", |_| {})).await;
    let endpoint = format!("https://localhost:{}", server.address.port());
    let printed = listed_without_certificates(endpoint).await;
    for words in [
        "kind Configuration: ",
        "no CA certificate was found in /does/not/exist.pem (SSL_CERT_FILE)",
        "install the package ca-certificates, set SSL_CERT_FILE to a PEM file",
    ] {
        assert!(printed.contains(words), "{words}: {printed}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn plain_http_needs_no_ca_certificates() {
    let emulator = Emulator::builder().access_key("fake-id", "fake-secret").start().await.unwrap();
    let printed = listed_without_certificates(emulator.endpoint().to_owned()).await;
    assert!(printed.contains("listed"), "{printed}");
}

#[tokio::test]
async fn bare_host_that_speaks_only_http_needs_a_scheme() {
    let emulator = Emulator::start().await.unwrap();
    let host = emulator.endpoint().trim_start_matches("http://");
    let client = KmsClient::builder()
        .endpoint(host)
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .retry_policy(RetryPolicy::disabled())
        .build()
        .unwrap();
    let error = client.list_secrets(ListSecretsRequest::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network);
    let words = "an endpoint without a scheme means https://";
    let text = error.to_string();
    assert!(text.contains("does not speak TLS") && text.contains(words), "{text}");
}

#[test]
fn malformed_certificate_is_rejected_and_not_shown() {
    let key = KeyPair::generate().unwrap().serialize_pem();
    let certificate = Authority::new().certificate_pem();
    let cut = certificate.replace("-----END CERTIFICATE-----", "");
    let not_der = "-----BEGIN CERTIFICATE-----\nZmFrZQ==\n-----END CERTIFICATE-----\n";
    for (pem, found) in [
        ("", "a text without a certificate"),
        ("fake", "a text without a certificate"),
        (&*key, "a text without a certificate"),
        (&*cut, "malformed PEM"),
        (not_der, "PEM with a malformed certificate"),
        (&*format!("{certificate}{not_der}"), "PEM with a malformed certificate"),
    ] {
        let error = KmsClient::builder()
            .region("cn-hangzhou")
            .root_certificates_pem(pem)
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let text =
            format!("`root_certificates_pem` must be one or more certificates in PEM, got {found}");
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn settings_are_not_ignored_beside_a_transport() {
    let builder = || KmsClient::builder().region("cn-hangzhou").transport(ReqwestTransport::new());
    let pem = Authority::new().certificate_pem();
    for (builder, setting) in [
        (builder().root_certificates_pem(&pem), "root_certificates_pem"),
        (builder().extra_root_certificates_pem(&pem), "extra_root_certificates_pem"),
        (builder().max_connections(8), "max_connections"),
        (builder().configure_http_client(|http| http), "configure_http_client"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let text = format!("`{setting}` has no effect on a `transport` of your own");
        assert!(error.to_string().starts_with(&text), "{error}");
    }
}
