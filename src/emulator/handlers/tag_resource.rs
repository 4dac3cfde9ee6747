//! TagResource:
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresource>

use super::response_fields::request_id_only;
use super::target;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::secret::EmulatedTag;
use crate::emulator::store::Store;
use crate::emulator::tags;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    parameters.required("Tags")?;
    let added: Vec<EmulatedTag> = parameters.json("Tags")?.unwrap_or_default();
    if added.is_empty() || added.iter().any(|tag| tags::check(&tag.key, &tag.value).is_err()) {
        let allowed = "tags with keys and values of at most 128 characters";
        return Err(ErrorResponse::invalid_parameter("Tags", allowed));
    }
    let tags = target::tags(parameters, store, context)?;
    *tags = tags::merged(tags, added)?;
    request_id_only(context)
}
