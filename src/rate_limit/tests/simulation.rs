//! A service that counts, and clients that call it, as events in simulated time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::rate_limit::quota::Quota;
use crate::rate_limit::schedule::{Schedule, Sent};

/// The rule by which the service counts. Requests that it rejects do not count.
pub(super) enum Service {
    /// So many requests in any second.
    Window { requests: usize, granted: VecDeque<Instant> },
    /// Tokens that are added at a rate, up to a burst.
    Bucket { rate: f64, burst: f64, tokens: f64, at: Option<Instant> },
}

impl Service {
    pub(super) fn window(requests: u32) -> Self {
        Self::Window { requests: requests as usize, granted: VecDeque::new() }
    }

    pub(super) fn bucket(rate: f64, burst: f64) -> Self {
        Self::Bucket { rate, burst, tokens: burst, at: None }
    }

    fn grants(&mut self, now: Instant) -> bool {
        match self {
            Self::Window { requests, granted } => {
                while granted.front().is_some_and(|at| now >= *at + Duration::from_secs(1)) {
                    granted.pop_front();
                }
                let grants = granted.len() < *requests;
                granted.extend(grants.then_some(now));
                grants
            }
            Self::Bucket { rate, burst, tokens, at } => {
                let passed = at.replace(now).map_or(0.0, |at| (now - at).as_secs_f64());
                *tokens = burst.min(*tokens + passed * *rate);
                let grants = *tokens >= 1.0;
                *tokens -= if grants { 1.0 } else { 0.0 };
                grants
            }
        }
    }
}

/// A client with a schedule of its own.
pub(super) struct Client {
    schedule: Schedule,
    /// Calls that have not begun; `None` for calls without end.
    calls: Option<u32>,
    /// Calls that may begin.
    idle: u32,
    queued: u32,
    /// The time that a request takes longer that makes a connection.
    connect: Duration,
    idle_connections: u32,
    /// When the client tries again to send.
    wakes_at: Option<Instant>,
}

impl Client {
    /// Makes `calls`, so many of them `at_once`.
    pub(super) fn new(quota: Quota, calls: u32, at_once: u32) -> Self {
        Self {
            schedule: Schedule::new(quota),
            calls: Some(calls),
            idle: at_once,
            queued: 0,
            connect: Duration::ZERO,
            idle_connections: 0,
            wakes_at: None,
        }
    }

    /// Makes one call after the other without end.
    pub(super) fn endless(quota: Quota) -> Self {
        Self { calls: None, ..Self::new(quota, 0, 1) }
    }

    pub(super) fn connect(self, connect: Duration) -> Self {
        Self { connect, ..self }
    }

    fn begin_calls(&mut self) {
        let begun = self.calls.map_or(self.idle, |calls| calls.min(self.idle));
        self.calls = self.calls.map(|calls| calls - begun);
        self.idle -= begun;
        self.queued += begun;
    }
}

/// A thing that happens to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    MaySend,
    Arrival { sent: Sent, way_back: Duration },
    Response { sent: Sent, granted: bool },
}

/// A response: when it was received, by which client, and whether the request was granted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Response {
    pub(super) at: Duration,
    pub(super) client: usize,
    pub(super) granted: bool,
}

pub(super) struct Simulation {
    pub(super) service: Service,
    clients: Vec<Client>,
    /// The events to come: when, their number, and the client.
    queue: BinaryHeap<Reverse<(Instant, usize, usize)>>,
    events: Vec<Event>,
    start: Instant,
    random: u64,
    pub(super) responses: Vec<Response>,
}

impl Simulation {
    pub(super) fn new(service: Service, seed: u64) -> Self {
        Self {
            service,
            clients: Vec::new(),
            queue: BinaryHeap::new(),
            events: Vec::new(),
            start: Instant::now(),
            random: seed,
            responses: Vec::new(),
        }
    }

    /// Adds a client that starts with the simulation.
    pub(super) fn add(&mut self, client: Client) {
        self.clients.push(client);
        self.schedule(self.start, self.clients.len() - 1, Event::MaySend);
    }

    /// Runs until `until`, or until all calls are made.
    pub(super) fn run(&mut self, until: Duration) {
        while let Some(Reverse((now, number, client))) = self.queue.peek().copied() {
            if now > self.start + until {
                break;
            }
            self.queue.pop();
            match self.events[number] {
                Event::MaySend if self.clients[client].wakes_at.is_some_and(|at| now < at) => {
                    continue;
                }
                Event::MaySend => {}
                Event::Arrival { sent, way_back } => {
                    let granted = self.service.grants(now);
                    self.schedule(now + way_back, client, Event::Response { sent, granted });
                    continue;
                }
                Event::Response { sent, granted } => self.receive(client, sent, granted, now),
            }
            self.send(client, now);
        }
    }

    fn receive(&mut self, client: usize, sent: Sent, granted: bool, now: Instant) {
        self.responses.push(Response { at: now - self.start, client, granted });
        let draw = self.draw();
        let client = &mut self.clients[client];
        client.idle_connections += 1;
        if granted {
            client.schedule.on_granted(sent, now);
            client.idle += 1;
        } else {
            client.schedule.on_throttled(sent, now, draw);
            client.queued += 1;
        }
    }

    /// Sends what the client may send, and schedules when it may send more.
    fn send(&mut self, number: usize, now: Instant) {
        self.clients[number].begin_calls();
        while self.clients[number].queued > 0 {
            let client = &mut self.clients[number];
            match client.schedule.try_send(now) {
                Ok(sent) => {
                    client.queued -= 1;
                    let connect = match client.idle_connections.checked_sub(1) {
                        Some(idle) => {
                            client.idle_connections = idle;
                            Duration::ZERO
                        }
                        None => client.connect,
                    };
                    // 30 to 70 ms for a request and its response.
                    let way = Duration::from_secs_f64(0.015 + 0.020 * self.draw());
                    let arrival = Event::Arrival { sent, way_back: way };
                    self.schedule(now + connect + way, number, arrival);
                }
                Err(wait) => {
                    if client.wakes_at.is_none_or(|at| now + wait < at || at <= now) {
                        client.wakes_at = Some(now + wait);
                        self.schedule(now + wait, number, Event::MaySend);
                    }
                    break;
                }
            }
        }
    }

    fn schedule(&mut self, at: Instant, client: usize, event: Event) {
        self.queue.push(Reverse((at, self.events.len(), client)));
        self.events.push(event);
    }

    /// Returns a random number from 0 to 1, by SplitMix64.
    fn draw(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns how many requests were granted in a stretch of time, and to which clients.
    pub(super) fn granted(&self, from: Duration, to: Duration) -> Vec<usize> {
        let in_time = |response: &&Response| (from..to).contains(&response.at) && response.granted;
        self.responses.iter().filter(in_time).map(|response| response.client).collect()
    }

    /// Returns when the last response was received.
    pub(super) fn end(&self) -> Duration {
        self.responses.last().map_or(Duration::ZERO, |response| response.at)
    }

    /// Returns the part of all requests that was rejected.
    pub(super) fn rejected_part(&self) -> f64 {
        let rejected = self.responses.iter().filter(|response| !response.granted).count();
        rejected as f64 / self.responses.len() as f64
    }
}
