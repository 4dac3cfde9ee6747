//! [`Scans`]: decides from several scans of a list that changes whether one of them is known to
//! have missed nothing. It does no I/O.
//!
//! A *scan* reads pages 1, 2, … of one size up to the last, each at a moment of its own. An
//! *incarnation* of a secret lasts from its creation to its deletion; incarnations of one name
//! differ by their creation time.
//!
//! # Why a scan can be known to be complete
//!
//! Take a scan whose pages before the last are full and show no name twice, and suppose that each
//! incarnation on them lasted from the beginning of the scan to its end. Then the scan found every
//! incarnation X that did.
//!
//! For suppose X was on no page. Then at the moment of each page X was either after that page or
//! before it, in the order of the list: after page 1, since nothing is before it, and before the
//! last page, since nothing is after it. Let page p + 1 be the first one that X was before. Pages 1
//! to p are full, and the secrets on them were before X: p times the page size secrets, all
//! different, all lasting throughout. So that many secrets were before X at every moment, which
//! leaves no room for X to be before page p + 1.
//!
//! The order does not matter, as long as two secrets that last keep theirs: by name, by creation,
//! or newest first.
//!
//! That each incarnation lasted throughout is learned from other scans: an earlier and a later one
//! found it too. If pages are read strictly one after another, a later scan is sufficient: page p +
//! 1 is then read after all pages before it, so it only matters that what those showed was not
//! deleted since. A list of one page is read at one moment, and needs no other scan.
//!
//! # How an unstable order is detected
//!
//! An incarnation that was found before a scan and after it, but not in it, contradicts the above.
//! The service does not promise an order, so this is checked too, and such a scan is not used.

use chrono::{DateTime, Utc};

use crate::secrets::list_secrets::{ListSecretsResponse, SecretSummary};

/// The number of scans that [`SeenIn`] can hold.
pub(super) const MAX_SCANS: u32 = u64::BITS;

/// The way in which a scan requests its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadOrder {
    /// Each when the response for the one before has arrived.
    Sequential,
    /// Several concurrently, with responses in any order.
    Concurrent,
}

/// Everything that the scans of one listing have found so far.
#[derive(Debug)]
pub(super) struct Scans {
    read_order: ReadOrder,
    ended: Vec<ScanShape>,
    current: CurrentScan,
    /// The secrets that the ended scans found, sorted by [`Incarnation::key`]. A list of a million
    /// secrets is kept once, however often it is scanned.
    incarnations: Vec<Incarnation>,
}

/// The result of the pages of a scan before it is compared with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ScanShape {
    /// The list at one moment.
    OnePage,
    /// Pages that continue each other.
    ManyPages,
    /// Pages that do not, or that cannot be compared with other scans.
    Unusable,
}

/// The scan that is being read.
#[derive(Debug, Default)]
struct CurrentScan {
    pages: Vec<PageShape>,
    /// The incarnations that no ended scan found.
    new: Vec<Incarnation>,
    repeats_a_name: bool,
    has_undated: bool,
}

#[derive(Debug)]
struct PageShape {
    entries: usize,
    /// The page size and the length of the whole list that the response reports; 0 if it does not.
    size: u32,
    total: u32,
}

#[derive(Debug)]
struct Incarnation {
    seen: SeenIn,
    /// As the latest scan found it.
    secret: SecretSummary,
}

type Key<'a> = (&'a str, Option<DateTime<Utc>>);

impl Incarnation {
    fn key(&self) -> Key<'_> {
        key(&self.secret)
    }

    fn name(&self) -> &str {
        &self.secret.secret_name
    }
}

fn key(secret: &SecretSummary) -> Key<'_> {
    (&secret.secret_name, secret.create_time)
}

impl Scans {
    pub(super) fn new(read_order: ReadOrder) -> Self {
        Self {
            read_order,
            ended: Vec::new(),
            current: CurrentScan::default(),
            incarnations: Vec::new(),
        }
    }

    /// Returns how many scans have ended: at most [`MAX_SCANS`], which the caller ensures.
    pub(super) fn count(&self) -> u32 {
        self.ended.len() as u32
    }

    /// Adds the next page of the current scan.
    pub(super) fn add_page(&mut self, page: ListSecretsResponse) {
        let ListSecretsResponse { page_size, total_count, secrets, .. } = page;
        let shape = PageShape { entries: secrets.len(), size: page_size, total: total_count };
        self.current.pages.push(shape);
        for secret in secrets {
            self.add_secret(secret);
        }
    }

    fn add_secret(&mut self, secret: SecretSummary) {
        let scan = self.count();
        self.current.has_undated |= secret.create_time.is_none();
        match self.incarnations.binary_search_by(|known| known.key().cmp(&key(&secret))) {
            Ok(index) => {
                let known = &mut self.incarnations[index];
                self.current.repeats_a_name |= known.seen.includes(scan);
                known.seen.add(scan);
                known.secret = secret;
            }
            Err(_) => self.current.new.push(Incarnation { seen: SeenIn::only(scan), secret }),
        }
    }

    /// Ends the current scan; the next page is the first of another.
    pub(super) fn end_scan(&mut self) {
        let scan = self.count();
        let mut current = std::mem::take(&mut self.current);
        current.repeats_a_name |= self.merge(std::mem::take(&mut current.new));
        current.repeats_a_name |=
            self.incarnations.chunk_by(|one, other| one.name() == other.name()).any(|same_name| {
                same_name.iter().filter(|known| known.seen.includes(scan)).count() > 1
            });
        self.ended.push(current.shape());
    }

    /// Adds what no ended scan found, and returns whether an incarnation is in it twice.
    // Compiled only in programs that use it.
    #[inline]
    fn merge(&mut self, mut new: Vec<Incarnation>) -> bool {
        if self.incarnations.is_empty() {
            self.incarnations = new;
        } else {
            self.incarnations.append(&mut new);
        }
        let count = self.incarnations.len();
        self.incarnations.sort_unstable_by(|one, other| one.key().cmp(&other.key()));
        self.incarnations.dedup_by(|one, other| one.key() == other.key());
        self.incarnations.len() < count
    }

    /// Returns the latest scan that is known to have found everything that lasted throughout it.
    pub(super) fn complete_scan(&self) -> Option<u32> {
        (0..self.count()).rev().find(|scan| self.is_complete(*scan))
    }

    fn is_complete(&self, scan: u32) -> bool {
        match self.ended[scan as usize] {
            ScanShape::OnePage => true,
            ScanShape::ManyPages => {
                self.incarnations.iter().all(|known| self.is_consistent_with(scan, known))
            }
            ScanShape::Unusable => false,
        }
    }

    /// Returns whether `scan` found `known` if it lasted throughout, and, as far as it matters,
    /// only then.
    fn is_consistent_with(&self, scan: u32, known: &Incarnation) -> bool {
        let Incarnation { seen, .. } = known;
        if seen.before(scan) && seen.after(scan) {
            return seen.includes(scan);
        }
        match self.read_order {
            ReadOrder::Sequential => seen.after(scan) || !seen.includes(scan),
            ReadOrder::Concurrent => !seen.includes(scan),
        }
    }

    /// Returns what one scan found, by name.
    pub(super) fn into_secrets_of(self, scan: u32) -> Vec<SecretSummary> {
        let found = self.incarnations.into_iter().filter(|known| known.seen.includes(scan));
        found.map(|known| known.secret).collect()
    }

    /// Returns what any scan found, by name; of several incarnations of a name the latest.
    pub(super) fn into_all_secrets(self) -> Vec<SecretSummary> {
        let mut all = self.incarnations;
        let age = |known: &Incarnation| (known.seen.latest(), known.secret.create_time);
        // Those of a name are next to each other; the latest takes the place of the first.
        all.dedup_by(|next, latest| {
            let same_name = next.name() == latest.name();
            if same_name && age(next) > age(latest) {
                std::mem::swap(next, latest);
            }
            same_name
        });
        all.into_iter().map(|known| known.secret).collect()
    }
}

impl CurrentScan {
    fn shape(self) -> ScanShape {
        match self.pages.len() {
            _ if self.repeats_a_name || !self.pages_fit() => ScanShape::Unusable,
            1 => ScanShape::OnePage,
            _ if self.has_undated => ScanShape::Unusable,
            _ => ScanShape::ManyPages,
        }
    }

    /// Returns whether all pages have one size, those before the last are full, and nothing is said
    /// to follow the last.
    fn pages_fit(&self) -> bool {
        let Some((last, before)) = self.pages.split_last() else { return false };
        let first = &self.pages[0];
        before.iter().all(|page| page.entries == first.entries)
            && last.entries <= first.entries
            && self.pages.iter().all(|page| page.size == first.size)
            && last.total as usize <= before.len() * first.entries + last.entries
    }
}

/// The scans that found something, as bits.
#[derive(Clone, Copy, Debug)]
struct SeenIn(u64);

impl SeenIn {
    fn only(scan: u32) -> Self {
        Self(1 << scan)
    }

    fn add(&mut self, scan: u32) {
        self.0 |= 1 << scan;
    }

    fn includes(self, scan: u32) -> bool {
        self.0 & (1 << scan) != 0
    }

    fn before(self, scan: u32) -> bool {
        self.0 & ((1 << scan) - 1) != 0
    }

    fn after(self, scan: u32) -> bool {
        self.0 >> scan > 1
    }

    fn latest(self) -> u32 {
        self.0.ilog2()
    }
}

#[cfg(test)]
mod tests;
