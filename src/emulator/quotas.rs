//! [`Quotas`]: how many requests the emulated account may send, by quota group.
//!
//! Pure: the time is an argument.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::error_response::ErrorResponse;
use crate::rate_limit::{DOCUMENTED, Quota, QuotaGroup};

/// The enforced quotas; by default none.
#[derive(Clone, Debug, Default)]
pub(super) struct Quotas {
    groups: Vec<EnforcedQuota>,
}

#[derive(Clone, Debug)]
struct EnforcedQuota {
    group: QuotaGroup,
    quota: Quota,
    /// When the latest requests were accepted, oldest first.
    accepted: VecDeque<DateTime<Utc>>,
}

impl Quotas {
    /// Enforces the quotas that the service documents.
    pub(super) fn enforce_documented(&mut self) {
        for (group, quota) in DOCUMENTED {
            self.enforce(group, quota);
        }
    }

    pub(super) fn enforce(&mut self, group: QuotaGroup, quota: Quota) {
        self.groups.retain(|enforced| enforced.group != group);
        self.groups.push(EnforcedQuota { group, quota, accepted: VecDeque::new() });
    }

    /// Accepts a request of a group, or rejects it because of those accepted before. A rejected
    /// request does not count.
    pub(super) fn try_acquire(
        &mut self,
        group: QuotaGroup,
        now: DateTime<Utc>,
    ) -> Result<(), ErrorResponse> {
        let enforced = self.groups.iter_mut().find(|enforced| enforced.group == group);
        if enforced.is_none_or(|enforced| enforced.try_acquire(now)) {
            Ok(())
        } else {
            Err(ErrorResponse::service(429, "Rejected.Throttling", "QPS Limit Exceeded"))
        }
    }
}

impl EnforcedQuota {
    fn try_acquire(&mut self, now: DateTime<Utc>) -> bool {
        let per = TimeDelta::from_std(self.quota.period).unwrap_or(TimeDelta::MAX);
        // Times in the future were accepted before the clock was set back.
        self.accepted.retain(|at| *at <= now && now - at < per);
        let has_room = self.accepted.len() < self.quota.requests as usize;
        if has_room {
            self.accepted.push_back(now);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::emulator::handlers;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(milliseconds).unwrap()
    }

    fn documented() -> Quotas {
        let mut quotas = Quotas::default();
        quotas.enforce_documented();
        quotas
    }

    fn try_acquire(
        quotas: &mut Quotas,
        action: &str,
        now: DateTime<Utc>,
    ) -> Result<(), ErrorResponse> {
        quotas.try_acquire(handlers::find(action).unwrap().spec.quota_group, now)
    }

    /// Returns how many of `requests` at one time are accepted.
    fn accepted(quotas: &mut Quotas, action: &str, requests: usize, now: DateTime<Utc>) -> usize {
        (0..requests).filter(|_| try_acquire(quotas, action, now).is_ok()).count()
    }

    #[test]
    fn each_group_has_its_documented_quota() {
        for (actions, figure) in [
            (&["CreateSecret", "DeleteSecret"][..], 10),
            (&["DescribeSecret", "GetSecretValue"], 450),
            (
                &[
                    "ListSecrets",
                    "ListSecretVersionIds",
                    "PutSecretValue",
                    "UpdateSecret",
                    "UpdateSecretVersionStage",
                    "GetRandomPassword",
                    "UpdateSecretRotationPolicy",
                    "RestoreSecret",
                ],
                40,
            ),
            (&["RotateSecret"], 50),
            (&["TagResource", "UntagResource", "TagResources", "UntagResources"], 30),
            (&["ListTagResources", "DescribeRegions"], 50),
            (&["ListResourceTags"], 300),
            (&["GetSecretPolicy", "SetSecretPolicy"], 1_000),
        ] {
            for action in actions {
                assert_eq!(accepted(&mut documented(), action, 1_000, at(0)), figure, "{action}");
            }
            let mut quotas = documented();
            let together = (0..1_000).zip(actions.iter().cycle());
            let accepted = together
                .filter(|(_, action)| try_acquire(&mut quotas, action, at(0)).is_ok())
                .count();
            assert_eq!(accepted, figure, "{actions:?} together");
        }
    }

    #[test]
    fn window_slides_and_a_rejected_request_does_not_count() {
        let mut quotas = documented();
        for request in 0..40 {
            assert!(try_acquire(&mut quotas, "ListSecrets", at(request * 10)).is_ok());
        }
        assert_eq!(accepted(&mut quotas, "ListSecrets", 100, at(999)), 0);
        assert_eq!(accepted(&mut quotas, "ListSecrets", 100, at(1_000)), 1);
        assert_eq!(accepted(&mut quotas, "ListSecrets", 100, at(1_019)), 1);
        let error = try_acquire(&mut quotas, "ListSecrets", at(1_019)).unwrap_err();
        assert_eq!((error.status, &*error.code), (429, "Rejected.Throttling"));
    }

    #[test]
    fn rotations_are_counted_by_the_hour() {
        let mut quotas = documented();
        let hour = 3_600_000;
        assert_eq!(accepted(&mut quotas, "RotateSecret", 60, at(hour)), 50);
        assert_eq!(accepted(&mut quotas, "RotateSecret", 60, at(2 * hour - 1)), 0);
        assert_eq!(accepted(&mut quotas, "RotateSecret", 60, at(2 * hour)), 50);
        let set_back = at(0);
        assert_eq!(accepted(&mut quotas, "RotateSecret", 60, set_back), 50);
    }

    #[test]
    fn quota_of_one_group_can_be_set_and_zero_rejects_all() {
        let mut quotas = Quotas::default();
        assert_eq!(accepted(&mut quotas, "ListSecrets", 1_000, at(0)), 1_000);
        let per = Duration::from_millis(100);
        quotas.enforce(QuotaGroup::Manage, Quota::new(2, per));
        assert_eq!(accepted(&mut quotas, "ListSecrets", 10, at(0)), 2);
        assert_eq!(accepted(&mut quotas, "ListSecrets", 10, at(100)), 2);
        assert_eq!(accepted(&mut quotas, "GetSecretValue", 1_000, at(0)), 1_000);
        quotas.enforce(QuotaGroup::Manage, Quota::new(0, per));
        assert_eq!(accepted(&mut quotas, "ListSecrets", 10, at(1_000)), 0);
    }
}
