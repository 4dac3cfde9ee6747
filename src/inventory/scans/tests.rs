use std::cell::Cell;
use std::collections::BTreeMap;

use chrono::DateTime;
use proptest::collection::{hash_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// A list that changes, in one of the orders that secrets keep. Its moments are counted by what happens.
#[derive(Debug)]
struct Service {
    order: Order,
    now: i64,
    /// All that ever were.
    secrets: Vec<Secret>,
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Name,
    Creation,
    NewestFirst,
}

#[derive(Debug)]
struct Secret {
    name: u8,
    created: i64,
    deleted: Option<i64>,
}

#[derive(Clone, Debug)]
enum Change {
    Create(u8),
    Delete(Index),
    Recreate(Index),
}

impl Service {
    fn new(order: Order, names: &[u8]) -> Self {
        let mut service = Self { order, now: 0, secrets: Vec::new() };
        for name in names {
            service.create(*name);
        }
        service
    }

    fn listed(&self) -> Vec<&Secret> {
        let mut listed: Vec<_> = self.secrets.iter().filter(|s| s.deleted.is_none()).collect();
        match self.order {
            Order::Name => listed.sort_by_key(|secret| secret.name),
            Order::Creation => listed.sort_by_key(|secret| secret.created),
            Order::NewestFirst => listed.sort_by_key(|secret| -secret.created),
        }
        listed
    }

    fn page(&mut self, number: usize, size: usize) -> ListSecretsResponse {
        self.now += 1;
        let listed = self.listed();
        let on_page = listed.iter().skip((number - 1) * size).take(size);
        page(on_page.map(|secret| secret.summary()).collect(), size, listed.len())
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Create(name) => self.create(*name),
            Change::Delete(which) => {
                self.delete(which);
            }
            Change::Recreate(which) => {
                if let Some(name) = self.delete(which) {
                    self.create(name);
                }
            }
        }
    }

    fn create(&mut self, name: u8) {
        self.now += 1;
        if self.listed().iter().all(|secret| secret.name != name) {
            self.secrets.push(Secret { name, created: self.now, deleted: None });
        }
    }

    fn delete(&mut self, which: &Index) -> Option<u8> {
        self.now += 1;
        let mut there: Vec<_> = self.secrets.iter_mut().filter(|s| s.deleted.is_none()).collect();
        let index = (!there.is_empty()).then(|| which.index(there.len()))?;
        there[index].deleted = Some(self.now);
        Some(there[index].name)
    }

    /// What was there from one moment to another.
    fn there_throughout(&self, begin: i64, end: i64) -> Vec<SecretSummary> {
        let lasted = |s: &&Secret| s.created < begin && s.deleted.is_none_or(|at| at > end);
        let mut there: Vec<_> = self.secrets.iter().filter(lasted).map(Secret::summary).collect();
        there.sort_by(|a, b| a.secret_name.cmp(&b.secret_name));
        there
    }
}

impl Secret {
    fn summary(&self) -> SecretSummary {
        summary(&format!("{:03}", self.name), Some(self.created))
    }
}

fn summary(name: &str, created: Option<i64>) -> SecretSummary {
    SecretSummary {
        secret_name: name.to_owned(),
        secret_type: None,
        create_time: created.map(|at| DateTime::from_timestamp(at, 0).unwrap()),
        update_time: None,
        planned_delete_time: None,
        owning_service: None,
        tags: None,
    }
}

fn page(secrets: Vec<SecretSummary>, size: usize, total: usize) -> ListSecretsResponse {
    ListSecretsResponse {
        page_number: 0,
        page_size: u32::try_from(size).unwrap(),
        total_count: u32::try_from(total).unwrap(),
        request_id: String::new(),
        secrets,
    }
}

/// What happens while a list is read, and how it is read.
#[derive(Clone, Debug)]
struct Story {
    order: Order,
    names: Vec<u8>,
    page_size: usize,
    /// How many pages are asked for at once, which the service then answers in any order.
    side_by_side: usize,
    answered_next: Vec<Index>,
    /// Each with how many pages are read before it.
    changes: Vec<(usize, Change)>,
}

fn stories() -> impl Strategy<Value = Story> {
    let name = 0_u8..24;
    let changes = prop_oneof![
        2 => name.clone().prop_map(Change::Create),
        2 => any::<Index>().prop_map(Change::Delete),
        1 => any::<Index>().prop_map(Change::Recreate),
    ];
    (
        select(vec![Order::Name, Order::Creation, Order::NewestFirst]),
        hash_set(name, 0..16).prop_map(Vec::from_iter),
        1_usize..6,
        1_usize..5,
        vec(any::<Index>(), 1..40),
        vec((0_usize..40, changes), 0..16),
    )
        .prop_map(|(order, names, page_size, side_by_side, answered_next, changes)| Story {
            order,
            names,
            page_size,
            side_by_side,
            answered_next,
            changes,
        })
}

/// A story being told.
struct Telling<'a> {
    story: &'a Story,
    service: Service,
    pages_read: usize,
    last_change: i64,
}

/// The moments of a pass's first and last reading.
type Span = (i64, i64);

impl Telling<'_> {
    fn read_page(&mut self, number: usize) -> (i64, ListSecretsResponse) {
        for (_, change) in self.story.changes.iter().filter(|(at, _)| *at == self.pages_read) {
            self.service.change(change);
            self.last_change = self.service.now;
        }
        self.pages_read += 1;
        let page = self.service.page(number, self.story.page_size);
        (self.service.now, page)
    }

    /// Reads all pages, handing them over in their order.
    fn read_all(&mut self, passes: &mut Passes) -> Span {
        let mut answered = BTreeMap::new();
        let mut span = None;
        for number in 1.. {
            while !answered.contains_key(&number) {
                let asked = number..number + self.story.side_by_side;
                let open: Vec<_> = asked.filter(|page| !answered.contains_key(page)).collect();
                let choices = &self.story.answered_next;
                let next = *choices[self.pages_read % choices.len()].get(&open);
                answered.insert(next, self.read_page(next));
            }
            let Some((moment, page)) = answered.remove(&number) else { unreachable!() };
            let (begin, end) = span.unwrap_or((moment, moment));
            span = Some((moment.min(begin), moment.max(end)));
            let last = page.secrets.len() < self.story.page_size;
            passes.note_page(page);
            if last {
                break;
            }
        }
        passes.end_pass();
        span.unwrap()
    }
}

/// How a story ended.
struct End {
    whole: Option<u32>,
    changed_meanwhile: bool,
}

/// Lists as long as it takes, and checks what is claimed.
fn tell(story: &Story) -> Result<End, TestCaseError> {
    let service = Service::new(story.order, &story.names);
    let mut telling = Telling { story, service, pages_read: 0, last_change: 0 };
    let reading = if story.side_by_side == 1 { Reading::OneByOne } else { Reading::SideBySide };
    let mut passes = Passes::new(reading);
    let mut spans = Vec::new();
    let mut quiet_passes = 0;
    while spans.len() < 8 {
        let quiet_before = telling.pages_read > 40;
        spans.push(telling.read_all(&mut passes));
        quiet_passes += u32::from(quiet_before);
        if let Some(whole) = passes.whole_pass() {
            let (begin, end) = spans[whole as usize];
            let there = telling.service.there_throughout(begin, end);
            let claimed = passes.secrets_of(whole);
            for secret in &there {
                prop_assert!(claimed.contains(secret), "missing {}", secret.secret_name);
            }
            let names: Vec<_> = claimed.iter().map(|secret| &secret.secret_name).collect();
            prop_assert!(names.is_sorted_by(|a, b| a < b), "not once each: {names:?}");
            if reading == Reading::SideBySide {
                prop_assert_eq!(claimed, there, "something that came or went");
            }
            let changed_meanwhile = telling.last_change > begin;
            return Ok(End { whole: Some(whole), changed_meanwhile });
        }
        let needed = match reading {
            _ if telling.service.listed().len() < story.page_size => 1,
            Reading::OneByOne => 2,
            Reading::SideBySide => 3,
        };
        prop_assert!(quiet_passes < needed, "{needed} passes over a quiet list do not settle it");
    }
    Ok(End { whole: None, changed_meanwhile: true })
}

#[test]
fn a_listing_that_is_called_whole_misses_nothing_that_was_there_throughout() {
    let [claims_while_moving, silent] = [const { Cell::new(0) }; 2];
    let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
    let mut runner = TestRunner::new(Config::with_cases(4_000));
    let outcome = runner.run(&stories(), |story| {
        match tell(&story)? {
            End { whole: None, .. } => count(&silent),
            End { changed_meanwhile: true, .. } => count(&claims_while_moving),
            End { .. } => {}
        }
        Ok(())
    });
    outcome.unwrap();
    assert!(claims_while_moving.get() > 300, "the lists hardly move: {claims_while_moving:?}");
    assert!(silent.get() > 30, "the lists hardly move: {silent:?}");
}

/// Passes over pages of secrets given by name and time of creation; page size 2, and totals that fit.
fn passes(reading: Reading, pages: &[&[&[(&str, i64)]]]) -> Passes {
    let mut passes = Passes::new(reading);
    for pass in pages {
        let total = pass.iter().map(|page| page.len()).sum();
        for secrets in *pass {
            let secrets = secrets.iter().map(|(name, at)| summary(name, Some(*at))).collect();
            passes.note_page(page(secrets, 2, total));
        }
        passes.end_pass();
    }
    passes
}

const QUIET: &[&[(&str, i64)]] = &[&[("a", 1), ("b", 2)], &[("c", 3)]];

fn names(secrets: Vec<SecretSummary>) -> Vec<String> {
    secrets.into_iter().map(|secret| secret.secret_name).collect()
}

#[test]
fn one_page_is_whole_at_once_and_more_when_other_passes_bear_them_out() {
    for reading in [Reading::OneByOne, Reading::SideBySide] {
        assert_eq!(passes(reading, &[&[&[("a", 1)]]]).whole_pass(), Some(0));
        assert_eq!(passes(reading, &[&[&[]]]).whole_pass(), Some(0), "an empty list");
        assert_eq!(passes(reading, &[QUIET]).whole_pass(), None);
    }
    assert_eq!(passes(Reading::OneByOne, &[QUIET, QUIET]).whole_pass(), Some(0));
    assert_eq!(passes(Reading::SideBySide, &[QUIET, QUIET]).whole_pass(), None);
    assert_eq!(passes(Reading::SideBySide, &[QUIET, QUIET, QUIET]).whole_pass(), Some(1));
}

#[test]
fn a_secret_created_anew_under_its_name_is_another() {
    let anew: &[&[_]] = &[&[("a", 1), ("b", 9)], &[("c", 3)]];
    assert_eq!(passes(Reading::OneByOne, &[QUIET, anew]).whole_pass(), None);
    assert_eq!(passes(Reading::SideBySide, &[QUIET, anew, QUIET]).whole_pass(), None);
}

#[test]
fn a_list_in_an_order_that_secrets_do_not_keep_contradicts_itself() {
    // "d" moved to the front after page 1 was read.
    let before: &[&[_]] = &[&[("a", 1), ("b", 2)], &[("c", 3), ("d", 4)], &[]];
    let meanwhile: &[&[_]] = &[&[("a", 1), ("b", 2)], &[("c", 3)]];
    let whole_pass = |reading| passes(reading, &[before, meanwhile, before]).whole_pass();
    assert_eq!(whole_pass(Reading::OneByOne), Some(0));
    assert_eq!(whole_pass(Reading::SideBySide), None);
}

#[test]
fn pages_that_do_not_fit_together_are_not_called_whole() {
    let whole_pass = |pages: &[(&[&str], usize, usize)]| {
        let mut passes = Passes::new(Reading::SideBySide);
        for _ in 0..5 {
            for (names, size, total) in pages {
                let secrets = names.iter().map(|name| summary(name, Some(1))).collect();
                passes.note_page(page(secrets, *size, *total));
            }
            passes.end_pass();
        }
        passes.whole_pass()
    };
    assert!(whole_pass(&[(&["a", "b"], 2, 3), (&["c"], 2, 3)]).is_some());
    assert!(whole_pass(&[(&["a", "b"], 2, 0), (&["c"], 2, 0)]).is_some(), "no total is told");
    assert_eq!(
        whole_pass(&[(&["a", "b"], 2, 3), (&["c"], 2, 4)]),
        None,
        "one more is said to follow"
    );
    assert_eq!(whole_pass(&[(&["a"], 100, 2)]), None, "one more is said to follow the only page");
    assert_eq!(whole_pass(&[(&["a", "b"], 2, 3), (&["b"], 2, 3)]), None, "a name twice");
    assert_eq!(whole_pass(&[(&["a", "a"], 100, 2)]), None, "a name twice on one page");
    assert_eq!(whole_pass(&[(&["a", "b"], 2, 3), (&["c"], 3, 3)]), None, "another page size");
    assert_eq!(whole_pass(&[(&["a", "b"], 2, 4), (&["c"], 2, 4), (&["d"], 2, 4)]), None, "a gap");
}

#[test]
fn without_times_of_creation_only_one_page_is_whole() {
    let mut one = Passes::new(Reading::OneByOne);
    one.note_page(page(vec![summary("a", None)], 2, 1));
    one.end_pass();
    assert_eq!(one.whole_pass(), Some(0));

    let mut more = Passes::new(Reading::OneByOne);
    for _ in 0..3 {
        more.note_page(page(vec![summary("a", None)], 1, 1));
        more.note_page(page(vec![], 1, 1));
        more.end_pass();
    }
    assert_eq!(more.whole_pass(), None);
}

#[test]
fn what_any_pass_saw_comes_once_as_it_was_seen_last() {
    let first: &[&[_]] = &[&[("b", 1), ("gone", 2)], &[("c", 3)]];
    let second: &[&[_]] = &[&[("a", 7), ("b", 1)], &[("c", 8)]];
    let all = passes(Reading::SideBySide, &[first, second]).all_secrets();
    assert_eq!(all[2].create_time, summary("c", Some(8)).create_time);
    assert_eq!(names(all), ["a", "b", "c", "gone"]);
}
