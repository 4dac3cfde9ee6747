//! An emulator of KMS in your own process, to test programs without an account (feature
//! `emulator`).
//!
//! ```
//! use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
//! use alibabacloud_kms::secrets::ListSecretsRequest;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start().await?;
//! emulator.add_secret(EmulatedSecret::new("prod/db").tag("team", "core"));
//!
//! let client = emulator.client()?;
//! let page = client.list_secrets(ListSecretsRequest::new()).await?;
//! assert_eq!(page.secrets[0].secret_name, "prod/db");
//! # Ok(())
//! # }
//! ```
//!
//! An emulator that was [started](Emulator::start) listens on a loopback port, so programs in any
//! language can use it. One that is [in process](Emulator::in_process) opens no port: its clients
//! reach it through a [transport](Emulator::transport). [`EmulatedRegions`] has an emulator for
//! each of several regions.
//!
//! # Three ways to test
//!
//! | way | what runs | for |
//! |---|---|---|
//! | the emulator | the client, signatures and retries, against the service's rules | code whose calls belong together: versions, stages, pages, conflicts |
//! | a fake transport | the client, against responses that the test writes | a response that the emulator does not send |
//! | a trait of your own | neither | code that only needs a value, and the errors that it handles |
//!
//! The emulator is the first choice: it rejects what the service rejects, so that a test finds a
//! request that is wrong. [`inject`](Emulator::inject) makes it fail.
//!
//! A fake transport implements [`HttpTransport`](crate::transport::HttpTransport) and is set with
//! [`KmsClientBuilder::transport`](crate::KmsClientBuilder::transport):
//!
//! ```
//! use alibabacloud_kms::KmsClient;
//! use alibabacloud_kms::credentials::Credentials;
//! use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
//!
//! #[derive(Debug)]
//! struct Fake;
//!
//! impl HttpTransport for Fake {
//!     fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
//!         assert_eq!(request.action().as_deref(), Some("GetRandomPassword"));
//!         let body = r#"{"RandomPassword":"fake-password","RequestId":"fake-request-id"}"#;
//!         Box::pin(async move { Ok(HttpResponse::new(200, body)) })
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = KmsClient::builder()
//!     .region("cn-hangzhou")
//!     .credentials(Credentials::new("fake-id", "fake-secret"))
//!     .transport(Fake)
//!     .build()?;
//! # use alibabacloud_kms::secrets::GetRandomPasswordRequest;
//! let response = client.get_random_password(GetRandomPasswordRequest::new()).await?;
//! assert_eq!(response.random_password.expose_secret(), "fake-password");
//! # Ok(())
//! # }
//! ```
//!
//! A trait of your own names what your code needs, and its fake returns values and
//! [errors that the test makes](crate::Error::fake):
//!
//! ```
//! use alibabacloud_kms::{Error, ErrorKind, KmsClient, Result};
//!
//! trait Passwords {
//!     fn password(&self, name: &str) -> impl Future<Output = Result<String>>;
//! }
//!
//! impl Passwords for KmsClient {
//!     async fn password(&self, name: &str) -> Result<String> {
//!         Ok(self.get_secret_value(name).await?.value.expose_secret().to_owned())
//!     }
//! }
//!
//! /// The code under test: a missing password is not an error.
//! async fn find(passwords: &impl Passwords, name: &str) -> Result<Option<String>> {
//!     match passwords.password(name).await {
//!         Err(error) if error.is_not_found() => Ok(None),
//!         outcome => outcome.map(Some),
//!     }
//! }
//!
//! struct Fake(ErrorKind, &'static str);
//!
//! impl Passwords for Fake {
//!     async fn password(&self, _name: &str) -> Result<String> {
//!         Err(Error::fake(self.0, self.1))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let missing = Fake(ErrorKind::NotFound, "Forbidden.ResourceNotFound");
//! assert!(matches!(find(&missing, "prod/db").await, Ok(None)));
//! let forbidden = Fake(ErrorKind::AccessDenied, "Forbidden.NoPermission");
//! assert!(find(&forbidden, "prod/db").await.is_err());
//! # }
//! ```
//!
//! # What it implements
//!
//! The [operations](Emulator::operations) that this crate has request types for, with the service's
//! paging, filters, limits, and bodies in JSON. Any other operation is rejected with
//! `InvalidAction.NotFound`, unless a test [registers a response](Emulator::set_response) to it.
//!
//! Keys really encrypt, decrypt and sign, by AES, RSA, the curves P-256 and secp256k1, and HMAC
//! with SHA-2. SM2, SM3 and SM4 are rejected with `UnsupportedOperation`, and the message says that
//! the emulator lacks them. Certificates are never found. Policies are stored and not evaluated.
//!
//! Requests may be GET or POST, with their parameters in the query, in a form body, or in both. It
//! checks the signature, version 1.0 (HMAC-SHA1) or ACS3-HMAC-SHA256, the timestamp (within 15
//! minutes), the nonce, the access key and its token, and rejects what the service rejects, with
//! its codes and statuses. The official clients need no other setting than the endpoint.
//!
//! # Where the service's documentation is silent
//!
//! `tests/conformance` in the repository can compare most of this with the real service.
//!
//! - Secrets are listed by name, in byte order, or in another [order](ListOrder) that the test
//!   chooses; versions newest first.
//! - A filter value must match the whole text, case included, except that `*` matches any text. The
//!   values of a filter are alternatives; several filters must all match; a filter without values
//!   restricts nothing.
//! - With ACS3 `host`, each `x-acs-` header and, if there is a body, `content-type` must be signed,
//!   or the signature is incomplete; more headers may be signed. If the hash of the body is not the
//!   signed one, the signature does not match.
//! - `SetSecretPolicy`, `GenerateMac`, `VerifyMac`, `GetChallenge` and the operations on managed
//!   data keys are documented for POST only. By GET they are rejected with 403
//!   `UnsupportedHTTPMethod`.
//! - A secret that is pending deletion is listed, described and read until its deletion time. It
//!   accepts no new value and no stage, and is not rotated.
//! - A secret can be created in any KMS instance whose id begins with `kst-`; other instances are
//!   not found. Of several accounts or access keys the first one is the value. A secret of RAM
//!   credentials is named `acs/ram/user/` and its user.
//! - `ForceDeleteWithoutRecovery` takes precedence over a recovery window.
//! - `UpdateSecret` does not change what the request does not contain. It accepts the pairs of
//!   `ExtendedConfig.CustomData` as one JSON text, as documented, or one by one as
//!   `ExtendedConfig.CustomData.<key>`, as the newest official libraries for Go and Python send
//!   them.
//! - A dry run that would be rejected is a `ValidationError`; its status is 400.
//! - A stage is moved from whichever version has it, unless the request names the version to remove
//!   it from: then only from that one.
//! - An eleventh version replaces the earliest one without a stage.
//! - A rotated secret gets a generated value, immediately by `RotateSecret`, and otherwise when it
//!   is next used after its rotation date; if several rotation dates have passed, it is rotated
//!   once, at the latest of them. The interval of a secret that was never rotated counts from its
//!   creation. To rotate one of the type `Generic` is rejected with 400 `InvalidParameter`.
//! - A random password is derived from the id of its request, so it is not a secret; without
//!   `RequireEachIncludedType` it may lack a type of characters.
//! - A secret in an instance has a default policy that allows the account everything.
//! - Listed tags are those of the secrets that have every requested tag, by name and in the order
//!   in which they were set. `RegionId` is required and has no effect. More than 20 tags on a
//!   secret are rejected with `Rejected.LimitExceeded`.
//! - A body of more than 2 MiB is rejected with 413 `RequestEntityTooLarge`.
//! - A version that does not exist is rejected as a secret that does not exist: 404
//!   `Forbidden.ResourceNotFound`.
//! - A secret is encrypted with the key that it names: while the key is disabled or pending
//!   deletion, and once it is deleted, the value can be neither read nor written nor rotated. A key
//!   that the account never had is accepted, so that a test need not create one.
//! - `ACSCurrent` and `ACSPrevious` count among the 8 stages that a secret can have.
//!
//! Of keys:
//!
//! - A key outside a KMS instance has the specification `Aliyun_AES_256`, and any other is rejected
//!   with `UnsupportedOperation`. Every instance exists whose id begins with `kst-`.
//! - Ids and the material of managed data keys are the same in every run, since their seed is the
//!   region; other material is random. A key of RSA is generated when it is first used.
//! - Keys are listed in the order of their creation, aliases by name, versions newest first.
//! - An operation whose documentation mentions neither aliases nor ARNs rejects an alias with
//!   `Unsupported.Alias`, and does not find a key by its ARN.
//! - A key whose scheduled deletion was cancelled is enabled, unless it has no material. A key with
//!   deletion protection cannot be scheduled for deletion: 409 `Rejected.StateModifiedFailed`.
//! - Keys for message authentication codes have the name of their algorithm as specification, such
//!   as `HMAC_SHA_256`, and the usage `GENERATE/VERIFY`.
//! - `CreateKeyVersion` is for keys in an instance: symmetric ones, and asymmetric ones a week
//!   after the latest version, up to 50.
//! - Imported material must be the same as ever, or it is an `InvalidKeyMaterial`.
//! - The account has activated KMS: `OpenKmsService` is rejected with `Forbidden.Opened`.
//! - A managed data key exists after [`Emulator::add_managed_data_key`], since no operation creates
//!   one.
//!
//! # Failures
//!
//! Any [`Fault`] can be [injected](Emulator::inject): throttling, errors, broken bodies, lost
//! responses, dead connections, delays, for all requests or for those of an operation or a secret.
//! [`Emulator::requests`] returns the received requests and their outcomes, and
//! [`EmulatorBuilder::on_request`] reports each as it arrives. The service's quotas are enforced
//! [on request](EmulatorBuilder::enforce_quotas).

mod account;
mod authenticate;
mod builder;
mod canned_response;
mod context;
mod dispatch;
mod error_response;
mod faults;
mod handlers;
mod keys;
mod nonces;
mod quotas;
mod region;
mod regions;
mod request;
mod request_log;
mod response;
mod rotation;
mod running;
mod secret;
mod server;
mod splitmix;
mod state;
mod store;
mod tags;
mod time;
mod transport;
mod versions;

pub use builder::EmulatorBuilder;
pub use canned_response::CannedResponse;
pub use faults::{Fault, Injection};
pub use regions::EmulatedRegions;
pub use request_log::RequestRecord;
pub use running::Emulator;
pub use secret::EmulatedSecret;
pub use store::ListOrder;
pub use transport::EmulatorTransport;
#[cfg(test)]
pub(crate) use {response::Response, transport::deliver};
