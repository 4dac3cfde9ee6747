//! Schedules the deletion of a key, and finds out whether a deletion that is scheduled was
//! scheduled by this call.

use std::sync::Arc;

use chrono::TimeDelta;

use super::write::{Verdict, Write, is_rejected_retry};
use crate::call::CallContext;
use crate::error::Result;
use crate::keys::describe_key::{DescribeKeyRequest, DescribeKeyResponse};
use crate::keys::schedule_key_deletion::{ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse};

pub(crate) async fn schedule_key_deletion(
    context: Arc<CallContext>,
    request: ScheduleKeyDeletionRequest,
) -> Result<ScheduleKeyDeletionResponse> {
    let write = Write::start(context);
    let rejection = match write.execute(request.clone()).await {
        Err(error) if is_rejected_retry(&error, "Rejected.StateModifiedFailed") => error,
        outcome => return outcome,
    };
    let Ok(response) = write.read(DescribeKeyRequest::new(&*request.key_id)).await else {
        let reason = "this call could not read whether the deletion of the key is scheduled";
        return Err(rejection.with_hint(Some(reason)));
    };
    let DescribeKeyResponse { key_metadata, request_id } = response;
    let window = TimeDelta::days(request.pending_window_in_days.into());
    let verdict = match key_metadata.delete_date {
        Some(date) if write.may_have_caused(date - window) => Verdict::Executed,
        Some(_) => Verdict::NotExecuted,
        None => Verdict::Unknown("the deletion of the key is not scheduled, or no longer"),
    };
    verdict.resolve(rejection, || ScheduleKeyDeletionResponse { request_id })
}
