//! How far the machine's clock is from the service's, as the service's answers tell.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// From here on a difference is worth correcting before the service minds.
const NOTICEABLE: TimeDelta = TimeDelta::minutes(5);

/// The service refuses what is further off, so an answer to an accepted request cannot truly say more.
const TOLERATED: TimeDelta = TimeDelta::minutes(15);

/// What is added to the machine's clock, shared by all clones of a client.
#[derive(Debug, Default)]
pub(crate) struct ClockCorrection(Mutex<Learned>);

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Learned {
    correction: TimeDelta,
    /// What the last answer told otherwise.
    suspected: Option<TimeDelta>,
}

/// What one answer tells of the clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observation {
    /// How far ahead of the machine's the service's clock was.
    pub(crate) ahead: TimeDelta,
    /// The correction that the request was signed with.
    pub(crate) signed_with: TimeDelta,
    /// Whether the request was refused for its time.
    pub(crate) refused: bool,
}

impl ClockCorrection {
    /// How far ahead of the machine's the service's clock is taken to be.
    pub(crate) fn current(&self) -> TimeDelta {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).correction
    }

    /// Takes note of an answer. One that tells a new time is not believed before the next says the same: a single server
    /// whose clock is off must not make all other requests be refused.
    pub(crate) fn observe(&self, observation: Observation) {
        let mut learned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *learned = learned.after(observation);
    }
}

impl Learned {
    fn after(self, observation: Observation) -> Self {
        let told = observation.ahead;
        if is_same(told, self.correction) || !observation.is_believable() {
            return Self { suspected: None, ..self };
        }
        match self.suspected {
            Some(suspected) if is_same(told, suspected) => {
                Self { correction: told, suspected: None }
            }
            _ => Self { suspected: Some(told), ..self },
        }
    }
}

impl Observation {
    /// Whether a request that is signed by this answer's time differs from the one that was answered.
    pub(crate) fn is_news(&self) -> bool {
        !is_same(self.ahead, self.signed_with)
    }

    /// Whether the service accepts times by this machine's clock, as far as this answer tells.
    pub(crate) fn agrees(&self) -> bool {
        self.ahead.abs() <= TOLERATED
    }

    /// An accepted request with a time that is not that of its answer has gone past something that rewrites dates.
    fn is_believable(&self) -> bool {
        self.refused || (self.ahead - self.signed_with).abs() <= TOLERATED
    }
}

fn is_same(one: TimeDelta, other: TimeDelta) -> bool {
    (one - other).abs() <= NOTICEABLE
}

/// The service's time when the machine's is `machine`.
pub(crate) fn corrected(machine: DateTime<Utc>, ahead: TimeDelta) -> DateTime<Utc> {
    machine.checked_add_signed(ahead).unwrap_or(machine)
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

    fn seen(ahead: i64, signed_with: i64, refused: bool) -> Observation {
        let (ahead, signed_with) = (TimeDelta::minutes(ahead), TimeDelta::minutes(signed_with));
        Observation { ahead, signed_with, refused }
    }

    /// The correction in minutes after answers to requests that were signed with the one before. `(minutes, refused)`.
    fn after(answers: &[(i64, bool)]) -> i64 {
        let correction = ClockCorrection::default();
        for (minutes, refused) in answers {
            correction.observe(seen(*minutes, correction.current().num_minutes(), *refused));
        }
        correction.current().num_minutes()
    }

    #[test]
    fn a_time_is_learned_when_two_answers_in_a_row_tell_it() {
        for (answers, corrected) in [
            (&[(6, false)][..], 0),
            (&[(6, false), (6, false)], 6),
            (&[(-14, false), (-13, false)], -13),
            (&[(3, false), (3, false)], 0),
            (&[(-5, false), (-5, false)], 0),
            (&[(100_000, true)], 0),
            (&[(100_000, true), (100_000, true)], 100_000),
            (&[(-16, true), (-16, true)], -16),
        ] {
            assert_eq!(after(answers), corrected, "{answers:?}");
        }
    }

    #[test]
    fn a_single_answer_of_another_time_changes_nothing_and_is_forgotten() {
        for odd in [(60, true), (-10, false), (10, false)] {
            assert_eq!(after(&[(0, false), odd, (0, false), odd, (0, false)]), 0, "{odd:?}");
            assert_eq!(after(&[(20, true), (20, true), odd, (20, false), odd]), 20, "{odd:?}");
        }
        assert_eq!(after(&[(10, false), (-10, false), (10, false), (-10, false)]), 0);
    }

    #[test]
    fn an_accepted_request_teaches_no_time_that_would_have_had_it_refused() {
        assert_eq!(after(&[(16, false), (16, false), (16, false)]), 0);
        assert_eq!(after(&[(100_000, false), (100_000, false)]), 0);
    }

    #[test]
    fn a_clock_that_is_set_right_is_followed() {
        let wrong = [(20, true), (20, true)];
        for (next, corrected) in [((20, false), 20), ((8, false), 8), ((0, true), 0)] {
            assert_eq!(after(&[&wrong[..], &[next, next]].concat()), corrected, "{next:?}");
        }
    }

    #[test]
    fn the_correction_that_a_call_made_for_itself_is_confirmed_by_the_answer_to_it() {
        let correction = ClockCorrection::default();
        correction.observe(seen(120, 0, true));
        correction.observe(seen(120, 120, false));
        assert_eq!(correction.current(), TimeDelta::hours(2));
    }

    #[test]
    fn a_refusal_that_tells_the_time_that_was_signed_is_no_news() {
        assert!(seen(20, 0, true).is_news());
        assert!(!seen(20, 20, true).is_news());
        assert!(!seen(20, 24, true).is_news());
    }

    #[test]
    fn the_middle_of_the_attempt_is_what_a_date_is_held_against() {
        let answered = NOON + TimeDelta::seconds(10);
        assert_eq!(ahead(NOON + TimeDelta::seconds(65), NOON, answered), TimeDelta::minutes(1));
        assert_eq!(ahead(NOON, NOON, NOON), TimeDelta::zero());
    }

    #[test]
    fn a_correction_past_every_date_leaves_the_machines_time() {
        let ahead = DateTime::<Utc>::MAX_UTC - NOON;
        assert_eq!(corrected(DateTime::<Utc>::MAX_UTC, ahead), DateTime::<Utc>::MAX_UTC);
    }
}
