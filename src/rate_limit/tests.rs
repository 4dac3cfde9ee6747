//! Clients that know nothing of each other, against a service that counts, in simulated time.

mod simulation;

use std::time::Duration;

use self::simulation::{Client, Service, Simulation};
use super::quota::Quota;

const SECOND: Duration = Duration::from_secs(1);

const MANAGE: Quota = Quota::per_second(40);
const READ: Quota = Quota::per_second(450);

/// Runs a client to its end against a service that grants it only `rate` requests a second after a
/// burst of 5.
#[track_caller]
fn check_lower_limit(rate: f64, quota: Quota, calls: u32, at_once: u32) {
    for seed in 0..20 {
        let mut simulation = Simulation::new(Service::bucket(rate, 5.0), seed);
        simulation.add(Client::new(quota, calls, at_once));
        simulation.run(120 * SECOND);
        let context = format!("{calls} calls, {at_once} at once, seed {seed}");
        assert_eq!(simulation.granted(Duration::ZERO, 120 * SECOND).len(), calls as usize);
        // One call after the other takes 50 ms each.
        let bound = (f64::from(calls) / rate).max(0.050 * f64::from(calls) / f64::from(at_once));
        let end = simulation.end().as_secs_f64();
        assert!(end <= 1.2 * bound, "{context}: {end} s instead of {bound} s");
        let rejected = simulation.rejected_part();
        assert!(rejected <= 0.2, "{context}: {rejected} rejected");
    }
}

#[test]
fn client_follows_a_lower_limit() {
    for rate in [10.0, 25.0] {
        for at_once in [1, 4, 16] {
            check_lower_limit(rate, MANAGE, 100, at_once);
        }
        check_lower_limit(rate, READ, 300, 300);
    }
}

#[test]
fn client_follows_a_limit_far_below_its_quota() {
    for at_once in [1, 4, 16] {
        check_lower_limit(3.0, MANAGE, 100, at_once);
    }
}

#[test]
fn changed_limit_is_followed_down_and_up() {
    for seed in 0..20 {
        let mut simulation = Simulation::new(Service::bucket(40.0, 5.0), seed);
        simulation.add(Client::new(MANAGE, 10_000, 8));
        for (until, limit) in [(20, 10.0), (40, 40.0), (60, 40.0)] {
            simulation.run(until * SECOND);
            let Service::Bucket { rate, .. } = &mut simulation.service else { unreachable!() };
            *rate = limit;
        }
        let granted = |from: u32, to: u32| simulation.granted(from * SECOND, to * SECOND).len();
        let rejected = |from: u32, to: u32| {
            let stretch = from * SECOND..to * SECOND;
            let responses = simulation.responses.iter();
            responses.filter(|it| !it.granted && stretch.contains(&it.at)).count()
        };
        // The margin of the client's own window leaves 38 of 40.
        assert!(granted(10, 20) >= 370, "{}", granted(10, 20));
        assert!(granted(20, 40) >= 190, "{}", granted(20, 40));
        assert!(rejected(22, 40) <= 20, "{} after two windows", rejected(22, 40));
        assert!(granted(45, 60) >= 15 * 37, "{} after 5 s", granted(45, 60));
        assert!(rejected(45, 60) <= 15, "{}", rejected(45, 60));
    }
}

#[test]
fn fifty_endless_listings_share_one_quota() {
    for service in
        [|| Service::window(40), || Service::bucket(40.0, 5.0), || Service::bucket(40.0, 40.0)]
    {
        for seed in 0..3 {
            let mut simulation = Simulation::new(service(), seed);
            (0..50).for_each(|_| simulation.add(Client::endless(MANAGE)));
            simulation.run(60 * SECOND);
            let granted = simulation.granted(Duration::ZERO, 60 * SECOND);
            assert!(granted.len() as f64 >= 0.85 * 2_400.0, "{}", granted.len());
            let rejected = simulation.rejected_part();
            assert!(rejected <= 0.2, "{rejected}");
            for client in 0..50 {
                let share = granted.iter().filter(|granted| **granted == client).count();
                assert!(share >= 48 / 3, "client {client} has {share} of 48, seed {seed}");
            }
        }
    }
}

#[test]
fn herd_of_new_clients_is_served() {
    for service in [|| Service::window(450), || Service::bucket(450.0, 450.0)] {
        for seed in 0..3 {
            let mut simulation = Simulation::new(service(), seed);
            (0..500).for_each(|_| simulation.add(Client::new(READ, 5, 5)));
            simulation.run(60 * SECOND);
            assert_eq!(simulation.granted(Duration::ZERO, 60 * SECOND).len(), 2_500);
            let bound = SECOND.mul_f64(2_500.0 / 450.0);
            assert!(simulation.end() < 2 * bound, "{:?}", simulation.end());
        }
    }
}

#[test]
fn slow_connections_do_not_bunch_requests() {
    for connect in [0, 50, 100, 200, 300].map(Duration::from_millis) {
        for seed in 0..3 {
            let mut simulation = Simulation::new(Service::window(450), seed);
            simulation.add(Client::new(READ, 1_000, 1_000).connect(connect));
            simulation.run(60 * SECOND);
            assert_eq!(simulation.rejected_part(), 0.0, "{connect:?}");
            assert!(simulation.end() < 4 * SECOND, "{connect:?}: {:?}", simulation.end());
        }
    }
}
