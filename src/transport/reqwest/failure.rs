//! Makes of an error of the HTTP client what it means for the request, and what to do about it.

use std::error::Error as StdError;
use std::io;

use rustls::CertificateError;

use super::tls::NoTrustStore;
use crate::transport::error::{TransportError, TransportErrorKind};

/// Classifies by walking the chain of causes.
pub(super) fn classify(error: reqwest::Error, host: &str) -> TransportError {
    // The URL contains the signature.
    let error = error.without_url();
    let classified = if !error.is_connect() {
        after_connecting(&error)
    } else {
        through_proxy(&error)
            .or_else(|| find::<rustls::Error>(&error).and_then(|error| in_tls(error, host)))
            .unwrap_or_else(|| while_connecting(&error, "the"))
    };
    classified.with_source(error)
}

fn after_connecting(error: &reqwest::Error) -> TransportError {
    if error.is_timeout() {
        let reason = "no response came within the HTTP client's own timeout";
        return TransportError::new(TransportErrorKind::Timeout, reason);
    }
    let reason = "the connection broke before the response was complete";
    TransportError::new(TransportErrorKind::Interrupted, reason)
}

/// Classifies what a proxy, or the connection to it, is the cause of. The libraries' types are
/// private, so their texts decide.
fn through_proxy(error: &reqwest::Error) -> Option<TransportError> {
    let texts: Vec<_> = causes(error).map(ToString::to_string).collect();
    let contains = |words: &str| texts.iter().any(|text| text.contains(words));
    if contains("tunnel error: proxy authorization required") {
        let reason = "the proxy requires a user name and a password (HTTP 407)";
        Some(
            TransportError::new(TransportErrorKind::Proxy, reason)
                .with_hint("put them into the proxy's URL, as in http://user:password@proxy:3128"),
        )
    } else if contains("tunnel error: unsuccessful") {
        let reason = "the proxy rejected the connection to the host";
        Some(
            TransportError::new(TransportErrorKind::Proxy, reason)
                .with_hint("allow the host on the proxy, or list it in NO_PROXY"),
        )
    } else if contains("tunnel error: ") {
        Some(while_connecting(error, "the proxy's").with_hint(CHECK_PROXY))
    } else if let Some(text) = texts.iter().find(|text| text.starts_with("SOCKS error: ")) {
        let is_rejected = text.contains("authentication") || text.contains("not accepted");
        let kind =
            if is_rejected { TransportErrorKind::Proxy } else { TransportErrorKind::Connect };
        let reason = format!("no connection could be made through the SOCKS proxy: {text}");
        Some(TransportError::new(kind, reason).with_hint(CHECK_PROXY))
    } else {
        None
    }
}

const CHECK_PROXY: &str =
    "check the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names, or list the host in NO_PROXY";

/// Classifies a failure before TLS. `whose` is the host that was connected to: `the` or `the
/// proxy's`.
fn while_connecting(error: &reqwest::Error, whose: &str) -> TransportError {
    let host = if whose == "the" { "the host" } else { "the proxy" };
    let connection = if whose == "the" { "the connection" } else { "the connection to the proxy" };
    if error.is_timeout() {
        let reason = format!("no connection to {host} was made in time");
        return TransportError::new(TransportErrorKind::ConnectTimeout, reason);
    }
    let cause = find::<io::Error>(error);
    if let Some(limit) = cause.and_then(system_limit) {
        return limit;
    }
    let reason = if error.is_dns() {
        format!("{host}'s name does not resolve")
    } else {
        match cause.map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => format!("{connection} was refused"),
            Some(io::ErrorKind::ConnectionReset) => {
                format!("{connection} was reset while it was made")
            }
            Some(io::ErrorKind::UnexpectedEof) => {
                format!("{connection} was closed while it was made")
            }
            Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => {
                format!("{host} cannot be reached")
            }
            _ => match cause {
                Some(cause) => format!("{connection} could not be made: {cause}"),
                None => format!("{connection} could not be made"),
            },
        }
    };
    TransportError::new(TransportErrorKind::Connect, reason)
}

/// Names what the process or the system lacks or forbids, if that is the cause.
fn system_limit(error: &io::Error) -> Option<TransportError> {
    // EMFILE and ENFILE on all Unix systems, WSAEMFILE on Windows: they have no stable `ErrorKind`.
    let no_files = matches!(error.raw_os_error(), Some(23 | 24 | 10_024));
    let (what, hint) = if no_files {
        (
            "the process has no free file descriptor",
            "raise the limit of open files (ulimit -n), or lower max_connections",
        )
    } else {
        match error.kind() {
            io::ErrorKind::AddrNotAvailable => (
                "the system has no free local port",
                "reuse one client instead of building one for each call, or lower max_connections",
            ),
            io::ErrorKind::OutOfMemory => {
                ("the system has no free memory", "lower max_connections")
            }
            io::ErrorKind::PermissionDenied => (
                "the system does not permit the connection",
                "check the firewall and the sandbox of this process",
            ),
            _ => return None,
        }
    };
    let reason = format!("{what}: {error}");
    Some(TransportError::new(TransportErrorKind::Connect, reason).with_hint(hint))
}

/// Classifies a failure of the TLS handshake.
fn in_tls(error: &rustls::Error, host: &str) -> Option<TransportError> {
    if let rustls::Error::Other(other) = error
        && let Some(missing) = other.0.downcast_ref::<NoTrustStore>()
    {
        return Some(
            TransportError::new(TransportErrorKind::Configuration, missing.to_string())
                .with_hint(NoTrustStore::HINT),
        );
    }
    Some(match error {
        rustls::Error::InvalidCertificate(problem) => rejected_certificate(problem, host),
        rustls::Error::NoCertificatesPresented => {
            let reason = "the server has no certificate";
            TransportError::new(TransportErrorKind::Certificate, reason)
                .with_hint("check the endpoint")
        }
        rustls::Error::InvalidMessage(_) => TransportError::new(
            TransportErrorKind::Connect,
            "the server does not speak TLS",
        )
        .with_hint(
            "an endpoint without a scheme means https://: write http:// if that is what it speaks",
        ),
        rustls::Error::PeerIncompatible(_) | rustls::Error::AlertReceived(_) => {
            let reason = format!("the server rejected the TLS handshake: {error}");
            TransportError::new(TransportErrorKind::Connect, reason)
                .with_hint("check that the endpoint is KMS and speaks TLS 1.2 or 1.3")
        }
        _ => TransportError::new(
            TransportErrorKind::Connect,
            format!("the TLS handshake failed: {error}"),
        ),
    })
}

/// Says what is wrong with the server's certificate.
fn rejected_certificate(problem: &CertificateError, host: &str) -> TransportError {
    let (why, hint) = match problem {
        // The signature is bad if an authority has the name of a trusted one and another key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => (
            "it is self-signed, or its issuer is not trusted",
            "give the issuer's certificate by root_certificates_pem: for a dedicated instance the CA \
             certificate that the console offers, since the server may not send the one of its \
             intermediate authority",
        ),
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => (
            "it has no subject alternative name",
            "issue one that names the host so; its common name does not count",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            ("it is for another host", "check the endpoint")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "it has expired",
            "check the local clock; if that is right, the server needs a new certificate",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ("it is not valid yet", "check the local clock")
        }
        CertificateError::Revoked => ("it was revoked", "the server needs a new certificate"),
        // Errors of the library beneath rustls, which is not a dependency here.
        other => match format!("{other:?}") {
            text if text.contains("CaUsedAsEndEntity") => (
                "it is that of an authority itself, which a server must not use",
                "issue a certificate for the server by that authority",
            ),
            text if text.contains("UnsupportedCertVersion") => {
                ("it is of an old version of X.509", "issue one of version 3")
            }
            _ => {
                let reason = format!("the certificate of {host} was rejected: {other}");
                return TransportError::new(TransportErrorKind::Certificate, reason)
                    .with_hint("check the endpoint and its certificate");
            }
        },
    };
    let reason = format!("the certificate of {host} was rejected: {why}");
    TransportError::new(TransportErrorKind::Certificate, reason).with_hint(hint)
}

/// Returns the innermost `T` in the chain of causes.
fn find<'e, T: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e T> {
    causes(error).filter_map(|cause| cause.downcast_ref()).last()
}

/// Returns the causes of an error, the outermost first. `io::Error` hides the one that it was made
/// from, so that is opened.
fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => cause.source(),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::OtherError;

    use super::*;

    #[test]
    fn limits_of_the_process_are_named_with_the_systems_message() {
        for (code, words, hint) in [
            (24, "the process has no free file descriptor: ", "ulimit -n"),
            (23, "the process has no free file descriptor: ", "max_connections"),
        ] {
            let cause = io::Error::from_raw_os_error(code);
            let error = system_limit(&cause).unwrap();
            assert_eq!(error.kind(), TransportErrorKind::Connect);
            assert_eq!(error.to_string(), format!("{words}{cause}"));
            assert!(error.hint().unwrap().contains(hint), "{error:?}");
        }
        let no_port = io::Error::from(io::ErrorKind::AddrNotAvailable);
        assert!(system_limit(&no_port).unwrap().to_string().contains("no free local port"));
        assert!(system_limit(&io::ErrorKind::ConnectionRefused.into()).is_none());
    }

    /// The library beneath rustls is not a dependency, so its errors are known by their names.
    #[test]
    fn old_certificate_is_named() {
        #[derive(Debug, thiserror::Error)]
        #[error("fake")]
        struct UnsupportedCertVersion;
        let problem = CertificateError::Other(OtherError(Arc::new(UnsupportedCertVersion)));
        let error = rejected_certificate(&problem, "kms.example");
        let text = "the certificate of kms.example was rejected: it is of an old version of X.509";
        assert_eq!((error.kind(), &*error.to_string()), (TransportErrorKind::Certificate, text));
    }

    #[test]
    fn unknown_problem_of_a_certificate_is_in_rustlss_words() {
        let error = rejected_certificate(&CertificateError::BadEncoding, "kms.example");
        assert!(error.to_string().starts_with("the certificate of kms.example was rejected: "));
        assert_eq!(error.kind(), TransportErrorKind::Certificate);
    }
}
