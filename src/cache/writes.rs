//! Writes through the cache, which know what is cached of the secret.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::engine::Engine;
use super::secret_cache::SecretCache;
use crate::error::{Error, Result};
use crate::secrets::{
    CreateSecretRequest, CreateSecretResponse, DeleteSecretRequest, DeleteSecretResponse,
    GetSecretValueResponse, PutOrCreateOutcome, PutSecretValueRequest, PutSecretValueResponse,
    RestoreSecretRequest, RestoreSecretResponse, RotateSecretRequest, RotateSecretResponse,
    SecretValue, UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse,
};

/// # Writes
///
/// Each calls the method of the same name of the [client](Self::client), with its errors, and then
/// lets the cache know. A value that was written replaces the cached one immediately, unless a
/// later write or read of the secret ended before it. What else was changed is read again, also if
/// the outcome of a write is unknown or its future was dropped: a reader waits for the new value,
/// and gets the one before only if the service fails in a transient way or takes longer than
/// [`stale_wait`](super::SecretCacheBuilder::stale_wait).
///
/// A write by a client does not know the cache, and neither does one of another process: the cache
/// sees it when the value has aged.
impl SecretCache {
    /// Puts a new value, as [`put_secret_value`](crate::KmsClient::put_secret_value). The next read
    /// returns it without a request.
    ///
    /// # Errors
    ///
    /// As the method of the client.
    pub fn put_secret_value(
        &self,
        request: PutSecretValueRequest,
    ) -> impl Future<Output = Result<PutSecretValueResponse>> + Send + 'static {
        let value = request.value.clone();
        let name = request.secret_name.clone();
        self.write(name, self.client().put_secret_value(request), move |write, put| {
            write.replace_value(put, &value);
        })
    }

    /// Puts a new value or creates the secret, as
    /// [`put_or_create_secret`](crate::KmsClient::put_or_create_secret).
    ///
    /// # Errors
    ///
    /// As the method of the client.
    pub fn put_or_create_secret(
        &self,
        request: CreateSecretRequest,
    ) -> impl Future<Output = Result<PutOrCreateOutcome>> + Send + 'static {
        let value = request.value.clone();
        let name = request.secret_name.clone();
        self.write(name, self.client().put_or_create_secret(request), move |write, outcome| {
            match outcome {
                PutOrCreateOutcome::Put(put) => write.replace_value(put, &value),
                PutOrCreateOutcome::Created(_) => write.engine.invalidate_secret(&write.name),
            }
        })
    }

    /// Creates a secret, as [`create_secret`](crate::KmsClient::create_secret).
    ///
    /// # Errors
    ///
    /// As the method of the client.
    pub fn create_secret(
        &self,
        request: CreateSecretRequest,
    ) -> impl Future<Output = Result<CreateSecretResponse>> + Send + 'static {
        let name = request.secret_name.clone();
        self.write(name, self.client().create_secret(request), |write, created| {
            write.engine.invalidate_secret(&created.secret_name);
        })
    }

    /// Rotates a managed secret, as [`rotate_secret`](crate::KmsClient::rotate_secret). The cache
    /// then polls for the new version every 2 s to 10 s while the secret is read, watched or
    /// refreshed in the background.
    ///
    /// # Errors
    ///
    /// As the method of the client.
    pub fn rotate_secret(
        &self,
        request: RotateSecretRequest,
    ) -> impl Future<Output = Result<RotateSecretResponse>> + Send + 'static {
        let name = request.secret_name.clone();
        self.write(name, self.client().rotate_secret(request), |write, _rotated| {
            write.engine.expect_rotation(&write.name);
        })
    }

    /// Rotates a managed secret and waits for the new version, as
    /// [`rotate_secret_and_wait`](crate::KmsClient::rotate_secret_and_wait).
    ///
    /// # Errors
    ///
    /// As the method of the client. A rotation that took too long is polled for as after
    /// [`rotate_secret`](Self::rotate_secret).
    pub fn rotate_secret_and_wait(
        &self,
        request: RotateSecretRequest,
        timeout: Duration,
    ) -> impl Future<Output = Result<GetSecretValueResponse>> + Send + 'static {
        let name = request.secret_name.clone();
        let engine = Arc::clone(self.engine());
        let rotated = self.client().rotate_secret_and_wait(request, timeout);
        async move {
            let mut write = Write::start(engine, name);
            let outcome = rotated.await;
            write.expires = outcome.is_ok();
            if outcome.as_ref().is_err_and(|e| e.is_retryable() || e.is_outcome_unknown()) {
                write.engine.expect_rotation(&write.name);
            }
            outcome
        }
    }

    /// Moves a stage to another version, as
    /// [`update_secret_version_stage`](crate::KmsClient::update_secret_version_stage).
    ///
    /// # Errors
    ///
    /// As the method of the client.
    pub fn update_secret_version_stage(
        &self,
        request: UpdateSecretVersionStageRequest,
    ) -> impl Future<Output = Result<UpdateSecretVersionStageResponse>> + Send + 'static {
        let name = request.secret_name.clone();
        let call = self.client().update_secret_version_stage(request);
        self.write(name, call, |write, _updated| write.engine.expire_secret(&write.name))
    }

    /// Deletes a secret, as [`delete_secret`](crate::KmsClient::delete_secret), and drops what is
    /// cached of it.
    ///
    /// # Errors
    ///
    /// As the method of the client.
    pub fn delete_secret(
        &self,
        request: impl Into<DeleteSecretRequest>,
    ) -> impl Future<Output = Result<DeleteSecretResponse>> + Send + 'static {
        let request = request.into();
        let name = request.secret_name.clone();
        self.write(name, self.client().delete_secret(request), |write, _deleted| {
            write.engine.invalidate_secret(&write.name);
        })
    }

    /// Restores a secret, as [`restore_secret`](crate::KmsClient::restore_secret).
    ///
    /// # Errors
    ///
    /// As the method of the client.
    pub fn restore_secret(
        &self,
        request: impl Into<RestoreSecretRequest>,
    ) -> impl Future<Output = Result<RestoreSecretResponse>> + Send + 'static {
        let request = request.into();
        let name = request.secret_name.clone();
        self.write(name, self.client().restore_secret(request), |write, _restored| {
            write.engine.invalidate_secret(&write.name);
        })
    }

    /// Makes a call, and what it means for the cache if it succeeds.
    fn write<T: Send + 'static>(
        &self,
        name: String,
        call: impl Future<Output = Result<T>> + Send + 'static,
        on_success: impl FnOnce(&Write, &T) + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send + 'static {
        let engine = Arc::clone(self.engine());
        async move {
            let mut write = Write::start(engine, name);
            let outcome = call.await;
            write.expires = outcome.as_ref().is_err_and(Error::is_outcome_unknown);
            if let Ok(response) = &outcome {
                on_success(&write, response);
            }
            outcome
        }
    }
}

/// A write of a secret. Dropped while it is in flight, it has the secret read again.
struct Write {
    engine: Arc<Engine>,
    name: String,
    /// The number of the last flight or write before.
    started_after: u64,
    /// True if the secret is to be read again when this is dropped.
    expires: bool,
}

impl Write {
    fn start(engine: Arc<Engine>, name: String) -> Self {
        let started_after = engine.last_number();
        Self { engine, name, started_after, expires: true }
    }

    fn replace_value(&self, put: &PutSecretValueResponse, value: &SecretValue) {
        self.engine.replace_value(
            &self.name,
            self.started_after,
            &put.version_id,
            &put.version_stages,
            value,
        );
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if self.expires {
            self.engine.expire_secret(&self.name);
        }
    }
}
