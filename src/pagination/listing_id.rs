//! [`ListingId`]: which listing a resume token belongs to.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::call::CallContext;
use crate::error::ValidationError;
use crate::operation::paged::{PagePosition, PagedRequest};
use crate::sign::digest::sha256;

/// The identity of a listing, by which it is the same one later: a position in another would
/// silently skip items.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct ListingId {
    operation: Cow<'static, str>,
    host: String,
    region: Option<String>,
    /// A digest of the parameters, filters among them, without the position.
    parameters: String,
}

/// Hexadecimal digits of a digest: enough to tell the listings of one user apart.
const DIGITS: usize = 16;

impl ListingId {
    pub(super) fn new<R: PagedRequest>(context: &CallContext, request: &R) -> Self {
        let region = context.endpoint.region();
        Self {
            operation: Cow::Borrowed(R::SPEC.name),
            host: context.endpoint.host().to_owned(),
            region: region.map(str::to_owned),
            parameters: digest(request, region),
        }
    }

    /// Checks that a token belongs to this listing.
    pub(super) fn check(&self, token: &Self) -> Result<(), ValidationError> {
        let region = |id: &Self| id.region.clone().unwrap_or_else(|| "none".to_owned());
        if token.operation != self.operation {
            Err(mismatch("a token of the same operation", &token.operation))
        } else if token.host != self.host {
            Err(mismatch("a token of the same host", &token.host))
        } else if token.region != self.region {
            Err(mismatch("a token of the same region", &region(token)))
        } else if token.parameters != self.parameters {
            let allowed = "a token of the same filters and other parameters";
            Err(ValidationError::new("resume", format_args!("one of others"), allowed))
        } else {
            Ok(())
        }
    }
}

/// Returns a digest of the parameters of `request`, the same for all positions and page sizes.
fn digest<R: PagedRequest>(request: &R, region: Option<&str>) -> String {
    let request = request.at(&match request.position() {
        PagePosition::Number { .. } => PagePosition::Number { number: 1, size: 1 },
        PagePosition::Token(_) => PagePosition::Token(None),
    });
    let mut text = String::new();
    for (name, value) in request.encoded(region).parameters() {
        text.extend([&*name, "\0", &*value, "\0"]);
    }
    let mut digest = sha256(text.as_bytes());
    digest.truncate(DIGITS);
    digest
}

fn mismatch(allowed: &'static str, got: &str) -> ValidationError {
    ValidationError::new("resume", got, allowed)
}

/// Checks that the position in a token is one of a listing that starts at `start`.
pub(super) fn check_position(
    token: &PagePosition,
    start: &PagePosition,
) -> Result<(), ValidationError> {
    match (token, start) {
        (PagePosition::Number { number: 0, .. }, _) => {
            Err(ValidationError::new("resume", 0, "a token of page 1 or later"))
        }
        (PagePosition::Number { size, .. }, PagePosition::Number { size: own, .. })
            if size != own =>
        {
            Err(ValidationError::new("resume", size, "a token of the same page size"))
        }
        (PagePosition::Number { .. }, PagePosition::Number { .. })
        | (PagePosition::Token(_), PagePosition::Token(_)) => Ok(()),
        _ => {
            let got = format_args!("one of the other kind");
            Err(ValidationError::new("resume", got, "a token of the same kind of pages"))
        }
    }
}
