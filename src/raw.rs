//! Raw calls: actions of the API that have no type here, by name and parameters.
//!
//! [`KmsClient::call`](crate::KmsClient::call) sends a [`RawRequest`] and reads the response as any
//! type that implements `Deserialize`. The call is signed, retried, rate limited, traced and
//! redacted as every other. For the administrative operations of KMS instances, access points,
//! client keys, network rules and permission policies it is the way to call them; the service's
//! [list of operations](https://api.alibabacloud.com/document/Kms/2016-01-20/overview) names their
//! parameters.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use alibabacloud_kms::emulator::{CannedResponse, Emulator};
//! use alibabacloud_kms::raw::RawRequest;
//!
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct Response {
//!     kms_instance: Instance,
//! }
//!
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct Instance {
//!     instance_name: String,
//! }
//!
//! let emulator = Emulator::in_process();
//! let body = r#"{"KmsInstance": {"InstanceName": "main"}, "RequestId": "fake-request-id"}"#;
//! emulator.set_response("GetKmsInstance", CannedResponse::json(body));
//! let client = emulator.client()?; // KmsClient::builder() for the service
//!
//! let request = RawRequest::read("GetKmsInstance").parameter("KmsInstanceId", "kst-fake");
//! let response: Response = client.call(request).await?;
//! assert_eq!(response.kms_instance.instance_name, "main");
//! # Ok(())
//! # }
//! ```
//!
//! # Retries
//!
//! A write is not sent again if its outcome is unknown, since it might be executed twice. If a
//! second execution does no harm, as with one that sets a value, say so with
//! [`retry_class`](RawRequest::retry_class). After any other failure that is transient it is sent
//! again.
//!
//! # Secrets
//!
//! What [`secret_parameter`](RawRequest::secret_parameter) adds is sent in the body, wiped from
//! memory and redacted from errors. A response may hold a secret too, such as that of
//! `CreateClientKey`: its body is wiped, and what the type that it is read as keeps is up to that
//! type. `serde_json::Value` wipes nothing.

mod call;
mod request;

pub(crate) use call::RawCall;
pub use request::RawRequest;
