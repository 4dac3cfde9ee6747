//! The emulator for tests on paused time, which sockets do not keep to.

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::request::Request;
use super::server::http_date;
use super::{Emulator, Fault};

/// What is answered to a request, and what is to happen to its connection.
pub(crate) struct Told {
    /// Status, headers and body; `None` where the fault allows none.
    pub(crate) answer: Option<(u16, HeaderMap, Vec<u8>)>,
    pub(crate) fault: Option<Fault>,
}

impl Emulator {
    /// Takes a request at the time `now`.
    pub(crate) fn told(&self, request: &http::Request<&[u8]>, now: DateTime<Utc>) -> Told {
        let (uri, headers) = (request.uri(), request.headers());
        let query = uri.query().unwrap_or_default();
        let request =
            Request::new(request.method().as_str(), uri.path(), query, headers, request.body());
        let exchange = self.state.lock().exchange(&request, now, "r-1".to_owned());
        let answer = exchange.answer.map(|answer| {
            let date = ("date".to_owned(), http_date(exchange.date));
            let fields = answer.headers.into_iter().chain([date]).map(|(name, value)| {
                (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
            });
            (answer.status, fields.collect(), answer.body)
        });
        Told { answer, fault: exchange.fault }
    }
}
