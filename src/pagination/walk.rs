//! The rule of a walk through numbered pages: which may be asked for, when it ends, what was seen before. Pure.

use std::collections::{HashMap, HashSet};
use std::fmt;

/// How many pages back a repeated name is recognized. A list that moves by a few entries between two pages repeats some
/// of the page before; the rest is margin, at the cost of 400 names.
const PAGES_REMEMBERED: u32 = 4;

/// So many entries in a row, on full pages and without one new name, mean that the service repeats itself. They are four of
/// the largest pages. A few small pages are no sign: where entries come in at the front, newest first, as many show again
/// what was seen.
const STALE_ENTRIES: usize = 400;

/// No walk goes further: at full pages this is a hundred million entries.
const MAX_PAGES: u32 = 1_000_000;

#[derive(Debug)]
pub(super) struct Walk {
    first: u32,
    next: u32,
    size: u32,
    /// The last page by the latest total, 0 when none was told. It only says what may be asked for early.
    known_last: u32,
    /// How many entries it is since the last new name.
    stale: usize,
    /// The names of the last pages, each with the last page that had it.
    seen: HashMap<String, u32>,
}

/// What an answer says of the whole list; 0 where it says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Answered {
    pub(super) size: u32,
    pub(super) total: u32,
}

/// What a page was for the walk.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// For each name of the page whether it is new.
    pub(super) fresh: Vec<bool>,
    /// Whether no page follows.
    pub(super) last: bool,
}

/// Where another walk finds all that was not handed out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) page: u32,
    /// What was handed out of the page before that one and of all from it on.
    pub(super) handed_out: Vec<String>,
}

/// The pages do not come to an end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Endless {
    Repeating,
    TooMany,
}

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeating => {
                write!(f, "the last {STALE_ENTRIES} entries were on full pages and had nothing new")
            }
            Self::TooMany => write!(f, "the listing did not end after {MAX_PAGES} pages"),
        }
    }
}

impl Walk {
    pub(super) fn new(first: u32, size: u32) -> Self {
        Self { first, next: first, size, known_last: 0, stale: 0, seen: HashMap::new() }
    }

    /// A walk that goes on from `place`.
    pub(super) fn from_place(place: Place, size: u32) -> Self {
        let Place { page, handed_out } = place;
        // The listing was at most one page further, so what it handed out may turn up from there on.
        let reached = page.saturating_add(1);
        let seen = handed_out.into_iter().map(|name| (name, reached)).collect();
        Self { seen, ..Self::new(page, size) }
    }

    /// The page that comes next; after the last one, the page that was not there.
    pub(super) fn next_page(&self) -> u32 {
        self.next
    }

    /// The page `distance` behind the next one, if the total says that it is there.
    ///
    /// A total is good for asking early and for nothing else: it changes while a list is read, and may be wrong.
    pub(super) fn page_ahead(&self, distance: usize) -> Option<u32> {
        let page = self.next.checked_add(u32::try_from(distance).ok()?)?;
        (page <= self.known_last).then_some(page)
    }

    /// The page size to ask for.
    pub(super) fn size(&self) -> u32 {
        self.size
    }

    /// Takes note of the page that was next: the names on it, and what the service says of the list.
    ///
    /// The walk ends at a page that is empty or not full. A service that uses smaller pages than were asked for is believed,
    /// or its first page would be taken for the last.
    pub(super) fn accept<'n>(
        &mut self,
        names: impl ExactSizeIterator<Item = &'n str>,
        answered: Answered,
    ) -> Result<Step, Endless> {
        let entries = names.len();
        let full_size = if answered.size == 0 { self.size } else { self.size.min(answered.size) };
        let last = entries == 0 || entries < full_size as usize;
        if !last && self.next - self.first + 1 == MAX_PAGES {
            return Err(Endless::TooMany);
        }
        let following = self.next.checked_add(1).ok_or(Endless::TooMany)?;
        let fresh = self.note(names);
        self.stale = if fresh.contains(&true) { 0 } else { self.stale + entries };
        if !last && self.stale >= STALE_ENTRIES {
            return Err(Endless::Repeating);
        }
        self.next = following;
        self.known_last = if last { 0 } else { last_page(answered.total, entries) };
        Ok(Step { fresh, last })
    }

    fn note<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Vec<bool> {
        let page = self.next;
        self.seen.retain(|_, seen| page.saturating_sub(*seen) <= PAGES_REMEMBERED);
        let is_fresh = |name: &str| self.seen.insert(name.to_owned(), page).is_none();
        names.map(is_fresh).collect()
    }

    /// Where to go on when all but `left`, the end of the page accepted last, was handed out.
    ///
    /// It is one page early and tells the names of one page more, so that entries that come or go before it meanwhile, up to
    /// a page of them, neither hide an entry nor show one twice.
    pub(super) fn place<'n>(&self, left: impl ExactSizeIterator<Item = &'n str>) -> Place {
        let early = if left.len() == 0 { 1 } else { 2 };
        let page = self.next.saturating_sub(early).max(self.first);
        let left: HashSet<&str> = left.collect();
        let mut handed_out: Vec<String> = self
            .seen
            .iter()
            .filter(|(name, seen)| **seen >= page.saturating_sub(1) && !left.contains(&***name))
            .map(|(name, _)| name.clone())
            .collect();
        handed_out.sort_unstable();
        Place { page, handed_out }
    }
}

/// The last page of a list of `total` entries in pages as full as one with `entries`; 0 when the total is absent or absurd.
fn last_page(total: u32, entries: usize) -> u32 {
    let pages = (total as usize).div_ceil(entries);
    u32::try_from(pages).ok().filter(|pages| *pages <= MAX_PAGES).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(walk: &mut Walk, names: &[&str]) -> Step {
        walk.accept(names.iter().copied(), Answered::default()).unwrap()
    }

    fn of_size(size: u32) -> Answered {
        Answered { size, total: 0 }
    }

    #[test]
    fn a_full_page_leads_to_the_next_and_a_short_or_empty_one_ends() {
        let mut walk = Walk::new(1, 2);
        assert!(!accept(&mut walk, &["a", "b"]).last);
        assert_eq!(walk.next_page(), 2);
        assert!(accept(&mut walk, &["c"]).last);
        assert!(accept(&mut Walk::new(1, 2), &[]).last);
        assert!(accept(&mut Walk::new(1, 2), &["a"]).last);
        assert!(
            !accept(&mut Walk::new(1, 2), &["a", "b", "c"]).last,
            "more than asked for is no last page"
        );
    }

    #[test]
    fn the_first_page_may_be_any() {
        let mut walk = Walk::new(7, 1);
        assert_eq!(walk.next_page(), 7);
        accept(&mut walk, &["a"]);
        assert_eq!(walk.next_page(), 8);
    }

    #[test]
    fn a_service_that_uses_smaller_pages_than_asked_for_is_believed() {
        let mut walk = Walk::new(1, 100);
        assert!(!walk.accept(["a", "b"].into_iter(), of_size(2)).unwrap().last);
        assert!(walk.accept(["c"].into_iter(), of_size(2)).unwrap().last);
        let larger = Walk::new(1, 2).accept(["a", "b"].into_iter(), of_size(100)).unwrap();
        assert!(!larger.last, "a larger size in the answer does not make a full page short");
    }

    /// A walk whose first page had `entries` names, in a list that the service says has `total`.
    fn walk_of(first: u32, entries: u32, total: u32) -> Walk {
        let mut walk = Walk::new(first, entries);
        let names: Vec<String> = (0..entries).map(|n| n.to_string()).collect();
        walk.accept(names.iter().map(String::as_str), Answered { size: 0, total }).unwrap();
        walk
    }

    #[test]
    fn pages_are_asked_for_early_as_far_as_the_total_goes() {
        assert_eq!(
            Walk::new(1, 100).page_ahead(1),
            None,
            "nothing is known before the first answer"
        );
        let ahead = |total, distance| walk_of(1, 100, total).page_ahead(distance);
        assert_eq!((ahead(250, 1), ahead(250, 2)), (Some(3), None));
        assert_eq!((ahead(300, 1), ahead(301, 2)), (Some(3), Some(4)));
        assert_eq!((ahead(200, 1), ahead(100, 1), ahead(1, 1)), (None, None, None));
        assert_eq!(walk_of(7, 100, 950).page_ahead(2), Some(10), "numbers count from page 1");
    }

    #[test]
    fn a_total_that_is_absent_or_absurd_promises_no_page() {
        assert_eq!(walk_of(1, 100, 0).page_ahead(1), None);
        assert_eq!(walk_of(1, 1, u32::MAX).page_ahead(1), None);
        assert_eq!(walk_of(1, 100, u32::MAX).page_ahead(1), None);
        assert_eq!(walk_of(u32::MAX - 1, 100, u32::MAX).page_ahead(usize::MAX), None);
        assert_eq!(walk_of(1, 100, 100 * MAX_PAGES).page_ahead(1), Some(3));
    }

    #[test]
    fn the_latest_total_counts_and_pages_are_as_full_as_the_latest_was() {
        let mut walk = walk_of(1, 2, 100);
        assert_eq!(walk.page_ahead(48), Some(50));
        walk.accept(["c", "d"].into_iter(), Answered { size: 0, total: 8 }).unwrap();
        assert_eq!((walk.page_ahead(1), walk.page_ahead(2)), (Some(4), None));

        let mut smaller = Walk::new(1, 100);
        smaller.accept(["a", "b"].into_iter(), Answered { size: 2, total: 8 }).unwrap();
        assert_eq!((smaller.page_ahead(2), smaller.page_ahead(3)), (Some(4), None));
        let mut fuller = Walk::new(1, 100);
        fuller.accept(["a", "b"].into_iter(), Answered { size: 1, total: 8 }).unwrap();
        assert_eq!((fuller.page_ahead(2), fuller.page_ahead(3)), (Some(4), None));
    }

    #[test]
    fn a_place_is_one_page_early_and_knows_the_names_of_one_page_more() {
        let place_after = |pages: usize, left: &[&str]| {
            let mut walk = Walk::new(3, 2);
            for page in &[["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]][..pages] {
                accept(&mut walk, page);
            }
            let Place { page, handed_out } = walk.place(left.iter().copied());
            (page, handed_out.concat())
        };
        assert_eq!(place_after(0, &[]), (3, String::new()));
        assert_eq!(place_after(1, &["b"]), (3, "a".into()));
        assert_eq!(place_after(1, &[]), (3, "ab".into()), "no earlier than the listing began");
        assert_eq!(place_after(2, &["d"]), (3, "abc".into()));
        assert_eq!(place_after(4, &["h"]), (5, "cdefg".into()));
        assert_eq!(place_after(4, &[]), (6, "efgh".into()));
    }

    #[test]
    fn a_place_does_not_move_while_nothing_new_was_handed_out() {
        let place = || Place { page: 3, handed_out: vec!["a".into(), "b".into(), "c".into()] };
        let mut walk = Walk::from_place(place(), 2);
        assert_eq!(walk.place([].into_iter()), place());
        assert_eq!(accept(&mut walk, &["a", "b"]).fresh, [false, false]);
        assert_eq!(walk.place([].into_iter()), place());
        assert_eq!(accept(&mut walk, &["c", "d"]).fresh, [false, true]);
        assert_eq!(walk.place(["d"].into_iter()), place());
    }

    #[test]
    fn a_name_of_the_pages_just_before_is_not_new() {
        let mut walk = Walk::new(1, 2);
        assert_eq!(accept(&mut walk, &["a", "a"]).fresh, [true, false]);
        assert_eq!(accept(&mut walk, &["b", "c"]).fresh, [true, true]);
        for page in [["c", "d"], ["e", "f"], ["g", "h"]] {
            accept(&mut walk, &page);
        }
        assert_eq!(
            accept(&mut walk, &["a", "b"]).fresh,
            [true, false],
            "five pages ago is forgotten, four is not"
        );
    }

    #[test]
    fn a_service_that_repeats_itself_is_found_out() {
        let mut same = Walk::new(1, 2);
        for _ in 0..STALE_ENTRIES / 2 {
            accept(&mut same, &["a", "b"]);
        }
        assert_eq!(same.accept(["a", "b"].into_iter(), of_size(2)), Err(Endless::Repeating));

        let mut cycle = Walk::new(1, 1);
        let pages = ["a", "b", "c"].iter().cycle().copied();
        let accepted = pages
            .map(|name| cycle.accept([name].into_iter(), of_size(1)))
            .take_while(Result::is_ok)
            .count();
        assert_eq!(accepted, 3 + STALE_ENTRIES - 1);
    }

    #[test]
    fn a_page_that_was_seen_whole_is_no_fault_while_new_ones_follow() {
        let mut walk = Walk::new(1, 1);
        for name in ["a", "b", "c"].into_iter().flat_map(|name| [name; STALE_ENTRIES]) {
            accept(&mut walk, &[name]);
        }
    }

    #[test]
    fn ever_new_names_come_to_an_end_as_well_and_the_last_number_is_one() {
        let mut walk = Walk::new(1, 1);
        let mut names = (0..).map(|n: u32| n.to_string());
        let outcome = loop {
            let name = names.next().unwrap();
            if let Err(endless) = walk.accept([name.as_str()].into_iter(), of_size(1)) {
                break endless;
            }
        };
        assert_eq!(outcome, Endless::TooMany);
        assert_eq!(walk.next_page(), MAX_PAGES);
        assert_eq!(
            Walk::new(u32::MAX, 1).accept(["a"].into_iter(), of_size(1)),
            Err(Endless::TooMany)
        );
    }
}
