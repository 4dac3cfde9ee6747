//! [`InFlight`]: when the requests in flight were sent.

use std::collections::VecDeque;

use tokio::time::Instant;

/// When the requests in flight were sent, by their number.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    /// The number of the first entry.
    first: u64,
    /// `None` for a request that is not in flight any more. The first entry is not `None`.
    sent: VecDeque<Option<Instant>>,
    len: usize,
}

impl InFlight {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds a request, and returns its number.
    pub(super) fn push(&mut self, sent: Instant) -> u64 {
        self.sent.push_back(Some(sent));
        self.len += 1;
        self.first + self.sent.len() as u64 - 1
    }

    /// Removes a request, and returns when it was sent.
    pub(super) fn remove(&mut self, number: u64) -> Option<Instant> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let sent = self.sent.get_mut(index)?.take()?;
        self.len -= 1;
        while self.sent.front().is_some_and(Option::is_none) {
            self.sent.pop_front();
            self.first += 1;
        }
        Some(sent)
    }

    pub(super) fn oldest(&self) -> Option<Instant> {
        self.sent.front().copied().flatten()
    }

    pub(super) fn remove_oldest(&mut self) {
        self.remove(self.first);
    }

    /// Returns when the request was sent that was the `index`-th, or one that was sent shortly
    /// before it.
    pub(super) fn sent(&self, index: usize) -> Option<Instant> {
        let last = index.min(self.sent.len().saturating_sub(1));
        self.sent.range(..=last).rev().find_map(|sent| *sent)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn requests_are_removed_in_any_order() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut requests = InFlight::default();
        let numbers: Vec<_> = (0..5).map(|seconds| requests.push(at(seconds))).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4]);
        assert_eq!(requests.remove(1), Some(at(1)));
        assert_eq!(requests.remove(1), None);
        assert_eq!((requests.len(), requests.oldest()), (4, Some(at(0))));
        assert_eq!(requests.sent(1), Some(at(0)));
        assert_eq!(requests.sent(9), Some(at(4)));
        requests.remove_oldest();
        assert_eq!((requests.len(), requests.oldest()), (3, Some(at(2))));
        for number in [4, 3, 2] {
            assert_eq!(requests.remove(number), Some(at(number)));
        }
        assert_eq!((requests.len(), requests.oldest()), (0, None));
        assert_eq!(requests.push(at(7)), 5);
        assert_eq!(requests.remove(6), None);
    }
}
