//! [`Account`]: the emulated account.

use chrono::{DateTime, Utc};

use super::nonces::Nonces;
use super::quotas::Quotas;
use super::store::Store;
use crate::credentials::Credentials;

/// The credentials, limits and secrets of the emulated account.
#[derive(Default)]
pub(super) struct Account {
    /// The credentials that it accepts.
    pub(super) credentials: Vec<Credentials>,
    pub(super) nonces: Nonces,
    pub(super) quotas: Quotas,
    pub(super) store: Store,
}

impl Account {
    /// Expires the security token of this access key at `now`. Returns false if the account
    /// has no such access key with a token.
    pub(super) fn expire_token(&mut self, access_key_id: &str, now: DateTime<Utc>) -> bool {
        let mut temporary =
            self.credentials.iter_mut().filter(|known| known.security_token().is_some());
        match temporary.find(|known| known.access_key_id() == access_key_id) {
            Some(known) => {
                *known = known.clone().with_expiration(now);
                true
            }
            None => false,
        }
    }
}
