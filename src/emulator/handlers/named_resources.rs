//! [`NamedResources`]: the resources that a request names by type and ids, for the operations on
//! the tags of several.

use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::secret::EmulatedTag;
use crate::emulator::store::Store;

/// The largest number of resources in a request.
const MAX_RESOURCES: usize = 50;
/// The largest number of tags in a request.
pub(super) const MAX_TAGS: usize = 20;

/// The resources that a request names. All of them exist.
pub(super) struct NamedResources<'a> {
    pub(super) kind: Kind,
    /// Names of secrets, or ids of keys.
    pub(super) ids: Vec<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Key,
    Secret,
}

impl Kind {
    fn exists(self, id: &str, store: &Store, context: &RequestContext<'_>) -> bool {
        match self {
            Self::Key => store.keys.iter(context.now).any(|key| key.id == id),
            Self::Secret => store.iter(context.now).any(|stored| stored.secret.name() == id),
        }
    }

    /// Returns the tags of a resource, to change them.
    pub(super) fn tags<'s>(
        self,
        id: &str,
        store: &'s mut Store,
        context: &RequestContext<'_>,
    ) -> Result<&'s mut Vec<EmulatedTag>, ErrorResponse> {
        match self {
            Self::Key => store.key_tags(id, context.now),
            Self::Secret => store.secret_tags(id, context.now),
        }
    }
}

impl<'a> NamedResources<'a> {
    pub(super) fn read(
        parameters: &'a Parameters,
        store: &Store,
        context: &RequestContext<'_>,
    ) -> Result<Self, ErrorResponse> {
        // Its value has no effect: an emulator has one region.
        parameters.required("RegionId")?;
        let kind = match parameters.required("ResourceType")? {
            "key" => Kind::Key,
            "secret" => Kind::Secret,
            _ => return Err(ErrorResponse::invalid_parameter("ResourceType", "key or secret")),
        };
        let ids = parameters.list("ResourceId");
        if ids.len() > MAX_RESOURCES {
            return Err(ErrorResponse::invalid_parameter("ResourceId", "at most 50"));
        }
        if !ids.iter().all(|id| kind.exists(id, store, context)) {
            let message = "The specified resource is not found.";
            return Err(ErrorResponse::service(404, "InvalidResourceId.NotFound", message));
        }
        Ok(Self { kind, ids })
    }

    /// Rejects a request that names none.
    pub(super) fn require_any(self) -> Result<Self, ErrorResponse> {
        if self.ids.is_empty() {
            return Err(ErrorResponse::missing_parameter("ResourceId.1"));
        }
        Ok(self)
    }
}
