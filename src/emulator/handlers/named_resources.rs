//! [`NamedResources`]: the resources that a request names by type and ids, for the operations on
//! the tags of several.

use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// The largest number of resources in a request.
const MAX_RESOURCES: usize = 50;
/// The largest number of tags in a request.
pub(super) const MAX_TAGS: usize = 20;

/// The resources that a request names. All of them exist.
pub(super) struct NamedResources<'a> {
    pub(super) kind: Kind,
    /// Names of secrets.
    pub(super) ids: Vec<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// None is emulated.
    Key,
    Secret,
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
        let exists = |id: &&str| store.iter(context.now).any(|stored| stored.secret.name() == *id);
        if !ids.iter().all(|id| kind == Kind::Secret && exists(id)) {
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
