//! How long the service asks to be left alone.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// No request to wait is followed beyond this, as in the official clients.
const LONGEST: Duration = Duration::from_secs(120);

/// The wait that an answer asks for: `x-acs-retry-after` in milliseconds or, without it, `Retry-After` in seconds or as a
/// date, which is held against the answer's own `Date` if it has one and else against `now`.
///
/// Nothing, zero and nonsense are `None`.
pub(crate) fn asked_for(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let milliseconds =
        || Some(Duration::from_millis(text(headers, "x-acs-retry-after")?.parse().ok()?));
    let seconds = || Some(Duration::from_secs(text(headers, RETRY_AFTER.as_str())?.parse().ok()?));
    let until = || {
        let until = http_date(text(headers, RETRY_AFTER.as_str())?)?;
        (until - date(headers).unwrap_or(now)).to_std().ok()
    };
    let wait = milliseconds().or_else(seconds).or_else(until)?;
    (!wait.is_zero()).then(|| wait.min(LONGEST))
}

/// The time that an answer says it was given at.
pub(crate) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(text(headers, DATE.as_str())?)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// The one form of RFC 9110, section 5.6.7, that is still sent: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(fields: &[(&'static str, &str)]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.insert(*name, value.parse().unwrap());
        }
        asked_for(&headers, "1994-11-06T08:49:37Z".parse().unwrap())
    }

    #[test]
    fn milliseconds_go_before_seconds() {
        assert_eq!(asked(&[("x-acs-retry-after", "1500")]), Some(Duration::from_millis(1_500)));
        assert_eq!(asked(&[("retry-after", "3")]), Some(Duration::from_secs(3)));
        let both = [("x-acs-retry-after", "1500"), ("retry-after", "3")];
        assert_eq!(asked(&both), Some(Duration::from_millis(1_500)));
    }

    #[test]
    fn a_date_is_held_against_the_answers_own_clock() {
        let until = ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT");
        assert_eq!(asked(&[until]), Some(Duration::from_secs(30)));
        assert_eq!(
            asked(&[until, ("date", "Sun, 06 Nov 1994 08:50:00 GMT")]),
            Some(Duration::from_secs(7))
        );
        assert_eq!(asked(&[until, ("date", "Sun, 06 Nov 1994 09:00:00 GMT")]), None, "it is past");
    }

    #[test]
    fn nothing_zero_and_nonsense_ask_for_nothing_and_the_absurd_is_cut() {
        assert_eq!(asked(&[]), None);
        for value in ["0", "-5", "soon", "", "1e9", "99999999999999999999999"] {
            assert_eq!(asked(&[("x-acs-retry-after", value)]), None, "{value}");
            assert_eq!(asked(&[("retry-after", value)]), None, "{value}");
        }
        assert_eq!(
            asked(&[("x-acs-retry-after", "nonsense"), ("retry-after", "3")]),
            Some(Duration::from_secs(3))
        );
        for (name, value) in [
            ("x-acs-retry-after", "18446744073709551615"),
            ("retry-after", "18446744073709551615"),
            ("retry-after", "Sat, 06 Nov 9999 08:49:37 GMT"),
        ] {
            assert_eq!(asked(&[(name, value)]), Some(LONGEST), "{value}");
        }
    }
}
