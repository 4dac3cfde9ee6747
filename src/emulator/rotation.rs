//! [`Rotation`]: when a secret is rotated automatically, and to which value. Pure.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// The schedule of automatic rotation, and the time of the latest rotation, automatic or not.
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

    /// Schedules rotations at an interval. The first is an interval after the latest rotation, or
    /// after `created` if there was none; it is now if that time has passed.
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

    /// Schedules rotations at an interval from `next` on.
    pub(super) fn scheduled(interval: Duration, next: DateTime<Utc>) -> Self {
        let interval = TimeDelta::from_std(interval).unwrap_or(TimeDelta::MAX);
        Self { schedule: Some(Schedule { interval, next }), last: None }
    }

    pub(super) fn disable(&mut self) {
        self.schedule = None;
    }

    /// Records a rotation, automatic or not.
    pub(super) fn record(&mut self, at: DateTime<Utc>) {
        self.last = Some(at);
        if let Some(schedule) = &mut self.schedule {
            schedule.next = after(at, schedule.interval);
        }
    }

    /// Returns the time of the rotation that is due. Of several times that have passed it is the
    /// latest.
    pub(super) fn due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let Schedule { interval, next } = self.schedule.filter(|schedule| schedule.next <= now)?;
        let since_next = (now - next).num_seconds();
        let since_latest = since_next % interval.num_seconds().max(1);
        Some(next + TimeDelta::seconds(since_next - since_latest))
    }
}

/// Adds an interval to a time. The result is at most the latest time that chrono can hold.
fn after(time: DateTime<Utc>, interval: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(interval).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Returns the value of a rotated secret: in the form of its type, and obviously fake.
pub(super) fn generated_value(secret_type: &str, version_id: &str) -> String {
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
    fn first_rotation_follows_the_latest_one_or_the_creation() {
        let mut rotation = Rotation::default();
        rotation.enable(7 * DAY, day(0), day(1));
        assert_eq!((next(&rotation), rotation.due(day(6))), (Some(day(7)), None));
        rotation.record(day(3));
        assert_eq!((next(&rotation), rotation.last()), (Some(day(10)), Some(day(3))));
        rotation.enable(2 * DAY, day(0), day(9));
        assert_eq!((next(&rotation), rotation.due(day(9))), (Some(day(9)), Some(day(9))));
    }

    #[test]
    fn latest_of_several_missed_rotations_is_due() {
        let mut rotation = Rotation::default();
        rotation.enable(7 * DAY, day(0), day(0));
        assert_eq!(rotation.due(day(7)), Some(day(7)));
        assert_eq!(rotation.due(day(30)), Some(day(28)));
        let between_seconds = day(30) + TimeDelta::milliseconds(999);
        assert_eq!(rotation.due(between_seconds), Some(day(28)), "as it was planned");
        rotation.record(day(28));
        assert_eq!((next(&rotation), rotation.due(day(30))), (Some(day(35)), None));
        assert_eq!(
            rotation.due(DateTime::<Utc>::MAX_UTC).map(|at| at > day(1_000_000)),
            Some(true)
        );
    }

    #[test]
    fn disabled_rotation_is_never_due() {
        let mut rotation = Rotation::default();
        rotation.record(day(1));
        assert_eq!((next(&rotation), rotation.due(day(900))), (None, None));
        rotation.enable(DAY, day(0), day(0));
        rotation.disable();
        assert_eq!((next(&rotation), rotation.last()), (None, Some(day(1))));
        rotation.enable(Duration::MAX, day(0), day(0));
        assert_eq!(rotation.due(day(900)), None);
    }

    #[test]
    fn generated_value_has_the_form_of_the_type() {
        assert_eq!(
            generated_value("ECS", "v1"),
            r#"{"Password":"fake-password-v1","UserName":"fake-user"}"#
        );
        assert!(
            generated_value("RAMCredentials", "v1")
                .contains(r#""AccessKeySecret":"fake-secret-v1""#)
        );
        assert!(generated_value("Rds", "\"").contains(r#""AccountPassword":"fake-password-\"""#));
    }
}
