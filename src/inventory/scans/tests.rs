use std::cell::Cell;
use std::collections::BTreeMap;

use chrono::DateTime;
use proptest::collection::{hash_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// A list that changes, in one of the orders that secrets keep. Each event is one moment.
#[derive(Debug)]
struct Service {
    order: Order,
    now: i64,
    /// Every secret that ever existed.
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

    /// Returns what existed from one moment to another.
    fn lasting_throughout(&self, begin: i64, end: i64) -> Vec<SecretSummary> {
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

/// A list that changes while it is read, and the way in which it is read.
#[derive(Clone, Debug)]
struct Scenario {
    order: Order,
    names: Vec<u8>,
    page_size: usize,
    /// The number of pages that are requested concurrently; their responses arrive in any order.
    concurrency: usize,
    next_response: Vec<Index>,
    /// Each with how many pages are read before it.
    changes: Vec<(usize, Change)>,
}

fn scenarios() -> impl Strategy<Value = Scenario> {
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
        .prop_map(|(order, names, page_size, concurrency, next_response, changes)| Scenario {
            order,
            names,
            page_size,
            concurrency,
            next_response,
            changes,
        })
}

/// A scenario that is being played.
struct Run<'a> {
    scenario: &'a Scenario,
    service: Service,
    pages_read: usize,
    last_change: i64,
}

/// The moments when the first and the last page of a scan were read.
type Span = (i64, i64);

impl Run<'_> {
    fn read_page(&mut self, number: usize) -> (i64, ListSecretsResponse) {
        for (_, change) in self.scenario.changes.iter().filter(|(at, _)| *at == self.pages_read) {
            self.service.change(change);
            self.last_change = self.service.now;
        }
        self.pages_read += 1;
        let page = self.service.page(number, self.scenario.page_size);
        (self.service.now, page)
    }

    /// Scans all pages, and adds them in their order.
    fn scan(&mut self, scans: &mut Scans) -> Span {
        let mut responses = BTreeMap::new();
        let mut span = None;
        for number in 1.. {
            while !responses.contains_key(&number) {
                let requested = number..number + self.scenario.concurrency;
                let open: Vec<_> = requested.filter(|page| !responses.contains_key(page)).collect();
                let choices = &self.scenario.next_response;
                let next = *choices[self.pages_read % choices.len()].get(&open);
                responses.insert(next, self.read_page(next));
            }
            let Some((moment, page)) = responses.remove(&number) else { unreachable!() };
            let (begin, end) = span.unwrap_or((moment, moment));
            span = Some((moment.min(begin), moment.max(end)));
            let last = page.secrets.len() < self.scenario.page_size;
            scans.add_page(page);
            if last {
                break;
            }
        }
        scans.end_scan();
        span.unwrap()
    }
}

/// The end of a scenario.
struct End {
    complete: Option<u32>,
    changed_meanwhile: bool,
}

/// Scans until one scan is complete, and checks what that claims.
fn run(scenario: &Scenario) -> Result<End, TestCaseError> {
    let service = Service::new(scenario.order, &scenario.names);
    let mut run = Run { scenario, service, pages_read: 0, last_change: 0 };
    let read_order =
        if scenario.concurrency == 1 { ReadOrder::Sequential } else { ReadOrder::Concurrent };
    let mut scans = Scans::new(read_order);
    let mut spans = Vec::new();
    let mut quiet_scans = 0;
    while spans.len() < 8 {
        let quiet_before = run.pages_read > 40;
        spans.push(run.scan(&mut scans));
        quiet_scans += u32::from(quiet_before);
        if let Some(complete) = scans.complete_scan() {
            let (begin, end) = spans[complete as usize];
            let lasting = run.service.lasting_throughout(begin, end);
            let claimed = scans.into_secrets_of(complete);
            for secret in &lasting {
                prop_assert!(claimed.contains(secret), "missing {}", secret.secret_name);
            }
            let names: Vec<_> = claimed.iter().map(|secret| &secret.secret_name).collect();
            prop_assert!(names.is_sorted_by(|a, b| a < b), "not once each: {names:?}");
            if read_order == ReadOrder::Concurrent {
                prop_assert_eq!(claimed, lasting, "something that did not last");
            }
            let changed_meanwhile = run.last_change > begin;
            return Ok(End { complete: Some(complete), changed_meanwhile });
        }
        let needed = match read_order {
            _ if run.service.listed().len() < scenario.page_size => 1,
            ReadOrder::Sequential => 2,
            ReadOrder::Concurrent => 3,
        };
        prop_assert!(
            quiet_scans < needed,
            "{needed} scans of a list that rests are not sufficient"
        );
    }
    Ok(End { complete: None, changed_meanwhile: true })
}

#[test]
fn complete_scan_found_every_secret_that_lasted() {
    let [complete_while_moving, incomplete] = [const { Cell::new(0) }; 2];
    let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
    let mut runner = TestRunner::new(Config::with_cases(4_000));
    let outcome = runner.run(&scenarios(), |scenario| {
        match run(&scenario)? {
            End { complete: None, .. } => count(&incomplete),
            End { changed_meanwhile: true, .. } => count(&complete_while_moving),
            End { .. } => {}
        }
        Ok(())
    });
    outcome.unwrap();
    assert!(complete_while_moving.get() > 300, "the lists hardly move: {complete_while_moving:?}");
    assert!(incomplete.get() > 30, "the lists hardly move: {incomplete:?}");
}

/// Scans of pages of secrets given by name and creation time; page size 2, and totals that fit.
fn scans(read_order: ReadOrder, pages: &[&[&[(&str, i64)]]]) -> Scans {
    let mut scans = Scans::new(read_order);
    for scan in pages {
        let total = scan.iter().map(|page| page.len()).sum();
        for secrets in *scan {
            let secrets = secrets.iter().map(|(name, at)| summary(name, Some(*at))).collect();
            scans.add_page(page(secrets, 2, total));
        }
        scans.end_scan();
    }
    scans
}

const QUIET: &[&[(&str, i64)]] = &[&[("a", 1), ("b", 2)], &[("c", 3)]];

fn names(secrets: Vec<SecretSummary>) -> Vec<String> {
    secrets.into_iter().map(|secret| secret.secret_name).collect()
}

#[test]
fn one_page_is_complete_alone_and_several_by_other_scans() {
    for read_order in [ReadOrder::Sequential, ReadOrder::Concurrent] {
        assert_eq!(scans(read_order, &[&[&[("a", 1)]]]).complete_scan(), Some(0));
        assert_eq!(scans(read_order, &[&[&[]]]).complete_scan(), Some(0), "an empty list");
        assert_eq!(scans(read_order, &[QUIET]).complete_scan(), None);
    }
    assert_eq!(scans(ReadOrder::Sequential, &[QUIET, QUIET]).complete_scan(), Some(0));
    assert_eq!(scans(ReadOrder::Concurrent, &[QUIET, QUIET]).complete_scan(), None);
    assert_eq!(scans(ReadOrder::Concurrent, &[QUIET, QUIET, QUIET]).complete_scan(), Some(1));
}

#[test]
fn recreated_secret_is_another_incarnation() {
    let recreated: &[&[_]] = &[&[("a", 1), ("b", 9)], &[("c", 3)]];
    assert_eq!(scans(ReadOrder::Sequential, &[QUIET, recreated]).complete_scan(), None);
    assert_eq!(scans(ReadOrder::Concurrent, &[QUIET, recreated, QUIET]).complete_scan(), None);
}

#[test]
fn unstable_order_contradicts_itself() {
    // "d" moved to the front after page 1 was read.
    let before: &[&[_]] = &[&[("a", 1), ("b", 2)], &[("c", 3), ("d", 4)], &[]];
    let meanwhile: &[&[_]] = &[&[("a", 1), ("b", 2)], &[("c", 3)]];
    let complete_scan =
        |read_order| scans(read_order, &[before, meanwhile, before]).complete_scan();
    assert_eq!(complete_scan(ReadOrder::Sequential), Some(0));
    assert_eq!(complete_scan(ReadOrder::Concurrent), None);
}

#[test]
fn pages_that_do_not_fit_are_never_complete() {
    let complete_scan = |pages: &[(&[&str], usize, usize)]| {
        let mut scans = Scans::new(ReadOrder::Concurrent);
        for _ in 0..5 {
            for (names, size, total) in pages {
                let secrets = names.iter().map(|name| summary(name, Some(1))).collect();
                scans.add_page(page(secrets, *size, *total));
            }
            scans.end_scan();
        }
        scans.complete_scan()
    };
    assert!(complete_scan(&[(&["a", "b"], 2, 3), (&["c"], 2, 3)]).is_some());
    assert!(complete_scan(&[(&["a", "b"], 2, 0), (&["c"], 2, 0)]).is_some(), "no total");
    assert_eq!(
        complete_scan(&[(&["a", "b"], 2, 3), (&["c"], 2, 4)]),
        None,
        "the total promises one more"
    );
    assert_eq!(
        complete_scan(&[(&["a"], 100, 2)]),
        None,
        "the total promises one more than the only page"
    );
    assert_eq!(complete_scan(&[(&["a", "b"], 2, 3), (&["b"], 2, 3)]), None, "a name twice");
    assert_eq!(complete_scan(&[(&["a", "a"], 100, 2)]), None, "a name twice on one page");
    assert_eq!(complete_scan(&[(&["a", "b"], 2, 3), (&["c"], 3, 3)]), None, "another page size");
    assert_eq!(
        complete_scan(&[(&["a", "b"], 2, 4), (&["c"], 2, 4), (&["d"], 2, 4)]),
        None,
        "a gap"
    );
}

#[test]
fn without_creation_times_only_one_page_is_complete() {
    let mut one = Scans::new(ReadOrder::Sequential);
    one.add_page(page(vec![summary("a", None)], 2, 1));
    one.end_scan();
    assert_eq!(one.complete_scan(), Some(0));

    let mut more = Scans::new(ReadOrder::Sequential);
    for _ in 0..3 {
        more.add_page(page(vec![summary("a", None)], 1, 1));
        more.add_page(page(vec![], 1, 1));
        more.end_scan();
    }
    assert_eq!(more.complete_scan(), None);
}

#[test]
fn all_secrets_are_each_name_once_as_found_last() {
    let first: &[&[_]] = &[&[("b", 1), ("gone", 2)], &[("c", 3)]];
    let second: &[&[_]] = &[&[("a", 7), ("b", 1)], &[("c", 8)]];
    let all = scans(ReadOrder::Concurrent, &[first, second]).into_all_secrets();
    assert_eq!(all[2].create_time, summary("c", Some(8)).create_time);
    assert_eq!(names(all), ["a", "b", "c", "gone"]);
}

/// The clock of the service may have been set back, so that the scan counts before the time.
#[test]
fn incarnation_of_the_latest_scan_wins_over_a_later_creation() {
    let (first, second): (&[&[_]], &[&[_]]) = (&[&[("a", 9)]], &[&[("a", 1)]]);
    let all = scans(ReadOrder::Concurrent, &[first, second]).into_all_secrets();
    assert_eq!(all[0].create_time, summary("a", Some(1)).create_time);
}

#[test]
fn secret_is_returned_as_the_latest_scan_found_it() {
    let scans = || {
        let mut scans = Scans::new(ReadOrder::Concurrent);
        for owner in ["first", "second", "third"] {
            let owned = |name, created| SecretSummary {
                owning_service: Some(owner.to_owned()),
                ..summary(name, Some(created))
            };
            scans.add_page(page(vec![owned("b", 2)], 1, 2));
            scans.add_page(page(vec![owned("a", 1)], 1, 2));
            scans.add_page(page(Vec::new(), 1, 2));
            scans.end_scan();
        }
        scans
    };
    let complete = scans().complete_scan().unwrap();
    for secrets in [scans().into_secrets_of(complete), scans().into_all_secrets()] {
        let owners = secrets.iter().map(|secret| secret.owning_service.as_deref().unwrap());
        assert_eq!(owners.collect::<Vec<_>>(), ["third", "third"]);
    }
}

#[test]
fn name_twice_in_a_later_scan_makes_it_unusable() {
    // "b" is found as it was and recreated, in either order.
    for repeated in [[("b", 2), ("b", 9)], [("b", 9), ("b", 2)], [("b", 2), ("b", 2)]] {
        let moving: &[&[_]] = &[&repeated, &[("c", 3)]];
        let scans = scans(ReadOrder::Sequential, &[QUIET, moving]);
        assert_eq!(scans.ended, [ScanShape::ManyPages, ScanShape::Unusable], "{repeated:?}");
    }
}
