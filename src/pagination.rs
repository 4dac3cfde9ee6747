//! Streams over all pages of a listing.
//!
//! The `list_…_paginator` methods of [`KmsClient`](crate::KmsClient) return a [`Paginator`]. Its
//! [`items`](Paginator::items) are the entries of all pages as one stream, its
//! [`pages`](Paginator::pages) the responses themselves. Both request pages as they are polled,
//! report an error in the stream instead of ending early, and can be stopped and continued later
//! with a [`ResumeToken`].
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
//! # let emulator = Emulator::start().await?;
//! # for n in 0..250 { emulator.add_secret(EmulatedSecret::new(format!("secret-{n}"))); }
//! # let client = emulator.client()?;
//! use alibabacloud_kms::secrets::ListSecretsRequest;
//! use futures_util::TryStreamExt;
//!
//! let mut secrets = client.list_secrets_paginator(ListSecretsRequest::new()).items();
//! let mut count = 0;
//! while let Some(secret) = secrets.try_next().await? {
//!     println!("{}", secret.secret_name);
//!     count += 1;
//! }
//! assert_eq!(count, 250);
//! # Ok(())
//! # }
//! ```
//!
//! A listing has no snapshot on the service's side: a secret that is created or deleted while pages
//! are read shifts the later ones, so one may be missed, or be on two pages. `items` leaves out an
//! item that was on one of the four pages before; `pages` does not.
//! [`list_all_secrets`](crate::KmsClient::list_all_secrets) reports whether a listing missed
//! anything.

mod checkpoint;
mod concurrency;
mod items;
mod listing_id;
mod page_cursor;
mod page_result;
mod pages;
mod paginator;
mod prefetch;
mod resume_token;

pub use crate::operation::paged::PagedRequest;
pub(crate) use concurrency::{DEFAULT_CONCURRENCY, validate_concurrency};
pub use items::Items;
pub use pages::Pages;
pub use paginator::Paginator;
pub use resume_token::ResumeToken;
