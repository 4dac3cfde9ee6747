//! GetRandomPassword:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getrandompassword>

use serde::Serialize;

use super::response_fields::json;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::splitmix;
use crate::emulator::store::Store;

/// Derives the password from the id of the request, which the response contains too: the password
/// is different in each response, and it is not a secret.
pub(super) fn handle(
    parameters: &Parameters,
    _store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let length = parameters.integer("PasswordLength", 32, 8..=128, "8 to 128")?;
    let types = included_types(parameters)?;
    let mut draw = Draw::seeded(context.request_id);
    // One source has true as the default, another has false.
    let mut characters = if parameters.boolean("RequireEachIncludedType")? {
        types.iter().map(|characters| draw.one_of(characters)).collect::<Result<String, _>>()?
    } else {
        String::new()
    };
    let any = types.concat();
    while characters.len() < length as usize {
        characters.push(draw.one_of(&any)?);
    }
    json(&Response { request_id: context.request_id, random_password: &characters })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    random_password: &'a str,
}

type IsOfType = fn(&char) -> bool;

/// Returns the allowed characters of each type that is not excluded.
fn included_types(parameters: &Parameters) -> Result<Vec<Vec<char>>, ErrorResponse> {
    let without = parameters.get("ExcludeCharacters").unwrap_or_default();
    if !without.chars().all(|c| c.is_ascii_graphic()) {
        let allowed = "digits, ASCII letters and punctuation";
        return Err(ErrorResponse::invalid_parameter("ExcludeCharacters", allowed));
    }
    let types: [(&str, IsOfType); 4] = [
        ("ExcludeLowercase", char::is_ascii_lowercase),
        ("ExcludeUppercase", char::is_ascii_uppercase),
        ("ExcludeNumbers", char::is_ascii_digit),
        ("ExcludePunctuation", char::is_ascii_punctuation),
    ];
    let mut included = Vec::new();
    for (excluded, is_of_type) in types {
        if !parameters.boolean(excluded)? {
            let characters = ('!'..='~').filter(is_of_type).filter(|c| !without.contains(*c));
            included.push(characters.collect());
        }
    }
    Ok(included)
}

/// Draws characters by a seed.
struct Draw(u64);

impl Draw {
    fn seeded(text: &str) -> Self {
        Self(text.bytes().fold(0, |seed, byte| seed.wrapping_mul(257).wrapping_add(byte.into())))
    }

    fn one_of(&mut self, characters: &[char]) -> Result<char, ErrorResponse> {
        let index = splitmix::next(&mut self.0).checked_rem(characters.len() as u64);
        let drawn = index.and_then(|index| characters.get(index as usize));
        drawn.copied().ok_or_else(|| {
            let allowed = "characters of each type must remain";
            ErrorResponse::invalid_parameter("ExcludeCharacters", allowed)
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::Value;

    use super::*;

    fn password<const N: usize>(
        request_id: &str,
        parameters: [(&str, &str); N],
    ) -> Result<String, ErrorResponse> {
        let context = RequestContext { now: DateTime::UNIX_EPOCH, request_id, host: "host" };
        let body = handle(&parameters.into(), &mut Store::default(), &context)?;
        let response: Value = serde_json::from_slice(&body).unwrap();
        Ok(response["RandomPassword"].as_str().unwrap().to_owned())
    }

    #[test]
    fn passwords_differ_and_have_the_requested_types() {
        let first = password("r-1", []).unwrap();
        assert_eq!(first.len(), 32);
        assert_ne!(first, password("r-2", []).unwrap());
        for id in ["r-1", "r-2", "r-3"] {
            let each = [("RequireEachIncludedType", "true"), ("PasswordLength", "8")];
            let each = password(id, each).unwrap();
            assert_eq!(each.len(), 8);
            assert!(each.contains(|c: char| c.is_ascii_lowercase()));
            assert!(each.contains(|c: char| c.is_ascii_uppercase()));
            assert!(each.contains(|c: char| c.is_ascii_digit()));
            assert!(each.contains(|c: char| c.is_ascii_punctuation()));
        }
    }

    #[test]
    fn excluded_characters_do_not_occur() {
        let without = [
            ("PasswordLength", "128"),
            ("ExcludePunctuation", "true"),
            ("ExcludeUppercase", "True"),
            ("ExcludeLowercase", "true"),
            ("ExcludeCharacters", "012345"),
        ];
        let password = password("r", without).unwrap();
        assert!(password.chars().all(|c| "6789".contains(c)), "{password}");
    }

    #[test]
    fn impossible_password_is_rejected() {
        let code = |parameters: [(&str, &str); 2]| password("r", parameters).unwrap_err().code;
        for parameters in [
            [("PasswordLength", "7"), ("ExcludeNumbers", "true")],
            [("PasswordLength", "129"), ("ExcludeNumbers", "true")],
            [("ExcludeCharacters", "é"), ("ExcludeNumbers", "true")],
            [("ExcludeCharacters", "0123456789"), ("RequireEachIncludedType", "true")],
            [("ExcludeNumbers", "maybe"), ("PasswordLength", "8")],
        ] {
            assert_eq!(code(parameters), "InvalidParameter");
        }
        let nothing =
            ["ExcludeLowercase", "ExcludeUppercase", "ExcludeNumbers", "ExcludePunctuation"];
        assert!(password("r", nothing.map(|name| (name, "true"))).is_err());
    }
}
