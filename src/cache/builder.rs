//! [`SecretCacheBuilder`]: the settings of a cache.

use std::sync::Arc;
use std::time::Duration;

use super::background::Background;
use super::engine::Engine;
use super::launcher::fly;
use super::loader::Loader;
use super::regions::Regions;
use super::secret_cache::SecretCache;
use super::settings::Settings;
use super::timer::Timer;
use crate::client::KmsClient;
use crate::clock::SystemClock;
use crate::error::{Error, Result};

/// The settings of a [`SecretCache`], made by [`SecretCache::builder`].
///
/// ```
/// use std::time::Duration;
///
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::cache::SecretCache;
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// let client = KmsClient::builder().region("cn-hangzhou").build()?;
/// let cache = SecretCache::builder(client.clone())
///     .ttl(Duration::from_secs(600))
///     .secret_ttl("prod/feature-flags", Duration::from_secs(30))
///     .max_stale(Duration::from_secs(6 * 60 * 60))
///     .also(client.in_region("cn-beijing")?)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct SecretCacheBuilder {
    client: KmsClient,
    others: Vec<KmsClient>,
    settings: Settings,
}

impl SecretCache {
    /// Returns the settings of a cache that reads by this client.
    pub fn builder(client: KmsClient) -> SecretCacheBuilder {
        SecretCacheBuilder { client, others: Vec::new(), settings: Settings::default() }
    }
}

impl SecretCacheBuilder {
    /// Sets the time for which a value is served without a call. More than 0 and at most 24 hours,
    /// default 5 minutes.
    ///
    /// A refresh starts a little earlier, at a random time, while readers still get the value. The
    /// first refresh of a value starts at a random time within the TTL, so that processes which
    /// start together do not go on reading from the service together.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.settings.ttl = ttl;
        self
    }

    /// Sets the TTL of one secret, by the name or ARN that it is read by. More than 0 and at most
    /// 24 hours, default the [`ttl`](Self::ttl) of all.
    pub fn secret_ttl(mut self, secret_name: impl Into<String>, ttl: Duration) -> Self {
        self.settings.ttl_by_name.insert(secret_name.into(), ttl);
        self
    }

    /// Sets the time past its TTL for which a value is served while the service cannot be reached.
    /// 0 to 24 hours, default 1 hour; 0 is never.
    ///
    /// It applies to transient errors: of the network, timeouts, an unavailable service,
    /// throttling, and credentials that could not be loaded for such a reason. Any other error
    /// discards the value immediately.
    pub fn max_stale(mut self, max_stale: Duration) -> Self {
        self.settings.max_stale = max_stale;
        self
    }

    /// Sets the longest time that a reader of a value past its TTL waits for a refresh before it
    /// gets that value. 0 to 24 hours, default 1 s.
    pub fn stale_wait(mut self, stale_wait: Duration) -> Self {
        self.settings.stale_wait = stale_wait;
        self
    }

    /// Sets the time for which readers get the error of a secret that does not exist or may not be
    /// read, without a call. 0 to 24 hours, default 1 s. No other error is cached.
    pub fn negative_ttl(mut self, negative_ttl: Duration) -> Self {
        self.settings.negative_ttl = negative_ttl;
        self
    }

    /// Sets the largest number of entries, 1 and more, default 1,000. The least recently read entry
    /// makes room for another. Secrets that are [watched](SecretCache::watch) count and stay.
    pub fn max_entries(mut self, max_entries: usize) -> Self {
        self.settings.max_entries = max_entries;
        self
    }

    /// Sets whether managed secrets come with their
    /// [`extended_config`](super::CachedSecret::extended_config). Default `false`.
    pub fn fetch_extended_config(mut self, fetch: bool) -> Self {
        self.settings.fetch_extended_config = fetch;
        self
    }

    /// Refreshes secrets in a background task, each before it ages, so that hardly any read waits.
    /// Misses of the same instant are read with one request.
    ///
    /// There is one task for the cache. It starts with the first read, on the runtime of that read,
    /// which has to run as long as the cache is used, and it ends when the last handle is dropped.
    /// Every secret in the cache is refreshed, whether or not it is still read.
    pub fn refresh_in_background(mut self) -> Self {
        self.settings.refresh_in_background = true;
        self
    }

    /// Adds the client of a region that is called when those before it fail in a transient way. May
    /// be called several times.
    ///
    /// It is for secrets that are replicated under the same name. A secret that the first region
    /// does not have, or does not allow to read, is not looked for in another. A region that fails
    /// five times in a row is not called for 2.5 s to 60 s; then one call tries it again. Versions
    /// of different regions are never compared: a change of region counts as a new version. An ARN
    /// names its region, so secrets read by their ARN are read only there.
    ///
    /// A region that hangs costs the [call timeout](KmsClient::with_call_timeout) of its client
    /// before the next one is called; see [`hedge_after`](Self::hedge_after).
    pub fn also(mut self, client: KmsClient) -> Self {
        self.others.push(client);
        self
    }

    /// Calls the next region, too, when one has not responded after this time, and takes the first
    /// response. More than 0 and at most 24 hours. By default the next region is called only after
    /// a failure.
    pub fn hedge_after(mut self, delay: Duration) -> Self {
        self.settings.hedge_after = Some(delay);
        self
    }

    /// Builds the cache. It sends nothing and needs no runtime.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if a setting is outside its range.
    // Compiled, and `fly` with it, only in programs that use it.
    #[inline]
    pub fn build(self) -> Result<SecretCache> {
        let Self { client, others, settings } = self;
        settings.validate().map_err(|problem| Error::invalid_input(&problem))?;
        let timer = Timer::start(Arc::new(SystemClock));
        let regions = Regions::new(client, others, settings.hedge_after, timer.clone());
        let loader = Loader::new(regions, settings.fetch_extended_config);
        let background = settings.refresh_in_background.then(Arc::<Background>::default);
        let engine = Arc::new(Engine::new(settings, loader, timer, fly));
        Ok(SecretCache::new(engine, background))
    }
}
