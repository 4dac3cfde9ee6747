//! When credentials are refreshed. Pure: every comparison of an expiration with the time is made
//! here, and the time is an argument.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The maximum head start of a refresh; for short lifetimes it is [`LEAD_SHARE`] of them.
const MAX_LEAD: TimeDelta = TimeDelta::seconds(900);

/// One fifth: a role with the minimum lifetime, 900 s, is refreshed three minutes ahead and not at
/// each call.
const LEAD_SHARE: i32 = 5;

/// With less time left, a call waits for the refresh: what it signs now may arrive too late.
const MAX_WAIT_LEAD: TimeDelta = TimeDelta::seconds(60);

/// The pause after failed refreshes doubles from the minimum to the maximum.
const MIN_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// The times from which on credentials are refreshed, waited for, and no longer used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    refresh: DateTime<Utc>,
    wait: DateTime<Utc>,
    expiration: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    Fresh,
    /// Usable; a refresh should be in flight.
    Ageing,
    /// Usable only if a refresh fails.
    NearlyExpired,
    Expired,
}

impl Lifetime {
    /// Creates the lifetime of credentials. `draw`, from 0 to 1, spreads the refreshes of many
    /// processes over a further quarter of the head start.
    pub(super) fn new(obtained: DateTime<Utc>, expiration: DateTime<Utc>, draw: f64) -> Self {
        let lead = MAX_LEAD.min((expiration - obtained) / LEAD_SHARE);
        let jitter_ms = lead.num_milliseconds() as f64 * draw.clamp(0.0, 1.0) / 4.0;
        let before = |lead: TimeDelta| expiration.checked_sub_signed(lead).unwrap_or(expiration);
        Self {
            refresh: before(lead + TimeDelta::milliseconds(jitter_ms as i64)),
            // A third is the full 60 s from the minimum lifetime of STS on.
            wait: before(MAX_WAIT_LEAD.min(lead / 3)),
            expiration,
        }
    }
}

/// Returns how fresh credentials of this lifetime are at `now`.
pub(super) fn freshness(lifetime: &Lifetime, now: DateTime<Utc>) -> Freshness {
    if now >= lifetime.expiration {
        Freshness::Expired
    } else if now >= lifetime.wait {
        Freshness::NearlyExpired
    } else if now >= lifetime.refresh {
        Freshness::Ageing
    } else {
        Freshness::Fresh
    }
}

/// Returns the pause after `failures` in a row: half to all of a doubling time, by `draw`.
pub(super) fn pause(failures: u32, draw: f64) -> Duration {
    let factor = 1_u32 << failures.saturating_sub(1).min(6);
    MAX_PAUSE.min(MIN_PAUSE * factor).mul_f64(0.5 + draw.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: DateTime<Utc> = DateTime::from_timestamp(43_200, 0).unwrap();

    /// Seconds after which credentials with a lifetime of so many seconds are refreshed and
    /// waited for.
    fn times(lifetime: i64, draw: f64) -> (i64, i64) {
        let lifetime = Lifetime::new(NOON, NOON + TimeDelta::seconds(lifetime), draw);
        ((lifetime.refresh - NOON).num_seconds(), (lifetime.wait - NOON).num_seconds())
    }

    #[test]
    fn refresh_starts_a_fifth_and_at_most_15_minutes_ahead() {
        assert_eq!(times(900, 0.0), (720, 840));
        assert_eq!(times(900, 1.0), (675, 840));
        assert_eq!(times(3_600, 0.0), (2_880, 3_540));
        assert_eq!(times(21_600, 0.0), (20_700, 21_540));
        assert_eq!(times(21_600, 1.0), (20_475, 21_540));
        assert_eq!(times(30, 0.0), (24, 28));
    }

    #[test]
    fn credentials_age_in_four_steps() {
        let lifetime = Lifetime::new(NOON, NOON + TimeDelta::seconds(900), 0.0);
        for (second, expected) in [
            (0, Freshness::Fresh),
            (719, Freshness::Fresh),
            (720, Freshness::Ageing),
            (839, Freshness::Ageing),
            (840, Freshness::NearlyExpired),
            (899, Freshness::NearlyExpired),
            (900, Freshness::Expired),
        ] {
            let found = freshness(&lifetime, NOON + TimeDelta::seconds(second));
            assert_eq!(found, expected, "{second}");
        }
    }

    #[test]
    fn pauses_double_up_to_a_minute() {
        let seconds: Vec<_> = (1..=8).map(|failures| pause(failures, 1.0).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause(3, 0.0).as_secs(), 2);
    }

    proptest! {
        #[test]
        fn steps_come_in_order_for_any_lifetime(seconds in 1_i64..10_000_000, draw in 0.0..1.0) {
            let lifetime = Lifetime::new(NOON, NOON + TimeDelta::seconds(seconds), draw);
            prop_assert!(NOON < lifetime.refresh);
            prop_assert!(lifetime.refresh <= lifetime.wait);
            prop_assert!(lifetime.wait <= lifetime.expiration);
        }
    }
}
