//! TLS: which authorities are trusted, and when their certificates are loaded.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ConfigBuilder, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme,
    WantsVerifier,
};
use rustls_platform_verifier::Verifier;

use super::settings::Roots;
use crate::os::{Os as _, SystemOs};
use crate::transport::error::{TransportError, TransportErrorKind};

/// Returns the TLS configuration that trusts `roots`. The process shares one for the platform's
/// roots.
pub(super) fn config(roots: &Roots) -> Result<ClientConfig, TransportError> {
    static PLATFORM: OnceLock<ClientConfig> = OnceLock::new();
    match roots {
        Roots::Platform => {
            if let Some(config) = PLATFORM.get() {
                return Ok(config.clone());
            }
            let config = trusting_platform_and(Arc::new([]))?;
            Ok(PLATFORM.get_or_init(|| config).clone())
        }
        Roots::PlatformAnd(extra) => trusting_platform_and(extra.shared()),
        Roots::Only(roots) => {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(roots.shared().iter().cloned());
            Ok(over_http1(builder()?.with_root_certificates(store).with_no_client_auth()))
        }
    }
}

fn trusting_platform_and(
    extra: Arc<[CertificateDer<'static>]>,
) -> Result<ClientConfig, TransportError> {
    let verifier = PlatformVerifier { provider: provider()?, extra, loaded: OnceLock::new() };
    let builder = builder()?.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(over_http1(builder.with_no_client_auth()))
}

/// Returns a builder that lacks only the authorities.
fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, TransportError> {
    let builder = ClientConfig::builder_with_provider(provider()?);
    builder.with_safe_default_protocol_versions().map_err(|error| {
        let reason = "the process's rustls provider has no cipher suite of TLS 1.2 or 1.3";
        TransportError::new(TransportErrorKind::Configuration, reason).with_source(error)
    })
}

fn over_http1(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// Returns the provider that the process has installed or, if there is none, that of this crate's
/// features.
fn provider() -> Result<Arc<CryptoProvider>, TransportError> {
    match CryptoProvider::get_default() {
        Some(installed) => Ok(Arc::clone(installed)),
        None => default_provider(),
    }
}

#[cfg(feature = "aws-lc-rs")]
fn default_provider() -> Result<Arc<CryptoProvider>, TransportError> {
    Ok(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
}

#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
fn default_provider() -> Result<Arc<CryptoProvider>, TransportError> {
    Ok(Arc::new(rustls::crypto::ring::default_provider()))
}

#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
fn default_provider() -> Result<Arc<CryptoProvider>, TransportError> {
    let reason = "TLS has no cryptography: turn on the feature `aws-lc-rs` or `ring`, or install a \
                  rustls provider";
    Err(TransportError::new(TransportErrorKind::Configuration, reason))
}

/// Verifies by the platform's authorities, whose certificates are loaded at the first handshake:
/// that takes tens of milliseconds, and a container without certificates can still call plain HTTP
/// on a loopback host.
#[derive(Debug)]
struct PlatformVerifier {
    provider: Arc<CryptoProvider>,
    extra: Arc<[CertificateDer<'static>]>,
    loaded: OnceLock<Verifier>,
}

impl PlatformVerifier {
    fn loaded(&self) -> Result<&Verifier, rustls::Error> {
        if let Some(verifier) = self.loaded.get() {
            return Ok(verifier);
        }
        let provider = Arc::clone(&self.provider);
        // A failure is not kept: the certificates may be installed while the process runs.
        let verifier = if self.extra.is_empty() {
            Verifier::new(provider)
        } else {
            Verifier::new_with_extra_roots(self.extra.iter().cloned(), provider)
        }
        .map_err(|cause| rustls::Error::Other(OtherError(Arc::new(NoTrustStore::new(cause)))))?;
        Ok(self.loaded.get_or_init(|| verifier))
    }
}

impl ServerCertVerifier for PlatformVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.loaded()?.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.loaded()?.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.loaded()?.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The platform's CA certificates cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[error("no CA certificate was found in {places}")]
pub(super) struct NoTrustStore {
    places: String,
    #[source]
    cause: rustls::Error,
}

impl NoTrustStore {
    fn new(cause: rustls::Error) -> Self {
        Self { places: places(|name| SystemOs.variable(name)), cause }
    }

    /// The next step, for a person.
    pub(super) const HINT: &str = "install the package ca-certificates, set SSL_CERT_FILE to a \
        PEM file, or give certificates by root_certificates_pem";
}

/// Returns where certificates are loaded from: the variables replace the usual places.
/// <https://docs.rs/rustls-native-certs/0.8/rustls_native_certs/fn.load_native_certs.html>
fn places(variable: impl Fn(&str) -> Option<String>) -> String {
    let set: Vec<_> = ["SSL_CERT_FILE", "SSL_CERT_DIR"]
        .into_iter()
        .filter_map(|name| Some(format!("{} ({name})", variable(name)?)))
        .collect();
    if set.is_empty() {
        "the system's trust store, such as /etc/ssl/certs/ca-certificates.crt, \
         /etc/pki/tls/certs/ca-bundle.crt or /etc/ssl/cert.pem"
            .to_owned()
    } else {
        set.join(" and ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_variables_or_the_usual_ones() {
        let usual = places(|_| None);
        assert!(usual.contains("/etc/ssl/certs/ca-certificates.crt"), "{usual}");
        let both = places(|name| Some(format!("/fake/{}", name.len())));
        assert_eq!(both, "/fake/13 (SSL_CERT_FILE) and /fake/12 (SSL_CERT_DIR)");
        let directory = places(|name| (name == "SSL_CERT_DIR").then(|| "/fake".to_owned()));
        assert_eq!(directory, "/fake (SSL_CERT_DIR)");
    }
}
