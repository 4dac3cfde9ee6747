//! Times and durations.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
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

/// Parses a time of RFC 3339.
pub(crate) fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    // A listing contains two or three times for each secret, nearly all in the usual form, for
    // which the general parser takes several times as long.
    parse_usual_time(text)
        .or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|time| time.with_timezone(&Utc)))
}

/// Parses a time of the form `YYYY-MM-DDTHH:MM:SSZ`.
fn parse_usual_time(text: &str) -> Option<DateTime<Utc>> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    if separators.iter().any(|(at, separator)| bytes[*at] != *separator) {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
        })
    };
    let year = i32::try_from(number(0, 4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?;
    Some(date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?.and_utc())
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
        fn fast_path_agrees_with_the_general_parser(
            text in "[0-2][0-9]{3}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9][Zz]",
        ) {
            if let Some(time) = parse_usual_time(&text) {
                prop_assert_eq!(Some(time), general(&text));
            }
            prop_assert_eq!(parse_time(&text), general(&text));
        }

        #[test]
        fn usual_times_take_the_fast_path(seconds in -62_135_596_800_i64..253_402_300_800) {
            let time = DateTime::from_timestamp(seconds, 0).unwrap();
            let text = time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            prop_assert_eq!(parse_usual_time(&text), Some(time));
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
