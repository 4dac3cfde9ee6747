//! What sources reach the world through.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::source::Missing;
use super::{CredentialsError, ProviderContext};
use crate::clock::{Clock, SystemClock};
use crate::os::{Os, SystemOs};
use crate::transport::{HttpTransport, LazyPool, PoolSettings};

/// Files of credentials have a few kilobytes; what is larger is something else.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Machine, clock and network, and the region of the client that asks. A clone shares them.
#[derive(Clone, Debug)]
pub(super) struct ProviderEnv {
    pub(super) os: Arc<dyn Os>,
    pub(super) clock: Arc<dyn Clock>,
    /// To services on the network, by the environment's proxy if it names one.
    pub(super) outward: Arc<dyn HttpTransport>,
    /// To this machine and its metadata service, which no proxy may stand before.
    pub(super) direct: Arc<dyn HttpTransport>,
    pub(super) client_region: Option<String>,
}

impl ProviderEnv {
    /// Those of this process. Nothing is opened before the first request.
    pub(super) fn system() -> Self {
        let pool = |connect_timeout, bypass_proxy| {
            Arc::new(LazyPool::new(PoolSettings { connect_timeout, bypass_proxy, roots: None }))
        };
        Self {
            os: Arc::new(SystemOs),
            clock: Arc::new(SystemClock),
            outward: pool(Duration::from_secs(5), false),
            direct: pool(Duration::from_secs(1), true),
            client_region: None,
        }
    }

    /// The same for a client: with its region, unless one was set, and with a transport of the user's own in the place of the
    /// pool for services on the network.
    pub(super) fn of_client(&self, client: &ProviderContext) -> Self {
        let mut around = self.clone();
        around.client_region = around.client_region.or_else(|| client.region.clone());
        if let Some(transport) = &client.transport {
            around.outward = Arc::clone(transport);
        }
        around
    }

    pub(super) fn with_client_region(self, client_region: Option<String>) -> Self {
        Self { client_region, ..self }
    }

    /// The way to a host: past any proxy when it is this machine.
    pub(super) fn way_to(&self, loopback: bool) -> &dyn HttpTransport {
        if loopback { &*self.direct } else { &*self.outward }
    }

    /// A variable without the white space around it, which a careless copy leaves; `None` when nothing remains.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        let value = Zeroizing::new(self.os.variable(name)?);
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Whether a variable says `true` in any case, or `1`.
    pub(super) fn is_set_to_true(&self, name: &str) -> bool {
        self.variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// A path below the user's home directory.
    pub(super) fn at_home(&self, below: &str) -> Option<PathBuf> {
        Some(self.os.home()?.join(below))
    }

    /// A file that need not be there: `None` when it is not.
    pub(super) async fn optional_file(
        &self,
        path: &Path,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, CredentialsError> {
        match self.os.read_file(path, MAX_FILE_BYTES).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => match error.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Ok(None),
                _ => Err(unreadable(path, error)),
            },
        }
    }

    /// A file that has to be there.
    pub(super) async fn file(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, CredentialsError> {
        let read = self.os.read_file(path, MAX_FILE_BYTES).await;
        read.map_err(|error| unreadable(path, error))
    }

    /// Refuses what runs programs or asks URLs out of a file, where the user forbade it.
    pub(super) fn check_external_allowed(&self) -> Result<(), Missing> {
        const FORBIDDEN: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";
        if self.is_set_to_true(FORBIDDEN) {
            return Err(Missing::failed(format!("{FORBIDDEN} forbids it")));
        }
        Ok(())
    }
}

fn unreadable(path: &Path, error: std::io::Error) -> CredentialsError {
    let path = path.display();
    let told = match error.kind() {
        std::io::ErrorKind::FileTooLarge => format!("{path} is larger than 1 MiB"),
        kind => format!("{path} cannot be read: {kind}"),
    };
    CredentialsError::new(told).with_source(error)
}
