//! The table of `docs/reliability.md`: every fault of the emulator, met once and met always, by
//! what a repeat does.

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

/// What a row of the table is about.
struct Row {
    name: &'static str,
    fault: Met,
    /// How long an attempt takes that meets it.
    takes: Duration,
    /// How long is waited after it before the next attempt.
    wait: Wait,
}

enum Met {
    /// A fault of the emulator.
    Fault(Fault),
    /// No request got as far as the emulator.
    NotSent(TransportErrorKind),
}

#[derive(Clone, Copy)]
enum Wait {
    /// A draw from the policy's range.
    Drawn,
    /// What the answer asks for.
    Asked(Duration),
    /// None, since something was put right.
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

    /// The mean of the waits between so many attempts, and what the fault takes for those that met
    /// it.
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
        Row::of("`LostResponse` of what was carried out", Fault::LostResponse),
        Row::of("`CloseAfterResponse`, an idle connection closed", Fault::CloseAfterResponse),
        Row::of("`SkewedClock`, an hour ahead", Fault::SkewedClock(TimeDelta::hours(1)))
            .wait(Wait::Repaired),
        Row::not_sent("no connection", TransportErrorKind::Connect),
        Row::not_sent("a certificate that is not accepted", TransportErrorKind::Certificate),
    ]
}

/// A byte a second: the shortest answer takes longer than an attempt may.
fn drip() -> Fault {
    Fault::SlowBody { chunk: 1, pause: Duration::from_secs(1) }
}

/// The emulator without sockets: what a fault does to a connection is told as the transport over
/// sockets tells it, which `tests/it` shows.
#[derive(Debug)]
struct InMemory {
    emulator: Emulator,
    clock: Arc<FixedClock>,
    /// How connections fail to be made, and for how many requests to come.
    not_sent: Mutex<Option<(TransportErrorKind, u32)>>,
    requests: AtomicU32,
    repeat: Repeat,
    carried_out: AtomicBool,
}

impl InMemory {
    async fn start(repeat: Repeat) -> Self {
        Self {
            emulator: Emulator::start().await.unwrap(),
            clock: Arc::default(),
            not_sent: Mutex::default(),
            requests: AtomicU32::new(0),
            repeat,
            carried_out: AtomicBool::new(false),
        }
    }

    /// Has the requests to come meet this, or the next of them.
    fn prepare(&self, met: &Met, always: bool) {
        self.requests.store(0, Ordering::Relaxed);
        self.carried_out.store(false, Ordering::Relaxed);
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

    fn reject_if_repeated(&self, response: &mut Response) {
        let again = response.status == 200 && self.carried_out.swap(true, Ordering::Relaxed);
        if again && self.repeat == Repeat::Refused {
            response.status = http::StatusCode::CONFLICT;
            response.body = br#"{"Code":"Rejected.ResourceExist"}"#.to_vec();
        }
    }

    async fn send_once(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.connect()?;
        let mut exchange = self.emulator.transport().exchange(&request, self.clock.now())?;
        if let Some(response) = &mut exchange.response {
            self.reject_if_repeated(response);
        }
        deliver(exchange, request.max_response_bytes).await
    }
}

impl HttpTransport for InMemory {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(self.send_once(request))
    }
}

/// Always the same second, and draws by the number of the run.
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

    /// The fractions of multiples of an irrational number leave no gaps and no heaps, and with two
    /// of them neither do pairs.
    fn draw(&self) -> f64 {
        let step = [GOLDEN_RATIO, SQRT_2][self.drawn.fetch_add(1, Ordering::Relaxed) as usize];
        (0.5 + f64::from(self.run) * step).fract()
    }
}

/// What the service makes of a request that it carried out before.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Repeat {
    /// The same as of the first.
    Same,
    /// It is refused for what the first did.
    Refused,
    /// The same once more.
    Twice,
}

/// `ListSecrets` as if a repeat of it could do harm.
struct DoneTwice;

impl Operation for DoneTwice {
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

/// How a call ended, after how many attempts.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ending {
    attempts: u32,
    /// The error's kind, and whether it was perhaps carried out.
    failure: Option<(ErrorKind, bool)>,
}

/// What calls of one class make of one fault.
struct Cell {
    ending: Ending,
    expected: Duration,
    mean: Duration,
    longest: Duration,
}

impl Cell {
    /// Makes `RUNS` calls, each by a client of its own, all of which have to end in the same way.
    async fn measure(row: &Row, repeat: Repeat, always: bool) -> Self {
        let transport = Arc::new(InMemory::start(repeat).await);
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
        let told = match failure {
            None => "success".to_owned(),
            Some((kind, false)) => format!("`{kind:?}`"),
            Some((kind, true)) => format!("`{kind:?}`, perhaps done"),
        };
        format!("{attempts} | {told} | {}", self.time())
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
    let (mut context, _) = repeating([]);
    context.credentials = Arc::new(transport.emulator.credentials());
    context.clock =
        Arc::new(Spread { nonces: Arc::clone(&transport.clock), run, drawn: AtomicU32::new(0) });
    context.transport = Arc::clone(transport) as Arc<dyn HttpTransport>;
    let started = Instant::now();
    let context = Arc::new(context);
    let outcome = match transport.repeat {
        Repeat::Same | Repeat::Refused => call(context, ListSecretsRequest::new()).await,
        Repeat::Twice => call(context, DoneTwice).await,
    };
    let attempts = transport.requests.load(Ordering::Relaxed);
    let failure = outcome.err().map(|error| (error.kind(), error.is_outcome_unknown()));
    (Ending { attempts, failure }, started.elapsed())
}

const HEAD: &str = "\
# Reliability

What a call makes of every fault that the emulator knows, with the default policy and without rate
limits. With rate limits, which are the default, a request that the service throttles returns to the
queue of its quota group instead: that costs neither an attempt nor a retry of the budget, and the call
ends with `Throttled` only when its own timeout is over.

- *a repeat gives the same* is the retry class `always`: operations that read, that set absolute values, or whose requests are
  told apart by a version id. *a repeat is refused* is the class `map_outcome`: `CreateSecret`, `DeleteSecret`, `RestoreSecret`
  and `UpdateSecretVersionStage` refuse what was carried out already. They are repeated all the same, since the error tells that
  it may be about the call's own first request; the table has it as the call ends, before the client looks at the secret, which
  turns it into a success where the first request did it. *a repeat may do it twice* is the creation of a secret whose name the service
  makes: what was perhaps carried out is not repeated.
- *ends as* is the kind of the error; *perhaps done* is where its `is_outcome_unknown` is true.
- *time* is the expected delay and, as a multiple of it, what 100 calls took on average and at most. The expected delay is the
  mean of the waits before the attempts that were made, each drawn from its whole range (0.1 s before the second attempt, 0.2 s
  before the third) or asked for by the answer and prolonged by up to a quarter, and what the fault itself takes: the attempt's limit of 15 s where no answer
  comes. The clock is a paused one, so nothing else takes time, and the draws are spread evenly over their range.

`UPDATE_DOCS=1 cargo test --lib reliability` makes this file; without the variable the same test compares it.
`cargo bench --bench soak` shows the rest: 200,000 calls, 32 in flight, 5 % of the requests meeting ten kinds of faults on
loopback sockets.
";

const COLUMNS: &str = "
| fault | a repeat gives the same: attempts | ends as | time | a repeat is refused: attempts | ends as | time | a repeat may do it twice: attempts | ends as | time |
|---|---|---|---|---|---|---|---|---|---|
";

#[tokio::test(start_paused = true)]
async fn the_tables_in_the_reliability_document_are_what_happens() {
    let mut document = HEAD.to_owned();
    for (title, always) in [("Met by one request", false), ("Met by every request", true)] {
        write!(document, "\n## {title}\n{COLUMNS}").unwrap();
        for row in rows() {
            let same = Cell::measure(&row, Repeat::Same, always).await.columns();
            let refused = Cell::measure(&row, Repeat::Refused, always).await.columns();
            let twice = Cell::measure(&row, Repeat::Twice, always).await.columns();
            writeln!(document, "| {} | {same} | {refused} | {twice} |", row.name).unwrap();
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reliability.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &document).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), document);
}
