//! [`Page`]: the numbered page that a request asks for.

use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Page {
    pub(super) number: i32,
    pub(super) size: i32,
}

impl Page {
    /// Reads `PageNumber`, by default 1, and `PageSize`.
    pub(super) fn read(parameters: &Parameters, default_size: i32) -> Result<Self, ErrorResponse> {
        Ok(Self {
            number: parameters.integer("PageNumber", 1, 1..=i32::MAX, "greater than 0")?,
            size: parameters.integer("PageSize", default_size, 1..=100, "1 to 100")?,
        })
    }

    /// Returns the items on this page, and the number of items on all pages.
    pub(super) fn of<T>(self, mut items: impl Iterator<Item = T>) -> (Vec<T>, usize) {
        let skipped = (self.number as usize - 1).saturating_mul(self.size as usize);
        let before = items.by_ref().take(skipped).count();
        let on_page: Vec<_> = items.by_ref().take(self.size as usize).collect();
        let total_count = before + on_page.len() + items.count();
        (on_page, total_count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(pairs: &[(&str, &str)]) -> Result<Page, ErrorResponse> {
        Page::read(&pairs.iter().copied().collect(), 10)
    }

    #[test]
    fn page_has_its_items_and_the_number_of_all() {
        let page = |number, size| Page { number, size }.of(1..=25);
        assert_eq!(page(1, 10), ((1..=10).collect(), 25));
        assert_eq!(page(3, 10), ((21..=25).collect(), 25));
        assert_eq!(page(4, 10), (vec![], 25));
        assert_eq!(page(i32::MAX, 100), (vec![], 25));
    }

    #[test]
    fn number_and_size_outside_their_ranges_are_rejected() {
        assert_eq!(page(&[]).unwrap(), Page { number: 1, size: 10 });
        let last = page(&[("PageNumber", "2147483647"), ("PageSize", "100")]).unwrap();
        assert_eq!(last, Page { number: i32::MAX, size: 100 });
        for (name, value) in [("PageNumber", "0"), ("PageSize", "0"), ("PageSize", "101")] {
            let error = page(&[(name, value)]).unwrap_err();
            assert_eq!(error.code, "InvalidParameter", "{name}={value}");
        }
    }
}
