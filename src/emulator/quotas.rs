//! How many requests the emulated account may make, by the group that an operation counts in. Pure: the time is an argument.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::error_response::Refusal;
use crate::rate_limit::{DOCUMENTED, Quota, QuotaGroup};

/// The quotas that are enforced: none at first.
#[derive(Debug, Default)]
pub(super) struct Quotas {
    groups: Vec<Enforced>,
}

#[derive(Debug)]
struct Enforced {
    group: QuotaGroup,
    quota: Quota,
    /// When the latest requests were let in, oldest first.
    admitted: VecDeque<DateTime<Utc>>,
}

impl Quotas {
    /// Enforces what the service documents.
    pub(super) fn enforce_documented(&mut self) {
        for (group, quota) in DOCUMENTED {
            self.enforce(group, quota);
        }
    }

    pub(super) fn enforce(&mut self, group: QuotaGroup, quota: Quota) {
        self.groups.retain(|enforced| enforced.group != group);
        self.groups.push(Enforced { group, quota, admitted: VecDeque::new() });
    }

    /// Lets a request for `action` in, or refuses it for what was let in just before. A refused one does not count.
    pub(super) fn admit(&mut self, action: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        let group = group(action);
        let enforced = self.groups.iter_mut().find(|enforced| enforced.group == group);
        if enforced.is_none_or(|enforced| enforced.admit(now)) {
            Ok(())
        } else {
            Err(Refusal::service(429, "Rejected.Throttling", "QPS Limit Exceeded"))
        }
    }
}

impl Enforced {
    fn admit(&mut self, now: DateTime<Utc>) -> bool {
        let per = TimeDelta::from_std(self.quota.period).unwrap_or(TimeDelta::MAX);
        // What the future holds was let in before the clock was set back.
        self.admitted.retain(|at| *at <= now && now - at < per);
        let has_room = self.admitted.len() < self.quota.requests as usize;
        if has_room {
            self.admitted.push_back(now);
        }
        has_room
    }
}

/// The group that an operation counts in. One that is not listed here has no quota.
fn group(action: &str) -> QuotaGroup {
    match action {
        "CreateSecret" | "DeleteSecret" => QuotaGroup::CreateAndDelete,
        "DescribeSecret" | "GetSecretValue" => QuotaGroup::Read,
        "GetRandomPassword"
        | "ListSecrets"
        | "ListSecretVersionIds"
        | "PutSecretValue"
        | "RestoreSecret"
        | "UpdateSecret"
        | "UpdateSecretRotationPolicy"
        | "UpdateSecretVersionStage" => QuotaGroup::Manage,
        "RotateSecret" => QuotaGroup::Rotate,
        "TagResource" | "TagResources" | "UntagResource" | "UntagResources" => QuotaGroup::TagWrite,
        "DescribeRegions" | "ListTagResources" => QuotaGroup::TagRead,
        "ListResourceTags" => QuotaGroup::KeyTagRead,
        // GetSecretPolicy and SetSecretPolicy.
        _ => QuotaGroup::Undocumented,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::operations::OPERATIONS;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(milliseconds).unwrap()
    }

    fn documented() -> Quotas {
        let mut quotas = Quotas::default();
        quotas.enforce_documented();
        quotas
    }

    /// How many of `requests` at one time are let in.
    fn admitted(quotas: &mut Quotas, action: &str, requests: usize, now: DateTime<Utc>) -> usize {
        (0..requests).filter(|_| quotas.admit(action, now).is_ok()).count()
    }

    #[test]
    fn each_group_has_the_figure_that_the_service_documents() {
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
                assert_eq!(admitted(&mut documented(), action, 1_000, at(0)), figure, "{action}");
            }
            let mut quotas = documented();
            let together = (0..1_000).zip(actions.iter().cycle());
            let admitted =
                together.filter(|(_, action)| quotas.admit(action, at(0)).is_ok()).count();
            assert_eq!(admitted, figure, "{actions:?} together");
        }
    }

    #[test]
    fn a_window_slides_and_a_refused_request_does_not_count() {
        let mut quotas = documented();
        for request in 0..40 {
            assert!(quotas.admit("ListSecrets", at(request * 10)).is_ok());
        }
        assert_eq!(admitted(&mut quotas, "ListSecrets", 100, at(999)), 0);
        assert_eq!(admitted(&mut quotas, "ListSecrets", 100, at(1_000)), 1);
        assert_eq!(admitted(&mut quotas, "ListSecrets", 100, at(1_019)), 1);
        let refusal = quotas.admit("ListSecrets", at(1_019)).unwrap_err();
        assert_eq!((refusal.status, &*refusal.code), (429, "Rejected.Throttling"));
    }

    #[test]
    fn rotations_are_counted_by_the_hour_and_a_clock_that_is_set_back_counts_anew() {
        let mut quotas = documented();
        let hour = 3_600_000;
        assert_eq!(admitted(&mut quotas, "RotateSecret", 60, at(hour)), 50);
        assert_eq!(admitted(&mut quotas, "RotateSecret", 60, at(2 * hour - 1)), 0);
        assert_eq!(admitted(&mut quotas, "RotateSecret", 60, at(2 * hour)), 50);
        assert_eq!(admitted(&mut quotas, "RotateSecret", 60, at(0)), 50);
    }

    #[test]
    fn one_figure_can_be_set_alone_and_zero_lets_nothing_in() {
        let mut quotas = Quotas::default();
        assert_eq!(admitted(&mut quotas, "ListSecrets", 1_000, at(0)), 1_000);
        let per = Duration::from_millis(100);
        quotas.enforce(QuotaGroup::Manage, Quota::new(2, per));
        assert_eq!(admitted(&mut quotas, "ListSecrets", 10, at(0)), 2);
        assert_eq!(admitted(&mut quotas, "ListSecrets", 10, at(100)), 2);
        assert_eq!(admitted(&mut quotas, "GetSecretValue", 1_000, at(0)), 1_000);
        quotas.enforce(QuotaGroup::Manage, Quota::new(0, per));
        assert_eq!(admitted(&mut quotas, "ListSecrets", 10, at(1_000)), 0);
    }

    #[test]
    fn an_operation_counts_here_as_it_does_in_the_client() {
        for spec in OPERATIONS {
            assert_eq!(group(spec.name), spec.quota_group, "{}", spec.name);
        }
    }
}
