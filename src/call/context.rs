//! [`CallContext`]: what the calls of a client share, and [`CallLimits`], the limits of one call.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::header::HeaderValue;

use crate::clock::Clock;
use crate::clock::correction::{ClockCorrection, SkewSample, corrected};
use crate::credentials::ProvideCredentials;
use crate::endpoint::Endpoint;
use crate::error::ValidationError;
use crate::rate_limit::RateLimits;
use crate::retry::{RetryPolicy, RetryTokens};
use crate::sign::Signer;
use crate::telemetry::Observed;
use crate::transport::HttpTransport;

/// The parts that the calls of a client share. A clone has its own limits and shares the rest.
#[derive(Clone, Debug)]
pub(crate) struct CallContext {
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) signer: Arc<Signer>,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transport: Arc<dyn HttpTransport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) correction: Arc<ClockCorrection>,
    pub(crate) retry_tokens: Arc<RetryTokens>,
    pub(crate) rate_limits: RateLimits,
    pub(crate) observed: Arc<Observed>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) limits: CallLimits,
}

/// The limits of a call: its timeouts, its retries, and the size of a response.
#[derive(Clone, Debug)]
pub(crate) struct CallLimits {
    /// The timeout that the client's connection pool was built with.
    pub(crate) connect_timeout: Duration,
    /// A shorter timeout for the calls of one handle.
    pub(crate) shorter_connect_timeout: Option<Duration>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) call_timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) retry: RetryPolicy,
}

impl CallLimits {
    /// A longer timeout is assumed to be a mistake in the unit.
    const MAX_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

    pub(crate) fn validate(&self) -> Result<(), ValidationError> {
        Self::validate_timeout("connect_timeout", self.connect_timeout)?;
        if let Some(shorter) = self.shorter_connect_timeout
            && (shorter.is_zero() || shorter > self.connect_timeout)
        {
            let allowed = "more than 0 and at most the client's own";
            return Err(ValidationError::new("connect_timeout", shorter, allowed));
        }
        Self::validate_timeout("attempt_timeout", self.attempt_timeout)?;
        Self::validate_timeout("call_timeout", self.call_timeout)?;
        if self.max_response_bytes == 0 {
            return Err(ValidationError::new("max_response_bytes", 0, "at least 1"));
        }
        self.retry.validate()
    }

    fn validate_timeout(name: &'static str, timeout: Duration) -> Result<(), ValidationError> {
        if timeout.is_zero() || timeout > Self::MAX_TIMEOUT {
            return Err(ValidationError::new(name, timeout, "more than 0 and at most 24 hours"));
        }
        Ok(())
    }
}

impl CallContext {
    /// Returns the service's time, as far as its responses have shown it.
    pub(crate) fn service_time(&self) -> DateTime<Utc> {
        corrected(self.clock.now(), self.correction.current())
    }

    /// Records what a response shows about the clocks.
    pub(super) fn record_skew(&self, sample: Option<SkewSample>) {
        if let Some(sample) = sample {
            self.correction.record(sample);
        }
    }

    /// Returns the context for another region. Retry budget and rate limits are counted for each
    /// region.
    pub(crate) fn in_region(&self, region: &str) -> Result<Self, ValidationError> {
        let endpoint = self.endpoint.for_region(region)?;
        // Each field is named, so that a new one must be decided on here.
        let Self {
            endpoint: _,
            signer,
            credentials,
            transport,
            clock,
            correction,
            retry_tokens,
            rate_limits,
            observed,
            user_agent,
            limits,
        } = self.clone();
        Ok(Self {
            endpoint: Arc::new(endpoint),
            signer,
            credentials,
            transport,
            clock,
            correction,
            retry_tokens: Arc::new(retry_tokens.new_like()),
            rate_limits: rate_limits.new_like(),
            observed,
            user_agent,
            limits,
        })
    }
}
