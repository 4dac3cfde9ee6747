//! [`State`]: what the emulator remembers, and the step from a request to its response.
//!
//! No sockets are involved: the system time and the request's id are arguments, and a fault of the
//! connection is returned, not executed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::account::Account;
use super::context::RequestContext;
use super::dispatch::{RegisteredResponses, dispatch};
use super::error_response::ErrorResponse;
use super::faults::{Fault, Faults};
use super::request::Request;
use super::request_log::{Observer, RequestLog, RequestRecord};
use super::response::Response;
use super::time::{Time, shifted};

#[derive(Default)]
pub(super) struct State {
    pub(super) account: Account,
    pub(super) faults: Faults,
    pub(super) registered: RegisteredResponses,
    pub(super) log: RequestLog,
    /// The number of accepted connections.
    pub(super) connections: u64,
    pub(super) time: Time,
    /// Host and port, which some error bodies contain.
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
        // A panic under the lock, which only a bug can cause, must not make every later request
        // fail.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Executes a request, and notifies the observer, which may use the emulator meanwhile.
    pub(super) fn exchange(
        &self,
        request: &Request,
        system_time: DateTime<Utc>,
        request_id: String,
    ) -> Exchange {
        let exchange = self.lock().exchange(request, system_time, request_id);
        if let Some(observer) = &self.observer {
            observer.notify(&exchange.record);
        }
        exchange
    }
}

/// The response to a request, and what to do to the connection.
pub(crate) struct Exchange {
    /// `None` if the fault allows none.
    pub(crate) response: Option<Response>,
    pub(super) fault: Option<Fault>,
    pub(super) record: RequestRecord,
}

impl State {
    /// Executes a request, unless a fault prevents it, and records it.
    pub(super) fn exchange(
        &mut self,
        request: &Request,
        system_time: DateTime<Utc>,
        request_id: String,
    ) -> Exchange {
        let now = self.time.now(system_time);
        self.account.nonces.sweep(now);
        let secret_name = request.parameters.get("SecretName");
        let secret_name =
            secret_name.map(|name| self.account.store.region().secret_name(name).to_owned());
        let fault = self.faults.next(request.action(), secret_name.as_deref());
        let response = self.respond(request, fault.as_ref(), now, &request_id);
        let record = RequestRecord {
            action: request.action().to_owned(),
            secret_name,
            status: response.as_ref().map(|response| response.status.as_u16()),
            code: response.as_ref().and_then(|response| response.code.clone()),
            faulty: fault.is_some(),
            request_id,
        };
        self.log.push(record.clone());
        Exchange { response, fault, record }
    }

    fn respond(
        &mut self,
        request: &Request,
        fault: Option<&Fault>,
        now: DateTime<Utc>,
        request_id: &str,
    ) -> Option<Response> {
        let Self { account, registered, host, .. } = self;
        let shown = match fault {
            Some(Fault::SkewedClock(by)) => shifted(now, *by),
            _ => now,
        };
        let context = RequestContext { now: shown, request_id, host };
        Some(match fault {
            Some(Fault::Hang | Fault::ResetBeforeResponse | Fault::Unreachable) => return None,
            Some(Fault::Response(canned)) => Response::canned(canned.clone(), &context),
            Some(Fault::EchoRequest) => Response::error(echo(request), &context),
            _ => dispatch(request, account, registered, now, &context)
                .unwrap_or_else(|error| Response::error(error, &context)),
        })
    }
}

/// Returns an error that quotes everything the client sent, its signature and token included.
fn echo(request: &Request) -> ErrorResponse {
    let parameters = request.parameters.iter().map(|(name, value)| format!("{name}={value}"));
    let headers = request.headers.iter().map(|(name, value)| format!("{name}: {value}"));
    let quoted: Vec<_> = parameters.chain(headers).collect();
    ErrorResponse::service(
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
    use crate::emulator::request::RequestBody;
    use crate::emulator::{CannedResponse, EmulatedSecret};

    fn send(state: &mut State, query: &str) -> Exchange {
        let body = RequestBody::Complete(b"");
        let request = Request::new("GET", "/", query, &HeaderMap::new(), body);
        state.exchange(&request, DateTime::UNIX_EPOCH, "r-1".to_owned())
    }

    fn send_with_fault(state: &mut State, fault: Option<Fault>) -> Exchange {
        if let Some(fault) = fault {
            state.faults.inject(fault.into());
        }
        send(state, "Action=ListSecrets&Version=2016-01-20&SecurityToken=fake-token")
    }

    #[test]
    fn log_has_action_and_outcome_and_no_parameter() {
        let mut state = State::default();
        state.account.store.add(EmulatedSecret::new("a"), DateTime::UNIX_EPOCH);
        send_with_fault(&mut state, None);
        send_with_fault(&mut state, Some(Fault::Hang));
        send_with_fault(&mut state, Some(CannedResponse::new(204).into()));
        send_with_fault(&mut state, Some(Fault::throttled()));
        let outcomes: Vec<_> = state
            .log
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
        assert!(!format!("{:?}", state.log.latest()).contains("fake-token"));
    }

    #[test]
    fn secret_is_identified_by_its_name_or_its_arn() {
        let mut state = State::default();
        state.faults.inject(Fault::throttled().for_secret("a").always());
        for name in ["a", "acs:kms:cn-hangzhou:1234567890123456:secret/a", "b"] {
            let query = format!("Action=GetSecretValue&SecretName={name}&SecretData=fake-value");
            send(&mut state, &query);
        }
        let records = state.log.latest().into_iter();
        let records: Vec<_> = records.map(|record| (record.secret_name, record.faulty)).collect();
        let expected = [("a", true), ("a", true), ("b", false)];
        assert_eq!(records, expected.map(|(name, faulty)| (Some(name.to_owned()), faulty)));
        assert!(!format!("{:?}", state.log.latest()).contains("fake-value"));
    }

    #[test]
    fn echo_quotes_what_was_sent() {
        let exchange = send_with_fault(&mut State::default(), Some(Fault::EchoRequest));
        let response = exchange.response.unwrap();
        assert_eq!(response.status, 400);
        let body = String::from_utf8(response.body).unwrap();
        assert!(body.contains("SecurityToken=fake-token"));
    }

    #[test]
    fn skewed_clock_is_off_for_one_request() {
        let mut state = State::default();
        let skewed = Fault::SkewedClock(TimeDelta::hours(-1));
        let skewed = send_with_fault(&mut state, Some(skewed)).response.unwrap();
        assert_eq!(skewed.headers["date"], "Wed, 31 Dec 1969 23:00:00 GMT");
        let next = send_with_fault(&mut state, None).response.unwrap();
        assert_eq!(next.headers["date"], "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
