//! [`RetryPolicy`]: how often and after how long a call is retried.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::backoff::ceiling;
use crate::error::{Error, ValidationError};

const DEFAULT_MAX_ATTEMPTS: u32 = 3;
const DEFAULT_BASE_DELAY: Duration = Duration::from_millis(200);
const DEFAULT_MAX_DELAY: Duration = Duration::from_secs(20);

/// More attempts would outlast any call.
const ATTEMPTS_LIMIT: u32 = 100;
const DELAY_LIMIT: Duration = Duration::from_secs(60 * 60);

/// Sets how often, and after how long, a call is retried.
///
/// By default a call makes up to 3 attempts, each signed again with fresh credentials, nonce and
/// time. The wait before the second attempt is random between 0 and 200 ms, before the third
/// between 0 and 400 ms, doubling up to 20 s. A wait that the response asks for
/// (`x-acs-retry-after` in milliseconds, `Retry-After` in seconds or as a date) replaces it, from
/// 100 ms to 120 s; up to a quarter is added to it at random. If the wait is longer than what is
/// left of the [call's timeout](crate::KmsClientBuilder::call_timeout), the last error is returned
/// immediately.
///
/// Transient errors are retried: connections that could not be made or broke, server errors,
/// timeouts. An exceeded resource limit, a rejection and an untrusted certificate are not. An
/// expired token, a wrong clock and a used nonce are corrected and retried once; the clock a second
/// time if the service's responses contradict each other.
///
/// A request that the service throttles returns to the queue of its [quota
/// group](crate::rate_limit::QuotaGroup), which sends it again at the pace that the service grants.
/// That is neither one of the attempts nor a retry of the budget: the call ends with
/// [`Throttled`](crate::ErrorKind::Throttled) only when its timeout is over. Without a [rate
/// limit](crate::rate_limit::RateLimits) for the group it is retried as other transient errors are,
/// and with [`disabled`](Self::disabled) it is not retried.
///
/// A write that may have been executed is retried too. Most operations set absolute values, or a
/// version id identifies what they write. Those that create, delete, cancel a deletion or move a
/// stage may reject the retry because the first request was executed. The client then checks the
/// resource. The call succeeds if there is evidence that it made the change. A conflict with
/// another writer is an error. If neither is certain,
/// [`is_outcome_unknown`](Error::is_outcome_unknown) of the error returns true. `CreateKey`,
/// `CreateKeyVersion`, the creation of a secret of [RAM
/// credentials](crate::secrets::CreateSecretRequest::ram_credentials) and [raw
/// writes](crate::raw::RawRequest::write) are not retried once they may have been executed.
///
/// All clones of a client share one [`RetryBudget`](super::RetryBudget), whatever their policies.
///
/// ```
/// use std::time::Duration;
///
/// use alibabacloud_kms::KmsClient;
/// use alibabacloud_kms::retry::RetryPolicy;
///
/// # fn main() -> alibabacloud_kms::Result<()> {
/// let patient = RetryPolicy::new().max_attempts(6).base_delay(Duration::from_millis(500));
/// let client = KmsClient::builder().region("cn-hangzhou").retry_policy(patient).build()?;
/// let impatient = client.with_retry_policy(RetryPolicy::disabled());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
    classifier: Option<Arc<Classifier>>,
}

type Classifier = dyn Fn(&Error, RetryDecision) -> RetryDecision + Send + Sync;

/// The decision of a classifier on a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryDecision {
    /// Retries it, if attempts, budget and time are left.
    Retry,
    /// Returns its error.
    Stop,
}

impl RetryPolicy {
    /// Returns the default policy: 3 attempts, waits from 200 ms doubling to 20 s.
    pub fn new() -> Self {
        Self {
            max_attempts: DEFAULT_MAX_ATTEMPTS,
            base_delay: DEFAULT_BASE_DELAY,
            max_delay: DEFAULT_MAX_DELAY,
            classifier: None,
        }
    }

    /// Returns a policy of a single attempt.
    pub fn disabled() -> Self {
        Self::new().max_attempts(1)
    }

    /// Sets how many attempts a call may make, 1 to 100, default 3. Throttled requests that return
    /// to the queue of their group do not count.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the longest wait before the second attempt, 0 to 1 hour, default 200 ms. It doubles
    /// with each further attempt.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets where the doubling ends, 0 to 1 hour, default 20 s.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets a function that decides on each failed attempt. It is called with the error and with
    /// what this crate would do.
    ///
    /// It is not called if nothing was sent, because there were no credentials or because the
    /// client's own [`RateLimits`](crate::rate_limit::RateLimits) leave the call no time. An error
    /// that it retries waits as any other does, and a write may then be executed twice.
    ///
    /// ```
    /// use alibabacloud_kms::retry::{RetryDecision, RetryPolicy};
    ///
    /// let policy = RetryPolicy::new().with_classifier(|error, decision| match error.code() {
    ///     // The permission was granted a second ago.
    ///     Some("Forbidden.NoPermission") => RetryDecision::Retry,
    ///     _ if error.is_outcome_unknown() => RetryDecision::Stop, // check the resource first
    ///     _ => decision,
    /// });
    /// ```
    pub fn with_classifier(
        mut self,
        classifier: impl Fn(&Error, RetryDecision) -> RetryDecision + Send + Sync + 'static,
    ) -> Self {
        self.classifier = Some(Arc::new(classifier));
        self
    }

    pub(super) fn attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Returns the longest wait after `attempts` attempts.
    pub(crate) fn ceiling(&self, attempts: u32) -> Duration {
        ceiling(self.base_delay, self.max_delay, attempts)
    }

    /// Returns the classifier's decision, or the proposed one without a classifier.
    pub(super) fn classify(&self, error: &Error, proposed: RetryDecision) -> RetryDecision {
        match &self.classifier {
            Some(classifier) => classifier(error, proposed),
            None => proposed,
        }
    }

    pub(crate) fn validate(&self) -> Result<(), ValidationError> {
        if !(1..=ATTEMPTS_LIMIT).contains(&self.max_attempts) {
            return Err(ValidationError::new("max_attempts", self.max_attempts, "1 to 100"));
        }
        for (name, delay) in [("base_delay", self.base_delay), ("max_delay", self.max_delay)] {
            if delay > DELAY_LIMIT {
                return Err(ValidationError::new(name, delay, "0 to 1 hour"));
            }
        }
        Ok(())
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("max_attempts", &self.max_attempts)
            .field("base_delay", &self.base_delay)
            .field("max_delay", &self.max_delay)
            .field("has_classifier", &self.classifier.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_outside_their_bounds_are_named() {
        let too_long = DELAY_LIMIT + Duration::from_nanos(1);
        for (policy, field, allowed) in [
            (RetryPolicy::new().max_attempts(0), "max_attempts", "1 to 100"),
            (RetryPolicy::new().max_attempts(101), "max_attempts", "1 to 100"),
            (RetryPolicy::new().base_delay(too_long), "base_delay", "0 to 1 hour"),
            (RetryPolicy::new().max_delay(too_long), "max_delay", "0 to 1 hour"),
        ] {
            let error = policy.validate().unwrap_err().to_string();
            assert!(error.contains(field) && error.contains(allowed), "{error}");
        }
    }

    #[test]
    fn settings_at_their_bounds_are_valid() {
        for attempts in [1, 100] {
            assert!(RetryPolicy::new().max_attempts(attempts).validate().is_ok());
        }
        for delay in [Duration::ZERO, DELAY_LIMIT] {
            assert!(RetryPolicy::new().base_delay(delay).max_delay(delay).validate().is_ok());
        }
    }
}
