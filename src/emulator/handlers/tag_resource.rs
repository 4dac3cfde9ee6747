//! TagResource: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresource>

use super::{Context, done, one_resource};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::secret::EmulatedTag;
use crate::emulator::store::Store;
use crate::emulator::tags;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    parameters.required("Tags")?;
    let set: Vec<EmulatedTag> = parameters.json("Tags")?.unwrap_or_default();
    if set.is_empty() || set.iter().any(|tag| tags::check(&tag.key, &tag.value).is_err()) {
        let allowed = "tags with keys and values of at most 128 characters";
        return Err(Refusal::invalid_parameter("Tags", allowed));
    }
    let stored = one_resource(parameters, store, context)?;
    stored.secret.tags = tags::with(&stored.secret.tags, set)?;
    done(context)
}
