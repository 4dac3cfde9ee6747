//! Recorded traffic: the expected requests, in order, and the response to each.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde::Deserialize;

use super::network::{Received, Response};
use crate::sign::canonical::{canonical_query, string_to_sign};
use crate::sign::digest::SigningKey;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    request: Expected,
    response: Recorded,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    method: String,
    /// Without the query.
    url: String,
    #[serde(default)]
    query: BTreeMap<String, String>,
    /// Parameters of a form in the body.
    #[serde(default)]
    form: BTreeMap<String, String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Headers that must be absent.
    #[serde(default)]
    without_headers: Vec<String>,
    json: Option<serde_json::Value>,
    /// True if no proxy may be used; missing if that does not matter.
    direct: Option<bool>,
    /// The access key secret that signs the request.
    signed_with: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Recorded {
    /// `unreachable`: nobody listens.
    None(String),
    Response {
        status: u16,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// Text, or JSON as it is.
        body: serde_json::Value,
    },
}

impl Exchange {
    /// Returns whether it uses a socket.
    pub(super) fn has_response(&self) -> bool {
        matches!(self.response, Recorded::Response { .. })
    }
}

/// The exchanges that are left, and the differences from the recording.
#[derive(Clone, Default)]
pub(super) struct Traffic(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    left: VecDeque<Exchange>,
    problems: Vec<String>,
}

impl Traffic {
    pub(super) fn new(exchanges: Vec<Exchange>) -> Self {
        Self(Arc::new(Mutex::new(State { left: exchanges.into(), problems: Vec::new() })))
    }

    pub(super) fn respond(&self, received: &Received) -> Response {
        let mut state = self.0.lock().unwrap();
        let Some(next) = state.left.pop_front() else {
            state.problems.push(format!("unexpected: {} {}", received.method, received.url));
            return Response::new(599, "");
        };
        state.problems.extend(next.request.differences(received));
        match next.response {
            Recorded::None(_) => Response::new(599, ""),
            Recorded::Response { status, headers, body } => Response {
                status,
                headers: headers
                    .iter()
                    .map(|(name, value)| format!("{name}: {value}\r\n"))
                    .collect(),
                body: match body {
                    serde_json::Value::String(text) => text,
                    json => json.to_string(),
                },
            },
        }
    }

    /// Returns whether nobody listens for the next request, which is for `url`, and completes it.
    pub(super) fn is_unreachable(&self, url: &str) -> bool {
        let mut state = self.0.lock().unwrap();
        let Some(Exchange { response: Recorded::None(how), request }) = state.left.front() else {
            return false;
        };
        assert_eq!(how, "unreachable");
        let expected = url.split('?').next() == Some(&request.url);
        if expected {
            state.left.pop_front();
        }
        expected
    }

    /// Returns the differences from the recording, and the requests that were never sent.
    pub(super) fn problems(&self) -> Vec<String> {
        let state = self.0.lock().unwrap();
        let unsent = state
            .left
            .iter()
            .map(|left| format!("never sent: {} {}", left.request.method, left.request.url));
        state.problems.iter().cloned().chain(unsent).collect()
    }
}

impl Expected {
    fn differences(&self, received: &Received) -> Vec<String> {
        let mut differences = Vec::new();
        let mut check = |what: &str, expected: &str, found: Option<&str>| {
            if found != Some(expected) {
                differences.push(format!("{what} is {found:?}, not {expected:?}"));
            }
        };
        let mut url = received.url.clone();
        url.set_query(None);
        check("method", &self.method, Some(&received.method));
        check("url", &self.url, Some(url.as_str()));
        for (name, value) in &self.headers {
            check(name, value, received.headers.get(name).map(String::as_str));
        }
        let [query, form] = received.parameters();
        for (expected, found) in [(&self.query, &query), (&self.form, &form)] {
            for (name, value) in expected {
                let found = found.iter().find(|(known, _)| known == name);
                check(name, value, found.map(|(_, value)| value.as_str()));
            }
        }
        if let Some(json) = &self.json {
            let found: Option<serde_json::Value> = serde_json::from_str(&received.body).ok();
            check("json", &json.to_string(), found.map(|found| found.to_string()).as_deref());
        }
        if let Some(secret) = &self.signed_with {
            let (signatures, mut signed): (Vec<_>, Vec<_>) =
                query.iter().chain(&form).cloned().partition(|(name, _)| name == "Signature");
            let text = string_to_sign(&received.method, &canonical_query(&mut signed));
            let found = signatures.first().map(|(_, value)| value.as_str());
            check("signature", &SigningKey::v1(secret).signature(&text), found);
        }
        let is_direct = received.headers.contains_key("x-direct");
        if self.direct.is_some_and(|expected| expected != is_direct) {
            differences.push(format!("{} has direct {is_direct}", received.url));
        }
        for name in &self.without_headers {
            if received.headers.contains_key(name) {
                differences.push(format!("{name} was sent"));
            }
        }
        if received.url.as_str().contains("hidden") {
            differences.push("a secret is in the URL".to_owned());
        }
        differences
    }
}
