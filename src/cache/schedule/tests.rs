use proptest::prelude::*;

use super::*;

const LIMITS: Limits = Limits {
    ttl: Duration::from_secs(300),
    max_stale: Duration::from_secs(3_600),
    negative_ttl: Duration::from_secs(1),
};

const STALE_WAIT: Duration = Duration::from_secs(1);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn same() -> Confirmation {
    Confirmation { is_new: false, is_immutable: false, rotation: None }
}

/// Returns the schedule of a value that was loaded at 0 and ages at 270 s.
fn loaded() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.confirmed(seconds(0), &LIMITS, same(), 1.0);
    schedule
}

fn decide(schedule: &Schedule, second: u64) -> Decision {
    schedule.decide(seconds(second), STALE_WAIT)
}

#[test]
fn value_passes_through_four_states() {
    let schedule = loaded();
    for (second, expected) in [
        (0, Decision::Serve),
        (269, Decision::Serve),
        (270, Decision::ServeAndRefresh),
        (299, Decision::ServeAndRefresh),
        (300, Decision::WaitAtMost(STALE_WAIT)),
        (3_899, Decision::WaitAtMost(STALE_WAIT)),
        (3_900, Decision::Wait { pause: Duration::ZERO }),
    ] {
        assert_eq!(decide(&schedule, second), expected, "at {second} s");
    }
    let just_before = seconds(3_900) - Duration::from_millis(1);
    let wait = Decision::WaitAtMost(Duration::from_millis(1));
    assert_eq!(schedule.decide(just_before, STALE_WAIT), wait, "never served beyond its time");
}

#[test]
fn first_refresh_is_anywhere_in_the_ttl_and_later_at_its_end() {
    let ages_at = |confirmations: u32, draw| {
        let mut schedule = Schedule::default();
        for _ in 0..confirmations {
            schedule.confirmed(seconds(1_000), &LIMITS, same(), draw);
        }
        (schedule.next_refresh().unwrap() - seconds(1_000)).as_secs()
    };
    assert_eq!((ages_at(1, 0.0), ages_at(1, 1.0)), (30, 270));
    assert_eq!((ages_at(2, 0.0), ages_at(2, 1.0)), (240, 270));
}

#[test]
fn failures_pause_refreshes_for_longer_each_time() {
    let mut schedule = loaded();
    schedule.failed(seconds(300), &LIMITS, Failure::Transient, 1.0);
    let after = |ms| seconds(300) + Duration::from_millis(ms);
    assert_eq!(schedule.decide(after(199), STALE_WAIT), Decision::ServeStale);
    assert_eq!(schedule.decide(after(200), STALE_WAIT), Decision::WaitAtMost(STALE_WAIT));
    schedule.failed(after(200), &LIMITS, Failure::Transient, 1.0);
    assert_eq!(schedule.decide(after(599), STALE_WAIT), Decision::ServeStale);
    assert_eq!(schedule.next_refresh(), Some(after(600)));

    for _ in 0..20 {
        schedule.failed(seconds(400), &LIMITS, Failure::Transient, 1.0);
    }
    assert_eq!(decide(&schedule, 429), Decision::ServeStale);
    assert_eq!(decide(&schedule, 430), Decision::WaitAtMost(STALE_WAIT));
    schedule.failed(seconds(3_899), &LIMITS, Failure::Transient, 1.0);
    assert_eq!(schedule.next_refresh(), Some(seconds(3_929)), "also when the value is gone");
    let pause = Decision::Wait { pause: seconds(1) };
    assert_eq!(decide(&schedule, 3_900), pause, "whoever waits does not wait for 30 s");

    schedule.confirmed(seconds(4_000), &LIMITS, same(), 0.0);
    assert_eq!(schedule.next_refresh(), Some(seconds(4_030)), "spread as a first one");
}

#[test]
fn ageing_value_is_not_stale_during_a_pause() {
    let mut schedule = loaded();
    schedule.failed(seconds(270), &LIMITS, Failure::Transient, 1.0);
    assert_eq!(decide(&schedule, 270), Decision::Serve);
}

#[test]
fn failure_does_not_make_a_value_younger() {
    let mut schedule = loaded();
    for second in (270..3_900).step_by(10) {
        schedule.failed(seconds(second), &LIMITS, Failure::Transient, 0.0);
    }
    assert_eq!(schedule.freshness(seconds(299)), Freshness::Ageing);
    assert_eq!(schedule.freshness(seconds(3_899)), Freshness::Stale);
    assert_eq!(schedule.freshness(seconds(3_900)), Freshness::Gone);
}

#[test]
fn denial_ends_the_value_and_is_served_for_a_moment() {
    let mut schedule = loaded();
    schedule.failed(seconds(100), &LIMITS, Failure::Denied, 0.0);
    assert_eq!(decide(&schedule, 100), Decision::Reject);
    assert_eq!(decide(&schedule, 101), Decision::Wait { pause: Duration::ZERO });
    assert!(!schedule.is_at_rest(seconds(100)) && schedule.is_at_rest(seconds(101)));

    let mut schedule = loaded();
    schedule.failed(seconds(100), &LIMITS, Failure::Final, 0.0);
    assert_eq!(decide(&schedule, 100), Decision::Wait { pause: Duration::ZERO });
}

#[test]
fn immutable_value_never_ages() {
    let mut schedule = Schedule::default();
    let immutable = Confirmation { is_immutable: true, ..same() };
    schedule.confirmed(seconds(0), &LIMITS, immutable, 0.5);
    assert_eq!(decide(&schedule, 1_000_000), Decision::Serve);
    assert_eq!(schedule.next_refresh(), None);
}

fn planned(date: i64, due_in: u64) -> Option<PlannedRotation> {
    let date = DateTime::from_timestamp(date, 0).unwrap();
    Some(PlannedRotation { date, due_in: seconds(due_in) })
}

#[test]
fn planned_rotation_ends_freshness_early() {
    let mut schedule = Schedule::default();
    let mut confirmed = |second, confirmation| {
        schedule.confirmed(seconds(second), &LIMITS, confirmation, 1.0);
        schedule.next_refresh().unwrap().as_secs()
    };
    let before = Confirmation { rotation: planned(7, 100), ..same() };
    assert_eq!(confirmed(0, before), 110, "10 s after the rotation");
    assert_eq!(confirmed(50, before), 110, "the same rotation");

    let not_yet = Confirmation { rotation: planned(7, 0), ..same() };
    assert_eq!(confirmed(110, not_yet), 120, "polled until it is seen");
    assert_eq!(confirmed(399, not_yet), 409);
    assert_eq!(confirmed(400, not_yet), 670, "at most for one TTL");

    let seen = Confirmation { is_new: true, rotation: planned(8, 10_000), ..same() };
    assert_eq!(confirmed(670, seen), 940);
}

#[test]
fn new_version_ends_the_polling_for_a_rotation() {
    let mut schedule = Schedule::default();
    let before = Confirmation { rotation: planned(7, 100), ..same() };
    schedule.confirmed(seconds(0), &LIMITS, before, 1.0);
    let rotated = Confirmation { is_new: true, ..before };
    schedule.confirmed(seconds(110), &LIMITS, rotated, 1.0);
    assert_eq!(schedule.next_refresh(), Some(seconds(380)), "though the date is still the old one");
}

#[test]
fn rotation_by_the_program_is_polled_for() {
    let mut schedule = loaded();
    schedule.expect_rotation(seconds(50), &LIMITS);
    assert_eq!(decide(&schedule, 50), Decision::WaitAtMost(STALE_WAIT));
    schedule.confirmed(seconds(51), &LIMITS, same(), 0.0);
    assert_eq!(schedule.next_refresh(), Some(seconds(53)));
    schedule.confirmed(seconds(53), &LIMITS, Confirmation { is_new: true, ..same() }, 0.0);
    assert_eq!(schedule.next_refresh(), Some(seconds(53 + 240)));
}

#[test]
fn expired_value_is_refreshed_and_kept_for_as_long_as_before() {
    let mut schedule = loaded();
    schedule.failed(seconds(10), &LIMITS, Failure::Transient, 1.0);
    schedule.expire(seconds(10));
    assert_eq!(decide(&schedule, 10), Decision::WaitAtMost(STALE_WAIT));
    assert_eq!(schedule.freshness(seconds(3_899)), Freshness::Stale);
    assert_eq!(schedule.freshness(seconds(3_900)), Freshness::Gone);
}

#[test]
fn rejection_is_reported_at_most_once_in_5_s() {
    let mut schedule = loaded();
    let mut reported = |second| schedule.report_rejection(seconds(second));
    assert_eq!([0, 4, 5, 9, 10].map(&mut reported), [true, false, true, false, true]);
}

/// One step of a random life: the time that passes, and what the service does with a request in it.
#[derive(Clone, Copy, Debug)]
struct Step {
    wait_ms: u64,
    latency_ms: u64,
    outcome: Result<bool, Failure>,
    draw: f64,
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        4 => Just(Ok(false)),
        2 => Just(Ok(true)),
        6 => Just(Err(Failure::Transient)),
        1 => Just(Err(Failure::Denied)),
        1 => Just(Err(Failure::Final)),
    ];
    (0..400_000_u64, 0..60_000_u64, outcome, 0.0..1.0).prop_map(
        |(wait_ms, latency_ms, outcome, draw)| Step { wait_ms, latency_ms, outcome, draw },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Readers do what the schedule decides, over random reads, failures, latencies and new
    /// versions.
    #[test]
    fn no_value_is_served_beyond_ttl_and_max_stale(
        ttl_ms in 1..600_000_u64,
        max_stale_ms in 0..600_000_u64,
        steps in proptest::collection::vec(step(), 1..80),
    ) {
        let limits = Limits {
            ttl: Duration::from_millis(ttl_ms),
            max_stale: Duration::from_millis(max_stale_ms),
            negative_ttl: Duration::from_secs(1),
        };
        let mut schedule = Schedule::default();
        let (mut now, mut confirmed_at) = (Duration::ZERO, None::<Duration>);
        for step in steps {
            now += Duration::from_millis(step.wait_ms);
            let decision = schedule.decide(now, STALE_WAIT);
            let served_at = match decision {
                Decision::Serve | Decision::ServeStale | Decision::ServeAndRefresh => Some(now),
                Decision::WaitAtMost(wait) => {
                    Some(now + wait.min(Duration::from_millis(step.latency_ms)))
                }
                Decision::Wait { .. } | Decision::Reject => None,
            };
            // A reader that waited takes the old value only if that may still be served then.
            if let Some(served_at) = served_at
                && schedule.freshness(served_at) != Freshness::Gone
            {
                let age = served_at - confirmed_at.unwrap();
                prop_assert!(age < limits.ttl + limits.max_stale, "{age:?} at {served_at:?}");
            }
            if matches!(decision, Decision::Serve | Decision::ServeStale | Decision::Reject) {
                continue;
            }
            now += Duration::from_millis(step.latency_ms);
            match step.outcome {
                Ok(is_new) => {
                    schedule.confirmed(now, &limits, Confirmation { is_new, ..same() }, step.draw);
                    confirmed_at = Some(now);
                }
                Err(failure) => schedule.failed(now, &limits, failure, step.draw),
            }
            let is_kept = schedule.freshness(now) != Freshness::Gone;
            prop_assert!(!is_kept || confirmed_at.is_some());
        }
    }

    #[test]
    fn value_is_fresh_before_it_ages(ttl_ms in 100..86_400_000_u64, draw in 0.0..1.0_f64) {
        let limits = Limits { ttl: Duration::from_millis(ttl_ms), ..LIMITS };
        let mut schedule = Schedule::default();
        schedule.confirmed(Duration::ZERO, &limits, same(), draw);
        schedule.confirmed(Duration::ZERO, &limits, same(), draw);
        let ages_at = schedule.next_refresh().unwrap();
        prop_assert!(ages_at >= limits.ttl.mul_f64(0.79) && ages_at <= limits.ttl.mul_f64(0.91));
    }
}

/// Returns how many refreshes fall into each second of an hour, for processes that start together
/// with the same secrets and read them all the time.
fn refreshes_of_a_fleet(processes: usize, secrets: usize, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let mut draw = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let hour = seconds(3_600);
    let mut refreshes = vec![0; 3_600];
    for _ in 0..processes * secrets {
        let mut schedule = Schedule::default();
        let mut now = Duration::ZERO;
        while now < hour {
            schedule.confirmed(now, &LIMITS, same(), draw());
            now = schedule.next_refresh().unwrap();
            if now < hour {
                refreshes[now.as_secs() as usize] += 1;
            }
        }
    }
    refreshes
}

#[test]
fn fleet_that_starts_together_does_not_refresh_together() {
    for seed in 1..=5 {
        let refreshes = refreshes_of_a_fleet(500, 5, seed);
        let after_first_ttl = &refreshes[300..];
        let mean = after_first_ttl.iter().sum::<u32>() as f64 / after_first_ttl.len() as f64;
        let busiest = f64::from(*after_first_ttl.iter().max().unwrap());
        assert!(
            busiest <= 3.0 * mean,
            "seed {seed}: {busiest} in one second, {mean:.1} on average"
        );
    }
}
