//! The tables of `docs/reliability.md`: the outcome of calls for every fault of the emulator, by
//! what the service does with a second, equal request.

use std::f64::consts::{GOLDEN_RATIO, SQRT_2};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::*;
use crate::emulator::{CannedResponse, Emulator, Fault, Response, deliver};
use crate::error::ErrorKind;
use crate::operation::{Encoder, Operation, OperationSpec};
use crate::retry::RetryClass;
use crate::secrets::ListSecretsResponse;

/// Calls for each cell of the table, whose draws differ.
const RUNS: u32 = 100;

/// The fault of a row, and the time that it costs.
struct Row {
    name: &'static str,
    fault: Met,
    /// The duration of an attempt that meets it.
    takes: Duration,
    /// The wait between it and the next attempt.
    wait: Wait,
}

enum Met {
    /// A fault of the emulator.
    Fault(Fault),
    /// An error before the request reached the emulator.
    NotSent(TransportErrorKind),
}

#[derive(Clone, Copy)]
enum Wait {
    /// A draw from the policy's range.
    Drawn,
    /// The wait that the response asks for.
    Asked(Duration),
    /// None, since a remedy was applied.
    Repaired,
}

impl Row {
    fn of(name: &'static str, fault: impl Into<Fault>) -> Self {
        Self { name, fault: Met::Fault(fault.into()), takes: Duration::ZERO, wait: Wait::Drawn }
    }

    fn not_sent(name: &'static str, kind: TransportErrorKind) -> Self {
        Self { name, fault: Met::NotSent(kind), takes: Duration::ZERO, wait: Wait::Drawn }
    }

    fn takes(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }

    fn wait(self, wait: Wait) -> Self {
        Self { wait, ..self }
    }

    /// Returns the mean of the waits between that many attempts, and the duration of those that met
    /// the fault.
    fn expected_delay(&self, attempts: u32, met: u32) -> Duration {
        let waits = (1..attempts).map(|attempt| match self.wait {
            Wait::Drawn => RetryPolicy::new().ceiling(attempt) / 2,
            // Up to a quarter is added.
            Wait::Asked(wait) => wait.mul_f64(1.125),
            Wait::Repaired => Duration::ZERO,
        });
        waits.sum::<Duration>() + self.takes * met
    }
}

fn rows() -> Vec<Row> {
    let throttled = || CannedResponse::error(429, "Rejected.Throttling");
    let attempt_timeout = Duration::from_secs(15);
    let two_seconds = Duration::from_secs(2);
    let error = |name, status, code: &str| Row::of(name, Fault::error(status, code));
    vec![
        Row::of("`throttled()`: 429 `Rejected.Throttling`", Fault::throttled()),
        Row::of("`throttled_by_gateway()`: 400 `Throttling.User`", Fault::throttled_by_gateway()),
        Row::of(
            "429 with `x-acs-retry-after: 1500`",
            throttled().header("x-acs-retry-after", "1500"),
        )
        .wait(Wait::Asked(Duration::from_millis(1_500))),
        Row::of("429 with `Retry-After: 90`", throttled().header("retry-after", "90")),
        error("`error()`: 500 `InternalFailure`", 500, "InternalFailure"),
        error("`error()`: 500 `InternalError`", 500, "InternalError"),
        error("`error()`: 500 `UnknownError`", 500, "UnknownError"),
        error("`error()`: 503 `ServiceUnavailable`", 503, "ServiceUnavailable"),
        error("`error()`: 503 `ServiceUnavailableTemporary`", 503, "ServiceUnavailableTemporary"),
        error("`error()`: 503 `SerivceUnvailableTemporary`", 503, "SerivceUnvailableTemporary"),
        error("`error()`: 503 `SerivceUnavailableTemporary`", 503, "SerivceUnavailableTemporary"),
        error("`error()`: 599 and an unknown code", 599, "Brand.New"),
        error("`error()`: 400 `Rejected.LimitExceeded`, a quota", 400, "Rejected.LimitExceeded"),
        Row::of("`EchoRequest`: 400", Fault::EchoRequest),
        Row::of("`html_page()`: 502", Fault::html_page()),
        Row::of("`empty_response()`: 504", Fault::empty_response()),
        Row::of("`redirect()`: 302", Fault::redirect("https://elsewhere.example")),
        Row::of("`TruncatedBody`, cut in half", Fault::TruncatedBody),
        Row::of("`SlowBody`, for longer than an attempt", drip()).takes(attempt_timeout),
        Row::of("`OversizedBody`", Fault::OversizedBody { bytes: 100_000_000 }),
        Row::of("`Hang`", Fault::Hang).takes(attempt_timeout),
        Row::of("`Delay`, 2 s", Fault::Delay(two_seconds)).takes(two_seconds),
        Row::of("`ResetBeforeResponse`", Fault::ResetBeforeResponse),
        Row::of("`ResetInBody`", Fault::ResetInBody),
        Row::of("`LostResponse` of an executed request", Fault::LostResponse),
        Row::of("`CloseAfterResponse`, an idle connection closed", Fault::CloseAfterResponse),
        Row::of("`SkewedClock`, an hour ahead", Fault::SkewedClock(TimeDelta::hours(1)))
            .wait(Wait::Repaired),
        Row::not_sent("no connection", TransportErrorKind::Connect),
        Row::not_sent("a certificate that is not trusted", TransportErrorKind::Certificate),
    ]
}

/// Returns a byte a second: the shortest response takes longer than an attempt may.
fn drip() -> Fault {
    Fault::SlowBody { chunk: 1, pause: Duration::from_secs(1) }
}

/// The emulator without sockets. A fault of a connection is reported as by the transport over
/// sockets, which `tests/it` shows.
#[derive(Debug)]
struct InMemory {
    emulator: Emulator,
    clock: Arc<FixedClock>,
    /// The error of connecting, and the number of requests that still get it.
    not_sent: Mutex<Option<(TransportErrorKind, u32)>>,
    requests: AtomicU32,
    second: Second,
    was_executed: AtomicBool,
}

impl InMemory {
    async fn start(second: Second) -> Self {
        Self {
            emulator: Emulator::start().await.unwrap(),
            clock: Arc::default(),
            not_sent: Mutex::default(),
            requests: AtomicU32::new(0),
            second,
            was_executed: AtomicBool::new(false),
        }
    }

    /// Makes all requests from now on meet the fault, or only the next.
    fn prepare(&self, met: &Met, always: bool) {
        self.requests.store(0, Ordering::Relaxed);
        self.was_executed.store(false, Ordering::Relaxed);
        self.emulator.clear_faults();
        match met {
            Met::NotSent(kind) => {
                let requests = if always { u32::MAX } else { 1 };
                *self.not_sent.lock().unwrap() = Some((*kind, requests));
            }
            Met::Fault(fault) if always => self.emulator.inject(fault.clone().always()),
            Met::Fault(fault) => self.emulator.inject(fault.clone()),
        }
    }

    fn connect(&self) -> Result<(), TransportError> {
        match &mut *self.not_sent.lock().unwrap() {
            Some((kind, left @ 1..)) => {
                *left -= 1;
                Err(TransportError::new(*kind, "no connection"))
            }
            _ => Ok(()),
        }
    }

    fn reject_if_second(&self, response: &mut Response) {
        let is_second = response.status == 200 && self.was_executed.swap(true, Ordering::Relaxed);
        if is_second && self.second == Second::Rejected {
            response.status = http::StatusCode::CONFLICT;
            response.body = br#"{"Code":"Rejected.ResourceExist"}"#.to_vec();
        }
    }

    async fn send_once(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.connect()?;
        let mut exchange = self.emulator.transport().exchange(&request, self.clock.now())?;
        if let Some(response) = &mut exchange.response {
            self.reject_if_second(response);
        }
        deliver(exchange, request.max_response_bytes).await
    }
}

impl HttpTransport for InMemory {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(self.send_once(request))
    }
}

/// A clock that stands still, with draws that depend on the number of the run.
#[derive(Debug)]
struct Spread {
    nonces: Arc<FixedClock>,
    run: u32,
    drawn: AtomicU32,
}

impl Clock for Spread {
    fn now(&self) -> DateTime<Utc> {
        self.nonces.now()
    }

    fn nonce(&self) -> String {
        self.nonces.nonce()
    }

    /// Draws evenly: the fractions of the multiples of an irrational number do not cluster, and
    /// with two such numbers pairs do not cluster either.
    fn draw(&self) -> f64 {
        let step = [GOLDEN_RATIO, SQRT_2][self.drawn.fetch_add(1, Ordering::Relaxed) as usize];
        (0.5 + f64::from(self.run) * step).fract()
    }
}

/// The service's treatment of a second request that equals one that it executed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Second {
    /// Its result is the same.
    SameResult,
    /// It is rejected, since the first was executed.
    Rejected,
    /// It is executed again.
    ExecutedTwice,
}

/// `ListSecrets` as if a second request did harm.
struct ExecutedTwice;

impl Operation for ExecutedTwice {
    const SPEC: OperationSpec = ListSecretsRequest::SPEC;
    type Response = ListSecretsResponse;

    fn encode<'a>(&'a self, _encoder: &mut Encoder<'a>) {}

    fn request_id(response: &mut ListSecretsResponse) -> &mut String {
        <ListSecretsRequest as Operation>::request_id(response)
    }

    fn retry_class(&self) -> RetryClass {
        RetryClass::IfNotExecuted
    }
}

/// The outcome of a call and the number of its attempts.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ending {
    attempts: u32,
    /// The error's kind, and true if the outcome is unknown.
    failure: Option<(ErrorKind, bool)>,
}

/// The outcome and the times of calls that meet one fault.
struct Cell {
    ending: Ending,
    expected: Duration,
    mean: Duration,
    longest: Duration,
}

impl Cell {
    /// Makes `RUNS` calls, each by its own client. All must end in the same way.
    async fn measure(row: &Row, second: Second, always: bool) -> Self {
        let transport = Arc::new(InMemory::start(second).await);
        let mut endings = Vec::new();
        let (mut total, mut longest) = (Duration::ZERO, Duration::ZERO);
        for run in 0..RUNS {
            transport.prepare(&row.fault, always);
            let (ending, took) = run_once(&transport, run).await;
            endings.push(ending);
            total += took;
            longest = longest.max(took);
        }
        let ending = endings[0];
        assert!(endings.iter().all(|other| *other == ending), "{}: {endings:?}", row.name);
        let met = if always { ending.attempts } else { 1 };
        let expected = row.expected_delay(ending.attempts, met);
        Self { ending, expected, mean: total / RUNS, longest }
    }

    fn columns(&self) -> String {
        let Ending { attempts, failure } = self.ending;
        let outcome = match failure {
            None => "success".to_owned(),
            Some((kind, false)) => format!("`{kind:?}`"),
            Some((kind, true)) => format!("`{kind:?}`, unknown"),
        };
        format!("{attempts} | {outcome} | {}", self.time())
    }

    fn time(&self) -> String {
        if self.expected.is_zero() {
            assert!(self.longest.is_zero());
            return "none".to_owned();
        }
        let multiple = |time: Duration| time.as_secs_f64() / self.expected.as_secs_f64();
        let (mean, longest) = (multiple(self.mean), multiple(self.longest));
        format!("{} s × {mean:.2}, at most × {longest:.2}", self.expected.as_secs_f64())
    }
}

async fn run_once(transport: &Arc<InMemory>, run: u32) -> (Ending, Duration) {
    let (mut context, _) = retrying([]);
    context.credentials = Arc::new(transport.emulator.credentials());
    context.clock =
        Arc::new(Spread { nonces: Arc::clone(&transport.clock), run, drawn: AtomicU32::new(0) });
    context.transport = Arc::clone(transport) as Arc<dyn HttpTransport>;
    let started = Instant::now();
    let context = Arc::new(context);
    let outcome = match transport.second {
        Second::SameResult | Second::Rejected => call(context, ListSecretsRequest::new()).await,
        Second::ExecutedTwice => call(context, ExecutedTwice).await,
    };
    let attempts = transport.requests.load(Ordering::Relaxed);
    let failure = outcome.err().map(|error| (error.kind(), error.is_outcome_unknown()));
    (Ending { attempts, failure }, started.elapsed())
}

const HEAD: &str = "\
# Reliability

The outcome of a call for every fault that the emulator knows, with the default policy and without
rate limits. With rate limits, which are the default, a request that the service throttles returns
to the queue of its quota group instead: that costs neither an attempt nor a retry of the budget,
and the call ends with `Throttled` only when its own timeout is over.

The columns are the three ways in which an operation can take a second, equal request:

- *same result*: operations that read, that set absolute values, or whose requests a version id
  identifies (`RetryClass::Always`). They are retried.
- *rejected*: operations that reject what was executed before, such as `CreateSecret`,
  `RestoreSecret` and `CreateAlias` (`RetryClass::Always` as well). They are retried too, and the
  error may then be about the call's own first request. The table shows the call before the client
  checks the resource, which makes it a success if there is evidence that it was executed.
- *executed twice*: creations whose name the service chooses (`RetryClass::IfNotExecuted`). They are
  not retried once a request may have been executed.

In each of them *outcome* is the error's kind, with *unknown* where `is_outcome_unknown` is true.
*Time* is the expected delay, and the mean and the maximum of 100 calls as a multiple of it. The
expected delay is the time that the fault itself takes (15 s, the attempt's timeout, where no
response arrives) and the mean of the waits before the further attempts: each is drawn from a whole
range (a mean of 0.1 s before the second attempt, of 0.2 s before the third), or is the one that the
response asks for, up to a quarter longer. The clock is paused, so nothing else takes time, and the
draws are spread evenly over their range.

`UPDATE_DOCS=1 cargo test --lib reliability` writes this file; without the variable the same test
compares it. `cargo bench --bench soak` sends 200,000 calls through throttling and eight kinds of
faults on loopback sockets.
";

const COLUMNS: &str = "
| fault | same result: attempts | outcome | time | rejected: attempts | outcome | time | executed twice: attempts | outcome | time |
|---|---|---|---|---|---|---|---|---|---|
";

#[tokio::test(start_paused = true)]
async fn tables_in_the_reliability_page_are_the_outcomes() {
    let mut document = HEAD.to_owned();
    for (title, always) in [("Met by one request", false), ("Met by every request", true)] {
        write!(document, "\n## {title}\n{COLUMNS}").unwrap();
        for row in rows() {
            let same = Cell::measure(&row, Second::SameResult, always).await.columns();
            let rejected = Cell::measure(&row, Second::Rejected, always).await.columns();
            let twice = Cell::measure(&row, Second::ExecutedTwice, always).await.columns();
            writeln!(document, "| {} | {same} | {rejected} | {twice} |", row.name).unwrap();
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reliability.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &document).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), document);
}
