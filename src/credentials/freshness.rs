//! When credentials are renewed. Pure: every comparison of an expiry with the time is made here, and the time is an argument.

use chrono::{DateTime, TimeDelta, Utc};

/// The longest head start of a renewal; for short lifetimes it is [`LEAD_SHARE`] of them.
const LONGEST_LEAD: TimeDelta = TimeDelta::seconds(900);

/// One fifth: a role with the shortest lifetime, 900 s, is renewed three minutes ahead and not at each call.
const LEAD_SHARE: i32 = 5;

/// With less than this left, a call waits for the renewal: what it signs now may arrive too late.
const LONGEST_WAITING: TimeDelta = TimeDelta::seconds(60);

/// Between failed renewals, doubling from the first to the second.
const SHORTEST_PAUSE: TimeDelta = TimeDelta::seconds(1);
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// From when on credentials are to be renewed, waited for, and no longer used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    renew: DateTime<Utc>,
    wait: DateTime<Utc>,
    expiration: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    Fresh,
    /// Good to use; a renewal should be under way.
    AgeingSoon,
    /// Good to use only if a renewal does not succeed.
    NearlyExpired,
    Expired,
}

impl Lifetime {
    /// `draw`, from 0 to 1, spreads the renewals of many processes over a further quarter of the head start.
    pub(super) fn new(obtained: DateTime<Utc>, expiration: DateTime<Utc>, draw: f64) -> Self {
        let lead = LONGEST_LEAD.min((expiration - obtained) / LEAD_SHARE);
        let jitter_ms = lead.num_milliseconds() as f64 * draw.clamp(0.0, 1.0) / 4.0;
        let before = |lead: TimeDelta| expiration.checked_sub_signed(lead).unwrap_or(expiration);
        Self {
            renew: before(lead + TimeDelta::milliseconds(jitter_ms as i64)),
            // A third is the full 60 s from the shortest lifetime that STS gives on.
            wait: before(LONGEST_WAITING.min(lead / 3)),
            expiration,
        }
    }
}

/// How fresh credentials of this lifetime are `now`.
pub(super) fn freshness(lifetime: &Lifetime, now: DateTime<Utc>) -> Freshness {
    if now >= lifetime.expiration {
        Freshness::Expired
    } else if now >= lifetime.wait {
        Freshness::NearlyExpired
    } else if now >= lifetime.renew {
        Freshness::AgeingSoon
    } else {
        Freshness::Fresh
    }
}

/// How long to leave a source alone after so many failures in a row: half to all of a doubling pause.
pub(super) fn pause(failures: u32, draw: f64) -> TimeDelta {
    let doubled = 1_i32 << failures.saturating_sub(1).min(6);
    let longest = LONGEST_PAUSE.min(SHORTEST_PAUSE * doubled).num_milliseconds() as f64;
    TimeDelta::milliseconds((longest * (0.5 + draw.clamp(0.0, 1.0) / 2.0)) as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: DateTime<Utc> = DateTime::from_timestamp(43_200, 0).unwrap();

    /// Seconds after NOON from which on a set of so many seconds is renewed and waited for.
    fn turns(lifetime: i64, draw: f64) -> (i64, i64) {
        let lifetime = Lifetime::new(NOON, NOON + TimeDelta::seconds(lifetime), draw);
        ((lifetime.renew - NOON).num_seconds(), (lifetime.wait - NOON).num_seconds())
    }

    #[test]
    fn renewal_starts_at_a_fifth_of_the_lifetime_and_never_more_than_15_minutes_ahead() {
        assert_eq!(turns(900, 0.0), (720, 840));
        assert_eq!(turns(900, 1.0), (675, 840));
        assert_eq!(turns(3_600, 0.0), (2_880, 3_540));
        assert_eq!(turns(21_600, 0.0), (20_700, 21_540));
        assert_eq!(turns(21_600, 1.0), (20_475, 21_540));
        assert_eq!(turns(30, 0.0), (24, 28));
    }

    #[test]
    fn a_set_ages_in_four_steps() {
        let lifetime = Lifetime::new(NOON, NOON + TimeDelta::seconds(900), 0.0);
        for (second, expected) in [
            (0, Freshness::Fresh),
            (719, Freshness::Fresh),
            (720, Freshness::AgeingSoon),
            (839, Freshness::AgeingSoon),
            (840, Freshness::NearlyExpired),
            (899, Freshness::NearlyExpired),
            (900, Freshness::Expired),
        ] {
            assert_eq!(
                freshness(&lifetime, NOON + TimeDelta::seconds(second)),
                expected,
                "{second}"
            );
        }
    }

    #[test]
    fn pauses_double_to_a_minute() {
        let seconds: Vec<_> = (1..=8).map(|failures| pause(failures, 1.0).num_seconds()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause(3, 0.0).num_seconds(), 2);
    }

    proptest! {
        #[test]
        fn whatever_the_lifetime_the_steps_come_in_order(seconds in 1_i64..10_000_000, draw in 0.0..1.0) {
            let lifetime = Lifetime::new(NOON, NOON + TimeDelta::seconds(seconds), draw);
            prop_assert!(NOON < lifetime.renew);
            prop_assert!(lifetime.renew <= lifetime.wait);
            prop_assert!(lifetime.wait <= lifetime.expiration);
        }
    }
}
