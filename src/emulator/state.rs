//! Everything the emulator remembers, and the one step from a request to what is to be answered.
//!
//! Still no sockets: the machine's time and the request's id are arguments, and a fault is only told, not done.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::error_response::Refusal;
use super::faults::{Fault, Faults};
use super::handlers::{Account, Context, handle};
use super::request::Request;
use super::request_log::{Journal, Observer, RequestRecord};
use super::response::Answer;
use super::time::{Time, shifted};

pub(super) struct State {
    pub(super) account: Account,
    pub(super) faults: Faults,
    pub(super) journal: Journal,
    /// How many connections were accepted.
    pub(super) connections: u64,
    pub(super) time: Time,
    /// Host and port, as error bodies name them.
    pub(super) host: String,
}

/// The state behind the lock that the emulator's handle and its connections share.
pub(super) struct SharedState {
    state: Mutex<State>,
    observer: Option<Observer>,
}

impl SharedState {
    pub(super) fn new(state: State, observer: Option<Observer>) -> Self {
        Self { state: Mutex::new(state), observer }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // A panic under the lock, which only a bug could cause, must not make every later request fail.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries a request out, and tells the observer, who may look at the emulator meanwhile.
    pub(super) fn exchange(
        &self,
        request: &Request,
        machine_time: DateTime<Utc>,
        request_id: String,
    ) -> Exchange {
        let exchange = self.lock().exchange(request, machine_time, request_id);
        if let Some(observer) = &self.observer {
            observer.tell(&exchange.record);
        }
        exchange
    }
}

/// What to answer, and what to do to the connection meanwhile.
pub(super) struct Exchange {
    /// `None` where the fault allows none.
    pub(super) answer: Option<Answer>,
    pub(super) fault: Option<Fault>,
    pub(super) record: RequestRecord,
    /// The time that the answer is given at.
    pub(super) date: DateTime<Utc>,
}

impl State {
    /// Carries a request out, unless a fault says otherwise, and records it.
    pub(super) fn exchange(
        &mut self,
        request: &Request,
        machine_time: DateTime<Utc>,
        request_id: String,
    ) -> Exchange {
        let now = self.time.now(machine_time);
        self.account.nonces.sweep(now);
        let secret_name =
            request.parameters.get("SecretName").map(|name| self.account.store.name(name));
        let fault = self.faults.next(request.action(), secret_name);
        let date = match fault {
            Some(Fault::SkewedClock(by)) => shifted(now, by),
            _ => now,
        };
        let context = Context { now: date, request_id: &request_id, host: &self.host };
        let answer = answer(request, &mut self.account, fault.as_ref(), &context);
        let record = RequestRecord {
            action: request.action().to_owned(),
            secret_name: secret_name.map(str::to_owned),
            status: answer.as_ref().map(|answer| answer.status),
            code: answer.as_ref().and_then(|answer| answer.code.clone()),
            faulty: fault.is_some(),
            request_id,
        };
        self.journal.record(record.clone());
        Exchange { answer, fault, record, date }
    }
}

fn answer(
    request: &Request,
    account: &mut Account,
    fault: Option<&Fault>,
    context: &Context<'_>,
) -> Option<Answer> {
    Some(match fault {
        Some(Fault::Hang | Fault::ResetBeforeResponse) => return None,
        Some(Fault::Answer(canned)) => Answer::canned(canned.clone(), context),
        Some(Fault::EchoRequest) => Answer::refusal(echo(request), context),
        _ => match handle(request, account, context) {
            Ok(body) => Answer::success(body),
            Err(refusal) => Answer::refusal(refusal, context),
        },
    })
}

/// An error that quotes all that the client sent, its signature and token among it.
fn echo(request: &Request) -> Refusal {
    let parameters = request.parameters.iter().map(|(name, value)| format!("{name}={value}"));
    let headers = request.headers.iter().map(|(name, value)| format!("{name}: {value}"));
    let quoted: Vec<_> = parameters.chain(headers).collect();
    Refusal::service(
        400,
        "InvalidParameter",
        format!("The specified request is not valid: {}", quoted.join("&")),
    )
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use http::HeaderMap;

    use super::*;
    use crate::emulator::authenticate::Nonces;
    use crate::emulator::quotas::Quotas;
    use crate::emulator::store::Store;
    use crate::emulator::{CannedResponse, EmulatedSecret};

    fn state() -> State {
        State {
            account: Account {
                keys: Vec::new(),
                nonces: Nonces::default(),
                quotas: Quotas::default(),
                store: Store::default(),
            },
            faults: Faults::default(),
            journal: Journal::default(),
            connections: 0,
            time: Time::default(),
            host: "host:1".to_owned(),
        }
    }

    fn exchange(state: &mut State, fault: Option<Fault>) -> Exchange {
        if let Some(fault) = fault {
            state.faults.inject(fault.into());
        }
        let query = "Action=ListSecrets&Version=2016-01-20&SecurityToken=fake-token";
        let request = Request::new("GET", "/", query, &HeaderMap::new(), b"");
        state.exchange(&request, DateTime::UNIX_EPOCH, "r-1".to_owned())
    }

    fn text(exchange: &Exchange) -> &str {
        std::str::from_utf8(&exchange.answer.as_ref().unwrap().body).unwrap()
    }

    #[test]
    fn the_journal_tells_action_and_outcome_and_no_parameter() {
        let mut state = state();
        state.account.store.add(EmulatedSecret::new("a"), DateTime::UNIX_EPOCH);
        exchange(&mut state, None);
        exchange(&mut state, Some(Fault::Hang));
        exchange(&mut state, Some(CannedResponse::new(204).into()));
        exchange(&mut state, Some(Fault::throttled()));
        let outcomes: Vec<_> = state
            .journal
            .latest()
            .into_iter()
            .map(|record| (record.status, record.code, record.faulty))
            .collect();
        assert_eq!(
            outcomes,
            [
                (Some(400), Some("MissingAccessKeyId".into()), false),
                (None, None, true),
                (Some(204), None, true),
                (Some(429), Some("Rejected.Throttling".into()), true),
            ]
        );
        assert!(!format!("{:?}", state.journal.latest()).contains("fake-token"));
    }

    #[test]
    fn a_secret_is_known_by_its_name_and_its_arn() {
        let mut state = state();
        state.faults.inject(Fault::throttled().for_secret("a").always());
        for name in ["a", "acs:kms:cn-hangzhou:1234567890123456:secret/a", "b"] {
            let query = format!("Action=GetSecretValue&SecretName={name}&SecretData=fake-value");
            let request = Request::new("GET", "/", &query, &HeaderMap::new(), b"");
            state.exchange(&request, DateTime::UNIX_EPOCH, "r-1".to_owned());
        }
        let told = state.journal.latest().into_iter();
        let told: Vec<_> = told.map(|record| (record.secret_name, record.faulty)).collect();
        let expected = [("a", true), ("a", true), ("b", false)];
        assert_eq!(told, expected.map(|(name, faulty)| (Some(name.to_owned()), faulty)));
        assert!(!format!("{:?}", state.journal.latest()).contains("fake-value"));
    }

    #[test]
    fn canned_errors_carry_the_id_of_the_request_and_their_own_headers() {
        let fault =
            CannedResponse::gateway_error(503, "ServiceUnavailable").header("Retry-After", "3");
        let exchange = exchange(&mut state(), Some(fault.into()));
        assert!(text(&exchange).contains(r#""RequestId":"r-1","HostId":"host:1""#));
        let answer = exchange.answer.unwrap();
        assert_eq!(answer.status, 503);
        assert_eq!(answer.headers[0], ("Retry-After".to_owned(), "3".to_owned()));
    }

    #[test]
    fn an_echo_quotes_what_was_sent() {
        let exchange = exchange(&mut state(), Some(Fault::EchoRequest));
        assert!(text(&exchange).contains("SecurityToken=fake-token"));
    }

    #[test]
    fn a_skewed_clock_is_off_for_one_request() {
        let mut state = state();
        let skewed = exchange(&mut state, Some(Fault::SkewedClock(TimeDelta::hours(-1))));
        assert_eq!(skewed.date.timestamp(), -3600);
        assert_eq!(exchange(&mut state, None).date.timestamp(), 0);
    }
}
