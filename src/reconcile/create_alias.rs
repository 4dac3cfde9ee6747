//! Creates an alias, and finds out whether one that exists is the one that was requested.

use std::sync::Arc;

use super::write::{Verdict, Write, is_rejected_retry};
use crate::call::CallContext;
use crate::error::Result;
use crate::keys::create_alias::{CreateAliasRequest, CreateAliasResponse};
use crate::keys::list_aliases_by_key_id::ListAliasesByKeyIdRequest;

/// A key seldom has more aliases.
const PAGE_SIZE: u32 = 100;

pub(crate) async fn create_alias(
    context: Arc<CallContext>,
    request: CreateAliasRequest,
) -> Result<CreateAliasResponse> {
    let write = Write::start(context);
    let rejection = match write.execute(request.clone()).await {
        Err(error) if is_rejected_retry(&error, "AliasAlreadyExists") => error,
        outcome => return outcome,
    };
    let aliases = ListAliasesByKeyIdRequest::new(&*request.key_id).page_size(PAGE_SIZE);
    let Ok(page) = write.read(aliases).await else {
        let reason = "the alias exists, and this call could not read the aliases of the key";
        return Err(rejection.with_hint(Some(reason)));
    };
    let is_bound = page.aliases.iter().any(|alias| alias.alias_name == request.alias_name);
    let verdict = match is_bound {
        true => Verdict::Executed,
        false if page.total_count > PAGE_SIZE => {
            Verdict::Unknown("the alias exists, and the key has too many aliases to find it")
        }
        false => Verdict::NotExecuted,
    };
    verdict.resolve(rejection, || CreateAliasResponse { request_id: page.request_id })
}
