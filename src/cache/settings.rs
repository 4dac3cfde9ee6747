//! [`Settings`]: what a cache is built with.

use std::collections::HashMap;
use std::time::Duration;

use super::schedule::Limits;
use crate::error::ValidationError;

/// A longer time is a mistake in the unit.
const MAX_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The settings of a cache, with their defaults.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) ttl: Duration,
    pub(super) ttl_by_name: HashMap<String, Duration>,
    pub(super) max_stale: Duration,
    pub(super) stale_wait: Duration,
    pub(super) negative_ttl: Duration,
    pub(super) max_entries: usize,
    pub(super) hedge_after: Option<Duration>,
    pub(super) fetch_extended_config: bool,
    pub(super) refresh_in_background: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ttl: Duration::from_secs(5 * 60),
            ttl_by_name: HashMap::new(),
            max_stale: Duration::from_secs(60 * 60),
            stale_wait: Duration::from_secs(1),
            negative_ttl: Duration::from_secs(1),
            max_entries: 1_000,
            hedge_after: None,
            fetch_extended_config: false,
            refresh_in_background: false,
        }
    }
}

impl Settings {
    pub(super) fn validate(&self) -> Result<(), ValidationError> {
        positive_time("ttl", self.ttl)?;
        for ttl in self.ttl_by_name.values() {
            positive_time("secret_ttl", *ttl)?;
        }
        time("max_stale", self.max_stale)?;
        time("stale_wait", self.stale_wait)?;
        time("negative_ttl", self.negative_ttl)?;
        if let Some(hedge_after) = self.hedge_after {
            positive_time("hedge_after", hedge_after)?;
        }
        if self.max_entries == 0 {
            return Err(ValidationError::new("max_entries", 0, "1 and more"));
        }
        if self.ttl_by_name.contains_key("") {
            return Err(ValidationError::new("secret_ttl", "", "names of secrets"));
        }
        Ok(())
    }

    /// Returns how long values of this secret may be served.
    pub(super) fn limits(&self, secret_name: &str) -> Limits {
        Limits {
            ttl: self.ttl_by_name.get(secret_name).copied().unwrap_or(self.ttl),
            max_stale: self.max_stale,
            negative_ttl: self.negative_ttl,
        }
    }
}

fn positive_time(name: &'static str, value: Duration) -> Result<(), ValidationError> {
    if value.is_zero() || value > MAX_TIME {
        return Err(ValidationError::new(name, value, "more than 0 and at most 24 hours"));
    }
    Ok(())
}

fn time(name: &'static str, value: Duration) -> Result<(), ValidationError> {
    if value > MAX_TIME {
        return Err(ValidationError::new(name, value, "0 to 24 hours"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = MAX_TIME;
    const TOO_LONG: Duration = Duration::from_secs(24 * 60 * 60 + 1);

    #[track_caller]
    fn rejected(settings: Settings, field: &str) {
        let error = settings.validate().unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    }

    #[test]
    fn times_and_bounds_outside_their_range_are_rejected() {
        let settings = Settings::default;
        assert!(settings().validate().is_ok());
        rejected(Settings { ttl: Duration::ZERO, ..settings() }, "ttl");
        rejected(Settings { ttl: TOO_LONG, ..settings() }, "ttl");
        rejected(Settings { max_stale: TOO_LONG, ..settings() }, "max_stale");
        rejected(Settings { stale_wait: TOO_LONG, ..settings() }, "stale_wait");
        rejected(Settings { negative_ttl: TOO_LONG, ..settings() }, "negative_ttl");
        rejected(Settings { hedge_after: Some(Duration::ZERO), ..settings() }, "hedge_after");
        rejected(Settings { max_entries: 0, ..settings() }, "max_entries");
        let ttl_by_name = HashMap::from([("a".to_owned(), Duration::ZERO)]);
        rejected(Settings { ttl_by_name, ..settings() }, "secret_ttl");
        let zeros = Settings {
            ttl: DAY,
            max_stale: Duration::ZERO,
            stale_wait: Duration::ZERO,
            negative_ttl: Duration::ZERO,
            ..settings()
        };
        assert!(zeros.validate().is_ok());
    }
}
