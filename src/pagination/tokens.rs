//! The rule of a walk through pages of which each tells the token of the next. Pure.

use std::fmt;

/// No walk goes further: at 200 rows a page this is two hundred million rows.
const MAX_PAGES: u32 = 1_000_000;

/// Where the walk is, and enough of where it was to notice that it goes in a circle.
#[derive(Debug)]
pub(super) struct TokenWalk {
    next: Option<String>,
    accepted: u32,
    /// A token from before, looked for in every later answer and replaced after twice as many pages each time: a circle of any
    /// length meets it, whatever leads into the circle.
    mark: Option<String>,
    mark_again_at: u32,
}

/// The pages do not come to an end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum EndlessTokens {
    Repeating,
    TooMany,
}

impl fmt::Display for EndlessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeating => f.write_str("a page leads back to one that was read before"),
            Self::TooMany => write!(f, "the listing did not end after {MAX_PAGES} pages"),
        }
    }
}

impl TokenWalk {
    /// Starts at the page of this token, the first one without.
    pub(super) fn new(first: Option<String>) -> Self {
        Self { mark: first.clone(), next: first, accepted: 0, mark_again_at: 1 }
    }

    /// The token of the page that comes next.
    pub(super) fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Takes note of the token that a page told; true if it was the last page.
    pub(super) fn accept(&mut self, told: Option<&str>) -> Result<bool, EndlessTokens> {
        let Some(token) = told else { return Ok(true) };
        self.accepted += 1;
        if self.mark.as_deref() == Some(token) {
            return Err(EndlessTokens::Repeating);
        }
        if self.accepted == MAX_PAGES {
            return Err(EndlessTokens::TooMany);
        }
        if self.accepted == self.mark_again_at {
            self.mark = Some(token.to_owned());
            self.mark_again_at *= 2;
        }
        self.next = Some(token.to_owned());
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many pages are accepted, and what ends the walk.
    fn walk<'t>(tokens: impl IntoIterator<Item = &'t str>) -> (usize, Option<EndlessTokens>) {
        let mut walk = TokenWalk::new(None);
        for (accepted, token) in tokens.into_iter().enumerate() {
            if let Err(endless) = walk.accept(Some(token)) {
                return (accepted, Some(endless));
            }
            assert_eq!(walk.next(), Some(token));
        }
        assert_eq!(walk.accept(None), Ok(true));
        (usize::MAX, None)
    }

    #[test]
    fn it_ends_with_a_page_that_tells_no_token() {
        assert_eq!(walk([]).1, None);
        assert_eq!(walk(["a", "b", "c"]).1, None);
        assert_eq!(TokenWalk::new(Some("a".to_owned())).next(), Some("a"));
    }

    #[test]
    fn a_token_that_comes_again_is_noticed() {
        assert_eq!(walk(["a", "a"]), (1, Some(EndlessTokens::Repeating)));
        let mut from_the_middle = TokenWalk::new(Some("a".to_owned()));
        assert_eq!(from_the_middle.accept(Some("a")), Err(EndlessTokens::Repeating));
    }

    #[test]
    fn a_circle_of_any_length_behind_any_lead_is_noticed_within_a_few_rounds() {
        for lead in 0..20 {
            for circle in 1..20 {
                let tokens: Vec<_> = (0..lead + circle).map(|n| n.to_string()).collect();
                let (lead_in, round) = tokens.split_at(lead);
                let round = round.iter().cycle();
                let (accepted, end) = walk(lead_in.iter().chain(round).map(String::as_str));
                assert_eq!(end, Some(EndlessTokens::Repeating));
                assert!(accepted <= 3 * (lead + circle), "{lead} and {circle}: {accepted}");
            }
        }
    }

    #[test]
    fn ever_new_tokens_come_to_an_end_as_well() {
        let mut walk = TokenWalk::new(None);
        let mut tokens = (0..).map(|n: u32| walk.accept(Some(&n.to_string())));
        assert_eq!(tokens.find_map(Result::err), Some(EndlessTokens::TooMany));
    }
}
