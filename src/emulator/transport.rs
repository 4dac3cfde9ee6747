//! The emulator for tests on paused time, which sockets do not keep to.

use chrono::{DateTime, Utc};
use http::Response;

use super::request::Request;
use super::server::http_date;
use super::{Emulator, Fault};

/// What is answered to a request, and what is to happen to its connection.
pub(crate) struct Told {
    /// `None` where the fault allows none.
    pub(crate) answer: Option<Response<Vec<u8>>>,
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
            let dated =
                Response::builder().status(answer.status).header("date", http_date(exchange.date));
            let headers = answer.headers.into_iter();
            headers
                .fold(dated, |so_far, (name, value)| so_far.header(name, value))
                .body(answer.body)
                .unwrap()
        });
        Told { answer, fault: exchange.fault }
    }
}
