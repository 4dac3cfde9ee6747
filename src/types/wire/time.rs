//! Times and durations.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserializer, Serializer};

use super::text::read_text;

/// Reads a time as [`parse_time`] does; `None` if it is malformed or not a text.
pub(crate) fn lenient_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    let mut time = None;
    read_text(deserializer, &mut |text| time = parse_time(text))?;
    Ok(time)
}

/// Reads a duration such as `604800s`, also in the other units of requests (`d`, `h`, `m`); `None`
/// if it is malformed or not a text.
pub(crate) fn lenient_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let mut duration = None;
    read_text(deserializer, &mut |text| duration = parse_duration(text))?;
    Ok(duration)
}

/// Writes a duration in the form that [`lenient_duration`] reads.
pub(crate) fn seconds<S: Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match duration {
        Some(duration) => serializer.collect_str(&format_args!("{}s", duration.as_secs())),
        None => serializer.serialize_none(),
    }
}

/// Parses a duration in the form of requests and responses.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    Some(Duration::from_secs(number.parse::<u64>().ok()?.checked_mul(seconds)?))
}

/// Parses a time of RFC 3339, such as `2024-07-17T07:59:05Z`. A listing contains two or three times
/// for each secret, and the parser of chrono takes several times as long.
pub(crate) fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let (local, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let separators = [(4, "-"), (7, "-"), (10, "Tt "), (13, ":"), (16, ":")];
    if separators.iter().any(|(at, allowed)| !allowed.as_bytes().contains(&local[*at])) {
        return None;
    }
    let [year, month, day, hour, minute, second] =
        [0..4, 5..7, 8..10, 11..13, 14..16, 17..19].map(|digits| number(&local[digits]));
    let date = NaiveDate::from_ymd_opt(year?.cast_signed(), month?, day?)?;
    let (nanoseconds, zone) = split_fraction(rest)?;
    let time = match second? {
        // A leap second is the second before it, prolonged.
        60 => date.and_hms_nano_opt(hour?, minute?, 59, 1_000_000_000 + nanoseconds)?,
        second => date.and_hms_nano_opt(hour?, minute?, second, nanoseconds)?,
    };
    Some(time.checked_sub_offset(parse_offset(zone)?)?.and_utc())
}

/// Splits the part of a second off, in nanoseconds; 0 if there is none. Further digits are cut.
fn split_fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let Some(text) = text.strip_prefix(b".") else { return Some((0, text)) };
    let digits = text.iter().take_while(|digit| digit.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(digits);
    let known = &digits[..digits.len().min(9)];
    let missing = u32::try_from(9 - known.len()).ok()?;
    (!digits.is_empty()).then_some((number(known)? * 10_u32.pow(missing), rest))
}

/// Parses `Z`, `+08:00` or `-08:00`.
fn parse_offset(text: &[u8]) -> Option<FixedOffset> {
    match text {
        b"Z" | b"z" => FixedOffset::east_opt(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
            let seconds = (hours * 3_600 + minutes * 60).cast_signed();
            let offset = FixedOffset::east_opt(if *sign == b'+' { seconds } else { -seconds });
            offset.filter(|_| minutes < 60)
        }
        _ => None,
    }
}

/// Returns the number that digits, at most nine, write.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::wire::object;
    use crate::types::wire::tests::any_json;

    #[derive(Debug, serde::Deserialize, serde::Serialize)]
    struct Times {
        #[serde(default, deserialize_with = "lenient_time")]
        time: Option<DateTime<Utc>>,
        #[serde(default, deserialize_with = "lenient_duration", serialize_with = "seconds")]
        duration: Option<Duration>,
    }

    fn read(json: &str) -> Times {
        object(json).unwrap()
    }

    fn general(text: &str) -> Option<DateTime<Utc>> {
        DateTime::parse_from_rfc3339(text).ok().map(|time| time.with_timezone(&Utc))
    }

    #[test]
    fn times_with_fractions_and_offsets_are_read() {
        let time = |text: &str| read(&format!(r#"{{"time": "{text}"}}"#)).time;
        let expected = "2020-02-21T15:36:07.713703651Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(time("2020-02-21T23:36:07.713703651+08:00"), Some(expected));
        assert_eq!(time("2024-07-17T07:59:05Z").unwrap().timestamp(), 1_721_203_145);
        assert!(time("2020-02-21T04:24:04.58616562Z").is_some());
        assert!(time("2016-12-31T23:59:60Z").is_some(), "a leap second");
    }

    #[test]
    fn malformed_time_is_none() {
        for value in ["null", r#""""#, r#""yesterday""#, "1700000000", "[]", "{}"] {
            assert_eq!(read(&format!(r#"{{"time": {value}}}"#)).time, None, "{value}");
        }
        for text in ["2024-02-30T00:00:00Z", "2024-07-17 07:59:05", "2024-07-17T24:00:00Z"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_read_in_every_unit() {
        for (text, seconds) in
            [("604800s", 604_800), ("0s", 0), ("5m", 300), ("2h", 7_200), ("7d", 604_800)]
        {
            let duration = read(&format!(r#"{{"duration": "{text}"}}"#)).duration;
            assert_eq!(duration, Some(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn malformed_duration_is_none() {
        let texts = ["", "s", "7", "7w", "-1s", "1.5h", "7 d", "99999999999999999d", "7\u{e9}"];
        let texts = texts.map(|text| format!(r#""{text}""#));
        for value in texts.iter().map(String::as_str).chain(["null", "604800", "[]"]) {
            assert_eq!(read(&format!(r#"{{"duration": {value}}}"#)).duration, None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_time_is_parsed_as_chrono_does(
            local in "[0-2][0-9]{3}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
            fraction in "|\\.[0-9]{0,11}",
            zone in "[Zz]|[+-][0-2][0-9]:[0-6][0-9]",
        ) {
            let text = format!("{local}{fraction}{zone}");
            prop_assert_eq!(parse_time(&text), general(&text));
        }

        #[test]
        fn usual_times_are_parsed(seconds in -62_135_596_800_i64..253_402_300_800) {
            let time = DateTime::from_timestamp(seconds, 0).unwrap();
            let text = time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            prop_assert_eq!(parse_time(&text), Some(time));
        }

        #[test]
        fn one_changed_character_is_parsed_as_generally(at in 0..20_usize, by in any::<char>()) {
            let mut text: Vec<char> = "2024-07-17T07:59:05Z".chars().collect();
            text[at] = by;
            let text: String = text.into_iter().collect();
            prop_assert_eq!(parse_time(&text), general(&text));
        }

        #[test]
        fn lenient_readers_accept_any_json(value in any_json()) {
            read(&serde_json::json!({"time": value, "duration": value}).to_string());
        }

        #[test]
        fn durations_read_back_the_same(seconds in any::<u64>()) {
            let duration = Some(Duration::from_secs(seconds));
            let json = serde_json::to_string(&Times { time: None, duration }).unwrap();
            prop_assert_eq!(read(&json).duration, duration);
        }
    }
}
