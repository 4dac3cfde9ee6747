//! What can go wrong on purpose, and when.
//!
//! Pure data and arithmetic: the [state](super::state) decides what is answered, the [server](super::server) does to the
//! connection what a fault asks for.

mod canned;

use std::time::Duration;

use chrono::TimeDelta;

pub(super) use canned::CannedBody;
pub use canned::CannedResponse;

/// One way for a request to go wrong, to be handed to [`Emulator::inject`](super::Emulator::inject).
///
/// By itself a fault hits the next request. [`times`](Self::times), [`always`](Self::always) and [`at_rate`](Self::at_rate)
/// say otherwise, [`for_action`](Self::for_action) spares all operations but one, and [`for_secret`](Self::for_secret) all
/// secrets but one, in any order:
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
/// emulator.inject(Fault::error(403, "Forbidden.NoPermission").for_action("GetSecretValue").for_secret("prod/db").always());
/// emulator.inject(Fault::SlowBody { chunk: 1, pause: Duration::from_millis(50) });
/// emulator.inject(Fault::ResetBeforeResponse.at_rate(0.05, 42).for_action("ListSecrets"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Gives this answer instead of carrying the request out.
    Answer(CannedResponse),
    /// Answers status 400 with an error whose message quotes every parameter and header of the request, as a careless proxy
    /// might. The request is not carried out.
    EchoRequest,
    /// Carries the request out, announces the whole answer, and closes the connection after half of its body.
    TruncatedBody,
    /// Carries the request out and sends the body `chunk` bytes at a time (at least one) with a `pause` before each.
    SlowBody {
        /// Bytes sent at once; 0 counts as 1.
        chunk: usize,
        /// Time between two chunks, by the runtime's timer, so that paused tokio time makes it pass at once.
        pause: Duration,
    },
    /// Carries the request out and appends spaces to the body until it has so many bytes. Its length is not announced, and what
    /// comes out is valid JSON: only a client with a limit of its own refuses it.
    OversizedBody {
        /// The length of the whole body; one that is shorter than the answer changes nothing.
        bytes: u64,
    },
    /// Takes the request and never answers; the connection stays open. The request is not carried out.
    Hang,
    /// Carries the request out at once and answers after so long, by the runtime's timer.
    Delay(Duration),
    /// Resets the connection (RST) when the request has arrived. It is not carried out.
    ResetBeforeResponse,
    /// Carries the request out, sends the headers and half of the body, and resets the connection (RST).
    ResetInBody,
    /// Carries the request out, then resets the connection (RST) without a byte of the answer. A client cannot tell it from
    /// [`ResetBeforeResponse`](Self::ResetBeforeResponse), which is the difficulty with writes.
    LostResponse,
    /// Answers properly, then closes the connection without having announced it, as servers do with idle connections.
    CloseAfterResponse,
    /// Carries the request out by a clock that is off by so much: it checks the request's timestamp by that time and sends it as
    /// its `Date`.
    SkewedClock(TimeDelta),
}

impl Fault {
    /// The service's own throttling: status 429, `Rejected.Throttling`.
    #[must_use]
    pub fn throttled() -> Self {
        CannedResponse::error(429, "Rejected.Throttling").message("QPS Limit Exceeded").into()
    }

    /// Throttling by the gateway in front of the service: status 400, `Throttling.User`.
    #[must_use]
    pub fn throttled_by_gateway() -> Self {
        CannedResponse::gateway_error(400, "Throttling.User")
            .message("Request was denied due to user flow control.")
            .into()
    }

    /// Any error of the service, such as 500 `InternalFailure` or 503 `ServiceUnavailableTemporary`.
    ///
    /// The transient ones are 500 `InternalFailure`, `InternalError` and `UnknownError`, and 503 `ServiceUnavailable` and
    /// `ServiceUnavailableTemporary`, the latter also known as `SerivceUnvailableTemporary` and `SerivceUnavailableTemporary`.
    /// [`CannedResponse`] says what a status outside 100 to 999 becomes.
    #[must_use]
    pub fn error(status: u16, code: impl Into<String>) -> Self {
        CannedResponse::error(status, code).into()
    }

    /// A proxy's page in HTML, status 502.
    #[must_use]
    pub fn html_page() -> Self {
        CannedResponse::new(502)
            .header("content-type", "text/html")
            .body(
                "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>",
            )
            .into()
    }

    /// A proxy's answer without any body, status 504.
    #[must_use]
    pub fn empty_response() -> Self {
        CannedResponse::new(504).into()
    }

    /// A redirect to somewhere else, status 302, which a client must not follow with a signed request.
    #[must_use]
    pub fn redirect(location: impl Into<String>) -> Self {
        CannedResponse::new(302).header("location", location).into()
    }

    /// Hits so many requests instead of one.
    #[must_use]
    pub fn times(self, requests: u32) -> Injection {
        Injection::from(self).times(requests)
    }

    /// Hits every request until [`Emulator::clear_faults`](super::Emulator::clear_faults).
    #[must_use]
    pub fn always(self) -> Injection {
        Injection::from(self).always()
    }

    /// Hits this share of the requests, 0.0 to 1.0, until [`Emulator::clear_faults`](super::Emulator::clear_faults).
    ///
    /// Which ones is drawn from `seed`: the same requests in the same order meet the same faults.
    #[must_use]
    pub fn at_rate(self, rate: f64, seed: u64) -> Injection {
        Injection::from(self).at_rate(rate, seed)
    }

    /// Hits the next request for this operation, such as `ListSecrets`.
    #[must_use]
    pub fn for_action(self, action: impl Into<String>) -> Injection {
        Injection::from(self).for_action(action)
    }

    /// Hits the next request that names this secret in its `SecretName`.
    #[must_use]
    pub fn for_secret(self, name: impl Into<String>) -> Injection {
        Injection::from(self).for_secret(name)
    }
}

impl From<CannedResponse> for Fault {
    fn from(answer: CannedResponse) -> Self {
        Self::Answer(answer)
    }
}

/// A [`Fault`] and the requests that it hits; made by the fault's own methods. Of two settings of how many the later counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Injection {
    fault: Fault,
    when: When,
    action: Option<String>,
    secret: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum When {
    Next(u32),
    Always,
    Drawn { rate: f64, state: u64 },
}

impl Injection {
    /// Hits so many requests, of those that it is for.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.when = When::Next(requests);
        self
    }

    /// Hits every request that it is for, until [`Emulator::clear_faults`](super::Emulator::clear_faults).
    #[must_use]
    pub fn always(mut self) -> Self {
        self.when = When::Always;
        self
    }

    /// Hits a share of the requests that it is for, as [`Fault::at_rate`] does.
    #[must_use]
    pub fn at_rate(mut self, rate: f64, seed: u64) -> Self {
        self.when = When::Drawn { rate, state: seed };
        self
    }

    /// Spares all operations but this one, such as `ListSecrets`.
    #[must_use]
    pub fn for_action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Spares all requests but those that name this secret in their `SecretName`, be it by its ARN. Requests for several
    /// secrets, such as `ListSecrets` and `TagResources`, name none there.
    #[must_use]
    pub fn for_secret(mut self, name: impl Into<String>) -> Self {
        self.secret = Some(name.into());
        self
    }

    fn applies_to(&self, action: &str, secret: Option<&str>) -> bool {
        self.action.as_deref().is_none_or(|only| only == action)
            && (self.secret.is_none() || self.secret.as_deref() == secret)
    }

    fn is_used_up(&self) -> bool {
        self.when == When::Next(0)
    }
}

impl<F: Into<Fault>> From<F> for Injection {
    fn from(fault: F) -> Self {
        Self { fault: fault.into(), when: When::Next(1), action: None, secret: None }
    }
}

impl When {
    /// Whether this request is hit. Counts down or draws, so it is asked once a request.
    fn strikes(&mut self) -> bool {
        match self {
            Self::Next(left) => {
                let strikes = *left > 0;
                *left = left.saturating_sub(1);
                strikes
            }
            Self::Always => true,
            Self::Drawn { rate, state } => draw(state) < *rate,
        }
    }
}

/// The next number in [0, 1) of the generator SplitMix64: small, seedable, and good enough to pick requests by.
fn draw(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    // The upper 53 bits are what a double can hold.
    (mixed >> 11) as f64 / (1u64 << 53) as f64
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

    /// The fault that a request for `action` on `secret` meets: that of the oldest injection that strikes.
    pub(super) fn next(&mut self, action: &str, secret: Option<&str>) -> Option<Fault> {
        let position = self.injections.iter_mut().position(|injection| {
            injection.applies_to(action, secret) && injection.when.strikes()
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
    fn faults_come_in_the_order_they_were_injected() {
        let mut faults = Faults::default();
        faults.inject(Fault::Hang.times(2));
        faults.inject(Fault::LostResponse.into());
        let expected = [Some(Fault::Hang), Some(Fault::Hang), Some(Fault::LostResponse), None];
        assert_eq!(next(&mut faults, 4), expected);
        assert!(faults.injections.is_empty());
    }

    #[test]
    fn a_fault_for_one_action_waits_for_it() {
        let mut faults = Faults::default();
        faults.inject(Fault::Hang.for_action("GetSecretValue"));
        faults.inject(Fault::LostResponse.into());
        assert_eq!(faults.next("ListSecrets", None), Some(Fault::LostResponse));
        assert_eq!(faults.next("ListSecrets", None), None);
        assert_eq!(faults.next("GetSecretValue", Some("a")), Some(Fault::Hang));
    }

    #[test]
    fn a_fault_for_one_secret_spares_the_others() {
        let mut faults = Faults::default();
        faults.inject(Fault::Hang.for_secret("a").times(2));
        assert_eq!(faults.next("GetSecretValue", Some("b")), None);
        assert_eq!(faults.next("ListSecrets", None), None);
        assert_eq!(faults.next("GetSecretValue", Some("a")), Some(Fault::Hang));
        assert_eq!(faults.next("DescribeSecret", Some("a")), Some(Fault::Hang));
        assert_eq!(faults.next("GetSecretValue", Some("a")), None);
    }

    #[test]
    fn an_injection_can_be_told_in_any_order() {
        let told = Fault::Hang.for_secret("a").for_action("GetSecretValue").times(2);
        assert_eq!(told, Fault::Hang.times(2).for_action("GetSecretValue").for_secret("a"));
        assert_eq!(Fault::Hang.times(2).always(), Fault::Hang.always());
        assert_eq!(
            Fault::Hang.for_action("A").at_rate(0.5, 7),
            Fault::Hang.at_rate(0.5, 7).for_action("A")
        );
    }

    #[test]
    fn a_lasting_fault_ends_when_cleared_and_zero_times_is_never() {
        let mut faults = Faults::default();
        faults.inject(Fault::LostResponse.times(0));
        faults.inject(Fault::Hang.always());
        assert!(next(&mut faults, 100).iter().all(|fault| *fault == Some(Fault::Hang)));
        faults.clear();
        assert_eq!(faults.next("ListSecrets", None), None);
    }

    #[test]
    fn a_rate_is_kept_and_its_draws_repeat_with_the_seed() {
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

    #[test]
    fn numbers_are_those_of_the_published_generator() {
        let mut state = 0;
        // The first output of SplitMix64 from seed 0.
        assert_eq!(draw(&mut state), (0xe220_a839_7b1d_cdafu64 >> 11) as f64 / (1u64 << 53) as f64);
    }
}
