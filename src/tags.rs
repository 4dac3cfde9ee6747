//! Tags on secrets and keys: the requests that set, remove and list them.

pub(crate) mod list_resource_tags;
pub(crate) mod list_tag_resources;
pub(crate) mod tag_resource;
pub(crate) mod tag_resources;
pub(crate) mod untag_resource;
pub(crate) mod untag_resources;

pub use list_resource_tags::{KeyTag, ListResourceTagsRequest, ListResourceTagsResponse};
pub use list_tag_resources::{
    ListTagResourcesRequest, ListTagResourcesResponse, ResourceTag, TagFilter,
};
pub use tag_resource::{TagResourceRequest, TagResourceResponse};
pub use tag_resources::{TagResourcesRequest, TagResourcesResponse};
pub use untag_resource::{UntagResourceRequest, UntagResourceResponse};
pub use untag_resources::{UntagResourcesRequest, UntagResourcesResponse};

pub use crate::types::{ResourceType, Tag, TagTarget};

#[cfg(test)]
use crate::operation::{Operation as _, OperationSpec};

/// The operations of this module, for the table of all operations.
#[cfg(test)]
pub(crate) const OPERATIONS: &[OperationSpec] = &[
    ListResourceTagsRequest::SPEC,
    ListTagResourcesRequest::SPEC,
    TagResourceRequest::SPEC,
    TagResourcesRequest::SPEC,
    UntagResourceRequest::SPEC,
    UntagResourcesRequest::SPEC,
];
