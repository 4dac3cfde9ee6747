//! What the public sources are made of: settings, and a cache that is made when credentials are first asked for.

use std::sync::OnceLock;

use super::cache::Cache;
use super::source::Source;
use super::{Credentials, CredentialsFuture, Surroundings};

/// A source that a user sets up by consuming setters. A change of settings lets go of what was kept.
#[derive(Debug)]
pub(super) struct Cached<S: Source + Clone> {
    source: S,
    around: Surroundings,
    cache: OnceLock<Cache>,
}

impl<S: Source + Clone> Cached<S> {
    pub(super) fn new(source: S) -> Self {
        Self::within(source, Surroundings::system())
    }

    pub(super) fn within(source: S, around: Surroundings) -> Self {
        Self { source, around, cache: OnceLock::new() }
    }

    pub(super) fn change(self, change: impl FnOnce(&mut S)) -> Self {
        let Self { mut source, around, .. } = self;
        change(&mut source);
        Self::within(source, around)
    }

    pub(super) fn credentials(&self) -> CredentialsFuture<'_> {
        let new = || Cache::new(self.source.clone(), self.around.clone());
        let cache = self.cache.get_or_init(new);
        Box::pin(async { cache.get().await.map_err(|missing| missing.into_error(cache.name())) })
    }

    pub(super) fn invalidate(&self, stale: &Credentials) -> bool {
        self.cache.get().is_none_or(|cache| cache.invalidate(stale))
    }
}
