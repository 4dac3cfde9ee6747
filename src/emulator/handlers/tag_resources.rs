//! TagResources:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources>

use super::named_resources::{MAX_TAGS, NamedResources};
use super::response_fields::request_id_only;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::secret::EmulatedTag;
use crate::emulator::store::Store;
use crate::emulator::tags::{self, InvalidPart};

/// Tags all resources or none: if one does not exist, or would have too many tags, nothing changes.
pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let added = added_tags(parameters)?;
    let NamedResources { kind, ids } =
        NamedResources::read(parameters, store, context)?.require_any()?;
    for id in &ids {
        tags::merged(kind.tags(id, store, context)?, added.clone())?;
    }
    for id in &ids {
        let tags = kind.tags(id, store, context)?;
        *tags = tags::merged(tags, added.clone())?;
    }
    request_id_only(context)
}

fn added_tags(parameters: &Parameters) -> Result<Vec<EmulatedTag>, ErrorResponse> {
    let given = parameters.tags();
    if !(1..=MAX_TAGS).contains(&given.len()) {
        return Err(ErrorResponse::invalid_parameter("Tag", "1 to 20"));
    }
    let mut added: Vec<EmulatedTag> = Vec::new();
    for (key, value) in given {
        let value = value.unwrap_or_default();
        let invalid = |code, message| Err(ErrorResponse::service(400, code, message));
        match tags::check(key, value) {
            Err(InvalidPart::Key) => {
                return invalid("InvalidParameter.TagKey", "The specified tag key is not valid.");
            }
            Err(InvalidPart::Value) => {
                return invalid(
                    "InvalidParameter.TagValue",
                    "The specified tag value is not valid.",
                );
            }
            Ok(()) if added.iter().any(|tag| tag.key == key) => {
                return Err(tags::duplicate_key());
            }
            Ok(()) => added.push(EmulatedTag { key: key.to_owned(), value: value.to_owned() }),
        }
    }
    Ok(added)
}
