//! [`RetryPolicy`]: how often and how long, as the user sets it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ValidationError};

const MAX_ATTEMPTS: u32 = 3;
const BASE_DELAY: Duration = Duration::from_millis(200);
const MAX_DELAY: Duration = Duration::from_secs(20);

/// More would outlast any call.
const MOST_ATTEMPTS: u32 = 100;
const LONGEST_DELAY: Duration = Duration::from_secs(60 * 60);

/// How a call is repeated when it fails in a way that passes.
///
/// By default a call makes up to 3 attempts, each signed anew with fresh keys, nonce and time. The wait before the second
/// is drawn evenly from 0 to 200 ms, before the third from 0 to 400 ms, doubling up to 20 s. A wait that the service asks for
/// (`x-acs-retry-after` in milliseconds, `Retry-After` in seconds or as a date) goes before, up to 120 s. A wait that is
/// longer than what is left of the [call's time](crate::KmsClientBuilder::call_timeout) is not begun: the last error is
/// returned at once.
///
/// Repeated is what passes by itself: throttling, connections that were not made or that broke, server errors, answers that did
/// not come in time. A quota that is used up, a refusal, a certificate that is not accepted: never. An expired token, a wrong
/// clock and a used nonce are put right and repeated once; the clock a second time when the service's answers contradict each
/// other.
///
/// A write that was perhaps carried out is repeated too. Reads aside, most operations set absolute values or are told apart by a
/// version id; `CreateSecret`, `DeleteSecret`, `RestoreSecret` and `UpdateSecretVersionStage` may refuse the repeat for what the
/// first request did. The client then looks at the secret and succeeds if that is so; a refusal that stands is an error whose
/// [`is_outcome_unknown`](Error::is_outcome_unknown) is true.
/// Only a secret of [RAM credentials](crate::secrets::CreateSecretRequest::ram_credentials) is not created again.
///
/// All clones of a client share a budget of 100 repeats, at first 10: one is spent by each repeat, and each call that succeeds
/// earns a fifth. When everything fails, the repeats stop, and the error says why. It is the client's
/// ([`retry_budget`](crate::KmsClientBuilder::retry_budget)), so that no policy of one handle has a part of its own.
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
    with_classifier: Option<Arc<Overrule>>,
}

type Overrule = dyn Fn(&Error, RetryDecision) -> RetryDecision + Send + Sync;

/// Whether a failed attempt is repeated, as far as its failure decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryDecision {
    /// Repeat it, if attempts, budget and time are left.
    Retry,
    /// Return its error.
    Stop,
}

impl RetryPolicy {
    /// The default: 3 attempts, waits from 200 ms doubling to 20 s.
    pub fn new() -> Self {
        Self {
            max_attempts: MAX_ATTEMPTS,
            base_delay: BASE_DELAY,
            max_delay: MAX_DELAY,
            with_classifier: None,
        }
    }

    /// One attempt, whatever happens.
    pub fn disabled() -> Self {
        Self::new().max_attempts(1)
    }

    /// How many requests a call may make in all, 1 to 100, default 3.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The longest wait before the second attempt, default 200 ms; it doubles with each further one. At most an hour.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Where the doubling ends, default 20 s. At most an hour.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Asks `decide` about each request that failed, with what this crate would do; its answer counts.
    ///
    /// It is not asked where no request was made, for want of keys or because the client's own
    /// [`RateLimits`](crate::rate_limit::RateLimits) leave the call no time. It is for what a caller knows better. An error that it lets
    /// repeat waits as any other does, and a write may be carried out twice.
    ///
    /// ```
    /// use alibabacloud_kms::retry::{RetryDecision, RetryPolicy};
    ///
    /// let policy = RetryPolicy::new().with_classifier(|error, decision| match error.code() {
    ///     Some("Forbidden.NoPermission") => RetryDecision::Retry, // the grant was made a second ago
    ///     _ if error.is_outcome_unknown() => RetryDecision::Stop, // and look what became of it
    ///     _ => decision,
    /// });
    /// ```
    pub fn with_classifier(
        mut self,
        decide: impl Fn(&Error, RetryDecision) -> RetryDecision + Send + Sync + 'static,
    ) -> Self {
        self.with_classifier = Some(Arc::new(decide));
        self
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The longest wait after so many attempts.
    pub(crate) fn ceiling(&self, attempts: u32) -> Duration {
        super::backoff::ceiling(self.base_delay, self.max_delay, attempts)
    }

    /// What the user makes of a decision.
    pub(crate) fn decide(&self, error: &Error, proposed: RetryDecision) -> RetryDecision {
        match &self.with_classifier {
            Some(decide) => decide(error, proposed),
            None => proposed,
        }
    }

    pub(crate) fn validate(&self) -> Result<(), ValidationError> {
        if !(1..=MOST_ATTEMPTS).contains(&self.max_attempts) {
            return Err(ValidationError::new("max_attempts", self.max_attempts, "1 to 100"));
        }
        for (name, delay) in [("base_delay", self.base_delay), ("max_delay", self.max_delay)] {
            if delay > LONGEST_DELAY {
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
            .field("overruled", &self.with_classifier.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_told_by_name() {
        let refusal = |policy: RetryPolicy| policy.validate().unwrap_err().to_string();
        assert_eq!(
            refusal(RetryPolicy::new().max_attempts(0)),
            "max_attempts is 0, allowed are 1 to 100"
        );
        assert_eq!(
            refusal(RetryPolicy::new().max_attempts(101)),
            "max_attempts is 101, allowed are 1 to 100"
        );
        assert!(
            refusal(RetryPolicy::new().base_delay(Duration::MAX)).starts_with("base_delay is ")
        );
        assert!(refusal(RetryPolicy::new().max_delay(Duration::MAX)).starts_with("max_delay is "));
        assert!(RetryPolicy::disabled().base_delay(Duration::ZERO).validate().is_ok());
    }
}
