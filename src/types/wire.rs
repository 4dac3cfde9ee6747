//! Reads the JSON of the service where its form differs from the documented one.
//!
//! What identifies a thing, and what paging depends on, is read strictly: a malformed name, count
//! or token is an error that names its path. What only accompanies a thing is read by the
//! `lenient_*` readers, which take a malformed value for a missing one, so that a page or a secret
//! value is not lost for the time of its creation.
//!
//! All but the readers of whole documents are for `#[serde(deserialize_with)]`. With
//! `#[serde(default)]` beside it, a field may also be absent.

mod document;
mod extended_config;
mod json_path;
mod lenient;
mod list;
mod number;
mod secret;
mod text;
mod time;

pub(crate) use document::{missing_field, object};
pub(crate) use extended_config::extended_config;
pub(crate) use json_path::path_of_error;
pub(crate) use list::{LenientItem, lenient_list, lenient_list_if_present, list, page_items};
pub(crate) use number::{count, count_if_present};
pub(crate) use secret::secret;
pub(crate) use text::{lenient_string, lenient_text, parse_or_none, text};
#[cfg(feature = "emulator")]
pub(crate) use time::parse_duration;
pub(crate) use time::{lenient_duration, lenient_time, parse_time, seconds};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    /// Generates values of every type, nested up to four levels.
    pub(super) fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[\\[{]\"?[a-z\\[\\]{}\":,]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            let fields =
                prop::collection::vec(("[A-Za-z]{0,8}|TagKey|TagValue", inner.clone()), 0..4);
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(Value::from),
                fields.prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into()),
            ]
        })
    }
}
