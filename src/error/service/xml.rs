//! The XML of error answers, which is flat: a root, and a text in each of its elements.
//!
//! Requests ask for JSON, so XML is what a gateway says at times. A parser of all that XML can be would be code in every program,
//! for four texts.

/// The elements right below the root, each with its text. `None` when the root does not end.
pub(super) fn elements(xml: &str) -> Option<Vec<(&str, String)>> {
    let mut open = Vec::new();
    let mut found = Vec::new();
    let mut text = String::new();
    let mut rest = xml;
    while let Some((before, markup)) = rest.split_once('<') {
        text.push_str(&unescaped(before));
        if let Some(literal) = markup.strip_prefix("![CDATA[") {
            let (literal, behind) = literal.split_once("]]>")?;
            text.push_str(literal);
            rest = behind;
            continue;
        }
        let end = if markup.starts_with("!--") { "-->" } else { ">" };
        let (tag, behind) = markup.split_once(end)?;
        rest = behind;
        if tag.starts_with(['?', '!']) || tag.ends_with('/') {
            continue;
        }
        let name = tag.split_whitespace().next()?;
        match name.strip_prefix('/') {
            None => {
                open.push(name);
                text.clear();
            }
            Some(name) if open.pop() == Some(name) => {
                if open.len() == 1 {
                    found.push((name, std::mem::take(&mut text)));
                }
            }
            Some(_) => return None,
        }
    }
    open.is_empty().then_some(found)
}

/// `text` with characters in the place of what stands for them.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.split_once(';').and_then(|(name, rest)| Some((character(name)?, rest)));
        let (character, rest) = known.unwrap_or(('&', part));
        plain.push(character);
        plain.push_str(rest);
    }
    plain
}

/// <https://www.w3.org/TR/xml/#sec-references>
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "apos" => Some('\''),
        "gt" => Some('>'),
        "lt" => Some('<'),
        "quot" => Some('"'),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elements_below_the_root_are_read_and_no_others() {
        let xml = "<?xml version='1.0'?><!-- <Code>no</Code> --><KMS a='1'>\n<Code >X</Code>\n<Empty/><None></None>\
                   <Deep><Code>Y</Code></Deep><Message>a <![CDATA[<b> &amp;]]> c</Message></KMS>";
        let found = elements(xml).unwrap();
        let text = |wanted| {
            let mut texts = found.iter().filter(|(name, _)| *name == wanted);
            (texts.next().map(|(_, text)| text.as_str()), texts.count())
        };
        assert_eq!(text("Code"), (Some("X"), 0));
        assert_eq!(text("None"), (Some(""), 0));
        assert_eq!(text("Message"), (Some("a <b> &amp; c"), 0));
        assert_eq!(text("KMS"), (None, 0));
    }

    #[test]
    fn what_does_not_end_or_closes_another_element_is_no_error() {
        for xml in
            ["<a>", "<a><b></a></b>", "<a></a", "<a><![CDATA[x</a>", "</a>", "<", "<>", "<a/ ></a>"]
        {
            assert!(elements(xml).is_none(), "{xml}");
        }
        assert!(elements("no markup").unwrap().is_empty());
    }

    #[test]
    fn characters_are_put_in_place_and_a_bare_ampersand_stays() {
        assert_eq!(unescaped("&lt;&#65;&#x42;&gt; &quot;&apos;&amp;amp;"), "<AB> \"'&amp;");
        assert_eq!(unescaped("a & b &nbsp; &#x110000; &"), "a & b &nbsp; &#x110000; &");
    }
}
