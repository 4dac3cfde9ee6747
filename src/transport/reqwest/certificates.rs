//! [`RootCertificates`]: certificates of authorities that the user gave.

use std::fmt;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Certificates of authorities, each a trust anchor whether or not another has issued it. A clone
/// shares them.
#[derive(Clone)]
pub(crate) struct RootCertificates(Arc<[CertificateDer<'static>]>);

impl RootCertificates {
    /// Parses one or more certificates, or returns what the text is instead. It is not shown: it
    /// may be a private key by mistake.
    pub(super) fn from_pem(pem: &[u8]) -> Result<Self, &'static str> {
        let mut certificates = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| "malformed PEM")?;
            let mut store = RootCertStore::empty();
            store.add(certificate.clone()).map_err(|_| "PEM with a malformed certificate")?;
            certificates.push(certificate);
        }
        if certificates.is_empty() {
            Err("a text without a certificate")
        } else {
            Ok(Self(certificates.into()))
        }
    }

    pub(super) fn shared(&self) -> Arc<[CertificateDer<'static>]> {
        Arc::clone(&self.0)
    }
}

impl fmt::Debug for RootCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootCertificates({})", self.0.len())
    }
}
