//! The XML of error responses, which is flat: a root, and a text in each of its elements.
//!
//! Requests ask for JSON, so XML comes only from a gateway at times. A parser of everything that
//! XML can be would add code to every program for the sake of four texts.

/// Returns the elements directly below the root, each with its text. Damage ends the reading and
/// keeps the elements before it.
pub(super) fn elements(xml: &str) -> Vec<(&str, String)> {
    let mut elements = Vec::new();
    // What follows damage cannot be attributed to an element.
    let _ = read_into(&mut elements, xml);
    elements
}

/// Reads until the text ends; `None` if it is damaged.
fn read_into<'x>(elements: &mut Vec<(&'x str, String)>, xml: &'x str) -> Option<()> {
    let mut open = Vec::new();
    let mut text = String::new();
    let mut rest = xml;
    while let Some((before, markup)) = rest.split_once('<') {
        text.push_str(&unescape(before));
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
                    elements.push((name, std::mem::take(&mut text)));
                }
            }
            Some(_) => return None,
        }
    }
    Some(())
}

/// Replaces references by the characters that they mean.
fn unescape(text: &str) -> String {
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
    fn only_the_elements_below_the_root_are_read() {
        let xml = "<?xml version='1.0'?><!-- <Code>no</Code> --><KMS a='1'>\n<Code >X</Code>\n<Empty/>\
                   <None></None><Deep><Code>Y</Code></Deep><Message>a <![CDATA[<b> &amp;]]> c</Message></KMS>";
        let found = elements(xml);
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
    fn damage_keeps_the_elements_before_it() {
        for damaged in ["<c", "</b>", "<![CDATA[x", "<", "<>", "<b><c></b></c>", "<!-- x"] {
            let xml = format!("<a><b>1</b>{damaged}<d>2</d></a>");
            let found = elements(&xml);
            assert_eq!(found[0], ("b", "1".to_owned()), "{xml}");
            assert!(found.iter().all(|(name, _)| *name != "d"), "{xml}");
        }
        for nothing in ["no markup", "<a>", "</a>", "<a/ ></a>", "<a></b>"] {
            assert!(elements(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn references_become_characters_and_a_bare_ampersand_stays() {
        assert_eq!(unescape("&lt;&#65;&#x42;&gt; &quot;&apos;&amp;amp;"), "<AB> \"'&amp;");
        assert_eq!(unescape("a & b &nbsp; &#x110000; &"), "a & b &nbsp; &#x110000; &");
    }
}
