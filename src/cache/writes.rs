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
    UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse,
};

/// # Writes
///
/// Each calls the method of the same name of the [client](Self::client), with its errors, and then
/// lets the cache know: a value that was written replaces the cached one immediately, and what else
/// was changed is read again before it is served. The same holds if the outcome of a write is
/// unknown, or its future was dropped.
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
        self.write(name, self.client().put_secret_value(request), move |engine, name, put| {
            engine.replace_value(name, &put.version_id, &put.version_stages, &value);
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
        self.write(
            name,
            self.client().put_or_create_secret(request),
            move |engine, name, outcome| match outcome {
                PutOrCreateOutcome::Put(put) => {
                    engine.replace_value(name, &put.version_id, &put.version_stages, &value);
                }
                PutOrCreateOutcome::Created(_) => engine.invalidate_secret(name),
            },
        )
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
        self.write(name, self.client().create_secret(request), |engine, _name, created| {
            engine.invalidate_secret(&created.secret_name);
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
        self.write(name, self.client().rotate_secret(request), |engine, name, _rotated| {
            engine.expect_rotation(name);
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
            let mut guard = ExpireOnDrop::new(engine, name);
            let outcome = rotated.await;
            guard.is_armed = outcome.is_ok();
            if outcome.as_ref().is_err_and(|e| e.is_retryable() || e.is_outcome_unknown()) {
                guard.engine.expect_rotation(&guard.name);
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
        self.write(name, call, |engine, name, _updated| engine.expire_secret(name))
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
        self.write(name, self.client().delete_secret(request), |engine, name, _deleted| {
            engine.invalidate_secret(name);
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
        self.write(name, self.client().restore_secret(request), |engine, name, _restored| {
            engine.invalidate_secret(name);
        })
    }

    /// Makes a call, and what it means for the cache if it succeeds.
    fn write<T: Send + 'static>(
        &self,
        name: String,
        call: impl Future<Output = Result<T>> + Send + 'static,
        on_success: impl FnOnce(&Engine, &str, &T) + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send + 'static {
        let engine = Arc::clone(self.engine());
        async move {
            let mut guard = ExpireOnDrop::new(engine, name);
            let outcome = call.await;
            guard.is_armed = outcome.as_ref().is_err_and(Error::is_outcome_unknown);
            if let Ok(response) = &outcome {
                on_success(&guard.engine, &guard.name, response);
            }
            outcome
        }
    }
}

/// Has a secret read again when it is dropped, such as with a write that is given up.
struct ExpireOnDrop {
    engine: Arc<Engine>,
    name: String,
    is_armed: bool,
}

impl ExpireOnDrop {
    fn new(engine: Arc<Engine>, name: String) -> Self {
        Self { engine, name, is_armed: true }
    }
}

impl Drop for ExpireOnDrop {
    fn drop(&mut self) {
        if self.is_armed {
            self.engine.expire_secret(&self.name);
        }
    }
}
