//! [`PoolSettings`]: what a pool is made with.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::ClientBuilder;

use super::certificates::RootCertificates;

/// The settings of a pool. A clone shares the certificates.
#[derive(Clone, Debug)]
pub(crate) struct PoolSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) max_connections: usize,
    /// True if the environment's proxies are ignored: for hosts that are called directly.
    pub(crate) bypass_proxy: bool,
    pub(crate) roots: Roots,
    pub(crate) configure: Option<Configure>,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            max_connections: 64,
            bypass_proxy: false,
            roots: Roots::Platform,
            configure: None,
        }
    }
}

impl PoolSettings {
    /// Returns the settings for services of Alibaba Cloud that only the platform's and extra
    /// authorities vouch for; `None` if they are the default.
    pub(crate) fn for_public_services(&self) -> Option<Self> {
        let roots = match &self.roots {
            Roots::Platform | Roots::Only(_) => Roots::Platform,
            extra @ Roots::PlatformAnd(_) => extra.clone(),
        };
        let is_default = self.configure.is_none() && matches!(roots, Roots::Platform);
        (!is_default).then(|| Self { roots, bypass_proxy: false, ..self.clone() })
    }
}

/// The authorities whose certificates are trusted.
#[derive(Clone, Debug)]
pub(crate) enum Roots {
    /// Those that the platform trusts.
    Platform,
    /// Those and more.
    PlatformAnd(RootCertificates),
    /// Only these.
    Only(RootCertificates),
}

impl Roots {
    /// Returns the authorities for a dedicated KMS instance: the root of all instances, unless the
    /// user chose the only authorities.
    pub(crate) fn for_instance(&self) -> Self {
        match self {
            Self::Platform => Self::Only(RootCertificates::of_instances()),
            Self::PlatformAnd(extra) => {
                Self::PlatformAnd(extra.and(&RootCertificates::of_instances()))
            }
            Self::Only(certificates) => Self::Only(certificates.clone()),
        }
    }
}

/// The user's changes to the HTTP client.
#[derive(Clone)]
pub(crate) struct Configure(Arc<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>);

impl Configure {
    pub(super) fn new(
        configure: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(configure))
    }

    pub(super) fn apply(&self, builder: ClientBuilder) -> ClientBuilder {
        (self.0)(builder)
    }
}

impl fmt::Debug for Configure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Configure")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_trust_their_root_unless_others_are_the_only_ones() {
        let own = RootCertificates::of_instances();
        let shown = |roots: Roots| format!("{:?}", roots.for_instance());
        assert_eq!(shown(Roots::Platform), "Only(RootCertificates(1))");
        assert_eq!(shown(Roots::PlatformAnd(own.clone())), "PlatformAnd(RootCertificates(2))");
        assert_eq!(shown(Roots::Only(own.and(&own))), "Only(RootCertificates(2))");
    }
}
