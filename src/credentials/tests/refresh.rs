//! The cache against a loader that a test controls: who refreshes, who waits, and what is left
//! behind.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::FutureExt as _;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::fake_env::{FakeClock, NoNetwork, env_with, now};
use crate::credentials::cache::Cache;
use crate::credentials::load::{LoadCredentials, LoadFuture};
use crate::credentials::load_error::LoadError;
use crate::credentials::{
    Credentials, CredentialsError, DefaultProviderChain, FnProvider, ProvideCredentials,
    ProviderEnv,
};
use crate::os::{CommandOutput, Os, OsFuture};
use crate::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};

/// Loads numbered credentials with the given lifetimes in seconds, one for each permit.
#[derive(Clone, Debug)]
struct Numbered {
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    loads: Mutex<u32>,
    lifetimes: Mutex<VecDeque<Option<i64>>>,
    permits: Semaphore,
}

impl Numbered {
    /// `None` fails. The last lifetime applies to all further credentials.
    fn with_lifetimes(lifetimes: &[Option<i64>]) -> Self {
        Self {
            state: Arc::new(State {
                loads: Mutex::default(),
                lifetimes: Mutex::new(lifetimes.iter().copied().collect()),
                permits: Semaphore::new(1_000),
            }),
        }
    }

    fn loads(&self) -> u32 {
        *self.state.loads.lock().unwrap()
    }

    /// Makes every load hang.
    fn hang(&self) {
        self.state.permits.forget_permits(1_000);
    }

    fn resume(&self) {
        self.state.permits.add_permits(1_000);
    }
}

impl LoadCredentials for Numbered {
    fn name(&self) -> &'static str {
        "numbered"
    }

    fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(async {
            let number = {
                let mut loads = self.state.loads.lock().unwrap();
                *loads += 1;
                *loads
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
                lifetime.ok_or_else(|| LoadError::failed(format!("load {number} failed")))?;
            let expiration = env.clock.now() + TimeDelta::seconds(lifetime);
            Ok(Credentials::new(format!("id-{number}"), "s").with_expiration(expiration))
        })
    }
}

fn cache(loader: &Numbered) -> (Arc<Cache>, Arc<FakeClock>) {
    let clock = Arc::new(FakeClock::at(now()));
    let env = ProviderEnv { clock: Arc::clone(&clock) as _, ..env_with(&[]) };
    (Arc::new(Cache::new(loader.clone(), env)), clock)
}

async fn id(cache: &Cache) -> String {
    match cache.get().await {
        Ok(credentials) => credentials.access_key_id().to_owned(),
        Err(error) => error.into_error("cache").to_string(),
    }
}

/// Runs the other tasks until all are idle.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// With the minimum lifetime of STS, some libraries call it for every request.
#[tokio::test]
async fn minimum_lifetime_does_not_cause_a_load_per_call() {
    let loader = Numbered::with_lifetimes(&[Some(900)]);
    let (cache, clock) = cache(&loader);
    for _ in 0..71 {
        assert_eq!(id(&cache).await, "id-1");
        clock.advance(10);
    }
    assert_eq!(loader.loads(), 1);
    clock.advance(10);
    assert_eq!(id(&cache).await, "id-1");
    settle().await;
    assert_eq!(id(&cache).await, "id-2");
    assert_eq!(loader.loads(), 2);
}

#[tokio::test]
async fn failed_refresh_in_the_last_minute_keeps_the_credentials() {
    let loader = Numbered::with_lifetimes(&[Some(3_600), None, Some(3_600)]);
    let (cache, clock) = cache(&loader);
    assert_eq!(id(&cache).await, "id-1");
    clock.advance(3_541);
    assert_eq!(id(&cache).await, "id-1");
    assert_eq!(loader.loads(), 2);
    // No refresh right after a failure, then a new one.
    assert_eq!(id(&cache).await, "id-1");
    assert_eq!(loader.loads(), 2);
    clock.advance(1);
    assert_eq!(id(&cache).await, "id-3");
}

/// With these draws the pauses are 0.5, 1, 2 and 4 s.
#[tokio::test]
async fn pause_grows_with_failures_and_starts_again_after_success() {
    let hour = Some(3_600);
    let loader = Numbered::with_lifetimes(&[hour, None, None, None, hour, None, hour]);
    let (cache, clock) = cache(&loader);
    assert_eq!(id(&cache).await, "id-1");
    for (seconds, expected, loads) in [
        (3_541, "id-1", 2),
        (1, "id-1", 3),
        (1, "id-1", 4),
        (1, "id-1", 4),
        (1, "id-5", 5),
        (3_541, "id-5", 6),
        (1, "id-7", 7),
    ] {
        clock.advance(seconds);
        assert_eq!((id(&cache).await.as_str(), loader.loads()), (expected, loads));
    }
}

/// Fails in a way that is transient.
#[derive(Debug)]
struct Unavailable;

impl LoadCredentials for Unavailable {
    fn name(&self) -> &'static str {
        "unavailable"
    }

    fn load<'a>(&'a self, _env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(async { Err(CredentialsError::new("busy").transient().into()) })
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_of_a_refresh_are_apart() {
    let clock = FakeClock::at(now()).with_draw(1.0);
    let env = ProviderEnv { clock: Arc::new(clock), ..env_with(&[]) };
    let started = tokio::time::Instant::now();
    assert!(Cache::new(Unavailable, env).get().await.is_err());
    assert_eq!(started.elapsed().as_millis(), 200 + 400);
}

#[tokio::test(start_paused = true)]
async fn load_that_hangs_is_given_up_and_the_next_call_loads_again() {
    let loader = Numbered::with_lifetimes(&[Some(900)]);
    let (cache, clock) = cache(&loader);
    let started = tokio::time::Instant::now();
    loader.hang();
    let loaded = tokio::time::timeout(Duration::from_secs(600), cache.get()).await.unwrap();
    let error = loaded.unwrap_err().into_error("cache");
    assert_eq!(started.elapsed().as_secs(), 120, "one attempt");
    assert!(error.is_transient());
    assert!(error.to_string().starts_with("cache: no credentials within 120 s"), "{error}");
    loader.resume();
    assert_eq!(id(&cache).await, "id-2");

    // A refresh ahead of the expiration, which no call waits for.
    loader.hang();
    clock.advance(720);
    assert_eq!(id(&cache).await, "id-2");
    tokio::time::sleep(Duration::from_secs(121)).await;
    loader.resume();
    clock.advance(180);
    assert_eq!(id(&cache).await, "id-4");
}

#[tokio::test]
async fn refresh_continues_while_one_waiter_is_left() {
    let loader = Numbered::with_lifetimes(&[Some(900)]);
    let (cache, _clock) = cache(&loader);
    loader.hang();
    let spawn = || {
        let cache = Arc::clone(&cache);
        tokio::spawn(async move { id(&cache).await })
    };
    let (first, second) = (spawn(), spawn());
    settle().await;
    first.abort();
    settle().await;
    loader.resume();
    assert_eq!(second.await.unwrap(), "id-1");
}

#[tokio::test]
async fn refresh_ends_with_its_last_waiter() {
    let loader = Numbered::with_lifetimes(&[Some(900)]);
    let (cache, _clock) = cache(&loader);
    loader.hang();
    assert!(id(&cache).now_or_never().is_none());
    loader.resume();
    assert_eq!(id(&cache).await, "id-2");
}

#[tokio::test]
async fn unpolled_waiter_does_not_delay_the_others() {
    let loader = Numbered::with_lifetimes(&[Some(900)]);
    let (cache, _clock) = cache(&loader);
    loader.hang();
    let mut idle = Box::pin(id(&cache));
    assert!((&mut idle).now_or_never().is_none());
    loader.resume();
    assert_eq!(id(&cache).now_or_never().as_deref(), Some("id-1"));
    assert_eq!(idle.await, "id-1");
    assert_eq!(loader.loads(), 1);
}

#[tokio::test]
async fn waiters_share_a_failure_and_the_next_call_retries() {
    let loader = Numbered::with_lifetimes(&[None, Some(900)]);
    let (cache, _clock) = cache(&loader);
    loader.hang();
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let cache = Arc::clone(&cache);
            tokio::spawn(async move { id(&cache).await })
        })
        .collect();
    settle().await;
    loader.resume();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "cache: load 1 failed");
    }
    assert_eq!(loader.loads(), 1);
    assert_eq!(id(&cache).await, "id-2");
}

#[tokio::test]
async fn dropped_cache_aborts_its_refresh() {
    let loader = Numbered::with_lifetimes(&[Some(900)]);
    let (cache, clock) = cache(&loader);
    let tasks = Handle::current().metrics();
    let before = tasks.num_alive_tasks();
    assert_eq!(id(&cache).await, "id-1");
    assert_eq!(tasks.num_alive_tasks(), before, "no task while the credentials are fresh");
    loader.hang();
    clock.advance(720);
    assert_eq!(id(&cache).await, "id-1");
    settle().await;
    assert_eq!((loader.loads(), tasks.num_alive_tasks()), (2, before + 1));
    drop(cache);
    settle().await;
    assert_eq!(tasks.num_alive_tasks(), before);
}

#[tokio::test]
async fn calls_share_the_refresh_in_flight() {
    let loader = Numbered::with_lifetimes(&[Some(3_600)]);
    let (cache, clock) = cache(&loader);
    assert_eq!(id(&cache).await, "id-1");
    loader.hang();
    clock.advance(2_880);
    for _ in 0..10 {
        assert_eq!(id(&cache).await, "id-1");
        settle().await;
    }
    assert_eq!(loader.loads(), 2);
    clock.advance(720);
    let waiting = {
        let cache = Arc::clone(&cache);
        tokio::spawn(async move { id(&cache).await })
    };
    settle().await;
    assert!(!waiting.is_finished(), "expired credentials are never returned");
    loader.resume();
    assert_eq!(waiting.await.unwrap(), "id-2");
    assert_eq!(loader.loads(), 2);
}

/// Uses a timer of the runtime that polls it first, as a request to STS does.
#[derive(Debug)]
struct Slow;

impl LoadCredentials for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn load<'a>(&'a self, _env: &'a ProviderEnv) -> LoadFuture<'a> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(Credentials::new("fake-id", "fake-secret"))
        })
    }
}

/// A cache whose refresh is in flight on a runtime that is not driven.
fn refresh_on_another_runtime() -> (Arc<Cache>, Runtime) {
    let cache = Arc::new(Cache::new(Slow, env_with(&[])));
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let cache = Arc::clone(&cache);
        tokio::spawn(async move { cache.get().await });
        settle().await;
    });
    (cache, runtime)
}

async fn id_within_a_minute(cache: &Cache) -> Option<String> {
    tokio::time::timeout(Duration::from_secs(60), id(cache)).await.ok()
}

#[test]
fn refresh_of_an_idle_runtime_delays_no_other() {
    let (cache, _idle) = refresh_on_another_runtime();
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    assert_eq!(runtime.block_on(id_within_a_minute(&cache)).as_deref(), Some("fake-id"));
}

#[test]
fn refresh_of_a_runtime_that_shuts_down_fails_no_other() {
    let (cache, ended) = refresh_on_another_runtime();
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut waiting = Box::pin(id_within_a_minute(&cache));
        assert!((&mut waiting).now_or_never().is_none());
        ended.shutdown_background();
        assert_eq!(waiting.await.as_deref(), Some("fake-id"));
    });
}

/// A refresh that another runtime started earlier and ended later.
#[tokio::test]
async fn overtaken_refresh_does_not_replace_newer_credentials() {
    let loader = Numbered::with_lifetimes(&[Some(3_600)]);
    let (cache, _clock) = cache(&loader);
    loader.hang();
    let earlier = {
        let cache = Arc::clone(&cache);
        let runtime = Builder::new_current_thread().build().unwrap();
        let _context = runtime.enter();
        let mut waiting = Box::pin(async move { id(&cache).await });
        assert!((&mut waiting).now_or_never().is_none());
        (waiting, runtime)
    };
    assert_eq!(loader.loads(), 1);
    let mut later = Box::pin(id(&cache));
    assert!((&mut later).now_or_never().is_none());
    loader.resume();
    assert_eq!(later.await, "id-2");
    assert_eq!(earlier.0.await, "id-2");
    assert_eq!(id(&cache).await, "id-2");
    earlier.1.shutdown_background();
}

#[tokio::test]
async fn responses_and_files_have_a_size_limit() {
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
    let os = Arc::new(super::fake_env::FakeOs::default());
    os.write("/home/demo/.aliyun/config.json", &" ".repeat(1024 * 1024 + 1));
    let env = ProviderEnv {
        os,
        transport: Arc::clone(&caps) as _,
        direct_transport: Arc::new(NoNetwork),
        ..env_with(&[])
    };
    let uri = CredentialsUri { uri: Some("https://sidecar.example/".into()) };
    assert!(uri.load(&env).await.is_err());
    assert_eq!(*caps.0.lock().unwrap(), [1024 * 1024]);
    let error = CliConfig::default().load(&env).await.unwrap_err().into_error("CLI");
    assert_eq!(error.to_string(), "CLI: /home/demo/.aliyun/config.json is larger than 1 MiB");
}

/// The transport never responds.
#[tokio::test(start_paused = true)]
async fn every_request_has_a_timeout() {
    #[derive(Debug)]
    struct Silent;
    impl HttpTransport for Silent {
        fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
            Box::pin(std::future::pending())
        }
    }
    use crate::credentials::ecs_ram_role::EcsRamRole;
    use crate::credentials::uri::CredentialsUri;
    let env = ProviderEnv {
        transport: Arc::new(Silent),
        direct_transport: Arc::new(Silent),
        ..env_with(&[])
    };
    let started = tokio::time::Instant::now();
    let uri = CredentialsUri { uri: Some("http://sidecar.example/".into()) };
    let error = uri.load(&env).await.unwrap_err().into_error("URI");
    assert_eq!(error.to_string(), "URI: no response from sidecar.example within 15 s");
    assert_eq!(started.elapsed().as_secs(), 15);

    let started = tokio::time::Instant::now();
    let error = EcsRamRole::default().load(&env).await.unwrap_err().into_error("ECS");
    assert_eq!(error.to_string(), "ECS: no response from 100.100.100.200 within 2 s");
    assert_eq!(started.elapsed().as_secs(), 4, "with and without a token");
}

/// A network mount that hangs.
#[tokio::test(start_paused = true)]
async fn file_that_blocks_is_an_error_that_names_it() {
    #[derive(Debug)]
    struct Hanging;
    impl Os for Hanging {
        fn variable(&self, _name: &str) -> Option<String> {
            None
        }

        fn home(&self) -> Option<PathBuf> {
            Some("/mnt/home".into())
        }

        fn read_file<'a>(&'a self, _: &'a Path, _: u64) -> OsFuture<'a, Zeroizing<Vec<u8>>> {
            Box::pin(std::future::pending())
        }

        fn read_regular_file(&self, _: &Path, _: u64) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
            unreachable!("no client is built")
        }

        fn run<'a>(&'a self, _: &'a str, _: &'a [String]) -> OsFuture<'a, CommandOutput> {
            unreachable!("no program is configured")
        }
    }
    let env = ProviderEnv { os: Arc::new(Hanging), ..env_with(&[]) };
    let started = tokio::time::Instant::now();
    let error = DefaultProviderChain::with_env(env).credentials().await.unwrap_err();
    assert_eq!(error.provider_name(), Some("CLI configuration"));
    let text = error.to_string();
    assert!(text.contains("/mnt/home/.aliyun/config.json cannot be read within 10 s"), "{text}");
    assert!(error.is_transient());
    assert_eq!(started.elapsed().as_secs(), 10, "one attempt");
}

#[tokio::test]
async fn connecting_to_the_metadata_service_takes_a_second_at_most() {
    #[derive(Debug, Default)]
    struct Connecting(Mutex<Vec<Option<Duration>>>);
    impl HttpTransport for Connecting {
        fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
            self.0.lock().unwrap().push(request.connect_timeout);
            NoNetwork.send(request)
        }
    }
    use crate::credentials::ecs_ram_role::EcsRamRole;
    let direct = Arc::new(Connecting::default());
    let env = ProviderEnv { direct_transport: Arc::clone(&direct) as _, ..env_with(&[]) };
    assert!(EcsRamRole::default().load(&env).await.is_err());
    assert_eq!(*direct.0.lock().unwrap(), [Some(Duration::from_secs(1))]);
}

/// Credentials that are rejected right after they were loaded are not the problem.
#[tokio::test]
async fn rejection_five_seconds_after_another_reloads() {
    for (seconds, is_dropped) in [(4, false), (5, true)] {
        let loader = Numbered::with_lifetimes(&[Some(3_600)]);
        let (cache, clock) = cache(&loader);
        for expected in [true, is_dropped] {
            let current = cache.get().await.unwrap();
            assert_eq!(cache.invalidate(&current), expected, "after {seconds} s");
            clock.advance(seconds);
        }
    }
}

/// Refuses connections, and counts them.
#[derive(Debug, Default)]
struct Counting(Mutex<u32>);

impl HttpTransport for Counting {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        *self.0.lock().unwrap() += 1;
        NoNetwork.send(request)
    }
}

/// Returns the environment of a process outside ECS.
fn outside_ecs() -> (Arc<Counting>, Arc<FakeClock>, ProviderEnv) {
    let direct = Arc::new(Counting::default());
    let clock = Arc::new(FakeClock::at(now()));
    let env = ProviderEnv {
        direct_transport: Arc::clone(&direct) as _,
        clock: Arc::clone(&clock) as _,
        ..env_with(&[])
    };
    (direct, clock, env)
}

#[tokio::test]
async fn absence_of_the_metadata_service_is_cached_for_a_minute() {
    use crate::credentials::ecs_ram_role::EcsRamRole;
    let (direct, clock, env) = outside_ecs();
    let ecs = EcsRamRole::default();
    for (seconds, requests) in [(0, 1), (59, 1), (1, 2)] {
        clock.advance(seconds);
        assert!(matches!(ecs.load(&env).await, Err(LoadError::NotConfigured(_))));
        assert_eq!(*direct.0.lock().unwrap(), requests);
    }
}

#[tokio::test]
async fn absence_is_not_cached_longer_when_the_clock_is_set_back() {
    use crate::credentials::ecs_ram_role::EcsRamRole;
    let (direct, clock, env) = outside_ecs();
    let ecs = EcsRamRole::default();
    assert!(ecs.load(&env).await.is_err());
    clock.set_back(8 * 3_600);
    clock.advance(60);
    assert!(ecs.load(&env).await.is_err());
    assert_eq!(*direct.0.lock().unwrap(), 2);
}

#[tokio::test]
async fn pause_does_not_grow_when_the_clock_is_set_back() {
    let loader = Numbered::with_lifetimes(&[Some(3_600), None, Some(3_600)]);
    let (cache, clock) = cache(&loader);
    assert_eq!(id(&cache).await, "id-1");
    clock.advance(3_559);
    assert_eq!(id(&cache).await, "id-1");
    assert_eq!(loader.loads(), 2);
    // Still within the last minute of the credentials.
    clock.set_back(10);
    clock.advance(1);
    assert_eq!(id(&cache).await, "id-3");
}

#[tokio::test]
async fn panic_of_a_provider_is_an_error_of_every_call() {
    async fn panicking() -> Result<Credentials, CredentialsError> {
        tokio::task::yield_now().await;
        panic!("fake-secret")
    }
    let provider = FnProvider::new(panicking);
    let (one, other) = tokio::join!(provider.credentials(), provider.credentials());
    for outcome in [one, other, provider.credentials().await] {
        let error = outcome.unwrap_err();
        assert!(error.to_string().starts_with("closure: the provider panicked: "), "{error}");
        assert!(!error.is_transient());
        assert!(!format!("{error:?}").contains("fake-secret"), "{error:?}");
    }
}

#[tokio::test]
async fn panic_in_a_refresh_keeps_the_credentials() {
    /// Panics in every load but the first.
    #[derive(Debug)]
    struct Panicking(Numbered);
    impl LoadCredentials for Panicking {
        fn name(&self) -> &'static str {
            "panicking"
        }

        fn load<'a>(&'a self, env: &'a ProviderEnv) -> LoadFuture<'a> {
            assert_eq!(self.0.loads(), 0, "the bug of a user");
            self.0.load(env)
        }
    }
    let clock = Arc::new(FakeClock::at(now()));
    let env = ProviderEnv { clock: Arc::clone(&clock) as _, ..env_with(&[]) };
    let cache = Cache::new(Panicking(Numbered::with_lifetimes(&[Some(3_600)])), env);
    for seconds in [3_541, 1] {
        assert_eq!(id(&cache).await, "id-1");
        clock.advance(seconds);
    }
    assert_eq!(id(&cache).await, "id-1");
}
