//! Whole numbers, which some responses contain as text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Reads a number; 0 if it is null or empty. With `#[serde(default)]`, `None` means that it is
/// absent.
pub(crate) fn count_if_present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    let number = Option::<Integer>::deserialize(deserializer)?.map_or(0, |Integer(number)| number);
    u32::try_from(number).map(Some).map_err(|_| D::Error::custom("a number over 4294967295"))
}

/// Reads a number; 0 if it is null or empty.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Ok(count_if_present(deserializer)?.unwrap_or(0))
}

/// A number, or its digits in a text; an empty text is 0.
struct Integer(u64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IntegerVisitor;

        impl Visitor<'_> for IntegerVisitor {
            type Value = Integer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0, or its digits")
            }

            fn visit_u64<E>(self, number: u64) -> Result<Integer, E> {
                Ok(Integer(number))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Integer, E> {
                match text.trim() {
                    "" => Ok(Integer(0)),
                    digits => match digits.parse() {
                        Ok(number) => Ok(Integer(number)),
                        Err(_) => Err(E::custom("a text that is not a whole number from 0")),
                    },
                }
            }
        }

        deserializer.deserialize_any(IntegerVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::wire::object;

    #[derive(Debug, serde::Deserialize)]
    struct Counts {
        #[serde(default, deserialize_with = "count")]
        count: u32,
        #[serde(default, deserialize_with = "count_if_present")]
        if_present: Option<u32>,
    }

    fn read(value: &str) -> serde_json::Result<(u32, Option<u32>)> {
        let json = format!(r#"{{"count": {value}, "if_present": {value}}}"#);
        object(&json).map(|Counts { count, if_present }| (count, if_present))
    }

    #[test]
    fn numbers_and_their_digits_are_read() {
        for value in ["7", r#""7""#, r#"" 7 ""#] {
            assert_eq!(read(value).unwrap(), (7, Some(7)), "{value}");
        }
        assert_eq!(read("4294967295").unwrap(), (u32::MAX, Some(u32::MAX)));
    }

    #[test]
    fn null_and_empty_counts_are_zero() {
        for value in ["null", r#""""#, r#""  ""#] {
            assert_eq!(read(value).unwrap(), (0, Some(0)), "{value}");
        }
    }

    #[test]
    fn absent_counts_are_zero_or_none() {
        let Counts { count, if_present } = object("{}").unwrap();
        assert_eq!((count, if_present), (0, None));
    }

    #[test]
    fn other_values_are_rejected() {
        for value in
            ["-1", "1.5", "4294967296", r#""4294967296""#, r#""seven""#, r#""-1""#, "[1]", "true"]
        {
            assert!(read(value).is_err(), "{value}");
        }
    }
}
