//! The service: its pool follows the secret.

use std::error::Error;
use std::sync::Arc;

use alibabacloud_kms::cache::{CachedSecret, SecretCache, SecretChanges};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use futures_util::StreamExt as _;
use tokio::sync::watch;

use super::database::{Database, LoginRejected, Pool};

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// The state that the handlers share.
#[derive(Clone)]
pub(crate) struct Service {
    cache: SecretCache,
    database: Database,
    current: Arc<watch::Sender<Arc<Connected>>>,
}

/// A pool, and the version of the secret that it was built from.
pub(crate) struct Connected {
    pool: Pool,
    pub(crate) secret: Arc<CachedSecret>,
}

impl Connected {
    fn new(database: &Database, secret: Arc<CachedSecret>) -> Result<Arc<Self>, Failure> {
        let pool = database.pool(secret.value.json()?);
        Ok(Arc::new(Self { pool, secret }))
    }
}

impl Service {
    /// Connects to the database, and follows the versions of the secret from then on.
    pub(crate) async fn start(
        cache: SecretCache,
        secret_name: &str,
        database: Database,
    ) -> Result<Self, Failure> {
        // Fails at once if the secret cannot be read, where a stream would wait for it.
        let secret = cache.get(secret_name).await?;
        let connected = Connected::new(&database, secret)?;
        let changes = cache.watch(secret_name);
        let service = Self { cache, database, current: Arc::new(watch::Sender::new(connected)) };
        tokio::spawn(service.clone().follow(changes));
        Ok(service)
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .route("/users/{id}", get(user))
            .route("/health", get(health))
            .with_state(self.clone())
    }

    /// Returns the pool of the current version.
    pub(crate) fn connected(&self) -> Arc<Connected> {
        Arc::clone(&self.current.borrow())
    }

    /// Returns the pools as they follow each other.
    #[cfg(test)]
    pub(crate) fn current_pools(&self) -> watch::Receiver<Arc<Connected>> {
        self.current.subscribe()
    }

    /// Builds a pool for each new version. One that cannot be used leaves the last good pool in
    /// place.
    async fn follow(self, mut changes: SecretChanges) {
        while let Some(secret) = changes.next().await {
            self.connect(secret);
        }
    }

    fn connect(&self, secret: Arc<CachedSecret>) {
        if Arc::ptr_eq(&secret, &self.connected().secret) {
            return;
        }
        match Connected::new(&self.database, secret) {
            Ok(connected) => drop(self.current.send_replace(connected)),
            Err(error) => eprintln!("a new version of the credentials is not usable: {error}"),
        }
    }

    /// Runs a query. If the database rejects the password, the secret is read again and, if it
    /// changed, the query runs once more.
    async fn query<T>(
        &self,
        query: impl Fn(&Pool) -> Result<T, LoginRejected>,
    ) -> Result<T, Failure> {
        let connected = self.connected();
        let rejected = match query(&connected.pool) {
            Ok(found) => return Ok(found),
            Err(rejected) => rejected,
        };
        let newer = self.cache.report_rejected(&connected.secret).await?;
        if Arc::ptr_eq(&newer, &connected.secret) {
            return Err(rejected.into());
        }
        self.connect(newer);
        Ok(query(&self.connected().pool)?)
    }
}

async fn user(State(service): State<Service>, Path(id): Path<u32>) -> Result<String, StatusCode> {
    service.query(|pool| pool.user_name(id)).await.map_err(|error| {
        eprintln!("cannot read user {id}: {error}");
        StatusCode::SERVICE_UNAVAILABLE
    })
}

/// Returns which version of the credentials is in use, and if it is stale. The service is healthy
/// also while KMS cannot be reached.
async fn health(State(service): State<Service>) -> String {
    let secret = &service.connected().secret;
    format!("version {}, stale: {}", secret.version_id, secret.is_stale())
}
