//! [`RecentIds`]: the ids on the last pages of a listing.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

/// The ids on the last pages of a listing, to recognize those that a later page repeats.
///
/// Remembering 100 ids must cost little beside decoding them. So the ids of a page are one text,
/// and they are looked up by their hashes, of a kind that is cheap. Two ids of one hash are
/// distinguished by their text: the later one replaces the other, which is then not recognized, and
/// no item is lost.
#[derive(Debug, Default)]
pub(super) struct RecentIds {
    pages: Vec<Page>,
    /// The place at which each id was seen last, by the hash of the id.
    last_places: HashMap<u64, Place, FxBuildHasher>,
    pages_added: u32,
}

#[derive(Debug)]
struct Page {
    /// Unique in its listing, unlike the number.
    serial: u32,
    number: u32,
    /// All ids, one after the other.
    ids: String,
    entries: Vec<IdEntry>,
}

#[derive(Debug)]
struct IdEntry {
    hash: u64,
    /// The position in `ids` behind the id.
    end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    page: u32,
    entry: usize,
}

impl RecentIds {
    /// Adds the ids of page `number`, and returns for each whether it is new.
    pub(super) fn add<'n>(
        &mut self,
        number: u32,
        ids: impl ExactSizeIterator<Item = Cow<'n, str>>,
    ) -> Vec<bool> {
        let serial = self.pages_added;
        self.pages_added += 1;
        let entries = Vec::with_capacity(ids.len());
        let length_before = self.pages.last().map_or(0, |page| page.ids.len());
        let text = String::with_capacity(length_before);
        self.pages.push(Page { serial, number, ids: text, entries });
        ids.map(|id| self.add_to_last_page(&id)).collect()
    }

    fn add_to_last_page(&mut self, id: &str) -> bool {
        let hash = FxBuildHasher.hash_one(id);
        let Some(page) = self.pages.last_mut() else { return true };
        let place = Place { page: page.serial, entry: page.entries.len() };
        page.push(id, hash);
        let before = self.last_places.insert(hash, place);
        before.and_then(|place| self.id_at(place)) != Some(id)
    }

    fn id_at(&self, place: Place) -> Option<&str> {
        let page = self.pages.iter().find(|page| page.serial == place.page)?;
        page.id(place.entry)
    }

    /// Forgets the ids that no page of this number or a later one had.
    pub(super) fn forget_before(&mut self, number: u32) {
        for page in self.pages.extract_if(.., |page| page.number < number) {
            for (entry, IdEntry { hash, .. }) in page.entries.iter().enumerate() {
                let place = Place { page: page.serial, entry };
                if let Entry::Occupied(last) = self.last_places.entry(*hash)
                    && *last.get() == place
                {
                    last.remove();
                }
            }
        }
    }

    /// Returns the ids on the pages of this number and later ones, some of them twice.
    pub(super) fn since(&self, number: u32) -> impl Iterator<Item = &str> {
        self.pages.iter().filter(move |page| page.number >= number).flat_map(Page::ids)
    }
}

impl Page {
    fn push(&mut self, id: &str, hash: u64) {
        self.ids.push_str(id);
        self.entries.push(IdEntry { hash, end: self.ids.len() });
    }

    fn id(&self, entry: usize) -> Option<&str> {
        let start = entry.checked_sub(1).map_or(0, |before| self.entries[before].end);
        self.ids.get(start..self.entries.get(entry)?.end)
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        (0..self.entries.len()).filter_map(|entry| self.id(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(ids: &mut RecentIds, number: u32, page: &[&'static str]) -> Vec<bool> {
        ids.add(number, page.iter().copied().map(Cow::Borrowed))
    }

    fn since(ids: &RecentIds, number: u32) -> Vec<&str> {
        ids.since(number).collect()
    }

    #[test]
    fn repeated_id_is_recognized_on_its_page_and_later_ones() {
        let mut ids = RecentIds::default();
        assert_eq!(add(&mut ids, 1, &["a", "", "b", "a", "ab"]), [true, true, true, false, true]);
        assert_eq!(add(&mut ids, 2, &["b", "c", ""]), [false, true, false]);
        assert_eq!(add(&mut ids, 2, &["c", "d"]), [false, true]);
        assert_eq!(since(&ids, 2), ["b", "c", "", "c", "d"]);
    }

    #[test]
    fn forgotten_id_is_new_unless_a_later_page_had_it() {
        let mut ids = RecentIds::default();
        add(&mut ids, 3, &["resumed"]);
        add(&mut ids, 1, &["a", "b", "b"]);
        add(&mut ids, 2, &["b"]);
        ids.forget_before(2);
        assert_eq!(since(&ids, 0), ["resumed", "b"]);
        assert_eq!(add(&mut ids, 3, &["a", "b", "resumed"]), [true, false, false]);
        ids.forget_before(4);
        assert!(ids.last_places.is_empty());
    }

    #[test]
    fn ids_of_one_hash_are_distinguished_by_text() {
        let mut ids = RecentIds::default();
        add(&mut ids, 1, &["a"]);
        let place = Place { page: 0, entry: 0 };
        let hash = FxBuildHasher.hash_one("b");
        ids.last_places.insert(hash, place);
        assert_eq!(add(&mut ids, 2, &["b", "b"]), [true, false]);
    }
}
