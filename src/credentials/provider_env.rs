//! [`ProviderEnv`]: the system, the clock and the network as loaders see them.

use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use url::{Host, Url};
use zeroize::Zeroizing;

use super::load_error::LoadError;
use super::{CredentialsError, ProviderContext};
use crate::clock::{Clock, SystemClock, check_timer};
use crate::os::{Os, SystemOs};
use crate::transport::{HttpTransport, default_transport};

/// Files with credentials have a few kilobytes; a larger one is something else.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// A file that blocks, such as one of a network mount that hangs, fails in this time, so that the
/// error names it.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The system, the clock, the network, and the region of the client. A clone shares them.
#[derive(Clone, Debug)]
pub(super) struct ProviderEnv {
    pub(super) os: Arc<dyn Os>,
    pub(super) clock: Arc<dyn Clock>,
    /// For encrypted requests to public hosts, through the proxy of the environment if it names
    /// one.
    pub(super) transport: Arc<dyn HttpTransport>,
    /// For all other requests, never through a proxy.
    pub(super) direct_transport: Arc<dyn HttpTransport>,
    pub(super) client_region: Option<String>,
}

impl ProviderEnv {
    /// Returns the environment of this process. Nothing is opened before the first request.
    pub(super) fn system() -> Self {
        Self {
            os: Arc::new(SystemOs),
            clock: Arc::new(SystemClock),
            transport: default_transport(false),
            direct_transport: default_transport(true),
            client_region: None,
        }
    }

    /// Returns the environment for a client: with its region, unless one is set, and with the
    /// transport that was set on its builder, if any, in place of the pool for the network.
    pub(super) fn configured(&self, context: &ProviderContext) -> Self {
        let mut env = self.clone();
        env.client_region = env.client_region.or_else(|| context.region.clone());
        if let Some(transport) = &context.transport {
            env.transport = Arc::clone(transport);
            // The only one then.
            if cfg!(not(feature = "reqwest")) {
                env.direct_transport = Arc::clone(transport);
            }
        }
        env
    }

    pub(super) fn with_client_region(self, client_region: Option<String>) -> Self {
        Self { client_region, ..self }
    }

    /// Returns the transport for a request to this URL.
    pub(super) fn transport_to(&self, url: &Url) -> &dyn HttpTransport {
        if is_direct(url) { &*self.direct_transport } else { &*self.transport }
    }

    /// Returns a variable without surrounding white space, such as the line feed of a file that it
    /// was set from; `None` if it is unset or nothing remains.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        let value = Zeroizing::new(self.os.variable(name)?);
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Returns whether a variable is `true`, in any case, or `1`.
    pub(super) fn is_set_to_true(&self, name: &str) -> bool {
        self.variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// Returns a path below the home directory of the user.
    pub(super) fn home_path(&self, relative: &str) -> Option<PathBuf> {
        Some(self.os.home()?.join(relative))
    }

    /// Reads a file that is optional: `None` if it does not exist.
    pub(super) async fn read_optional(
        &self,
        path: &Path,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, CredentialsError> {
        match self.read_file(path).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
                _ => Err(read_error(path, error)),
            },
        }
    }

    /// Reads a file that must exist.
    pub(super) async fn read(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, CredentialsError> {
        self.read_file(path).await.map_err(|error| read_error(path, error))
    }

    async fn read_file(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        check_runtime().map_err(io::Error::other)?;
        match timeout(READ_TIMEOUT, self.os.read_file(path, MAX_FILE_BYTES)).await {
            Ok(read) => read,
            Err(_) => Err(ErrorKind::TimedOut.into()),
        }
    }

    /// Reads a regular file that is optional, on this thread: `None` if it does not exist.
    pub(super) fn read_optional_now(
        &self,
        path: &Path,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, CredentialsError> {
        let read = self.os.read_regular_file(path, MAX_FILE_BYTES);
        read.map_err(|error| read_error(path, error))
    }

    /// Fails if the user forbade what a file can cause: to run a program or to call a URL.
    pub(super) fn check_external_allowed(&self) -> Result<(), LoadError> {
        const DISABLED: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";
        if self.is_set_to_true(DISABLED) {
            return Err(LoadError::failed(format!("disabled by {DISABLED}")));
        }
        Ok(())
    }
}

/// Fails if a timeout would panic here, and says what a runtime needs.
pub(super) fn check_runtime() -> Result<(), CredentialsError> {
    check_timer().map_err(|lacking| CredentialsError::new(format!("{lacking}: {}", lacking.hint())))
}

/// Returns whether no proxy may see a request: it would receive credentials in clear from a plain
/// HTTP URL, and cannot reach a loopback, link-local or private host such as the metadata service.
fn is_direct(url: &Url) -> bool {
    fn is_private(address: Ipv4Addr) -> bool {
        // The shared range (RFC 6598) contains the metadata service and the VPC hosts.
        let is_shared =
            (u32::from(address) >> 22) == (u32::from(Ipv4Addr::new(100, 64, 0, 0)) >> 22);
        address.is_loopback() || address.is_private() || address.is_link_local() || is_shared
    }
    url.scheme() == "http"
        || match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => is_private(address),
            Some(Host::Ipv6(address)) => {
                address.is_loopback()
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
                    || address.to_ipv4_mapped().is_some_and(is_private)
            }
            None => false,
        }
}

fn read_error(path: &Path, error: io::Error) -> CredentialsError {
    let path = path.display();
    let message = match error.kind() {
        // Another attempt would block as well.
        ErrorKind::TimedOut => {
            let message = format!("{path} cannot be read within 10 s");
            return CredentialsError::new(message).transient().exhausted();
        }
        ErrorKind::FileTooLarge => format!("{path} is larger than 1 MiB"),
        ErrorKind::NotFound => format!("{path} does not exist"),
        _ => format!("{path} cannot be read: {error}"),
    };
    CredentialsError::new(message).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_and_private_hosts_are_direct() {
        for (url, expected) in [
            ("http://sidecar.example/", true),
            ("https://localhost/", true),
            ("https://127.0.0.1/", true),
            ("https://10.1.2.3/", true),
            ("https://172.16.0.1/", true),
            ("https://192.168.0.1/", true),
            ("https://169.254.169.254/", true),
            ("https://100.64.0.1/", true),
            ("https://100.100.100.200/", true),
            ("https://100.127.255.255/", true),
            ("https://[::1]/", true),
            ("https://[fd00::1]/", true),
            ("https://[fe80::1]/", true),
            ("https://[::ffff:10.0.0.1]/", true),
            ("https://100.63.255.255/", false),
            ("https://100.128.0.0/", false),
            ("https://172.32.0.1/", false),
            ("https://8.8.8.8/", false),
            ("https://[2001:db8::1]/", false),
            ("https://sts.cn-hangzhou.aliyuncs.com/", false),
            ("https://localhost.example/", false),
        ] {
            assert_eq!(is_direct(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
