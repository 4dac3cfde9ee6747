//! Random schedules of reads, failures and rotations on paused time: no value is served that is
//! older than its TTL and `max_stale` together.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, advance, sleep};

use super::service::{DENIED, Service, THROTTLED, Trouble, UNAVAILABLE};

const SCHEDULES: u64 = 1_000;

/// The generator SplitMix64, so that a failure names the seed that repeats it.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn milliseconds(&mut self, limit: u64) -> Duration {
        Duration::from_millis(self.below(limit))
    }
}

/// Runs one schedule: ten events, each followed by a pause and three reads at once.
async fn run_schedule(seed: u64) {
    let mut random = Random(seed);
    let ttl = Duration::from_secs(5) + random.milliseconds(60_000);
    let max_stale = random.milliseconds(120_000);
    let service = Service::with(["a"]);
    let mut builder = service.cache_builder().ttl(ttl).max_stale(max_stale);
    if random.below(2) == 0 {
        builder = builder.refresh_in_background();
    }
    let cache = builder.build().unwrap();
    let mut version = 1;
    for _ in 0..10 {
        match random.below(8) {
            0 => service.recover(),
            1 => service.fail(UNAVAILABLE),
            2 => service.fail(THROTTLED),
            3 => service.fail(Trouble::Network),
            4 => service.fail([DENIED, Trouble::Hang][random.below(2) as usize]),
            5 => {
                version += 1;
                service.put("a", &format!("v{version}"));
            }
            6 => service.set_latency(random.milliseconds(5_000)),
            _ => cache.invalidate("a"),
        }
        let pause = random.milliseconds(90_000);
        if random.below(2) == 0 {
            advance(pause).await;
        } else {
            sleep(pause).await;
        }
        let started = Instant::now();
        for secret in join_all((0..3).map(|_| cache.get("a"))).await.into_iter().flatten() {
            let age = secret.age();
            assert!(age < ttl + max_stale, "seed {seed}: {age:?}, {ttl:?} and {max_stale:?}");
            assert_eq!(secret.is_stale(), age >= ttl, "seed {seed}");
        }
        assert!(started.elapsed() <= Duration::from_secs(70), "seed {seed}: no read hangs");
    }
}

#[tokio::test(start_paused = true)]
async fn random_schedules_serve_no_value_that_is_too_old() {
    for seed in 0..SCHEDULES {
        run_schedule(seed).await;
    }
}
