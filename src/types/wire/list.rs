//! Lists, which the service wraps in an object of one field: `{"Tag": [..]}`.
//!
//! A wrapper or list without content may be null, `{}` or an empty text, and a list of one object
//! may be that object. The bare list, which this crate writes and the service's XML samples have,
//! is read as well.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess,
    Unexpected, Visitor,
};

use super::document::Object;
use super::lenient::{Lenient, LenientRead};

/// Reads a list; empty if it is null.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    ListVisitor { may_be_wrapped: true, capacity: 0, item: PhantomData }.deserialize(deserializer)
}

/// Reads the list of a page; empty if it is null. With `#[serde(default)]`, `None` means that it is
/// absent.
pub(crate) fn page_items<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    // The size of the largest page: growing from nothing moves a page's items five times.
    let capacity = 100;
    let page = ListVisitor { may_be_wrapped: true, capacity, item: PhantomData };
    page.deserialize(deserializer).map(Some)
}

/// Reads the items of a list that can be read, also from a JSON text of the list.
pub(crate) fn lenient_list<'de, D: Deserializer<'de>, T: LenientItem>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let mut items = Vec::new();
    let reader = ListReader { may_be_wrapped: true, items: &mut items };
    Lenient(reader).deserialize(deserializer)?;
    Ok(items)
}

/// Reads a list as [`lenient_list`] does; `None` if it is null.
pub(crate) fn lenient_list_if_present<'de, D: Deserializer<'de>, T: LenientItem>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    struct Items<T>(Vec<T>);

    impl<'de, T: LenientItem> Deserialize<'de> for Items<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            lenient_list(deserializer).map(Self)
        }
    }

    Ok(Option::<Items<T>>::deserialize(deserializer)?.map(|Items(items)| items))
}

/// An item of a list that only accompanies what has the list.
pub(crate) trait LenientItem: Sized {
    /// Reads an item that is a text.
    fn from_text(_text: &str) -> Option<Self> {
        None
    }

    /// Reads an item that is an object. It fails only where the document is not JSON.
    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        IgnoredAny.visit_map(object).map(|_| None)
    }
}

struct ListVisitor<T> {
    /// False inside the wrapper, where an object is an item.
    may_be_wrapped: bool,
    /// The number of items to allocate for at first.
    capacity: usize,
    item: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list, or an object of one field that is a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::with_capacity(self.capacity);
        while let Some(item) = list.next_element_seed(Object(PhantomData))? {
            items.push(item);
        }
        if items.len() < self.capacity {
            items.shrink_to_fit();
        }
        Ok(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Vec<T>, A::Error> {
        if !self.may_be_wrapped {
            return Ok(vec![Object(PhantomData).visit_map(object)?]);
        }
        let mut items = Vec::new();
        if object.next_key::<IgnoredAny>()?.is_some() {
            items = object.next_value_seed(Self { may_be_wrapped: false, ..self })?;
        }
        match object.next_key::<IgnoredAny>()? {
            None => Ok(items),
            Some(_) => Err(A::Error::custom("an object of several fields in place of a list")),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        match text {
            "" => Ok(Vec::new()),
            text => Err(E::invalid_type(Unexpected::Str(text), &self)),
        }
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_none<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }
}

struct ListReader<'a, T> {
    /// False inside the wrapper, where an object is an item.
    may_be_wrapped: bool,
    items: &'a mut Vec<T>,
}

impl<'de, T: LenientItem> LenientRead<'de> for ListReader<'_, T> {
    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Lenient(ItemReader(&mut *self.items)))?.is_some() {}
        Ok(())
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        if !self.may_be_wrapped {
            return ItemReader(self.items).object(object);
        }
        if object.next_key::<IgnoredAny>()?.is_some() {
            object.next_value_seed(Lenient(Self { may_be_wrapped: false, items: self.items }))?;
        }
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn text(self, text: &str) {
        if text.starts_with(['[', '{']) {
            let mut json = serde_json::Deserializer::from_str(text);
            // What follows the last item that can be read is skipped, as the items are.
            let _ = Lenient(self).deserialize(&mut json);
        } else {
            ItemReader(self.items).text(text);
        }
    }
}

struct ItemReader<'a, T>(&'a mut Vec<T>);

impl<'de, T: LenientItem> LenientRead<'de> for ItemReader<'_, T> {
    fn object<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        self.0.extend(T::from_object(object)?);
        Ok(())
    }

    fn text(self, text: &str) {
        if !text.is_empty() {
            self.0.extend(T::from_text(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::wire::object;
    use crate::types::wire::tests::any_json;
    use crate::types::{Tag, VersionStage};

    #[derive(Debug, serde::Deserialize)]
    struct Lists {
        #[serde(default, deserialize_with = "list")]
        list: Vec<Tag>,
        #[serde(default, deserialize_with = "page_items")]
        if_present: Option<Vec<Tag>>,
        #[serde(default, deserialize_with = "lenient_list")]
        stages: Vec<VersionStage>,
        #[serde(default, deserialize_with = "lenient_list_if_present")]
        tags: Option<Vec<Tag>>,
    }

    fn lists(name: &str, value: &str) -> serde_json::Result<Lists> {
        object(&format!(r#"{{"{name}": {value}}}"#))
    }

    fn keys(tags: &[Tag]) -> Vec<&str> {
        tags.iter().map(|tag| &*tag.key).collect()
    }

    #[test]
    fn lists_are_read_wrapped_and_bare() {
        let items = r#"[{"TagKey":"a","TagValue":"1"},{"TagKey":"b"}]"#;
        for value in [items.to_owned(), format!(r#"{{"Tag":{items}}}"#)] {
            assert_eq!(keys(&lists("list", &value).unwrap().list), ["a", "b"]);
            assert_eq!(keys(&lists("if_present", &value).unwrap().if_present.unwrap()), ["a", "b"]);
            assert_eq!(keys(&lists("tags", &value).unwrap().tags.unwrap()), ["a", "b"]);
        }
    }

    #[test]
    fn lists_without_content_are_empty() {
        for value in ["[]", "{}", r#""""#, r#"{"Tag":[]}"#, r#"{"Tag":null}"#, r#"{"Tag":""}"#] {
            assert_eq!(lists("list", value).unwrap().list, [], "{value}");
            assert_eq!(lists("if_present", value).unwrap().if_present, Some(vec![]), "{value}");
            assert_eq!(lists("tags", value).unwrap().tags, Some(vec![]), "{value}");
            assert!(lists("stages", value).unwrap().stages.is_empty(), "{value}");
        }
    }

    #[test]
    fn null_list_differs_from_an_absent_one() {
        let absent = object::<Lists>("{}").unwrap();
        assert_eq!((absent.list.len(), absent.if_present, absent.tags), (0, None, None));
        let null = |name| lists(name, "null").unwrap();
        assert_eq!(null("list").list, []);
        assert_eq!(null("if_present").if_present, Some(vec![]));
        assert_eq!(null("tags").tags, None);
    }

    #[test]
    fn one_object_is_a_list_of_it() {
        let value = r#"{"Tag":{"TagKey":"a","TagValue":null}}"#;
        let tags = [Tag::new("a", "")];
        assert_eq!(lists("list", value).unwrap().list, tags);
        assert_eq!(lists("tags", value).unwrap().tags.unwrap(), tags);
        assert_eq!(lists("stages", r#"{"Stage":"canary"}"#).unwrap().stages, ["canary"]);
        assert_eq!(lists("stages", r#""canary""#).unwrap().stages, ["canary"]);
    }

    #[test]
    fn strict_list_rejects_what_does_not_identify_an_item() {
        for value in [
            "7",
            r#""text""#,
            "[null]",
            r#"["text"]"#,
            r#"[["a","1"]]"#,
            r#"[{"TagValue":"1"}]"#,
            r#"[{"TagKey":null}]"#,
            r#"{"Tag":[],"Other":2}"#,
            r#"{"TagKey":"a"}"#,
        ] {
            assert!(lists("list", value).is_err(), "{value}");
        }
    }

    #[test]
    fn lenient_list_skips_what_it_cannot_read() {
        let value =
            r#"{"Tag":[null,{"TagKey":"a"},7,"x",[{"TagKey":"b"}],{"TagKey":7},{}],"Z":[]}"#;
        assert_eq!(keys(&lists("tags", value).unwrap().tags.unwrap()), ["a"]);
        let value = r#"["ACSCurrent",null,7,{"a":"b"},["c"],"","canary"]"#;
        assert_eq!(lists("stages", value).unwrap().stages, ["ACSCurrent", "canary"]);
    }

    #[test]
    fn stages_are_read_from_a_json_text() {
        for text in [r#"["ACSCurrent","canary"]"#, r#"{"VersionStage":["ACSCurrent","canary"]}"#] {
            let value = serde_json::to_string(text).unwrap();
            assert_eq!(lists("stages", &value).unwrap().stages, ["ACSCurrent", "canary"]);
        }
        assert_eq!(lists("stages", r#""[\"ACSCurrent\", oops""#).unwrap().stages, ["ACSCurrent"]);
    }

    proptest! {
        #[test]
        fn lenient_lists_accept_any_json(value in any_json()) {
            let list = [Tag::new("z", "")];
            let json = serde_json::json!({"tags": value, "stages": value, "list": list});
            let lists: Lists = object(&json.to_string()).unwrap();
            prop_assert_eq!(keys(&lists.list), ["z"]);
            prop_assert_eq!(lists.tags.is_none(), value.is_null());
        }
    }
}
