//! Dry runs of requests.

use std::future::Future;
use std::sync::Arc;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::operation::dry_run::{DryRun, DryRunOutcome, DryRunRequest};

impl KmsClient {
    /// Returns whether a request would succeed, without executing it (`DryRun`).
    ///
    /// It is for the checks that a program makes when it starts. The outcome is not an error: the
    /// service responds to a dry run with the error of the request, or with one that means
    /// success. Cryptographic operations, [`get_public_key`](Self::get_public_key) and
    /// [`get_secret_value`](Self::get_secret_value) have dry runs.
    ///
    /// # Errors
    ///
    /// The [errors of every call](Self#errors), if the response reports nothing about the request
    /// itself.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// # let client = emulator.client()?;
    /// # use alibabacloud_kms::keys::CreateKeyRequest;
    /// # let key_id = client.create_key(CreateKeyRequest::new()).await?.key_metadata.key_id;
    /// use alibabacloud_kms::keys::{DryRunOutcome, GenerateDataKeyRequest};
    ///
    /// match client.dry_run(GenerateDataKeyRequest::new(&*key_id)).await? {
    ///     DryRunOutcome::WouldSucceed => println!("ready"),
    ///     DryRunOutcome::AccessDenied(error) => println!("not allowed: {error}"),
    ///     other => println!("would fail: {other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn dry_run<R: DryRunRequest>(
        &self,
        request: R,
    ) -> impl Future<Output = Result<DryRunOutcome>> + Send + Sync + use<R> {
        let outcome = call(Arc::clone(&self.context), DryRun(request));
        async move { DryRunOutcome::from_outcome(outcome.await) }
    }
}
