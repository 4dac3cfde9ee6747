//! Calls of what has no type here.

use std::future::Future;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::KmsClient;
use crate::call::call;
use crate::error::Result;
use crate::raw::{RawCall, RawRequest};

impl KmsClient {
    /// Calls an action of the API by its name, and returns its response as a `T`, such as a struct
    /// of your own or `serde_json::Value`.
    ///
    /// The identity needs the RAM action `kms:<action>`. The [module `raw`](crate::raw) says how
    /// retries and secrets are handled.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) before anything is sent, if the request
    ///   has no action, has a parameter that the client adds itself, or is a read with a secret
    ///   parameter.
    /// - [`Decode`](crate::ErrorKind::Decode) if the response is not a `T` or has no request id.
    ///   One with an error code has the kind of that code, whatever its status.
    /// - The [errors of every call](Self#errors). The code of an action that does not exist is
    ///   `InvalidAction.NotFound`.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
    /// # let emulator = Emulator::in_process();
    /// # emulator.add_secret(EmulatedSecret::new("prod/db"));
    /// # let client = emulator.client()?;
    /// use alibabacloud_kms::raw::RawRequest;
    ///
    /// let request = RawRequest::read("ListSecrets").parameter("PageSize", 10);
    /// let response: serde_json::Value = client.call(request).await?;
    /// assert_eq!(response["SecretList"]["Secret"][0]["SecretName"], "prod/db");
    /// # Ok(())
    /// # }
    /// ```
    pub fn call<T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        request: RawRequest,
    ) -> impl Future<Output = Result<T>> + Send + Sync + use<T> {
        let call = call(Arc::clone(&self.context), RawCall::new(request));
        async { Ok(call.await?.response) }
    }
}
