//! Events of a [secret cache](crate::cache). They name a secret and its version, and never hold a
//! value.
//!
//! A served value has no caller that gets an error, so failures are of level WARN here. What
//! happens on every read is of level TRACE, and the rest of level DEBUG.

#[cfg(feature = "tracing")]
mod recorded {
    use std::time::Duration;

    use tracing::{debug, trace, warn};

    use crate::error::Error;
    use crate::telemetry::recorded::error_type;

    fn milliseconds(age: Duration) -> u64 {
        u64::try_from(age.as_millis()).unwrap_or(u64::MAX)
    }

    /// Records a read that was served from memory.
    pub(crate) fn hit(name: &str, version_id: &str, age: impl Fn() -> Duration) {
        trace!(
            target: "alibabacloud_kms",
            { alibabacloud.kms.resource = name, alibabacloud.kms.version_id = version_id,
                age_ms = milliseconds(age()) },
            "cache hit"
        );
    }

    /// Records a read that waits for the service.
    pub(crate) fn miss(name: &str) {
        debug!(target: "alibabacloud_kms", { alibabacloud.kms.resource = name }, "cache miss");
    }

    /// Records that the service returned a value.
    pub(crate) fn refresh(name: &str, version_id: &str, is_new_version: bool) {
        debug!(
            target: "alibabacloud_kms",
            { alibabacloud.kms.resource = name, alibabacloud.kms.version_id = version_id,
                is_new_version },
            "cache refresh"
        );
    }

    /// Records a read that was served with a value past its TTL.
    pub(crate) fn stale(name: &str, version_id: &str, age: impl Fn() -> Duration) {
        debug!(
            target: "alibabacloud_kms",
            { alibabacloud.kms.resource = name, alibabacloud.kms.version_id = version_id,
                age_ms = milliseconds(age()) },
            "cache served a stale value"
        );
    }

    /// Records a refresh that failed, and the version and age of the value that is served on.
    pub(crate) fn failure(name: &str, kept: Option<(&str, Duration)>, error: &Error) {
        warn!(
            target: "alibabacloud_kms",
            { alibabacloud.kms.resource = name,
                alibabacloud.kms.version_id = kept.map(|(version_id, _)| version_id),
                age_ms = kept.map(|(_, age)| milliseconds(age)),
                error.type = error_type(error), error = %error },
            "cache refresh failed"
        );
    }

    /// Records a version whose value is not the JSON that the program expects.
    pub(crate) fn parse_failure(name: &str, version_id: &str, error: &Error) {
        warn!(
            target: "alibabacloud_kms",
            { alibabacloud.kms.resource = name, alibabacloud.kms.version_id = version_id,
                error = %error },
            "cached value does not parse"
        );
    }
}

#[cfg(not(feature = "tracing"))]
mod silent {
    use std::time::Duration;

    use crate::error::Error;

    pub(crate) fn hit(_name: &str, _version_id: &str, _age: impl Fn() -> Duration) {}

    pub(crate) fn miss(_name: &str) {}

    pub(crate) fn refresh(_name: &str, _version_id: &str, _is_new_version: bool) {}

    pub(crate) fn stale(_name: &str, _version_id: &str, _age: impl Fn() -> Duration) {}

    pub(crate) fn failure(_name: &str, _kept: Option<(&str, Duration)>, _error: &Error) {}

    pub(crate) fn parse_failure(_name: &str, _version_id: &str, _error: &Error) {}
}

#[cfg(feature = "tracing")]
pub(crate) use recorded::{failure, hit, miss, parse_failure, refresh, stale};
#[cfg(not(feature = "tracing"))]
pub(crate) use silent::{failure, hit, miss, parse_failure, refresh, stale};
