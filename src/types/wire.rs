//! Odd shapes of the wire, read leniently so that they stop here. All but [`object`] and [`missing_field`] is for
//! `#[serde(deserialize_with)]`.
//!
//! Each other function that deserializes reads a field that the documentation calls present but that may be null or wrapped; with
//! `#[serde(default)]` beside it, it may be absent too.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use zeroize::Zeroizing;

use super::ExtendedConfig;

/// The name of the field that a document lacks. It is one of the type that was to be read, and no text of the document.
pub(crate) fn missing_field(error: &serde_json::Error) -> Option<String> {
    // Of other problems serde's words quote the value.
    let words = Zeroizing::new(error.to_string());
    let (name, _) = words.strip_prefix("missing field `")?.split_once('`')?;
    Some(name.to_owned())
}

/// Reads the JSON text of an object. A list, which derived code would take for its fields in their order, is none.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de str) -> serde_json::Result<T> {
    struct Object<D>(D);

    impl<'de, D: Deserializer<'de>> Deserializer<'de> for Object<D> {
        type Error = D::Error;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.deserialize_map(visitor)
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    let mut json = serde_json::Deserializer::from_str(json);
    let object = T::deserialize(Object(&mut json))?;
    json.end()?;
    Ok(object)
}

/// A whole number from 0 that may come as text; `None` when null or empty.
pub(crate) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(Option::<Integer>::deserialize(deserializer)?.and_then(|Integer(number)| number))
}

/// `None` stands for an empty text.
struct Integer(Option<u64>);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IntegerVisitor;

        impl Visitor<'_> for IntegerVisitor {
            type Value = Integer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0, or its digits")
            }

            fn visit_u64<E>(self, number: u64) -> Result<Integer, E> {
                Ok(Integer(Some(number)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Integer, E> {
                match text.trim() {
                    "" => Ok(Integer(None)),
                    digits => match digits.parse() {
                        Ok(number) => Ok(Integer(Some(number))),
                        Err(_) => Err(E::custom("text that is no whole number from 0")),
                    },
                }
            }
        }

        deserializer.deserialize_any(IntegerVisitor)
    }
}

/// A number that tells by being there: 0 when null or empty, and `None` only when it is absent.
pub(crate) fn count_if_present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    let number = integer(deserializer)?.unwrap_or(0);
    u32::try_from(number).map(Some).map_err(|_| D::Error::custom("a number over 4294967295"))
}

/// A number that is 0 when null or empty; with `#[serde(default)]` also when it is absent.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Ok(count_if_present(deserializer)?.unwrap_or(0))
}

/// A time in any form of RFC 3339, with up to nine fractional digits and any offset; `None` when null or empty.
pub(crate) fn time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(Option::<Time>::deserialize(deserializer)?.and_then(|Time(time)| time))
}

/// `None` stands for an empty text.
struct Time(Option<DateTime<Utc>>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeVisitor;

        impl Visitor<'_> for TimeVisitor {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time such as 2024-07-17T07:59:05Z")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
                if text.is_empty() {
                    return Ok(Time(None));
                }
                match DateTime::parse_from_rfc3339(text) {
                    Ok(time) => Ok(Time(Some(time.with_timezone(&Utc)))),
                    Err(_) => Err(E::custom("text that is no time of RFC 3339")),
                }
            }
        }

        deserializer.deserialize_str(TimeVisitor)
    }
}

/// A length of time such as `604800s`; the units of requests (`d`, `h`, `m`) are read as well. `None` when null or empty.
pub(crate) fn duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let Some(text) = text(deserializer)? else { return Ok(None) };
    match parse_duration(&text) {
        Some(duration) => Ok(Some(duration)),
        None => Err(D::Error::custom("text that is no length of time such as 604800s")),
    }
}

/// A length of time as [`duration`] reads it.
pub(crate) fn seconds<S: Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match duration {
        Some(duration) => serializer.collect_str(&format_args!("{}s", duration.as_secs())),
        None => serializer.serialize_none(),
    }
}

/// A length of time as requests and answers have it.
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

/// A text that is `None` when null or empty.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

/// What a text is read as; `None` when it is null, empty or of another form.
pub(crate) fn parse_or_none<'de, D: Deserializer<'de>, T: FromStr>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(text(deserializer)?.and_then(|text| text.parse().ok()))
}

/// A text that only accompanies an answer, which is not to be lost for it; empty when it is none.
pub(crate) fn lenient_string<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        _ => Ok(String::new()),
    }
}

/// A time as [`time`] reads it that only accompanies an answer; `None` when it is none.
pub(crate) fn lenient_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    let time = DateTime::parse_from_rfc3339(&lenient_string(deserializer)?);
    Ok(time.ok().map(|time| time.with_timezone(&Utc)))
}

/// A length of time as [`duration`] reads it that only accompanies an answer; `None` when it is none.
pub(crate) fn lenient_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    Ok(parse_duration(&lenient_string(deserializer)?))
}

/// A configuration behind a text; `None` when null or empty.
pub(crate) fn extended_config<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ExtendedConfig>, D::Error> {
    let config = Option::<ExtendedConfig>::deserialize(deserializer)?;
    Ok(config.filter(|config| config.raw.as_deref() != Some("")))
}

/// A list that tells by being there: empty when null, and `None` only when it is absent.
pub(crate) fn list_if_present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    Ok(Some(optional_list(deserializer)?.unwrap_or_default()))
}

/// A list that is empty when null; with `#[serde(default)]` also when it is absent.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(optional_list(deserializer)?.unwrap_or_default())
}

/// A list behind an object of one member, `{"Tag": [..]}`. `{}` and a null member are an empty list, null is `None`; the
/// bare list, which this crate writes and the service's XML samples have, is read as well.
pub(crate) fn optional_list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    Ok(Option::<Wrapped<T>>::deserialize(deserializer)?.map(|Wrapped(items)| items))
}

struct Wrapped<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Wrapped<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WrappedVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for WrappedVisitor<T> {
            type Value = Wrapped<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list behind an object of one member")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wrapped<T>, A::Error> {
                let mut items = Vec::new();
                if map.next_key::<IgnoredAny>()?.is_some() {
                    items = map.next_value::<Option<Vec<T>>>()?.unwrap_or_default();
                }
                match map.next_key::<IgnoredAny>()? {
                    None => Ok(Wrapped(items)),
                    Some(_) => {
                        Err(A::Error::custom("an object of several members in place of a list"))
                    }
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Wrapped<T>, A::Error> {
                Vec::deserialize(serde::de::value::SeqAccessDeserializer::new(seq)).map(Wrapped)
            }
        }

        deserializer.deserialize_any(WrappedVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Odd {
        #[serde(default, deserialize_with = "integer")]
        number: Option<u64>,
        #[serde(default, deserialize_with = "time")]
        time: Option<DateTime<Utc>>,
        #[serde(default, deserialize_with = "duration")]
        duration: Option<Duration>,
        #[serde(default, deserialize_with = "optional_list")]
        list: Option<Vec<u8>>,
        #[serde(default, deserialize_with = "list_if_present")]
        present: Option<Vec<u8>>,
    }

    #[track_caller]
    fn odd(json: &str) -> Odd {
        object(json).unwrap()
    }

    #[track_caller]
    fn refused(json: &str) {
        assert!(object::<Odd>(json).is_err(), "{json}");
    }

    #[test]
    fn a_list_is_no_object_nor_is_one_with_more_behind_it() {
        odd("{}");
        for json in ["[]", "[7]", "null", "7", "{} {}", ""] {
            refused(json);
        }
    }

    #[test]
    fn integers_come_as_numbers_text_null_or_nothing() {
        assert_eq!(odd(r#"{"number": 7}"#).number, Some(7));
        assert_eq!(odd(r#"{"number": "7"}"#).number, Some(7));
        for json in ["{}", r#"{"number": null}"#, r#"{"number": ""}"#] {
            assert_eq!(odd(json).number, None, "{json}");
        }
        for json in [
            r#"{"number": -1}"#,
            r#"{"number": "seven"}"#,
            r#"{"number": 1.5}"#,
            r#"{"number": [1]}"#,
        ] {
            refused(json);
        }
    }

    #[test]
    fn times_come_with_fractions_and_offsets_and_may_be_empty() {
        let expected = "2020-02-21T15:36:07.713703651Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(odd(r#"{"time": "2020-02-21T23:36:07.713703651+08:00"}"#).time, Some(expected));
        assert!(odd(r#"{"time": "2024-07-17T07:59:05Z"}"#).time.is_some());
        assert!(odd(r#"{"time": "2020-02-21T04:24:04.58616562Z"}"#).time.is_some());
        for json in ["{}", r#"{"time": null}"#, r#"{"time": ""}"#] {
            assert_eq!(odd(json).time, None, "{json}");
        }
        refused(r#"{"time": "yesterday"}"#);
        refused(r#"{"time": 1700000000}"#);
    }

    #[test]
    fn lengths_of_time_come_in_seconds_and_other_units_are_known() {
        for (text, seconds) in
            [("604800s", 604_800), ("0s", 0), ("5m", 300), ("2h", 7_200), ("7d", 604_800)]
        {
            let duration = odd(&format!(r#"{{"duration": "{text}"}}"#)).duration;
            assert_eq!(duration, Some(Duration::from_secs(seconds)), "{text}");
        }
        for json in ["{}", r#"{"duration": null}"#, r#"{"duration": ""}"#] {
            assert_eq!(odd(json).duration, None, "{json}");
        }
        for text in ["s", "7", "7w", "-1s", "1.5h", "7 d", "99999999999999999d", "7\u{e9}"] {
            refused(&format!(r#"{{"duration": "{text}"}}"#));
        }
    }

    #[test]
    fn lists_come_wrapped_bare_null_or_not_at_all() {
        assert_eq!(odd(r#"{"list": {"Item": [1, 2]}}"#).list, Some(vec![1, 2]));
        assert_eq!(odd(r#"{"list": [1, 2]}"#).list, Some(vec![1, 2]));
        for json in [r#"{"list": {"Item": []}}"#, r#"{"list": {"Item": null}}"#, r#"{"list": {}}"#]
        {
            assert_eq!(odd(json).list, Some(vec![]), "{json}");
        }
        assert_eq!(odd(r#"{"list": null}"#).list, None);
        assert_eq!(odd("{}").list, None);
        assert_eq!(odd("{}").present, None);
        assert_eq!(odd(r#"{"present": null}"#).present, Some(vec![]));
        refused(r#"{"list": {"Item": [1], "Other": 2}}"#);
        refused(r#"{"list": "text"}"#);
    }
}
