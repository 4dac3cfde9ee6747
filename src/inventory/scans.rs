//! What several passes over a list that moves say together: whether one of them is known to have missed nothing. Pure.
//!
//! A *pass* reads pages 1, 2, … of one size up to the first that is not full, each at some moment of its own. A secret's
//! *life* goes from its creation to its deletion; lives of one name are told apart by the time of creation.
//!
//! # Why a pass can be known to be whole
//!
//! Take a pass whose pages before the last are full and show no name twice, and suppose that each secret it showed lived
//! from its beginning to its end. Then it showed every secret X that did.
//!
//! For suppose X was on no page. Then at the moment of each page it stood either behind that page or ahead of it, in the
//! order of the list: behind page 1, which nothing is ahead of, and ahead of the last page, which nothing is behind. Let X
//! be ahead of page p + 1 and of no page before it. Pages 1 to p are full, and what they showed stood before X: p times the
//! page size secrets, all different, all living throughout. So that many secrets stood before X at every moment, which
//! leaves no room for X ahead of page p + 1.
//!
//! The order does not matter, as long as two secrets that live on keep theirs: by name, by creation or newest first.
//!
//! That each secret shown lived throughout is learned from other passes: the same life was seen in an earlier pass and in a
//! later one. When pages are read strictly one after another, a later pass is enough: page p + 1 is then read after all the
//! pages before it, so it only matters that what those showed was not deleted since. A list of one page is read at one
//! moment, and needs no other pass.
//!
//! # What would show that the order is not kept
//!
//! A life that was seen before a pass and after it, but not in it, contradicts the above. The service does not promise an
//! order, so this is looked for as well, and such a pass counts for nothing.

use std::collections::BTreeMap;

use crate::secrets::list_secrets::{ListSecretsResponse, SecretSummary};

/// As many passes as [`Sightings`] can hold.
pub(super) const MOST_PASSES: u32 = u64::BITS;

/// When a pass asks for its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// For each when the one before has been answered.
    OneByOne,
    /// For several at once, answered in any order.
    SideBySide,
}

/// All that the passes of one listing have shown so far.
#[derive(Debug)]
pub(super) struct Passes {
    reading: Reading,
    ended: Vec<Shape>,
    under_way: PassUnderWay,
    /// By name, each life that was seen.
    lives: BTreeMap<String, Vec<Life>>,
}

/// What the pages of a pass say of it before any other pass is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// The list at one moment.
    OnePage,
    /// Pages that go on from each other.
    ManyPages,
    /// Pages that do not, or that cannot be held against other passes.
    Unclear,
}

#[derive(Debug, Default)]
struct PassUnderWay {
    pages: Vec<PageShape>,
    repeats_a_name: bool,
    has_undated: bool,
}

#[derive(Debug)]
struct PageShape {
    entries: usize,
    /// The page size and the length of the whole list, in the service's words; 0 when it does not say.
    size: u32,
    total: u32,
}

#[derive(Debug)]
struct Life {
    seen: Sightings,
    /// As it was seen last.
    secret: SecretSummary,
}

impl Passes {
    pub(super) fn new(reading: Reading) -> Self {
        Self {
            reading,
            ended: Vec::new(),
            under_way: PassUnderWay::default(),
            lives: BTreeMap::new(),
        }
    }

    /// How many have ended: at most [`MOST_PASSES`], which the caller sees to.
    pub(super) fn count(&self) -> u32 {
        self.ended.len() as u32
    }

    /// Takes note of the next page of the pass that is under way.
    pub(super) fn note_page(&mut self, page: ListSecretsResponse) {
        let ListSecretsResponse { page_size, total_count, secrets, .. } = page;
        let shape = PageShape { entries: secrets.len(), size: page_size, total: total_count };
        self.under_way.pages.push(shape);
        for secret in secrets {
            self.note_secret(secret);
        }
    }

    fn note_secret(&mut self, secret: SecretSummary) {
        let pass = self.count();
        let lives = self.lives.entry(secret.secret_name.clone()).or_default();
        self.under_way.has_undated |= secret.create_time.is_none();
        self.under_way.repeats_a_name |= lives.iter().any(|life| life.seen.within(pass));
        match lives.iter_mut().find(|life| life.secret.create_time == secret.create_time) {
            Some(life) => {
                life.seen.add(pass);
                life.secret = secret;
            }
            None => lives.push(Life { seen: Sightings::of(pass), secret }),
        }
    }

    /// Ends the pass that is under way; the next page is the first of another.
    pub(super) fn end_pass(&mut self) {
        self.ended.push(std::mem::take(&mut self.under_way).shape());
    }

    /// The latest pass that is known to have shown all that lived throughout it.
    pub(super) fn whole_pass(&self) -> Option<u32> {
        (0..self.count()).rev().find(|pass| self.is_whole(*pass))
    }

    fn is_whole(&self, pass: u32) -> bool {
        match self.ended[pass as usize] {
            Shape::OnePage => true,
            Shape::ManyPages => {
                self.lives.values().flatten().all(|life| self.bears_out(life, pass))
            }
            Shape::Unclear => false,
        }
    }

    /// Whether `pass` showed `life` if and, as far as it matters, only if it lasted throughout.
    fn bears_out(&self, life: &Life, pass: u32) -> bool {
        let Life { seen, .. } = life;
        if seen.before(pass) && seen.after(pass) {
            return seen.within(pass);
        }
        match self.reading {
            Reading::OneByOne => seen.after(pass) || !seen.within(pass),
            Reading::SideBySide => !seen.within(pass),
        }
    }

    /// What a pass showed, by name.
    pub(super) fn secrets_of(self, pass: u32) -> Vec<SecretSummary> {
        let lives = self.lives.into_values().flatten();
        lives.filter(|life| life.seen.within(pass)).map(|life| life.secret).collect()
    }

    /// What any pass showed, by name; of several lives of a name the one that was seen last.
    pub(super) fn all_secrets(self) -> Vec<SecretSummary> {
        let latest = |lives: Vec<Life>| {
            lives.into_iter().max_by_key(|life| (life.seen.latest(), life.secret.create_time))
        };
        self.lives.into_values().filter_map(latest).map(|life| life.secret).collect()
    }
}

impl PassUnderWay {
    fn shape(self) -> Shape {
        match self.pages.len() {
            _ if self.repeats_a_name || !self.pages_fit() => Shape::Unclear,
            1 => Shape::OnePage,
            _ if self.has_undated => Shape::Unclear,
            _ => Shape::ManyPages,
        }
    }

    /// Whether all pages are of one size, those before the last are full, and nothing is said to follow the last.
    fn pages_fit(&self) -> bool {
        let Some((last, before)) = self.pages.split_last() else { return false };
        let first = &self.pages[0];
        before.iter().all(|page| page.entries == first.entries)
            && last.entries <= first.entries
            && self.pages.iter().all(|page| page.size == first.size)
            && last.total as usize <= before.len() * first.entries + last.entries
    }
}

/// The passes that saw something, as bits.
#[derive(Clone, Copy, Debug)]
struct Sightings(u64);

impl Sightings {
    fn of(pass: u32) -> Self {
        Self(1 << pass)
    }

    fn add(&mut self, pass: u32) {
        self.0 |= 1 << pass;
    }

    fn within(self, pass: u32) -> bool {
        self.0 & (1 << pass) != 0
    }

    fn before(self, pass: u32) -> bool {
        self.0 & ((1 << pass) - 1) != 0
    }

    fn after(self, pass: u32) -> bool {
        self.0 >> pass > 1
    }

    fn latest(self) -> u32 {
        self.0.ilog2()
    }
}

#[cfg(test)]
mod tests;
