//! What arrived, for a test to look at afterwards.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;

/// How many requests are remembered one by one, so that a soak does not fill the memory.
pub(super) const REMEMBERED: usize = 1_000;

/// One request as the emulator saw it. It holds no parameter but the names of the operation and the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The operation asked for, empty when none was named.
    pub action: String,
    /// The name of the secret that the request is about (`SecretName`), also where it was told by its ARN; `None` where no
    /// secret is named there, as by `ListSecrets` and `TagResources`.
    pub secret_name: Option<String>,
    /// The HTTP status of the answer, also of one that a fault lost or cut; `None` if there was none to begin with.
    pub status: Option<u16>,
    /// The service's error code, `None` on success and for canned answers that are no errors of the service.
    pub code: Option<Cow<'static, str>>,
    /// The id that the answer carried in `x-acs-request-id`.
    pub request_id: String,
    /// Whether a [`Fault`](super::Fault) hit it.
    pub faulty: bool,
}

/// Who is told of each request.
pub(super) struct Observer(Box<dyn Fn(&RequestRecord) + Send + Sync>);

impl Observer {
    pub(super) fn new(observe: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        Self(Box::new(observe))
    }

    pub(super) fn tell(&self, record: &RequestRecord) {
        (self.0)(record);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

#[derive(Default)]
pub(super) struct Journal {
    latest: VecDeque<RequestRecord>,
    count: u64,
}

impl Journal {
    pub(super) fn record(&mut self, record: RequestRecord) {
        if self.latest.len() == REMEMBERED {
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
    fn all_requests_are_counted_and_the_latest_remembered() {
        let mut journal = Journal::default();
        for number in 0..1_500u16 {
            journal.record(RequestRecord {
                action: String::new(),
                secret_name: None,
                status: Some(number),
                code: None,
                request_id: String::new(),
                faulty: false,
            });
        }
        assert_eq!(journal.count(), 1_500);
        let latest = journal.latest();
        assert_eq!(latest.len(), REMEMBERED);
        assert_eq!(latest[0].status, Some(500));
    }
}
