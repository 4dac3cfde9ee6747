//! TagResources: <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources>

use super::resources::{MOST_TAGS, Resources};
use super::{Context, done};
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::secret::EmulatedTag;
use crate::emulator::store::Store;
use crate::emulator::tags::{self, BadTag};

/// All or nothing: a resource that does not exist, or would have too many tags, leaves all of them as they are.
pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let set = tags_to_set(parameters)?;
    let Resources { ids, .. } = Resources::named(parameters, store, context)?.at_least_one()?;
    for id in &ids {
        tags::with(&store.find(id, context.now)?.secret.tags, set.clone())?;
    }
    for id in &ids {
        let tags = &mut store.find(id, context.now)?.secret.tags;
        *tags = tags::with(tags, set.clone())?;
    }
    done(context)
}

fn tags_to_set(parameters: &Parameters) -> Result<Vec<EmulatedTag>, Refusal> {
    let given = parameters.tags();
    if !(1..=MOST_TAGS).contains(&given.len()) {
        return Err(Refusal::invalid_parameter("Tag", "1 to 20"));
    }
    let mut set: Vec<EmulatedTag> = Vec::new();
    for (key, value) in given {
        let value = value.unwrap_or_default();
        let refused = |code, message| Err(Refusal::service(400, code, message));
        match tags::check(key, value) {
            Err(BadTag::Key) => {
                return refused("InvalidParameter.TagKey", "The specified tag key is not valid.");
            }
            Err(BadTag::Value) => {
                return refused(
                    "InvalidParameter.TagValue",
                    "The specified tag value is not valid.",
                );
            }
            Ok(()) if set.iter().any(|tag| tag.key == key) => {
                return refused("Duplicate.TagKey", "A tag key is given more than once.");
            }
            Ok(()) => set.push(EmulatedTag { key: key.to_owned(), value: value.to_owned() }),
        }
    }
    Ok(set)
}
