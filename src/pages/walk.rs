//! The rule of a walk through numbered pages: which page is next, when it ends, what was seen before. Pure.

use std::collections::{HashSet, VecDeque};
use std::fmt;

/// How many pages back a repeated name is recognized. A list that moves by a few entries between two pages repeats some
/// of the page before; the rest is margin, at the cost of 400 names.
const PAGES_REMEMBERED: usize = 4;

/// So many full pages in a row without one new name mean that the service repeats itself. One alone can come of a list
/// that moved by a page, newest entries first.
const STALE_PAGES: u32 = 4;

/// No walk goes further: at full pages this is a hundred million entries.
const MAX_PAGES: u32 = 1_000_000;

#[derive(Debug)]
pub(super) struct Walk {
    next: u32,
    size: u32,
    accepted: u32,
    stale: u32,
    remembered: VecDeque<HashSet<String>>,
}

/// What a page was for the walk.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// For each name of the page whether it is new.
    pub(super) fresh: Vec<bool>,
    /// Whether no page follows.
    pub(super) last: bool,
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
                write!(f, "the last {STALE_PAGES} pages were full and had nothing new")
            }
            Self::TooMany => write!(f, "the listing did not end after {MAX_PAGES} pages"),
        }
    }
}

impl Walk {
    pub(super) fn new(first: u32, size: u32) -> Self {
        Self { next: first, size, accepted: 0, stale: 0, remembered: VecDeque::new() }
    }

    /// The page that comes next; after the last one, the page that was not there.
    pub(super) fn next_page(&self) -> u32 {
        self.next
    }

    /// The page size to ask for.
    pub(super) fn size(&self) -> u32 {
        self.size
    }

    /// Takes note of the page that was next: the names on it, and the page size that the service says it used.
    ///
    /// The walk ends at a page that is empty or not full. A total is not looked at: it changes while a list is read. A
    /// service that uses smaller pages than were asked for is believed, or its first page would be taken for the last.
    pub(super) fn accept<'n>(
        &mut self,
        names: impl ExactSizeIterator<Item = &'n str>,
        answered_size: u32,
    ) -> Result<Step, Endless> {
        let full_size = if answered_size == 0 { self.size } else { self.size.min(answered_size) };
        let last = names.len() == 0 || names.len() < full_size as usize;
        let fresh = self.note(names);
        self.stale = if fresh.contains(&true) { 0 } else { self.stale + 1 };
        self.accepted += 1;
        if !last {
            if self.stale == STALE_PAGES {
                return Err(Endless::Repeating);
            }
            if self.accepted == MAX_PAGES {
                return Err(Endless::TooMany);
            }
        }
        self.next = self.next.checked_add(1).ok_or(Endless::TooMany)?;
        Ok(Step { fresh, last })
    }

    fn note<'n>(&mut self, names: impl ExactSizeIterator<Item = &'n str>) -> Vec<bool> {
        let mut page = HashSet::with_capacity(names.len());
        let fresh = names
            .map(|name| {
                let known = page.contains(name)
                    || self.remembered.iter().any(|earlier| earlier.contains(name));
                if !page.contains(name) {
                    page.insert(name.to_owned());
                }
                !known
            })
            .collect();
        if self.remembered.len() == PAGES_REMEMBERED {
            self.remembered.pop_front();
        }
        self.remembered.push_back(page);
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(walk: &mut Walk, names: &[&str]) -> Step {
        walk.accept(names.iter().copied(), 0).unwrap()
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
        assert!(!walk.accept(["a", "b"].into_iter(), 2).unwrap().last);
        assert!(walk.accept(["c"].into_iter(), 2).unwrap().last);
        let larger = Walk::new(1, 2).accept(["a", "b"].into_iter(), 100).unwrap();
        assert!(!larger.last, "a larger size in the answer does not make a full page short");
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
        for _ in 0..STALE_PAGES {
            accept(&mut same, &["a", "b"]);
        }
        assert_eq!(same.accept(["a", "b"].into_iter(), 2), Err(Endless::Repeating));

        let mut cycle = Walk::new(1, 1);
        let pages = ["a", "b", "c"].iter().cycle().copied();
        let accepted =
            pages.map(|name| cycle.accept([name].into_iter(), 1)).take_while(Result::is_ok).count();
        assert_eq!(accepted, 3 + STALE_PAGES as usize - 1);
    }

    #[test]
    fn a_page_that_was_seen_whole_is_no_fault_while_new_ones_follow() {
        let mut walk = Walk::new(1, 1);
        for name in ["a", "a", "a", "a", "b", "b", "b", "b", "c"] {
            accept(&mut walk, &[name]);
        }
    }

    #[test]
    fn ever_new_names_come_to_an_end_as_well_and_the_last_number_is_one() {
        let mut walk = Walk::new(1, 1);
        let mut names = (0..).map(|n: u32| n.to_string());
        let outcome = loop {
            let name = names.next().unwrap();
            if let Err(endless) = walk.accept([name.as_str()].into_iter(), 1) {
                break endless;
            }
        };
        assert_eq!(outcome, Endless::TooMany);
        assert_eq!(walk.next_page(), MAX_PAGES);
        assert_eq!(Walk::new(u32::MAX, 1).accept(["a"].into_iter(), 1), Err(Endless::TooMany));
    }
}
