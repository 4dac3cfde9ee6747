//! [`TokenCursor`]: a listing whose pages each contain the token of the next.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::operation::paged::PagePosition;
use crate::pagination::checkpoint::Checkpoint;
use crate::pagination::page_result::{PageFault, PageResult};

/// No listing reads more pages: at 200 rows a page this is two hundred million rows.
const MAX_PAGES: u32 = 1_000_000;

#[derive(Debug)]
pub(crate) struct TokenCursor {
    next: Option<String>,
    /// The ids of items of the next page that were yielded by the listing that this one resumes.
    yielded: HashSet<String>,
    /// The last accepted page.
    current: Option<Page>,
    accepted: u32,
    /// A token of an earlier page, which no later page may lead to. It is replaced after twice as
    /// many pages each time, so a cycle of any length is found, whatever leads into it.
    mark: Option<String>,
    mark_again_at: u32,
}

#[derive(Debug)]
struct Page {
    token: Option<String>,
    ids: Vec<String>,
}

impl TokenCursor {
    /// Starts at the page of `next`, the first one if that is `None`, without the items `yielded`.
    pub(super) fn resume(next: Option<String>, yielded: Vec<String>) -> Self {
        Self {
            mark: next.clone(),
            next,
            yielded: yielded.into_iter().collect(),
            current: None,
            accepted: 0,
            mark_again_at: 1,
        }
    }

    pub(super) fn next(&self) -> PagePosition {
        PagePosition::Token(self.next.clone())
    }

    /// Accepts the next page, which contains the token `following`; the last page has none.
    pub(super) fn accept<'n>(
        &mut self,
        ids: impl Iterator<Item = Cow<'n, str>>,
        following: Option<&str>,
    ) -> Result<PageResult, PageFault> {
        if let Some(token) = following {
            self.check(token)?;
        }
        let yielded = std::mem::take(&mut self.yielded);
        let ids: Vec<String> = ids.map(Cow::into_owned).collect();
        let fresh = ids.iter().map(|id| !yielded.contains(id)).collect();
        let token = std::mem::replace(&mut self.next, following.map(str::to_owned));
        self.current = Some(Page { token, ids });
        Ok(PageResult { fresh, is_last: following.is_none() })
    }

    fn check(&mut self, token: &str) -> Result<(), PageFault> {
        self.accepted += 1;
        if self.mark.as_deref() == Some(token) {
            return Err(PageFault::RepeatedToken);
        }
        if self.accepted == MAX_PAGES {
            return Err(PageFault::TooManyPages(MAX_PAGES));
        }
        if self.accepted == self.mark_again_at {
            self.mark = Some(token.to_owned());
            self.mark_again_at *= 2;
        }
        Ok(())
    }

    /// Returns the last accepted page if part of it remains, and otherwise the next one.
    pub(super) fn checkpoint<'n>(
        &self,
        remaining: impl ExactSizeIterator<Item = Cow<'n, str>>,
    ) -> Checkpoint {
        let (token, yielded) = match &self.current {
            Some(page) if remaining.len() > 0 => {
                let remaining: HashSet<_> = remaining.collect();
                let yielded = page.ids.iter().filter(|id| !remaining.contains(id.as_str()));
                (&page.token, yielded.cloned().collect())
            }
            _ => {
                let mut yielded: Vec<_> = self.yielded.iter().cloned().collect();
                yielded.sort_unstable();
                (&self.next, yielded)
            }
        };
        Checkpoint { position: PagePosition::Token(token.clone()), yielded }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(token: Option<&str>) -> TokenCursor {
        TokenCursor::resume(token.map(str::to_owned), Vec::new())
    }

    fn accept(
        cursor: &mut TokenCursor,
        ids: &[&'static str],
        following: Option<&str>,
    ) -> Result<PageResult, PageFault> {
        cursor.accept(ids.iter().copied().map(Cow::Borrowed), following)
    }

    fn at(token: Option<&str>) -> PagePosition {
        PagePosition::Token(token.map(str::to_owned))
    }

    /// Returns how many pages are accepted, and what ends the listing.
    fn read<'t>(tokens: impl IntoIterator<Item = &'t str>) -> (usize, Option<PageFault>) {
        let mut cursor = start(None);
        for (accepted, token) in tokens.into_iter().enumerate() {
            if let Err(fault) = accept(&mut cursor, &[], Some(token)) {
                return (accepted, Some(fault));
            }
            assert_eq!(cursor.next(), at(Some(token)));
        }
        assert!(accept(&mut cursor, &[], None).unwrap().is_last);
        (usize::MAX, None)
    }

    #[test]
    fn page_without_token_is_the_last() {
        assert_eq!(read([]).1, None);
        assert_eq!(read(["a", "b", "c"]).1, None);
        assert_eq!(start(Some("a")).next(), at(Some("a")));
    }

    #[test]
    fn repeated_token_is_a_fault() {
        assert_eq!(read(["a", "a"]), (1, Some(PageFault::RepeatedToken)));
        let mut from_the_middle = start(Some("a"));
        assert_eq!(accept(&mut from_the_middle, &[], Some("a")), Err(PageFault::RepeatedToken));
    }

    #[test]
    fn cycle_of_any_length_is_found_within_a_few_rounds() {
        for lead in 0..20 {
            for cycle in 1..20 {
                let tokens: Vec<_> = (0..lead + cycle).map(|n| n.to_string()).collect();
                let (lead_in, round) = tokens.split_at(lead);
                let round = round.iter().cycle();
                let (accepted, fault) = read(lead_in.iter().chain(round).map(String::as_str));
                assert_eq!(fault, Some(PageFault::RepeatedToken));
                assert!(accepted <= 3 * (lead + cycle), "{lead} and {cycle}: {accepted}");
            }
        }
    }

    #[test]
    fn endless_new_tokens_are_a_fault() {
        let mut cursor = start(None);
        let mut pages = (0..).map(|n: u32| accept(&mut cursor, &[], Some(&n.to_string())));
        assert_eq!(pages.find_map(Result::err), Some(PageFault::TooManyPages(MAX_PAGES)));
    }

    #[test]
    fn checkpoint_is_the_current_page_until_all_of_it_was_yielded() {
        let mut cursor = start(Some("1"));
        let checkpoint = |cursor: &TokenCursor, remaining: &[&'static str]| {
            let Checkpoint { position, yielded } =
                cursor.checkpoint(remaining.iter().copied().map(Cow::Borrowed));
            (position, yielded.concat())
        };
        assert_eq!(checkpoint(&cursor, &[]), (at(Some("1")), String::new()));
        accept(&mut cursor, &["a", "b", "c"], Some("2")).unwrap();
        assert_eq!(checkpoint(&cursor, &["b", "c"]), (at(Some("1")), "a".to_owned()));
        assert_eq!(checkpoint(&cursor, &[]), (at(Some("2")), String::new()));
        accept(&mut cursor, &["d", "e"], None).unwrap();
        assert_eq!(checkpoint(&cursor, &["e"]), (at(Some("2")), "d".to_owned()));
    }

    #[test]
    fn resumed_page_leaves_out_what_was_yielded() {
        let mut cursor = TokenCursor::resume(None, vec!["b".to_owned(), "gone".to_owned()]);
        let untouched = cursor.checkpoint([].into_iter());
        assert_eq!(untouched.yielded, ["b", "gone"]);
        assert_eq!(accept(&mut cursor, &["a", "b"], Some("2")).unwrap().fresh, [true, false]);
        assert_eq!(accept(&mut cursor, &["b"], None).unwrap().fresh, [true]);
    }
}
