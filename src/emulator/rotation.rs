//! When a secret is rotated by itself, and to what. Pure.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// Whether and when a secret is rotated by itself, and when it last was, by itself or not.
#[derive(Clone, Debug, Default)]
pub(super) struct Rotation {
    schedule: Option<Schedule>,
    last: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub(super) interval: TimeDelta,
    pub(super) next: DateTime<Utc>,
}

impl Rotation {
    pub(super) fn schedule(&self) -> Option<Schedule> {
        self.schedule
    }

    pub(super) fn last(&self) -> Option<DateTime<Utc>> {
        self.last
    }

    /// Rotates at an interval from now on: first an interval after the last time, or after `created` if there was none, and at
    /// once if that time has passed.
    pub(super) fn enable(
        &mut self,
        interval: Duration,
        created: DateTime<Utc>,
        now: DateTime<Utc>,
    ) {
        let interval = TimeDelta::from_std(interval).unwrap_or(TimeDelta::MAX);
        let next = after(self.last.unwrap_or(created), interval).max(now);
        self.schedule = Some(Schedule { interval, next });
    }

    pub(super) fn disable(&mut self) {
        self.schedule = None;
    }

    /// Takes note of a rotation, whoever asked for it.
    pub(super) fn note(&mut self, at: DateTime<Utc>) {
        self.last = Some(at);
        if let Some(schedule) = &mut self.schedule {
            schedule.next = after(at, schedule.interval);
        }
    }

    /// When the secret should have been rotated last, if it was not. Of several times that passed unseen it is the latest.
    pub(super) fn due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let Schedule { interval, next } = self.schedule.filter(|schedule| schedule.next <= now)?;
        let since_next = (now - next).num_seconds();
        let since_the_latest = since_next % interval.num_seconds().max(1);
        Some(next + TimeDelta::seconds(since_next - since_the_latest))
    }
}

/// The latest time there is stands for those beyond it.
fn after(time: DateTime<Utc>, interval: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(interval).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The value that a version of a managed secret has: in the form of the type, and plainly of no use anywhere.
pub(super) fn made_up_value(secret_type: &str, version_id: &str) -> String {
    let text = |kind: &str| Value::from(format!("fake-{kind}-{version_id}"));
    let value = match secret_type {
        "RAMCredentials" => json!({"AccessKeyId": text("id"), "AccessKeySecret": text("secret")}),
        "ECS" => json!({"UserName": "fake-user", "Password": text("password")}),
        _ => json!({"AccountName": "fake-user", "AccountPassword": text("password")}),
    };
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn next(rotation: &Rotation) -> Option<DateTime<Utc>> {
        rotation.schedule().map(|schedule| schedule.next)
    }

    #[test]
    fn the_first_rotation_is_an_interval_after_the_last_or_the_creation_or_at_once() {
        let mut rotation = Rotation::default();
        rotation.enable(7 * DAY, day(0), day(1));
        assert_eq!((next(&rotation), rotation.due(day(6))), (Some(day(7)), None));
        rotation.note(day(3));
        assert_eq!((next(&rotation), rotation.last()), (Some(day(10)), Some(day(3))));
        rotation.enable(2 * DAY, day(0), day(9));
        assert_eq!((next(&rotation), rotation.due(day(9))), (Some(day(9)), Some(day(9))));
    }

    #[test]
    fn of_several_times_that_passed_the_latest_counts() {
        let mut rotation = Rotation::default();
        rotation.enable(7 * DAY, day(0), day(0));
        assert_eq!(rotation.due(day(7)), Some(day(7)));
        assert_eq!(rotation.due(day(30)), Some(day(28)));
        let between_seconds = day(30) + TimeDelta::milliseconds(999);
        assert_eq!(rotation.due(between_seconds), Some(day(28)), "as it was planned");
        rotation.note(day(28));
        assert_eq!((next(&rotation), rotation.due(day(30))), (Some(day(35)), None));
        assert_eq!(
            rotation.due(DateTime::<Utc>::MAX_UTC).map(|at| at > day(1_000_000)),
            Some(true)
        );
    }

    #[test]
    fn a_rotation_that_is_off_is_never_due() {
        let mut rotation = Rotation::default();
        rotation.note(day(1));
        assert_eq!((next(&rotation), rotation.due(day(900))), (None, None));
        rotation.enable(DAY, day(0), day(0));
        rotation.disable();
        assert_eq!((next(&rotation), rotation.last()), (None, Some(day(1))));
        rotation.enable(Duration::MAX, day(0), day(0));
        assert_eq!(rotation.due(day(900)), None);
    }

    #[test]
    fn values_have_the_form_of_their_type() {
        assert_eq!(
            made_up_value("ECS", "v1"),
            r#"{"Password":"fake-password-v1","UserName":"fake-user"}"#
        );
        assert!(
            made_up_value("RAMCredentials", "v1").contains(r#""AccessKeySecret":"fake-secret-v1""#)
        );
        assert!(made_up_value("Rds", "\"").contains(r#""AccountPassword":"fake-password-\"""#));
    }
}
