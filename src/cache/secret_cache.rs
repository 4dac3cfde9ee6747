//! [`SecretCache`]: reads secrets from memory.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use futures_util::future::join_all;
use serde::de::DeserializeOwned;

use super::background::Background;
use super::cached_secret::CachedSecret;
use super::changes::SecretChanges;
use super::engine::Engine;
use super::parsed::Lookup;
use super::secret_key::SecretKey;
use super::stats::CacheStats;
use crate::client::KmsClient;
use crate::error::{Error, ErrorKind, Result};
use crate::secrets::{ListSecretsRequest, SecretValueError, VersionStage};

/// Reads secrets from memory, and from the service once they have aged. See the [module](super) for
/// what it promises.
///
/// A clone is a handle of the same cache: build one cache and pass clones along. When the last
/// handle is dropped, the cache's tasks end, and the values that no reader holds are wiped from
/// memory.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
/// # use alibabacloud_kms::secrets::SecretValue;
/// # let emulator = Emulator::start().await?;
/// # let value = SecretValue::text(r#"{"user":"fake-user"}"#);
/// # emulator.add_secret(EmulatedSecret::new("prod/db").value(value));
/// # let client = emulator.client()?;
/// use alibabacloud_kms::cache::SecretCache;
///
/// #[derive(serde::Deserialize)]
/// struct DbConfig {
///     user: String,
/// }
///
/// let cache = SecretCache::builder(client).build()?;
/// let secret = cache.get("prod/db").await?;             // one request
/// let db = cache.json::<DbConfig>("prod/db").await?;    // none, parsed once
/// let again = cache.json::<DbConfig>("prod/db").await?; // neither
/// assert_eq!((db.user.as_str(), secret.is_stale()), ("fake-user", false));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SecretCache {
    engine: Arc<Engine>,
    background: Option<Arc<Background>>,
}

impl SecretCache {
    pub(super) fn new(engine: Arc<Engine>, background: Option<Arc<Background>>) -> Self {
        Self { engine, background }
    }

    /// Returns the client that the cache reads by: that of the first region.
    #[must_use]
    pub fn client(&self) -> &KmsClient {
        self.engine.client()
    }

    /// Returns a secret, from memory if it is there.
    ///
    /// A read that finds a fresh value takes less than a microsecond. One that finds none waits for
    /// the service, together with all other readers of the key: they cause one request. Dropping
    /// the future does not affect the others.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) before anything is sent, if the key is
    ///   not valid.
    /// - [`NotFound`](crate::ErrorKind::NotFound) and
    ///   [`AccessDenied`](crate::ErrorKind::AccessDenied), also for [a
    ///   moment](super::SecretCacheBuilder::negative_ttl) after the service returned them.
    /// - The errors of [`get_secret_value`](KmsClient::get_secret_value), if the cache lacks a
    ///   value that may be served.
    pub fn get<'k>(
        &self,
        key: impl Into<SecretKey<'k>>,
    ) -> impl Future<Output = Result<Arc<CachedSecret>>> + Send {
        let key = key.into();
        async move {
            match self.engine.hit(&key) {
                Some(secret) => Ok(secret),
                // Boxed, so that the future of a hit is small.
                None => Box::pin(self.running_engine().read(key.into_owned())).await,
            }
        }
    }

    /// Returns what the JSON of a secret is parsed to, once for each version.
    ///
    /// A new version that does not parse changes nothing at first: what the version before was
    /// parsed to is returned until its age is the TTL and
    /// [`max_stale`](super::SecretCacheBuilder::max_stale), and the failure is an event and counted
    /// in [`stats`](Self::stats). The parsed value is not wiped from memory unless `T` does that.
    ///
    /// # Errors
    ///
    /// - As [`get`](Self::get).
    /// - [`Decode`](crate::ErrorKind::Decode) if the value is not JSON, or not that of a `T`. The
    ///   error names the secret and the place in the JSON, and quotes nothing of the value.
    pub fn json<'k, T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        key: impl Into<SecretKey<'k>>,
    ) -> impl Future<Output = Result<Arc<T>>> + Send {
        let read = self.get(key);
        async move {
            let secret = read.await?;
            match secret.parsed().get() {
                Lookup::Parsed(value) => Ok(value),
                _ => self.parse(&secret),
            }
        }
    }

    fn parse<T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        secret: &CachedSecret,
    ) -> Result<Arc<T>> {
        let kept = || match secret.parsed().get() {
            Lookup::Kept(value, confirmed_at) => {
                self.engine.may_serve(secret.key(), confirmed_at).then_some(value)
            }
            _ => None,
        };
        if let Some(value) = kept() {
            return Ok(value);
        }
        match secret.value.json::<T>() {
            Ok(value) => {
                let value = Arc::new(value);
                secret.parsed().insert(Arc::clone(&value));
                Ok(value)
            }
            Err(problem) => {
                let error = does_not_parse(secret, &problem);
                self.engine.note_parse_failure(secret, &error);
                secret.parsed().keep_inherited::<T>();
                kept().ok_or(error)
            }
        }
    }

    /// Reads a secret from the service now, and returns it.
    ///
    /// Calls share one request, one that starts after they were made. A failed refresh is an error
    /// here, and leaves a value that may be served to the other readers.
    ///
    /// # Errors
    ///
    /// The errors of [`get_secret_value`](KmsClient::get_secret_value).
    pub fn refresh<'k>(
        &self,
        key: impl Into<SecretKey<'k>>,
    ) -> impl Future<Output = Result<Arc<CachedSecret>>> + Send + 'static {
        self.running_engine().refresh(key.into().into_owned())
    }

    /// Drops a value. The next reader waits for the service, and a read that is in flight does not
    /// bring the value back.
    pub fn invalidate<'k>(&self, key: impl Into<SecretKey<'k>>) {
        self.engine.invalidate(&key.into().into_owned());
    }

    /// Reports that a value was rejected where it is used, such as by a database, and returns the
    /// one to use.
    ///
    /// If the cache holds another version by now, that is returned. Otherwise the secret is read
    /// from the service, at most once in 5 s; within that time the same value is returned again. So
    /// compare versions before trying again:
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alibabacloud_kms::cache::{CachedSecret, SecretCache};
    /// # struct Connection;
    /// # async fn connect(_: &CachedSecret) -> Result<Connection, Box<dyn std::error::Error>> {
    /// #     Ok(Connection)
    /// # }
    /// async fn open(cache: &SecretCache) -> Result<Connection, Box<dyn std::error::Error>> {
    ///     let secret = cache.get("prod/db").await?;
    ///     match connect(&secret).await {
    ///         Err(rejected) => {
    ///             let newer = cache.report_rejected(&secret).await?;
    ///             if Arc::ptr_eq(&newer, &secret) { Err(rejected) } else { connect(&newer).await }
    ///         }
    ///         connected => connected,
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`refresh`](Self::refresh).
    pub fn report_rejected(
        &self,
        secret: &CachedSecret,
    ) -> impl Future<Output = Result<Arc<CachedSecret>>> + Send {
        self.running_engine().report_rejected(secret)
    }

    /// Returns the version that was current before (`ACSPrevious`), read on demand.
    ///
    /// Managed secrets with two accounts keep the previous account valid until the next rotation,
    /// so it can be tried when the current one is rejected.
    ///
    /// # Errors
    ///
    /// The errors of [`get`](Self::get).
    pub fn previous<'k>(
        &self,
        secret_name: impl Into<SecretKey<'k>>,
    ) -> impl Future<Output = Result<Arc<CachedSecret>>> + Send {
        self.get(secret_name.into().version_stage(VersionStage::Previous))
    }

    /// Reads many secrets, up to 20 with one request, and returns an outcome for each in their
    /// order.
    ///
    /// Secrets that are in the cache cost nothing. One that cannot be read does not keep the others
    /// from being read.
    pub fn warm_up<'k, K: Into<SecretKey<'k>>>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> impl Future<Output = Vec<(SecretKey<'static>, Result<Arc<CachedSecret>>)>> + Send + 'static
    {
        let keys: Vec<_> = keys.into_iter().map(|key| key.into().into_owned()).collect();
        let engine = self.running_engine();
        async move {
            let launched = &engine.launch_missing(&keys);
            let reads = keys.into_iter().map(|key| {
                let engine = Arc::clone(&engine);
                async move {
                    let outcome = match (engine.hit(&key), launched.get(&key)) {
                        (Some(secret), _) => Ok(secret),
                        (None, Some(flight)) => engine.read_launched(key.clone(), flight).await,
                        (None, None) => engine.read(key.clone()).await,
                    };
                    (key, outcome)
                }
            });
            join_all(reads).await
        }
    }

    /// Lists secrets and reads the current value of each, as [`warm_up`](Self::warm_up) does.
    ///
    /// # Errors
    ///
    /// The errors of [`list_secrets`](KmsClient::list_secrets), if the listing fails.
    pub fn warm_up_matching(
        &self,
        request: ListSecretsRequest,
    ) -> impl Future<Output = Result<Vec<(SecretKey<'static>, Result<Arc<CachedSecret>>)>>>
    + Send
    + 'static {
        let this = self.clone();
        async move {
            let secrets = this.client().list_secrets_paginator(request).items();
            let keys = secrets.map_ok(|secret| SecretKey::new(secret.secret_name));
            let keys: Vec<SecretKey<'static>> = keys.try_collect().await?;
            Ok(this.warm_up(keys).await)
        }
    }

    /// Returns the versions of a secret as a stream: the present one first, then each new version.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # use alibabacloud_kms::secrets::{PutSecretValueRequest, SecretValue};
    /// # let emulator = Emulator::start().await?;
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// # let cache = alibabacloud_kms::cache::SecretCache::builder(client.clone()).build()?;
    /// use futures_util::StreamExt;
    ///
    /// let mut changes = cache.watch("prod/db");
    /// while let Some(secret) = changes.next().await {
    ///     println!("connecting with version {}", secret.version_id);
    /// #   break;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch<'k>(&self, key: impl Into<SecretKey<'k>>) -> SecretChanges {
        SecretChanges::new(self.running_engine(), key.into().into_owned(), self.clone())
    }

    /// Returns what the cache has done since it was built.
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        self.engine.stats()
    }

    pub(super) fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Returns the engine, with its background task if it is to have one.
    fn running_engine(&self) -> Arc<Engine> {
        if let Some(background) = &self.background {
            background.ensure_running(&self.engine);
        }
        Arc::clone(&self.engine)
    }
}

fn does_not_parse(secret: &CachedSecret, problem: &SecretValueError) -> Error {
    let key = secret.key();
    let text = format!("the value of {key} at version {:?}: {problem}", secret.version_id);
    Error::new(ErrorKind::Decode, text)
}

impl fmt::Debug for SecretCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, background } = self;
        f.debug_struct("SecretCache")
            .field("client", engine.client())
            .field("settings", engine.settings())
            .field("refreshes_in_background", &background.is_some())
            .field("stats", &engine.stats())
            .finish_non_exhaustive()
    }
}
