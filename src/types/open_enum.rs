//! Enums of names that the service may add to.

/// Defines an enum with a variant for each known name, in the service's spelling, and a last
/// variant for any other name.
///
/// It is parsed from text and written as text. Comparing, ordering and hashing go by
/// `as_str`, so that they agree with comparing to a `str`. What depends on a value compares with
/// `==`: a pattern of a known name does not match the last variant with the same name.
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident ($expected:literal) {
            $($(#[$variant_attribute:meta])* $variant:ident = $text:literal,)+
            ..
            $(#[$other_attribute:meta])* $other:ident,
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_attribute])* $variant,)+
            $(#[$other_attribute])* $other(String),
        }

        impl $name {
            /// Returns the name in the service's spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::$other(text) => text,
                }
            }

            fn known(text: &str) -> Option<Self> {
                $(if text.eq_ignore_ascii_case($text) {
                    return Some(Self::$variant);
                })+
                None
            }
        }

        /// Ignores ASCII case for known names, and keeps any other text as it is.
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::$other(text.to_owned()))
            }
        }

        /// Ignores ASCII case for known names, and keeps any other text as it is.
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::known(&text).unwrap_or(Self::$other(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            // Compiled only in crates that use it.
            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                match value {
                    $name::$other(text) => text,
                    known => known.as_str().to_owned(),
                }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        /// Compares with the service's spelling.
        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        /// Compares with the service's spelling.
        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E>(self, text: &str) -> Result<$name, E> {
                        Ok($name::from(text))
                    }
                }

                deserializer.deserialize_str(Visitor)
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use proptest::prelude::*;

    open_enum! {
        /// A fruit.
        pub enum Fruit ("the name of a fruit") {
            /// A fig.
            Fig = "Fig",
            /// An apple.
            Apple = "APPLE",
            ..
            /// Another fruit.
            Unknown,
        }
    }

    #[test]
    fn known_names_are_parsed_in_any_case() {
        for text in ["Fig", "fig", "FIG"] {
            assert!(matches!(Fruit::from(text), Fruit::Fig), "{text}");
            assert!(matches!(Fruit::from(text.to_owned()), Fruit::Fig), "{text}");
            assert!(matches!(text.parse(), Ok(Fruit::Fig)), "{text}");
        }
        assert_eq!(Fruit::from("apple").as_str(), "APPLE");
    }

    #[test]
    fn values_compare_and_sort_as_their_names() {
        assert_eq!(Fruit::Fig, "Fig");
        assert_eq!(Fruit::Fig, *"Fig");
        assert_ne!(Fruit::Fig, "fig");
        assert_eq!(Fruit::Unknown("Fig".to_owned()), Fruit::Fig);
        let names = ["Fig", "kiwi", "apple", "Banana"].map(Fruit::from);
        let sorted: Vec<_> = BTreeSet::from(names.clone()).into_iter().collect();
        assert_eq!(sorted, ["APPLE", "Banana", "Fig", "kiwi"]);
        assert!(HashSet::from(names).contains(&Fruit::Fig));
    }

    proptest! {
        #[test]
        fn other_names_are_kept(text in any::<String>()) {
            prop_assume!(!["fig", "apple"].contains(&&*text.to_ascii_lowercase()));
            let fruit = Fruit::from(text.as_str());
            prop_assert_eq!(&fruit, &*text);
            let json = serde_json::to_string(&fruit).unwrap();
            prop_assert_eq!(serde_json::from_str::<Fruit>(&json).unwrap(), fruit.clone());
            prop_assert_eq!(fruit.to_string(), text.clone());
            prop_assert_eq!(String::from(fruit), text);
        }
    }
}
