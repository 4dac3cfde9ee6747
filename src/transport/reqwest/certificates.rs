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

/// The root of the certificates of dedicated KMS instances, valid to July 2041. It has the SHA-256
/// 1C:D0:1C:9B:95:E9:B5:07:AF:89:71:D5:0C:58:41:03:E4:43:56:31:E9:2F:C3:A4:65:80:23:CC:01:E8:AF:D0,
/// and issued the intermediate authority of each region that the official secrets client trusts.
/// <https://pypi.org/project/alibabacloud-secretsmanager-client-v2/>
const INSTANCE_ROOT: &[u8] = include_bytes!("instance_root_ca.pem");

impl RootCertificates {
    /// Returns the root of the certificates of dedicated KMS instances.
    pub(super) fn of_instances() -> Self {
        match Self::from_pem(INSTANCE_ROOT) {
            Ok(root) => root,
            Err(_) => unreachable!("the file contains a certificate"),
        }
    }

    /// Returns these certificates and others.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&*other.0).cloned().collect())
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::digest::sha256;

    #[test]
    fn instances_have_the_root_of_the_official_client() {
        let root = RootCertificates::of_instances();
        let [certificate] = &*root.0 else { panic!("{root:?}") };
        let expected = "1cd01c9b95e9b507af8971d50c584103e4435631e92fc3a4658023cc01e8afd0";
        assert_eq!(sha256(certificate), expected);
        assert_eq!(format!("{:?}", root.and(&root)), "RootCertificates(2)");
    }
}
