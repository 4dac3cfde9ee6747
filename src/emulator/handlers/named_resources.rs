//! The resources that a request names by type and ids, for the operations on the tags of several.

use super::Context;
use crate::emulator::error_response::Refusal;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

/// The most resources, and the most tags, of a request.
const MOST_RESOURCES: usize = 50;
pub(super) const MOST_TAGS: usize = 20;

/// What a request names. All of it exists.
pub(super) struct Resources<'a> {
    pub(super) kind: Kind,
    /// Names of secrets.
    pub(super) ids: Vec<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// None of them are emulated.
    Key,
    Secret,
}

impl<'a> Resources<'a> {
    pub(super) fn named(
        parameters: &'a Parameters,
        store: &Store,
        context: &Context<'_>,
    ) -> Result<Self, Refusal> {
        // Which region it is makes no difference here: there is one.
        parameters.required("RegionId")?;
        let kind = match parameters.required("ResourceType")? {
            "key" => Kind::Key,
            "secret" => Kind::Secret,
            _ => return Err(Refusal::invalid_parameter("ResourceType", "key or secret")),
        };
        let ids = parameters.list("ResourceId");
        if ids.len() > MOST_RESOURCES {
            return Err(Refusal::invalid_parameter("ResourceId", "at most 50"));
        }
        let exists = |id: &&str| store.iter(context.now).any(|stored| stored.secret.name() == *id);
        if !ids.iter().all(|id| kind == Kind::Secret && exists(id)) {
            let message = "The specified resource is not found.";
            return Err(Refusal::service(404, "InvalidResourceId.NotFound", message));
        }
        Ok(Self { kind, ids })
    }

    /// Refuses a request that names none.
    pub(super) fn at_least_one(self) -> Result<Self, Refusal> {
        if self.ids.is_empty() {
            let message = "The parameter ResourceId.1 needed for the request is missing.";
            return Err(Refusal::service(400, "MissingParameter", message));
        }
        Ok(self)
    }
}
