//! The wait that a response asks for.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use http::header::{DATE, HeaderName, RETRY_AFTER};

/// A shorter wait is prolonged to this: a response that asks for one does not ask for a burst.
const MIN_WAIT: Duration = Duration::from_millis(100);

/// A longer wait is shortened to this, as in the official clients.
const MAX_WAIT: Duration = Duration::from_secs(120);

const ACS_RETRY_AFTER: HeaderName = HeaderName::from_static("x-acs-retry-after");

/// Returns the wait that a response asks for: `x-acs-retry-after` in milliseconds, or `Retry-After`
/// in seconds or as a date, which is compared with the response's own `Date` if it has one and else
/// with `now`.
///
/// A header that is missing, zero or malformed does not ask for a wait.
pub(crate) fn requested_wait(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let milliseconds = || number(headers, ACS_RETRY_AFTER).map(Duration::from_millis);
    let seconds = || number(headers, RETRY_AFTER).map(Duration::from_secs);
    let until = || {
        let until = http_date(text(headers, RETRY_AFTER)?)?;
        (until - date(headers).unwrap_or(now)).to_std().ok().filter(|wait| !wait.is_zero())
    };
    let wait = milliseconds().or_else(seconds).or_else(until)?;
    Some(wait.clamp(MIN_WAIT, MAX_WAIT))
}

/// Returns the response's `Date`.
pub(crate) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(text(headers, DATE)?)
}

/// Returns the number in a header; `None` for zero too.
fn number(headers: &HeaderMap, name: HeaderName) -> Option<u64> {
    text(headers, name)?.parse().ok().filter(|number| *number > 0)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Reads the one form of RFC 9110, section 5.6.7, that is still sent: `Sun, 06 Nov 1994 08:49:37
/// GMT`.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(fields: &[(&'static str, &str)]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.insert(*name, value.parse().unwrap());
        }
        requested_wait(&headers, "1994-11-06T08:49:37Z".parse().unwrap())
    }

    #[test]
    fn milliseconds_take_precedence_over_seconds() {
        assert_eq!(wait(&[("x-acs-retry-after", "1500")]), Some(Duration::from_millis(1_500)));
        assert_eq!(wait(&[("retry-after", "3")]), Some(Duration::from_secs(3)));
        let both = [("x-acs-retry-after", "1500"), ("retry-after", "3")];
        assert_eq!(wait(&both), Some(Duration::from_millis(1_500)));
    }

    #[test]
    fn zero_milliseconds_do_not_hide_seconds() {
        let both = [("x-acs-retry-after", "0"), ("retry-after", "5")];
        assert_eq!(wait(&both), Some(Duration::from_secs(5)));
    }

    #[test]
    fn short_waits_are_prolonged() {
        for (milliseconds, expected) in [("1", 100), ("99", 100), ("100", 100), ("101", 101)] {
            let wait = wait(&[("x-acs-retry-after", milliseconds)]);
            assert_eq!(wait, Some(Duration::from_millis(expected)));
        }
    }

    #[test]
    fn date_is_compared_with_the_responses_date() {
        let until = ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT");
        assert_eq!(wait(&[until]), Some(Duration::from_secs(30)));
        assert_eq!(
            wait(&[until, ("date", "Sun, 06 Nov 1994 08:50:00 GMT")]),
            Some(Duration::from_secs(7))
        );
        assert_eq!(wait(&[until, ("date", "Sun, 06 Nov 1994 09:00:00 GMT")]), None, "it is past");
        assert_eq!(wait(&[until, ("date", "Sun, 06 Nov 1994 08:50:07 GMT")]), None, "it is now");
    }

    #[test]
    fn malformed_waits_are_ignored_and_long_ones_shortened() {
        assert_eq!(wait(&[]), None);
        for value in ["0", "-5", "soon", "", "1e9", "99999999999999999999999"] {
            assert_eq!(wait(&[("x-acs-retry-after", value)]), None, "{value}");
            assert_eq!(wait(&[("retry-after", value)]), None, "{value}");
        }
        assert_eq!(
            wait(&[("x-acs-retry-after", "nonsense"), ("retry-after", "3")]),
            Some(Duration::from_secs(3))
        );
        for (name, value) in [
            ("x-acs-retry-after", "18446744073709551615"),
            ("retry-after", "18446744073709551615"),
            ("retry-after", "Sat, 06 Nov 9999 08:49:37 GMT"),
        ] {
            assert_eq!(wait(&[(name, value)]), Some(MAX_WAIT), "{value}");
        }
    }
}
