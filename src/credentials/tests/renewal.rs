//! The cache against a source that a test controls: who renews, who waits, and what is left behind.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;

use chrono::TimeDelta;
use futures_util::FutureExt as _;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::surroundings::{FakeClock, NoNetwork, around, now};
use crate::credentials::cache::Cache;
use crate::credentials::source::{Missing, OutcomeFuture, Source};
use crate::credentials::{Credentials, ProviderEnv};
use crate::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};

/// Gives numbered keys that live so many seconds, one for each permit.
#[derive(Clone, Debug)]
struct Numbered {
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    looks: Mutex<u32>,
    lifetimes: Mutex<VecDeque<Option<i64>>>,
    permits: Semaphore,
}

impl Numbered {
    /// `None` fails. The last lifetime is that of all keys to come.
    fn living(lifetimes: &[Option<i64>]) -> Self {
        Self {
            state: Arc::new(State {
                looks: Mutex::default(),
                lifetimes: Mutex::new(lifetimes.iter().copied().collect()),
                permits: Semaphore::new(1_000),
            }),
        }
    }

    fn looks(&self) -> u32 {
        *self.state.looks.lock().unwrap()
    }

    /// From now on nobody gets an answer.
    fn hang(&self) {
        self.state.permits.forget_permits(1_000);
    }

    fn answer(&self) {
        self.state.permits.add_permits(1_000);
    }
}

impl Source for Numbered {
    fn name(&self) -> &'static str {
        "numbered"
    }

    fn look<'a>(&'a self, around: &'a ProviderEnv) -> OutcomeFuture<'a> {
        Box::pin(async {
            let number = {
                let mut looks = self.state.looks.lock().unwrap();
                *looks += 1;
                *looks
            };
            let _permit = self.state.permits.acquire().await.unwrap();
            let lifetime = {
                let mut lifetimes = self.state.lifetimes.lock().unwrap();
                let first = lifetimes[0];
                if lifetimes.len() > 1 {
                    lifetimes.pop_front();
                }
                first
            };
            let lifetime =
                lifetime.ok_or_else(|| Missing::failed(format!("look {number} failed")))?;
            let expiration = around.clock.now() + TimeDelta::seconds(lifetime);
            Ok(Credentials::new(format!("id-{number}"), "s").with_expiration(expiration))
        })
    }
}

fn cache(source: &Numbered) -> (Arc<Cache>, Arc<FakeClock>) {
    let clock = Arc::new(FakeClock::at(now()));
    let around = ProviderEnv { clock: Arc::clone(&clock) as _, ..around(&[]) };
    (Arc::new(Cache::new(source.clone(), around)), clock)
}

async fn id(cache: &Cache) -> String {
    match cache.get().await {
        Ok(keys) => keys.access_key_id().to_owned(),
        Err(missing) => missing.into_error("cache").to_string(),
    }
}

/// Lets tasks go on until nothing moves any more.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// With the shortest lifetime that STS gives, some libraries call it for every request.
#[tokio::test]
async fn keys_with_the_shortest_lifetime_are_not_fetched_at_each_call() {
    let source = Numbered::living(&[Some(900)]);
    let (cache, clock) = cache(&source);
    for _ in 0..71 {
        assert_eq!(id(&cache).await, "id-1");
        clock.advance(10);
    }
    assert_eq!(source.looks(), 1);
    clock.advance(10);
    assert_eq!(id(&cache).await, "id-1");
    settle().await;
    assert_eq!(id(&cache).await, "id-2");
    assert_eq!(source.looks(), 2);
}

#[tokio::test]
async fn with_less_than_a_minute_left_a_call_waits_and_still_gets_the_old_keys_when_that_fails() {
    let source = Numbered::living(&[Some(3_600), None, Some(3_600)]);
    let (cache, clock) = cache(&source);
    assert_eq!(id(&cache).await, "id-1");
    clock.advance(3_541);
    assert_eq!(id(&cache).await, "id-1");
    assert_eq!(source.looks(), 2);
    // Left alone for a moment after a failure, then asked again.
    assert_eq!(id(&cache).await, "id-1");
    assert_eq!(source.looks(), 2);
    clock.advance(1);
    assert_eq!(id(&cache).await, "id-3");
}

#[tokio::test]
async fn a_renewal_goes_on_as_long_as_one_of_those_who_wait_is_there() {
    let source = Numbered::living(&[Some(900)]);
    let (cache, _clock) = cache(&source);
    source.hang();
    let ask = || {
        let cache = Arc::clone(&cache);
        tokio::spawn(async move { id(&cache).await })
    };
    let (first, second) = (ask(), ask());
    settle().await;
    first.abort();
    settle().await;
    source.answer();
    assert_eq!(second.await.unwrap(), "id-1");
}

#[tokio::test]
async fn a_renewal_ends_with_the_last_that_waits_and_the_next_call_makes_another() {
    let source = Numbered::living(&[Some(900)]);
    let (cache, _clock) = cache(&source);
    source.hang();
    assert!(id(&cache).now_or_never().is_none());
    source.answer();
    assert_eq!(id(&cache).await, "id-2");
}

/// As a future that stands beside the one its task is at.
#[tokio::test]
async fn who_waits_for_a_renewal_and_is_not_polled_holds_up_nobody() {
    let source = Numbered::living(&[Some(900)]);
    let (cache, _clock) = cache(&source);
    source.hang();
    let mut idle = Box::pin(id(&cache));
    assert!((&mut idle).now_or_never().is_none());
    source.answer();
    assert_eq!(id(&cache).now_or_never().as_deref(), Some("id-1"));
    assert_eq!(idle.await, "id-1");
    assert_eq!(source.looks(), 1);
}

#[tokio::test]
async fn all_that_wait_share_a_failure_and_the_next_call_tries_again() {
    let source = Numbered::living(&[None, Some(900)]);
    let (cache, _clock) = cache(&source);
    source.hang();
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let cache = Arc::clone(&cache);
            tokio::spawn(async move { id(&cache).await })
        })
        .collect();
    settle().await;
    source.answer();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "cache: look 1 failed");
    }
    assert_eq!(source.looks(), 1);
    assert_eq!(id(&cache).await, "id-2");
}

/// "A dropped client leaves no task behind."
#[tokio::test]
async fn a_cache_that_is_dropped_takes_its_renewal_with_it() {
    let source = Numbered::living(&[Some(900)]);
    let (cache, clock) = cache(&source);
    let tasks = Handle::current().metrics();
    let before = tasks.num_alive_tasks();
    assert_eq!(id(&cache).await, "id-1");
    assert_eq!(tasks.num_alive_tasks(), before, "nothing runs while keys are fresh");
    source.hang();
    clock.advance(720);
    assert_eq!(id(&cache).await, "id-1");
    settle().await;
    assert_eq!((source.looks(), tasks.num_alive_tasks()), (2, before + 1));
    drop(cache);
    settle().await;
    assert_eq!(tasks.num_alive_tasks(), before);
}

#[tokio::test]
async fn a_renewal_under_way_is_the_only_one_and_calls_that_must_wait_share_it() {
    let source = Numbered::living(&[Some(3_600)]);
    let (cache, clock) = cache(&source);
    assert_eq!(id(&cache).await, "id-1");
    source.hang();
    clock.advance(2_880);
    for _ in 0..10 {
        assert_eq!(id(&cache).await, "id-1");
        settle().await;
    }
    assert_eq!(source.looks(), 2);
    clock.advance(720);
    let waiting = {
        let cache = Arc::clone(&cache);
        tokio::spawn(async move { id(&cache).await })
    };
    settle().await;
    assert!(!waiting.is_finished(), "an expired set is never handed out");
    source.answer();
    assert_eq!(waiting.await.unwrap(), "id-2");
    assert_eq!(source.looks(), 2);
}

/// An answer over the cap is given up by the transport; a file over it is not read at all.
#[tokio::test]
async fn what_is_read_has_a_cap() {
    #[derive(Debug)]
    struct Caps(Mutex<Vec<usize>>);
    impl HttpTransport for Caps {
        fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
            self.0.lock().unwrap().push(request.max_response_bytes);
            Box::pin(std::future::ready(Ok(HttpResponse::new(500, ""))))
        }
    }
    use crate::credentials::cli_config::CliConfig;
    use crate::credentials::uri::CredentialsUri;
    let caps = Arc::new(Caps(Mutex::default()));
    let os = Arc::new(super::surroundings::FakeOs::default());
    os.write("/home/demo/.aliyun/config.json", &" ".repeat(1024 * 1024 + 1));
    let around = ProviderEnv {
        os,
        outward: Arc::clone(&caps) as _,
        direct: Arc::new(NoNetwork),
        ..around(&[])
    };
    let uri = CredentialsUri { given: Some("http://sidecar.example/".into()) };
    assert!(uri.look(&around).await.is_err());
    assert_eq!(*caps.0.lock().unwrap(), [1024 * 1024]);
    let error = CliConfig::default().look(&around).await.unwrap_err().into_error("CLI");
    assert_eq!(error.to_string(), "CLI: /home/demo/.aliyun/config.json is larger than 1 MiB");
}

/// Nobody answers, as seen from a transport that never does.
#[tokio::test(start_paused = true)]
async fn every_exchange_ends_in_its_own_time() {
    #[derive(Debug)]
    struct Silent;
    impl HttpTransport for Silent {
        fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
            Box::pin(std::future::pending())
        }
    }
    use crate::credentials::ecs_ram_role::EcsRamRole;
    use crate::credentials::uri::CredentialsUri;
    let around = ProviderEnv { outward: Arc::new(Silent), direct: Arc::new(Silent), ..around(&[]) };
    let started = tokio::time::Instant::now();
    let uri = CredentialsUri { given: Some("http://sidecar.example/".into()) };
    let error = uri.look(&around).await.unwrap_err().into_error("URI");
    assert_eq!(error.to_string(), "URI: sidecar.example gave no answer within 15 s");
    assert_eq!(started.elapsed().as_secs(), 15);

    let started = tokio::time::Instant::now();
    let error = EcsRamRole::default().look(&around).await.unwrap_err().into_error("ECS");
    assert_eq!(error.to_string(), "ECS: 100.100.100.200 gave no answer within 2 s");
    assert_eq!(started.elapsed().as_secs(), 4, "with a token and without");
}

/// Outside ECS the second look costs nothing for a while, and then there is a third.
#[tokio::test]
async fn that_this_is_no_instance_is_remembered_for_a_minute() {
    #[derive(Debug, Default)]
    struct Counting(Mutex<u32>);
    impl HttpTransport for Counting {
        fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
            *self.0.lock().unwrap() += 1;
            NoNetwork.send(request)
        }
    }
    use crate::credentials::ecs_ram_role::EcsRamRole;
    let direct = Arc::new(Counting::default());
    let clock = Arc::new(FakeClock::at(now()));
    let around = ProviderEnv {
        direct: Arc::clone(&direct) as _,
        clock: Arc::clone(&clock) as _,
        ..around(&[])
    };
    let ecs = EcsRamRole::default();
    for (seconds, asked) in [(0, 1), (59, 1), (1, 2)] {
        clock.advance(seconds);
        assert!(matches!(ecs.look(&around).await, Err(Missing::NotConfigured(_))));
        assert_eq!(*direct.0.lock().unwrap(), asked);
    }
}
