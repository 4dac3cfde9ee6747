//! [`RequestRecord`]: one received request, for a test to check afterwards.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

/// The size of the log, which keeps a soak test from filling the memory.
pub(super) const MAX_RECORDS: usize = 1_000;

/// A request as the emulator received it. It holds no parameter but the names of the operation and
/// the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The requested operation, empty if the request names none.
    pub action: String,
    /// The name of the secret in `SecretName`, also if the request contains its ARN. `None` for
    /// operations that name no secret there, such as `ListSecrets` and `TagResources`.
    pub secret_name: Option<String>,
    /// The HTTP status of the response, also if a fault lost or truncated it. `None` if the fault
    /// prevented any response.
    pub status: Option<u16>,
    /// The service's error code. `None` on success and for canned responses that are not errors of
    /// the service.
    pub code: Option<Cow<'static, str>>,
    /// The request id in the response's `x-acs-request-id` header.
    pub request_id: String,
    /// True if a [`Fault`](super::Fault) applied to the request.
    pub faulty: bool,
}

/// The function of the user that is called for each request.
#[derive(Clone)]
pub(super) struct Observer(Arc<dyn Fn(&RequestRecord) + Send + Sync>);

impl Observer {
    pub(super) fn new(observe: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observe))
    }

    pub(super) fn notify(&self, record: &RequestRecord) {
        (self.0)(record);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// The latest requests, and how many there were.
#[derive(Default)]
pub(super) struct RequestLog {
    latest: VecDeque<RequestRecord>,
    count: u64,
}

impl RequestLog {
    pub(super) fn push(&mut self, record: RequestRecord) {
        if self.latest.len() == MAX_RECORDS {
            self.latest.pop_front();
        }
        self.latest.push_back(record);
        self.count += 1;
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn latest(&self) -> Vec<RequestRecord> {
        self.latest.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_counts_all_requests_and_holds_the_latest() {
        let mut log = RequestLog::default();
        for number in 0..1_500u16 {
            log.push(RequestRecord {
                action: String::new(),
                secret_name: None,
                status: Some(number),
                code: None,
                request_id: String::new(),
                faulty: false,
            });
        }
        assert_eq!(log.count(), 1_500);
        let latest = log.latest();
        assert_eq!(latest.len(), MAX_RECORDS);
        assert_eq!(latest[0].status, Some(500));
    }
}
