//! Complete listings: of one region, until it is certain that no secret is missing, and of several
//! regions concurrently.
//!
//! [`KmsClient::list_all_secrets`](crate::KmsClient::list_all_secrets) returns a
//! [`ListAllSecrets`], which is awaited and yields a [`SecretInventory`].
//! [`KmsClient::list_secrets_in_regions`](crate::KmsClient::list_secrets_in_regions) returns
//! [`RegionInventories`], a stream of the same for each region.

mod list_all_secrets;
mod regions;
mod scans;
mod secret_inventory;

pub use list_all_secrets::{ListAllSecrets, ListingProgress};
pub use regions::{RegionInventories, RegionOutcome};
pub use secret_inventory::SecretInventory;
