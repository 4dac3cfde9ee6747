//! The parameters and fields that the operations on aliases share.

use serde::Serialize;

use super::paging::Page;
use super::response_fields::json;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::keys::{ALIAS_PREFIX, Keys};
use crate::emulator::request::Parameters;

/// The beginning of the aliases that services create.
pub(super) const RESERVED_PREFIX: &str = "alias/acs";

/// Returns `AliasName`. The texts differ on whether its 255 characters include the prefix; here
/// they do.
pub(super) fn alias_name(parameters: &Parameters) -> Result<&str, ErrorResponse> {
    let alias = parameters.required("AliasName")?;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_-/".contains(c);
    let name = alias.strip_prefix(ALIAS_PREFIX).filter(|name| !name.is_empty());
    match name {
        Some(name) if alias.len() <= 255 && name.chars().all(is_allowed) => Ok(alias),
        _ => {
            let allowed = "alias/ with letters, digits, _, - and /, at most 255 characters";
            Err(ErrorResponse::invalid_parameter("AliasName", allowed))
        }
    }
}

/// Returns the body with a page of the aliases of a key, or of all keys, by name.
pub(super) fn list(
    page: Page,
    keys: &Keys,
    key_id: Option<&str>,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let listed =
        keys.aliases(context.now).filter(|(_, target)| key_id.is_none_or(|id| id == *target));
    let (aliases, total_count) = page.of(listed);
    let entry =
        |(alias_name, key_id)| Alias { alias_arn: keys.alias_arn(alias_name), alias_name, key_id };
    json(&Response {
        request_id: context.request_id,
        page_number: page.number,
        page_size: page.size,
        total_count,
        aliases: Aliases { alias: aliases.into_iter().map(entry).collect() },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    page_number: i32,
    page_size: i32,
    /// All aliases, not only those of this page.
    total_count: usize,
    aliases: Aliases<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Aliases<'a> {
    alias: Vec<Alias<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Alias<'a> {
    alias_arn: String,
    alias_name: &'a str,
    key_id: &'a str,
}
