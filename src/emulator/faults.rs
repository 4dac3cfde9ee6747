//! [`Fault`] and [`Injection`]: the failures that a test injects, and the requests they apply to.
//!
//! Pure data and arithmetic: the [state](super::state) decides which response a request gets; the
//! [server](super::server) and the [transport](super::transport) do to the connection what a fault
//! says.

use std::time::Duration;

use chrono::TimeDelta;

use super::canned_response::CannedResponse;
use super::splitmix;

/// A failure to inject with [`Emulator::inject`](super::Emulator::inject).
///
/// By default a fault applies to the next request. [`times`](Self::times), [`always`](Self::always)
/// and [`at_rate`](Self::at_rate) change how many, [`for_action`](Self::for_action) limits it to
/// one operation, [`for_secret`](Self::for_secret) to one secret, in any order:
///
/// ```
/// use std::time::Duration;
///
/// use alibabacloud_kms::emulator::{Emulator, Fault};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let emulator = Emulator::start().await?;
/// emulator.inject(Fault::throttled().times(2));
/// let forbidden = Fault::error(403, "Forbidden.NoPermission");
/// emulator.inject(forbidden.for_action("GetSecretValue").for_secret("prod/db").always());
/// emulator.inject(Fault::Delay(Duration::from_millis(300)).for_secret("prod/slow").always());
/// emulator.inject(Fault::SlowBody { chunk: 1, pause: Duration::from_millis(50) });
/// emulator.inject(Fault::ResetBeforeResponse.at_rate(0.05, 42).for_action("ListSecrets"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Responds with this response instead of executing the request.
    Response(CannedResponse),
    /// Responds with status 400 and an error whose message quotes every parameter and header of the
    /// request, as a badly written proxy may do. The request is not executed.
    EchoRequest,
    /// Executes the request, announces the whole response, and closes the connection after half of
    /// its body.
    TruncatedBody,
    /// Executes the request and sends the body `chunk` bytes at a time, with a `pause` before each
    /// chunk.
    SlowBody {
        /// Bytes per chunk; 0 counts as 1.
        chunk: usize,
        /// Time before each chunk, by the runtime's timer, so paused tokio time skips it.
        pause: Duration,
    },
    /// Executes the request and appends spaces to the body up to this length. The length is not
    /// announced, and the whole body is valid JSON: only a client with a limit of its own
    /// rejects it.
    OversizedBody {
        /// Length of the whole body. A value below the length of the response changes nothing.
        bytes: u64,
    },
    /// Accepts the request and never responds; the connection stays open. The request is not
    /// executed.
    Hang,
    /// Executes the request immediately and responds after this time, by the runtime's timer.
    Delay(Duration),
    /// Makes the emulator unreachable, as a region that is down: a client of an
    /// [in-process transport](super::Emulator::transport) or of
    /// [`EmulatedRegions`](super::EmulatedRegions) gets an error as if no connection was made. Over
    /// a socket, where the connection exists already, it is reset as by
    /// [`ResetBeforeResponse`](Self::ResetBeforeResponse). The request is not executed.
    Unreachable,
    /// Resets the connection (RST) after the request has arrived. The request is not executed.
    ResetBeforeResponse,
    /// Executes the request, sends the headers and half of the body, and resets the connection
    /// (RST).
    ResetInBody,
    /// Executes the request, then resets the connection (RST) without a byte of the response. A
    /// client cannot distinguish it from [`ResetBeforeResponse`](Self::ResetBeforeResponse), which
    /// is why the outcome of a write can be unknown.
    LostResponse,
    /// Responds correctly, then closes the connection without announcing it, as servers do with
    /// idle connections.
    CloseAfterResponse,
    /// Executes the request with a clock that is off by this much: the request's timestamp is
    /// checked against that time, and the response has it as its `Date`.
    SkewedClock(TimeDelta),
}

impl Fault {
    /// Responds with the service's own throttling error: status 429, `Rejected.Throttling`.
    #[must_use]
    pub fn throttled() -> Self {
        CannedResponse::error(429, "Rejected.Throttling").message("QPS Limit Exceeded").into()
    }

    /// Responds with the throttling error of the gateway in front of the service: status 400,
    /// `Throttling.User`.
    #[must_use]
    pub fn throttled_by_gateway() -> Self {
        CannedResponse::gateway_error(400, "Throttling.User")
            .message("Request was denied due to user flow control.")
            .into()
    }

    /// Responds with any error of the service, such as 500 `InternalFailure` or 503
    /// `ServiceUnavailableTemporary`.
    ///
    /// The transient errors are 500 `InternalFailure`, `InternalError` and `UnknownError`, and 503
    /// `ServiceUnavailable` and `ServiceUnavailableTemporary`, which the service also spells
    /// `SerivceUnvailableTemporary` and `SerivceUnavailableTemporary`. See [`CannedResponse`] for a
    /// status outside 200 to 999.
    #[must_use]
    pub fn error(status: u16, code: impl Into<String>) -> Self {
        CannedResponse::error(status, code).into()
    }

    /// Responds with a proxy's HTML page with status 502.
    #[must_use]
    pub fn html_page() -> Self {
        CannedResponse::new(502)
            .header("content-type", "text/html")
            .body(
                "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>",
            )
            .into()
    }

    /// Responds with a proxy's response without a body, with status 504.
    #[must_use]
    pub fn empty_response() -> Self {
        CannedResponse::new(504).into()
    }

    /// Responds with a redirect with status 302, which a client must not follow with a signed
    /// request.
    #[must_use]
    pub fn redirect(location: impl Into<String>) -> Self {
        CannedResponse::new(302).header("location", location).into()
    }

    /// Applies to this many requests instead of one.
    #[must_use]
    pub fn times(self, requests: u32) -> Injection {
        Injection::from(self).times(requests)
    }

    /// Applies to every request until [`Emulator::clear_faults`](super::Emulator::clear_faults).
    #[must_use]
    pub fn always(self) -> Injection {
        Injection::from(self).always()
    }

    /// Applies to this share of the requests, 0.0 to 1.0, until
    /// [`Emulator::clear_faults`](super::Emulator::clear_faults).
    ///
    /// The requests are drawn from `seed`: the same requests in the same order meet the same
    /// faults.
    #[must_use]
    pub fn at_rate(self, rate: f64, seed: u64) -> Injection {
        Injection::from(self).at_rate(rate, seed)
    }

    /// Applies to the next request for this operation, such as `ListSecrets`. Operations that the
    /// emulator does not implement can be named too.
    #[must_use]
    pub fn for_action(self, action: impl Into<String>) -> Injection {
        Injection::from(self).for_action(action)
    }

    /// Applies to the next request with this secret in its `SecretName`.
    #[must_use]
    pub fn for_secret(self, name: impl Into<String>) -> Injection {
        Injection::from(self).for_secret(name)
    }
}

impl From<CannedResponse> for Fault {
    fn from(response: CannedResponse) -> Self {
        Self::Response(response)
    }
}

/// A [`Fault`] with the requests it applies to, created by the fault's methods. Of two settings of
/// how many requests, the later one counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Injection {
    fault: Fault,
    frequency: Frequency,
    action: Option<String>,
    secret: Option<String>,
}

/// The share of the matching requests that a fault applies to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Frequency {
    Next(u32),
    Always,
    Random { rate: f64, state: u64 },
}

impl Injection {
    /// Applies to this many of the matching requests.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.frequency = Frequency::Next(requests);
        self
    }

    /// Applies to every matching request until
    /// [`Emulator::clear_faults`](super::Emulator::clear_faults).
    #[must_use]
    pub fn always(mut self) -> Self {
        self.frequency = Frequency::Always;
        self
    }

    /// Applies to a share of the matching requests, as [`Fault::at_rate`] does.
    #[must_use]
    pub fn at_rate(mut self, rate: f64, seed: u64) -> Self {
        self.frequency = Frequency::Random { rate, state: seed };
        self
    }

    /// Limits the fault to this operation, such as `ListSecrets`.
    #[must_use]
    pub fn for_action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Limits the fault to the secret of this name: to requests with the name, or with the secret's
    /// ARN, in their `SecretName`. Operations on several secrets, such as `ListSecrets` and
    /// `TagResources`, have no `SecretName`.
    #[must_use]
    pub fn for_secret(mut self, name: impl Into<String>) -> Self {
        self.secret = Some(name.into());
        self
    }

    fn matches(&self, action: &str, secret: Option<&str>) -> bool {
        self.action.as_deref().is_none_or(|only| only == action)
            && (self.secret.is_none() || self.secret.as_deref() == secret)
    }

    fn is_used_up(&self) -> bool {
        self.frequency == Frequency::Next(0)
    }
}

impl<F: Into<Fault>> From<F> for Injection {
    fn from(fault: F) -> Self {
        Self { fault: fault.into(), frequency: Frequency::Next(1), action: None, secret: None }
    }
}

impl Frequency {
    /// Returns whether the fault applies to this request. It counts down or draws, so it must be
    /// called once for each request.
    fn applies(&mut self) -> bool {
        match self {
            Self::Next(left) => {
                let applies = *left > 0;
                *left = left.saturating_sub(1);
                applies
            }
            Self::Always => true,
            Self::Random { rate, state } => splitmix::next_fraction(state) < *rate,
        }
    }
}

/// The injected faults, oldest first.
#[derive(Debug, Default)]
pub(super) struct Faults {
    injections: Vec<Injection>,
}

impl Faults {
    pub(super) fn inject(&mut self, injection: Injection) {
        self.injections.push(injection);
    }

    pub(super) fn clear(&mut self) {
        self.injections.clear();
    }

    /// Returns the fault of the oldest injection that applies to a request for `action` on
    /// `secret`.
    pub(super) fn next(&mut self, action: &str, secret: Option<&str>) -> Option<Fault> {
        let position = self.injections.iter_mut().position(|injection| {
            injection.matches(action, secret) && injection.frequency.applies()
        })?;
        let fault = self.injections[position].fault.clone();
        self.injections.retain(|injection| !injection.is_used_up());
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(faults: &mut Faults, count: usize) -> Vec<Option<Fault>> {
        (0..count).map(|_| faults.next("ListSecrets", None)).collect()
    }

    #[test]
    fn faults_apply_in_the_order_of_injection() {
        let mut faults = Faults::default();
        faults.inject(Fault::Hang.times(2));
        faults.inject(Fault::LostResponse.into());
        let expected = [Some(Fault::Hang), Some(Fault::Hang), Some(Fault::LostResponse), None];
        assert_eq!(next(&mut faults, 4), expected);
        assert!(faults.injections.is_empty());
    }

    #[test]
    fn fault_for_an_action_applies_to_that_action() {
        let mut faults = Faults::default();
        faults.inject(Fault::Hang.for_action("GetSecretValue"));
        faults.inject(Fault::LostResponse.into());
        assert_eq!(faults.next("ListSecrets", None), Some(Fault::LostResponse));
        assert_eq!(faults.next("ListSecrets", None), None);
        assert_eq!(faults.next("GetSecretValue", Some("a")), Some(Fault::Hang));
    }

    #[test]
    fn fault_for_a_secret_applies_to_that_secret() {
        let mut faults = Faults::default();
        faults.inject(Fault::Hang.for_secret("a").times(2));
        assert_eq!(faults.next("GetSecretValue", Some("b")), None);
        assert_eq!(faults.next("ListSecrets", None), None);
        assert_eq!(faults.next("GetSecretValue", Some("a")), Some(Fault::Hang));
        assert_eq!(faults.next("DescribeSecret", Some("a")), Some(Fault::Hang));
        assert_eq!(faults.next("GetSecretValue", Some("a")), None);
    }

    #[test]
    fn injection_is_the_same_in_any_order_of_settings() {
        let injection = Fault::Hang.for_secret("a").for_action("GetSecretValue").times(2);
        assert_eq!(injection, Fault::Hang.times(2).for_action("GetSecretValue").for_secret("a"));
        assert_eq!(Fault::Hang.times(2).always(), Fault::Hang.always());
        assert_eq!(
            Fault::Hang.for_action("A").at_rate(0.5, 7),
            Fault::Hang.at_rate(0.5, 7).for_action("A")
        );
    }

    #[test]
    fn lasting_fault_ends_when_cleared() {
        let mut faults = Faults::default();
        faults.inject(Fault::Hang.always());
        assert!(next(&mut faults, 100).iter().all(|fault| *fault == Some(Fault::Hang)));
        faults.clear();
        assert_eq!(faults.next("ListSecrets", None), None);
    }

    #[test]
    fn fault_for_zero_requests_never_applies() {
        let mut faults = Faults::default();
        faults.inject(Fault::LostResponse.times(0));
        assert_eq!(next(&mut faults, 2), [None, None]);
    }

    #[test]
    fn rate_is_kept_and_its_draws_repeat_with_the_seed() {
        let hits = |rate, seed| {
            let mut faults = Faults::default();
            faults.inject(Fault::Hang.at_rate(rate, seed));
            next(&mut faults, 10_000).iter().map(Option::is_some).collect::<Vec<_>>()
        };
        let count = |rate| hits(rate, 7).into_iter().filter(|hit| *hit).count();
        assert_eq!(count(0.0), 0);
        assert!((450..550).contains(&count(0.05)), "{}", count(0.05));
        assert_eq!(count(1.0), 10_000);
        assert_eq!(hits(0.5, 7), hits(0.5, 7));
        assert_ne!(hits(0.5, 7), hits(0.5, 8));
    }
}
