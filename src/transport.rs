//! Sends requests: [`HttpTransport`], the one trait between this crate and a network, and
//! [`ReqwestTransport`], its implementation over a pool of connections.
//!
//! # Proxies and certificates
//!
//! A client has a [`ReqwestTransport`] of its own unless it is given another transport. The
//! builder's methods configure it:
//!
//! ```no_run
//! use alibabacloud_kms::KmsClient;
//! use alibabacloud_kms::reqwest::Proxy;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let proxy = Proxy::https("http://proxy.example:3128")?;
//! let client = KmsClient::builder()
//!     .region("cn-hangzhou")
//!     // Beside the authorities that the platform trusts.
//!     .extra_root_certificates_pem(std::fs::read("corporate-ca.pem")?)
//!     .configure_http_client(move |http| http.proxy(proxy.clone()))
//!     .build()?;
//! # Ok(())
//! # }
//! ```
//!
//! Without such a setting the proxies of the environment are used: `HTTPS_PROXY` and `HTTP_PROXY`
//! by the scheme of the URL, `ALL_PROXY` for both, in upper or lower case. `NO_PROXY` lists what is
//! called directly, separated by commas: host names, which include their subdomains
//! (`aliyuncs.com`, `.aliyuncs.com`), addresses and networks (`100.64.0.0/10`), or `*` for
//! everything. Loopback hosts are always called directly.
//!
//! # A transport of your own
//!
//! A program that only uses another transport can leave out the feature `reqwest`, and with it an
//! HTTP client and TLS: `default-features = false`. Then a client needs a
//! [`transport`](crate::KmsClientBuilder::transport), which is used for STS and the metadata
//! service as well.
//!
//! Implement [`HttpTransport`] to send by another HTTP library, to respond to requests in a test,
//! or to wrap another transport:
//!
//! ```
//! use alibabacloud_kms::transport::{
//!     HttpRequest, HttpTransport, ReqwestTransport, TransportFuture,
//! };
//!
//! /// Prints which operation is called.
//! #[derive(Debug)]
//! struct Logged(ReqwestTransport);
//!
//! impl HttpTransport for Logged {
//!     fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
//!         println!("{:?}", request.action());
//!         self.0.send(request)
//!     }
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use alibabacloud_kms::emulator::Emulator;
//! # use alibabacloud_kms::secrets::ListSecretsRequest;
//! # let emulator = Emulator::start().await?;
//! let transport = Logged(ReqwestTransport::new());
//! let client = emulator.client_builder().transport(transport).build()?;
//! client.list_secrets(ListSecretsRequest::new()).await?;
//! # Ok(())
//! # }
//! ```

mod default;
mod error;
mod message;
#[cfg(feature = "reqwest")]
mod reqwest;
mod send;

pub(crate) use self::default::default_transport;
pub use self::error::{TransportError, TransportErrorKind};
pub(crate) use self::message::{GivenUrl, MAX_RESPONSE_BYTES, request_id, wipe};
pub use self::message::{HttpRequest, HttpResponse};
#[cfg(feature = "reqwest")]
pub(crate) use self::reqwest::PoolSettings;
#[cfg(feature = "reqwest")]
pub use self::reqwest::{ReqwestTransport, ReqwestTransportBuilder};
pub use self::send::{HttpTransport, TransportFuture};
