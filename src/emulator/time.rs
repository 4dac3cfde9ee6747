//! The emulator's time, which a test can set.

use chrono::{DateTime, TimeDelta, Utc};

/// Where the emulator takes its time from. The machine's time is always handed in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Time {
    /// Runs with the machine's clock, so much ahead of it.
    Running { ahead: TimeDelta },
    /// Stands still until a test moves it.
    Standing(DateTime<Utc>),
}

impl Default for Time {
    fn default() -> Self {
        Self::Running { ahead: TimeDelta::zero() }
    }
}

impl Time {
    pub(super) fn now(self, machine: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Running { ahead } => shifted(machine, ahead),
            Self::Standing(at) => at,
        }
    }

    pub(super) fn advanced(self, by: TimeDelta) -> Self {
        match self {
            Self::Running { ahead } => {
                Self::Running { ahead: ahead.checked_add(&by).unwrap_or(ahead) }
            }
            Self::Standing(at) => Self::Standing(shifted(at, by)),
        }
    }
}

/// `at` moved by `by`; stays where it is if no date can say the result.
pub(super) fn shifted(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(by).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn running_time_follows_the_machine_and_standing_time_does_not() {
        let hour = TimeDelta::hours(1);
        let running = Time::default().advanced(hour).advanced(hour);
        assert_eq!(running.now(at(10)), at(7210));
        assert_eq!(running.now(at(20)), at(7220));
        let standing = Time::Standing(at(100)).advanced(hour).advanced(-hour * 2);
        assert_eq!(standing.now(at(10)), at(-3500));
    }

    #[test]
    fn a_step_past_every_date_is_not_taken() {
        let far = TimeDelta::MAX;
        assert_eq!(Time::Standing(at(5)).advanced(far).now(at(0)), at(5));
        assert_eq!(Time::Running { ahead: far }.advanced(far).now(at(0)), at(0));
    }
}
