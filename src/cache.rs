//! A cache of secret values, for programs that read a secret more than once.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
//! # let emulator = Emulator::start().await?;
//! # emulator.add_secret(EmulatedSecret::new("prod/db"));
//! # let client = emulator.client()?;
//! use alibabacloud_kms::cache::SecretCache;
//!
//! let cache = SecretCache::builder(client).build()?;
//! let secret = cache.get("prod/db").await?;   // reads from the service
//! let secret = cache.get("prod/db").await?;   // reads from memory
//! println!("version {}, {:?} old", secret.version_id, secret.age());
//! # Ok(())
//! # }
//! ```
//!
//! # States
//!
//! An entry of the cache passes through four states. Its age is the time since the service last
//! confirmed the value.
//!
//! - **Fresh**, up to 80 % to 90 % of the TTL of 5 minutes: a reader gets the value from memory.
//!   After a first load, and after failed refreshes, it is 10 % to 90 %, so that programs which
//!   start together do not refresh together.
//! - **Ageing**, up to the TTL: a reader gets the value from memory, and one refresh runs behind.
//! - **Stale**, up to [`max_stale`](SecretCacheBuilder::max_stale) of 1 hour past the TTL: a reader
//!   gets a refreshed value. If the refresh fails in a transient way or takes longer than
//!   [`stale_wait`](SecretCacheBuilder::stale_wait) of 1 s, it gets the old value, which
//!   [`is_stale`](CachedSecret::is_stale) marks.
//! - **Gone**: a reader waits for the service, and gets the value or the error.
//!
//! What holds for each of them:
//!
//! - A value is never served when it is older than TTL and `max_stale` together, and only a
//!   response of the service makes it younger.
//! - Transient errors leave a value where it is: those of the network, timeouts, an unavailable
//!   service, throttling, and credentials that could not be loaded for such a reason. Any other
//!   error, such as [`NotFound`](crate::ErrorKind::NotFound) or
//!   [`AccessDenied`](crate::ErrorKind::AccessDenied), discards the value immediately.
//! - After a refresh that failed in a transient way, no refresh of the secret starts during a
//!   growing pause, 100 ms to 30 s, so an outage costs one call for each secret and pause. A reader
//!   of a secret without a value waits for at most 1 s of it. After `NotFound` and `AccessDenied`,
//!   readers get the error for the [`negative_ttl`](SecretCacheBuilder::negative_ttl) of 1 s; after
//!   any other error the next reader calls the service.
//! - All readers of a secret share one request, also across runtimes. Dropping a reader does not
//!   affect the others.
//! - If a rotation by KMS is due before the TTL is over, the value is ageing 2 s to 10 s after that
//!   time. The secret is then polled until its version changes, for at most one TTL.
//! - A [version id](SecretKey::version_id) names a value that never changes. It is read once and
//!   kept until it is evicted.
//!
//! Unless [`refresh_in_background`](SecretCacheBuilder::refresh_in_background) is set, the cache
//! starts no task of its own: a refresh behind a read is a task that ends with its request.
//!
//! # Follow a secret
//!
//! [`watch`](SecretCache::watch) is a stream of versions, for what is built from a secret, such as
//! a pool of connections. [`report_rejected`](SecretCache::report_rejected) is for a value that a
//! database no longer accepts, and [`previous`](SecretCache::previous) for the one before. The
//! example `web_service` does all of it.
//!
//! # Write
//!
//! A write by a [`KmsClient`](crate::KmsClient) does not know the cache. The methods of the same
//! names of [`SecretCache`] do: after [`put_secret_value`](SecretCache::put_secret_value) the next
//! read returns the new value.
//!
//! # Several regions
//!
//! [`also`](SecretCacheBuilder::also) adds clients of other regions, which are called when the
//! first one fails in a transient way. [`served_by`](CachedSecret::served_by) returns which region
//! a value came from.
//!
//! # Programs without async
//!
//! One runtime for the whole program is enough. This function works from any thread, also within
//! `spawn_blocking`, and only not within an async function:
//!
//! ```
//! use std::sync::LazyLock;
//! use tokio::runtime::{Builder, Runtime};
//!
//! static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
//!     let mut builder = Builder::new_multi_thread();
//!     builder.worker_threads(1).enable_all().build().expect("the system gives a thread")
//! });
//!
//! fn wait<F: Future>(future: F) -> F::Output {
//!     RUNTIME.block_on(future)
//! }
//! # use alibabacloud_kms::cache::SecretCache;
//! # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = wait(Emulator::start())?;
//! # emulator.add_secret(EmulatedSecret::new("prod/db"));
//! # let client = emulator.client()?;
//!
//! let cache = SecretCache::builder(client).build()?;
//! let secret = wait(cache.get("prod/db"))?;
//! # Ok(())
//! # }
//! ```
//!
//! The worker thread refreshes secrets while nobody waits, and keeps connections open. See the
//! example `without_async`.
//!
//! # Observe
//!
//! [`stats`](SecretCache::stats) returns counts. With the feature `tracing`, hits, misses,
//! refreshes, stale reads and failures are events with the name of the secret, its version id and
//! its age. Nothing shows a value.
//!
//! # Memory
//!
//! The cache holds [`max_entries`](SecretCacheBuilder::max_entries) at most, 1,000 by default, and
//! removes the least recently read one. A value is wiped from memory when the cache and the last
//! reader have dropped their [`Arc`](std::sync::Arc) of it.

mod atomic_time;
mod background;
mod breaker;
mod builder;
mod cached_secret;
mod changes;
mod engine;
mod entry;
mod flight;
mod jitter;
mod launcher;
mod loader;
mod parsed;
mod regions;
mod schedule;
mod secret_cache;
mod secret_key;
mod settings;
mod stats;
mod striped_lock;
mod stripes;
mod table;
mod timer;
mod writes;

pub use builder::SecretCacheBuilder;
pub use cached_secret::CachedSecret;
pub use changes::SecretChanges;
pub use secret_cache::SecretCache;
pub use secret_key::SecretKey;
pub use stats::CacheStats;
