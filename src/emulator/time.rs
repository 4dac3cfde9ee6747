//! [`Time`]: the emulator's time, which a test can set.

use chrono::{DateTime, TimeDelta, Utc};

/// The relation of the emulator's time to the system time, which is always an argument.
#[derive(Clone, Copy, Debug)]
pub(super) enum Time {
    /// Runs with the system clock, ahead of it by this much.
    Running { ahead: TimeDelta },
    /// Does not change until a test moves it.
    Frozen(DateTime<Utc>),
}

impl Default for Time {
    fn default() -> Self {
        Self::Running { ahead: TimeDelta::zero() }
    }
}

impl Time {
    pub(super) fn now(self, system_time: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Running { ahead } => shifted(system_time, ahead),
            Self::Frozen(at) => at,
        }
    }

    pub(super) fn advanced(self, by: TimeDelta) -> Self {
        match self {
            Self::Running { ahead } => {
                Self::Running { ahead: ahead.checked_add(&by).unwrap_or(ahead) }
            }
            Self::Frozen(at) => Self::Frozen(shifted(at, by)),
        }
    }
}

/// Moves `at` by `by`. Returns `at` itself if the result is not a date that chrono can hold.
pub(super) fn shifted(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(by).unwrap_or(at)
}

/// Formats a date as HTTP headers do: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7>.
pub(super) fn http_date(date: DateTime<Utc>) -> String {
    date.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn only_running_time_follows_the_system_clock() {
        let hour = TimeDelta::hours(1);
        let running = Time::default().advanced(hour).advanced(hour);
        assert_eq!(running.now(at(10)), at(7210));
        assert_eq!(running.now(at(20)), at(7220));
        let frozen = Time::Frozen(at(100)).advanced(hour).advanced(-hour * 2);
        assert_eq!(frozen.now(at(10)), at(-3500));
    }

    #[test]
    fn step_beyond_all_dates_is_ignored() {
        let far = TimeDelta::MAX;
        assert_eq!(Time::Frozen(at(5)).advanced(far).now(at(0)), at(5));
        assert_eq!(Time::Running { ahead: far }.advanced(far).now(at(0)), at(0));
    }
}
