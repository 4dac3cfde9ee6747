//! Finds the keys that have a tag, such as the one of a creation whose outcome is unknown.

use std::sync::Arc;

use futures_util::TryStreamExt as _;

use crate::call::{CallContext, call};
use crate::error::Result;
use crate::keys::{KeyFilter, KeySummary, ListKeysRequest};
use crate::pagination::Paginator;
use crate::tags::Tag;
use crate::tags::list_resource_tags::ListResourceTagsRequest;

pub(crate) async fn find_keys_by_tag(
    context: Arc<CallContext>,
    tag: Tag,
) -> Result<Vec<KeySummary>> {
    let request = ListKeysRequest::new()
        .filter(KeyFilter::tag_key([&*tag.key]))
        .filter(KeyFilter::tag_value([&*tag.value]));
    let mut listed = Paginator::new(Arc::clone(&context), request).items();
    let mut found = Vec::new();
    while let Some(key) = listed.try_next().await? {
        // The two filters may match two tags of the key.
        let tags = ListResourceTagsRequest::new(&*key.key_id);
        match call(Arc::clone(&context), tags).await {
            Ok(response) if response.tags.iter().any(|found| found.tag == tag) => found.push(key),
            Ok(_) => {}
            // It was deleted since it was listed.
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}
