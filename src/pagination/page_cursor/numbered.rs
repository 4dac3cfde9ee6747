//! [`NumberedCursor`]: a listing of numbered pages.

use std::borrow::Cow;
use std::collections::HashSet;

use super::recent_ids::RecentIds;
use crate::operation::paged::PagePosition;
use crate::pagination::checkpoint::Checkpoint;
use crate::pagination::page_result::{PageFault, PageResult};

/// The number of pages back in which a repeated id is recognized. A list that moves by a few items
/// between two pages repeats some of the page before; the rest is margin, at the cost of 400 ids.
const PAGES_REMEMBERED: u32 = 4;

/// This many items in a row, on full pages and without one new id, mean that the service repeats
/// itself. They are four of the largest pages. A few small pages do not mean it: where items are
/// added at the front, as many repeat earlier ones.
const MAX_REPEATED_ITEMS: usize = 400;

/// No listing reads more pages: at full pages this is a hundred million items.
const MAX_PAGES: u32 = 1_000_000;

#[derive(Debug)]
pub(crate) struct NumberedCursor {
    first: u32,
    next: u32,
    size: u32,
    /// The number of items on the pages that were read.
    read: u64,
    /// The number of items on the longest page so far.
    longest: u64,
    /// The last page by the latest total, 0 if that is unknown.
    known_last: u32,
    /// The number of items since the last new id.
    repeated: usize,
    recent: RecentIds,
}

impl NumberedCursor {
    /// Starts at page `first`, without the items `yielded`.
    pub(super) fn resume(first: u32, size: u32, yielded: Vec<String>) -> Self {
        // The listing that is resumed was at most one page further, so the items that it yielded
        // may be found up to there.
        let reached = first.saturating_add(1);
        let mut recent = RecentIds::default();
        recent.add(reached, yielded.into_iter().map(Cow::Owned));
        Self { first, next: first, size, read: 0, longest: 0, known_last: 0, repeated: 0, recent }
    }

    pub(super) fn next(&self) -> PagePosition {
        self.position(self.next)
    }

    fn position(&self, number: u32) -> PagePosition {
        PagePosition::Number { number, size: self.size }
    }

    /// Returns the page that is `distance` pages after the next one, if the total includes it.
    pub(super) fn ahead(&self, distance: usize) -> Option<PagePosition> {
        let number = self.next.checked_add(u32::try_from(distance).ok()?)?;
        (number <= self.known_last).then(|| self.position(number))
    }

    /// Accepts the next page: the ids on it, and the number, size and total of its response.
    ///
    /// The listing ends at a page that is empty, or that is not full when the total promises no
    /// more. The total never ends a listing at a full page: it changes while a list is read, and
    /// may be too small. A page is full by the size that the service reports if that is smaller
    /// than the requested one.
    pub(super) fn accept<'n>(
        &mut self,
        ids: impl ExactSizeIterator<Item = Cow<'n, str>>,
        number: u32,
        size: u32,
        total: u32,
    ) -> Result<PageResult, PageFault> {
        if number != 0 && number != self.next {
            return Err(PageFault::OtherPage { requested: self.next, received: number });
        }
        let entries = ids.len();
        let full_size = if size == 0 { self.size } else { self.size.min(size) };
        let is_full = entries >= full_size as usize;
        let read = self.read + entries as u64;
        // At least one item is on each page before the first one that was read.
        let counted = u64::from(self.first - 1) + read;
        let is_last = entries == 0 || !is_full && counted >= u64::from(total);
        if !is_last && self.next - self.first + 1 == MAX_PAGES {
            return Err(PageFault::TooManyPages(MAX_PAGES));
        }
        let following = self.next.checked_add(1).ok_or(PageFault::TooManyPages(MAX_PAGES))?;
        self.recent.forget_before(self.next.saturating_sub(PAGES_REMEMBERED));
        let fresh = self.recent.add(self.next, ids);
        self.repeated = if fresh.contains(&true) { 0 } else { self.repeated + entries };
        if !is_last && self.repeated >= MAX_REPEATED_ITEMS {
            return Err(PageFault::RepeatedItems(MAX_REPEATED_ITEMS));
        }
        self.read = read;
        self.longest = self.longest.max(entries as u64);
        self.known_last = if is_last { 0 } else { self.last_page(total) };
        self.next = following;
        Ok(PageResult { fresh, is_last })
    }

    /// Returns the last page of a list of `total` items if all other pages are as long as the
    /// longest so far; 0 if that is implausible.
    fn last_page(&self, total: u32) -> u32 {
        let before = u64::from(self.first - 1) * self.longest + self.read;
        let more = u64::from(total).saturating_sub(before).div_ceil(self.longest.max(1));
        let last = u64::from(self.next) + more;
        u32::try_from(last).ok().filter(|last| *last <= MAX_PAGES).unwrap_or(0)
    }

    /// Returns where to continue when everything but `remaining` was yielded.
    ///
    /// The position is one page early, with the ids of one page more, so that up to a page of items
    /// that are added or removed before it meanwhile neither hide an item nor repeat one.
    pub(super) fn checkpoint<'n>(
        &self,
        remaining: impl ExactSizeIterator<Item = Cow<'n, str>>,
    ) -> Checkpoint {
        let early = if remaining.len() == 0 { 1 } else { 2 };
        let number = self.next.saturating_sub(early).max(self.first);
        let remaining: HashSet<_> = remaining.collect();
        let since = self.recent.since(number.saturating_sub(1));
        let yielded = since.filter(|id| !remaining.contains(*id)).map(str::to_owned);
        let mut yielded: Vec<String> = yielded.collect();
        yielded.sort_unstable();
        yielded.dedup();
        Checkpoint { position: self.position(number), yielded }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(first: u32, size: u32) -> NumberedCursor {
        NumberedCursor::resume(first, size, Vec::new())
    }

    fn accept_page(
        cursor: &mut NumberedCursor,
        ids: &[&str],
        size: u32,
        total: u32,
    ) -> Result<PageResult, PageFault> {
        cursor.accept(ids.iter().copied().map(Cow::Borrowed), 0, size, total)
    }

    fn accept(cursor: &mut NumberedCursor, ids: &[&str]) -> PageResult {
        accept_page(cursor, ids, 0, 0).unwrap()
    }

    fn number(position: PagePosition) -> u32 {
        let PagePosition::Number { number, .. } = position else { panic!("{position:?}") };
        number
    }

    fn ahead(cursor: &NumberedCursor, distance: usize) -> Option<u32> {
        cursor.ahead(distance).map(number)
    }

    #[test]
    fn full_page_leads_to_the_next_and_short_or_empty_page_ends() {
        let mut cursor = start(1, 2);
        assert!(!accept(&mut cursor, &["a", "b"]).is_last);
        assert_eq!(cursor.next(), PagePosition::Number { number: 2, size: 2 });
        assert!(accept(&mut cursor, &["c"]).is_last);
        assert!(accept(&mut start(1, 2), &[]).is_last);
        assert!(accept(&mut start(1, 2), &["a"]).is_last);
        assert!(!accept(&mut start(1, 2), &["a", "b", "c"]).is_last, "more than requested");
    }

    #[test]
    fn first_page_can_be_any() {
        let mut cursor = start(7, 1);
        assert_eq!(number(cursor.next()), 7);
        accept(&mut cursor, &["a"]);
        assert_eq!(number(cursor.next()), 8);
    }

    #[test]
    fn smaller_page_size_of_the_response_is_used() {
        let mut cursor = start(1, 100);
        assert!(!accept_page(&mut cursor, &["a", "b"], 2, 0).unwrap().is_last);
        assert!(accept_page(&mut cursor, &["c"], 2, 0).unwrap().is_last);
        let larger = accept_page(&mut start(1, 2), &["a", "b"], 100, 0).unwrap();
        assert!(!larger.is_last, "a larger size in the response does not make a full page short");
    }

    /// A cursor after a first page of `entries` items, in a list whose total is `total`.
    fn after_one_page(first: u32, entries: u32, total: u32) -> NumberedCursor {
        let mut cursor = start(first, entries);
        let ids: Vec<String> = (0..entries).map(|n| n.to_string()).collect();
        cursor.accept(ids.iter().map(|id| Cow::Borrowed(id.as_str())), 0, 0, total).unwrap();
        cursor
    }

    /// Returns the lengths of the pages that are read from a list whose pages from `first` on have
    /// `lengths`, and whose total is `total`.
    fn read(first: u32, size: u32, total: u32, lengths: &[usize]) -> Vec<usize> {
        let mut cursor = start(first, size);
        let mut ids = (0..).map(|n: u32| n.to_string());
        let mut read = Vec::new();
        for length in lengths.iter().copied().chain(std::iter::repeat(0)) {
            let ids: Vec<String> = ids.by_ref().take(length).collect();
            let ids = ids.iter().map(|id| Cow::Borrowed(id.as_str()));
            read.push(length);
            if cursor.accept(ids, number(cursor.next()), 0, total).unwrap().is_last {
                break;
            }
        }
        read
    }

    #[test]
    fn short_page_is_not_the_last_while_the_total_promises_more() {
        assert_eq!(read(1, 100, 260, &[100, 60, 100]), [100, 60, 100, 0], "a full page");
        assert_eq!(read(1, 100, 230, &[100, 60, 70]), [100, 60, 70]);
        assert_eq!(read(1, 100, 35, &[10, 10, 10, 5]), [10, 10, 10, 5], "pages capped at 10");
        assert_eq!(read(1, 100, 30, &[10, 10, 10]), [10, 10, 10]);
        assert_eq!(read(1, 100, 500, &[100, 100]), [100, 100, 0], "an empty page ends it");
        assert_eq!(read(1, 100, 5, &[3]), [3, 0], "the total was too large");
    }

    #[test]
    fn absent_or_too_small_total_does_not_end_at_a_full_page() {
        for total in [0, 1, 100, 250] {
            assert_eq!(read(1, 100, total, &[100, 100, 50]), [100, 100, 50], "{total}");
        }
        assert_eq!(read(1, 100, 200, &[100, 100]), [100, 100, 0]);
    }

    #[test]
    fn listing_that_starts_later_does_not_rely_on_the_pages_before() {
        // They may be shorter than those that are read, so only an empty page is certainly the end.
        assert_eq!(read(3, 100, 350, &[100, 50]), [100, 50, 0]);
        assert_eq!(read(3, 100, 35, &[10, 5]), [10, 5, 0], "pages capped at 10");
        assert_eq!(read(3, 100, 53, &[50]), [50, 0]);
        assert_eq!(read(3, 100, 52, &[50]), [50], "one item on each of two pages");
        assert_eq!(read(3, 100, 0, &[50]), [50], "no total");
    }

    #[test]
    fn page_of_another_number_is_a_fault_and_can_be_requested_again() {
        let mut cursor = start(1, 2);
        accept(&mut cursor, &["a", "b"]);
        let mut accept = |number| cursor.accept([Cow::Borrowed("c")].into_iter(), number, 2, 3);
        for received in [1, 3] {
            let fault = PageFault::OtherPage { requested: 2, received };
            assert_eq!(accept(received), Err(fault));
        }
        assert!(accept(2).unwrap().is_last);
    }

    #[test]
    fn pages_are_known_ahead_as_far_as_the_total_goes() {
        assert_eq!(ahead(&start(1, 100), 1), None, "nothing is known before the first response");
        let after_one = |total, distance| ahead(&after_one_page(1, 100, total), distance);
        assert_eq!((after_one(250, 1), after_one(250, 2)), (Some(3), None));
        assert_eq!((after_one(300, 1), after_one(301, 2)), (Some(3), Some(4)));
        assert_eq!((after_one(200, 1), after_one(100, 1), after_one(1, 1)), (None, None, None));
        assert_eq!(ahead(&after_one_page(7, 100, 950), 2), Some(10), "numbers count from page 1");
    }

    #[test]
    fn absent_or_implausible_total_means_no_page_ahead() {
        assert_eq!(ahead(&after_one_page(1, 100, 0), 1), None);
        assert_eq!(ahead(&after_one_page(1, 1, u32::MAX), 1), None);
        assert_eq!(ahead(&after_one_page(1, 100, u32::MAX), 1), None);
        assert_eq!(ahead(&after_one_page(u32::MAX - 1, 100, u32::MAX), usize::MAX), None);
        assert_eq!(ahead(&after_one_page(1, 100, 100 * MAX_PAGES), 1), Some(3));
    }

    #[test]
    fn pages_ahead_follow_the_latest_total_and_page_length() {
        let mut cursor = after_one_page(1, 2, 100);
        assert_eq!(ahead(&cursor, 48), Some(50));
        accept_page(&mut cursor, &["c", "d"], 0, 8).unwrap();
        assert_eq!((ahead(&cursor, 1), ahead(&cursor, 2)), (Some(4), None));

        let mut smaller = start(1, 100);
        accept_page(&mut smaller, &["a", "b"], 2, 8).unwrap();
        assert_eq!((ahead(&smaller, 2), ahead(&smaller, 3)), (Some(4), None));
        let mut fuller = start(1, 100);
        accept_page(&mut fuller, &["a", "b"], 1, 8).unwrap();
        assert_eq!((ahead(&fuller, 2), ahead(&fuller, 3)), (Some(4), None));
    }

    fn checkpoint(cursor: &NumberedCursor, remaining: &[&str]) -> Checkpoint {
        cursor.checkpoint(remaining.iter().copied().map(Cow::Borrowed))
    }

    #[test]
    fn checkpoint_is_one_page_early_with_the_ids_of_one_page_more() {
        let after = |pages: usize, remaining: &[&str]| {
            let mut cursor = start(3, 2);
            for page in &[["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]][..pages] {
                accept(&mut cursor, page);
            }
            let Checkpoint { position, yielded } = checkpoint(&cursor, remaining);
            (number(position), yielded.concat())
        };
        assert_eq!(after(0, &[]), (3, String::new()));
        assert_eq!(after(1, &["b"]), (3, "a".into()));
        assert_eq!(after(1, &[]), (3, "ab".into()), "no earlier than the listing began");
        assert_eq!(after(2, &["d"]), (3, "abc".into()));
        assert_eq!(after(4, &["h"]), (5, "cdefg".into()));
        assert_eq!(after(4, &[]), (6, "efgh".into()));
    }

    #[test]
    fn checkpoint_stays_while_nothing_new_was_yielded() {
        let yielded = || ["a", "b", "c"].map(String::from).to_vec();
        let position = PagePosition::Number { number: 3, size: 2 };
        let expected = Checkpoint { position, yielded: yielded() };
        let mut cursor = NumberedCursor::resume(3, 2, yielded());
        assert_eq!(checkpoint(&cursor, &[]), expected);
        assert_eq!(accept(&mut cursor, &["a", "b"]).fresh, [false, false]);
        assert_eq!(checkpoint(&cursor, &[]), expected);
        assert_eq!(accept(&mut cursor, &["c", "d"]).fresh, [false, true]);
        assert_eq!(checkpoint(&cursor, &["d"]), expected);
    }

    #[test]
    fn id_of_the_four_pages_before_is_not_fresh() {
        let mut cursor = start(1, 2);
        assert_eq!(accept(&mut cursor, &["a", "a"]).fresh, [true, false]);
        assert_eq!(accept(&mut cursor, &["b", "c"]).fresh, [true, true]);
        for page in [["c", "d"], ["e", "f"], ["g", "h"]] {
            accept(&mut cursor, &page);
        }
        let fresh = accept(&mut cursor, &["a", "b"]).fresh;
        assert_eq!(fresh, [true, false], "five pages back is forgotten, four is not");
    }

    const REPEATED: PageFault = PageFault::RepeatedItems(MAX_REPEATED_ITEMS);

    #[test]
    fn service_that_repeats_itself_is_a_fault() {
        let mut same = start(1, 2);
        for _ in 0..MAX_REPEATED_ITEMS / 2 {
            accept(&mut same, &["a", "b"]);
        }
        assert_eq!(accept_page(&mut same, &["a", "b"], 2, 0), Err(REPEATED));

        let mut cycle = start(1, 1);
        let pages = ["a", "b", "c"].iter().cycle();
        let accepted =
            pages.map(|id| accept_page(&mut cycle, &[*id], 1, 0)).take_while(Result::is_ok).count();
        assert_eq!(accepted, 3 + MAX_REPEATED_ITEMS - 1);
    }

    #[test]
    fn repeated_page_between_new_ones_is_accepted() {
        let mut cursor = start(1, 1);
        for id in ["a", "b", "c"].into_iter().flat_map(|id| [id; MAX_REPEATED_ITEMS]) {
            accept(&mut cursor, &[id]);
        }
    }

    #[test]
    fn endless_new_ids_and_the_last_number_are_faults() {
        let too_many = PageFault::TooManyPages(MAX_PAGES);
        let mut cursor = start(1, 1);
        let mut ids = (0..).map(|n: u32| n.to_string());
        let fault = loop {
            let id = ids.next().unwrap();
            if let Err(fault) = accept_page(&mut cursor, &[&id], 1, 0) {
                break fault;
            }
        };
        assert_eq!(fault, too_many);
        assert_eq!(number(cursor.next()), MAX_PAGES);
        assert_eq!(accept_page(&mut start(u32::MAX, 1), &["a"], 1, 0), Err(too_many));
    }
}
