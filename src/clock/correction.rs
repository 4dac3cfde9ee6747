//! [`ClockCorrection`]: how far the local clock is from the service's, as learned from responses.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// A larger difference is corrected before the service rejects it.
const NOTICEABLE: TimeDelta = TimeDelta::minutes(5);

/// The service rejects a larger difference, so the response to an accepted request cannot truly
/// show one.
const TOLERATED: TimeDelta = TimeDelta::minutes(15);

/// The time added to the local clock, shared by all clones of a client.
#[derive(Debug, Default)]
pub(crate) struct ClockCorrection(Mutex<SkewEstimate>);

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct SkewEstimate {
    correction: TimeDelta,
    /// The skew of the last response, if it differed.
    suspected: Option<TimeDelta>,
}

/// The difference of the clocks, by one response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SkewSample {
    /// The lead of the service's clock over the local clock.
    pub(crate) ahead: TimeDelta,
    /// The correction that the request was signed with.
    pub(crate) signed_with: TimeDelta,
    /// True if the request was rejected for its time.
    pub(crate) rejected: bool,
}

impl ClockCorrection {
    /// Returns how far the service's clock is assumed to be ahead of the local clock.
    pub(crate) fn current(&self) -> TimeDelta {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).correction
    }

    /// Records a response. A new skew counts only if the next response confirms it: a single server
    /// whose clock is wrong must not cause all other requests to be rejected.
    pub(crate) fn record(&self, sample: SkewSample) {
        let mut estimate = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *estimate = estimate.after(sample);
    }
}

impl SkewEstimate {
    fn after(self, sample: SkewSample) -> Self {
        let ahead = sample.ahead;
        if is_same(ahead, self.correction) || !sample.is_plausible() {
            return Self { suspected: None, ..self };
        }
        match self.suspected {
            Some(suspected) if is_same(ahead, suspected) => {
                Self { correction: ahead, suspected: None }
            }
            _ => Self { suspected: Some(ahead), ..self },
        }
    }
}

impl SkewSample {
    /// Returns whether a request signed with this response's time would differ from the one that
    /// was sent.
    pub(crate) fn is_new(&self) -> bool {
        !is_same(self.ahead, self.signed_with)
    }

    /// Returns whether the service accepts the time of the local clock, by this response.
    pub(crate) fn agrees(&self) -> bool {
        self.ahead.abs() <= TOLERATED
    }

    /// Returns whether the sample can be true. If a request was accepted with a time far from its
    /// response's date, something on the way rewrites dates.
    fn is_plausible(&self) -> bool {
        self.rejected || (self.ahead - self.signed_with).abs() <= TOLERATED
    }
}

fn is_same(one: TimeDelta, other: TimeDelta) -> bool {
    (one - other).abs() <= NOTICEABLE
}

/// Returns the service's time when the local time is `local`.
pub(crate) fn corrected(local: DateTime<Utc>, ahead: TimeDelta) -> DateTime<Utc> {
    local.checked_add_signed(ahead).unwrap_or(local)
}

/// Returns how far the service's clock is ahead, by the `date` of a response: the date is compared
/// with the middle between sending the request and receiving the response.
pub(crate) fn ahead(
    date: DateTime<Utc>,
    sent: DateTime<Utc>,
    received: DateTime<Utc>,
) -> TimeDelta {
    date - (sent + (received - sent) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: DateTime<Utc> = DateTime::from_timestamp(43_200, 0).unwrap();

    fn sample(ahead: i64, signed_with: i64, rejected: bool) -> SkewSample {
        let (ahead, signed_with) = (TimeDelta::minutes(ahead), TimeDelta::minutes(signed_with));
        SkewSample { ahead, signed_with, rejected }
    }

    /// Returns the correction in minutes after responses to requests that were signed with the
    /// previous one. `(minutes, rejected)`.
    fn after(responses: &[(i64, bool)]) -> i64 {
        let correction = ClockCorrection::default();
        for (minutes, rejected) in responses {
            correction.record(sample(*minutes, correction.current().num_minutes(), *rejected));
        }
        correction.current().num_minutes()
    }

    #[test]
    fn two_responses_in_a_row_set_the_correction() {
        for (responses, corrected) in [
            (&[(6, false)][..], 0),
            (&[(6, false), (6, false)], 6),
            (&[(-14, false), (-13, false)], -13),
            (&[(3, false), (3, false)], 0),
            (&[(-5, false), (-5, false)], 0),
            (&[(100_000, true)], 0),
            (&[(100_000, true), (100_000, true)], 100_000),
            (&[(-16, true), (-16, true)], -16),
        ] {
            assert_eq!(after(responses), corrected, "{responses:?}");
        }
    }

    #[test]
    fn single_contradicting_response_is_ignored() {
        for single in [(60, true), (-10, false), (10, false)] {
            assert_eq!(
                after(&[(0, false), single, (0, false), single, (0, false)]),
                0,
                "{single:?}"
            );
            assert_eq!(
                after(&[(20, true), (20, true), single, (20, false), single]),
                20,
                "{single:?}"
            );
        }
        assert_eq!(after(&[(10, false), (-10, false), (10, false), (-10, false)]), 0);
    }

    #[test]
    fn accepted_request_cannot_show_a_skew_over_the_limit() {
        assert_eq!(after(&[(16, false), (16, false), (16, false)]), 0);
        assert_eq!(after(&[(100_000, false), (100_000, false)]), 0);
    }

    #[test]
    fn corrected_local_clock_is_followed() {
        let wrong = [(20, true), (20, true)];
        for (next, corrected) in [((20, false), 20), ((8, false), 8), ((0, true), 0)] {
            assert_eq!(after(&[&wrong[..], &[next, next]].concat()), corrected, "{next:?}");
        }
    }

    #[test]
    fn response_to_a_corrected_attempt_confirms_it() {
        let correction = ClockCorrection::default();
        correction.record(sample(120, 0, true));
        correction.record(sample(120, 120, false));
        assert_eq!(correction.current(), TimeDelta::hours(2));
    }

    #[test]
    fn rejection_with_the_signed_time_is_not_new() {
        assert!(sample(20, 0, true).is_new());
        assert!(!sample(20, 20, true).is_new());
        assert!(!sample(20, 24, true).is_new());
    }

    #[test]
    fn date_is_compared_with_the_middle_of_the_attempt() {
        let received = NOON + TimeDelta::seconds(10);
        assert_eq!(ahead(NOON + TimeDelta::seconds(65), NOON, received), TimeDelta::minutes(1));
        assert_eq!(ahead(NOON, NOON, NOON), TimeDelta::zero());
    }

    #[test]
    fn correction_past_the_last_date_is_not_applied() {
        let ahead = DateTime::<Utc>::MAX_UTC - NOON;
        assert_eq!(corrected(DateTime::<Utc>::MAX_UTC, ahead), DateTime::<Utc>::MAX_UTC);
    }
}
