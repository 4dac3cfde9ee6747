//! How far the machine's clock is from the service's, as the service's answers tell.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// From here on a difference is worth correcting before the service minds.
const NOTICEABLE: TimeDelta = TimeDelta::minutes(5);

/// The service refuses what is further off, so an answer to an accepted request cannot truly say more.
const TOLERATED: TimeDelta = TimeDelta::minutes(15);

/// What is added to the machine's clock, shared by all clones of a client.
#[derive(Debug, Default)]
pub(crate) struct ClockCorrection {
    milliseconds: AtomicI64,
}

impl ClockCorrection {
    /// The service's time when the machine's is `machine`.
    pub(crate) fn apply(&self, machine: DateTime<Utc>) -> DateTime<Utc> {
        machine.checked_add_signed(self.current()).unwrap_or(machine)
    }

    /// Takes note of how far ahead the service's clock was seen. A request that was `refused` for its time settles it; any
    /// other answer counts when the difference is noticeable and believable.
    pub(crate) fn observe(&self, ahead: TimeDelta, refused: bool) {
        let change = (ahead - self.current()).abs();
        if refused || (change > NOTICEABLE && change <= TOLERATED) {
            self.milliseconds.store(ahead.num_milliseconds(), Ordering::Relaxed);
        }
    }

    fn current(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.milliseconds.load(Ordering::Relaxed))
    }
}

/// How far ahead the service's clock is, by an answer dated `date` to a request of that time: `date` is held against the
/// middle between the two.
pub(crate) fn ahead(
    date: DateTime<Utc>,
    sent: DateTime<Utc>,
    answered: DateTime<Utc>,
) -> TimeDelta {
    date - (sent + (answered - sent) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: DateTime<Utc> = DateTime::from_timestamp(43_200, 0).unwrap();

    fn after(observations: &[(i64, bool)]) -> i64 {
        let correction = ClockCorrection::default();
        for (minutes, refused) in observations {
            correction.observe(TimeDelta::minutes(*minutes), *refused);
        }
        (correction.apply(NOON) - NOON).num_minutes()
    }

    #[test]
    fn a_refusal_settles_the_difference_whatever_it_is() {
        for minutes in [-100_000, -16, 1, 16, 100_000] {
            assert_eq!(after(&[(minutes, true)]), minutes);
        }
    }

    #[test]
    fn an_accepted_request_corrects_only_what_is_noticeable_and_believable() {
        for (minutes, corrected) in [(3, 0), (-5, 0), (6, 6), (-14, -14), (16, 0), (100_000, 0)] {
            assert_eq!(after(&[(minutes, false)]), corrected, "{minutes}");
        }
    }

    #[test]
    fn a_clock_that_is_set_right_is_followed() {
        assert_eq!(after(&[(20, true), (20, false)]), 20);
        assert_eq!(after(&[(20, true), (8, false)]), 8);
        assert_eq!(after(&[(20, true), (0, true)]), 0);
    }

    #[test]
    fn the_middle_of_the_attempt_is_what_a_date_is_held_against() {
        let answered = NOON + TimeDelta::seconds(10);
        assert_eq!(ahead(NOON + TimeDelta::seconds(65), NOON, answered), TimeDelta::minutes(1));
        assert_eq!(ahead(NOON, NOON, NOON), TimeDelta::zero());
    }

    #[test]
    fn a_correction_past_every_date_leaves_the_machines_time() {
        let correction = ClockCorrection::default();
        correction.observe(DateTime::<Utc>::MAX_UTC - NOON, true);
        assert_eq!(correction.apply(DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC);
    }
}
