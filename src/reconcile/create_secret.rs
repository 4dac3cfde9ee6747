//! Creates a secret, and finds out whether one that exists was created by this call.

use std::sync::Arc;

use super::write::{Verdict, Write, is_rejected_retry};
use crate::call::CallContext;
use crate::error::Result;
use crate::secrets::create_secret::{CreateSecretRequest, CreateSecretResponse};
use crate::secrets::describe_secret::{DescribeSecretRequest, DescribeSecretResponse};
use crate::secrets::get_secret_value::GetSecretValueRequest;
use crate::types::SecretType;

pub(crate) async fn create_secret(
    context: Arc<CallContext>,
    request: CreateSecretRequest,
) -> Result<CreateSecretResponse> {
    let write = Write::start(context);
    let rejection = match write.execute(request.clone()).await {
        Err(error) if is_rejected_retry(&error, "Rejected.ResourceExist") => error,
        outcome => return outcome,
    };
    let describe = DescribeSecretRequest::new(&*request.secret_name).fetch_tags(true);
    let Ok(secret) = write.read(describe).await else {
        return Err(rejection.with_hint(Some(UNREADABLE)));
    };
    let verdict = verdict(&write, &request, &secret).await;
    verdict.resolve(rejection, || response(secret, request.version_id))
}

const UNREADABLE: &str = "a secret of this name exists, and this call could not read it";

/// Decides by what never changes first: the creation time, the type, and the value of a version.
async fn verdict(
    write: &Write,
    request: &CreateSecretRequest,
    secret: &DescribeSecretResponse,
) -> Verdict {
    match secret.create_time {
        Some(time) if !write.may_have_caused(time) => return Verdict::NotExecuted,
        Some(_) => {}
        None => {
            return Verdict::Unknown("a secret of this name exists, without its creation time");
        }
    }
    if secret.secret_type.as_ref().is_some_and(|found| *found != request.secret_type) {
        return Verdict::NotExecuted;
    }
    match compare_value(write, request).await {
        Verdict::Executed if !has_requested_settings(secret, request) => {
            Verdict::Unknown("a secret of this name was just created with other settings")
        }
        verdict => verdict,
    }
}

async fn compare_value(write: &Write, request: &CreateSecretRequest) -> Verdict {
    if request.is_value_generated() {
        return Verdict::Executed;
    }
    let version =
        GetSecretValueRequest::new(&*request.secret_name).version_id(&*request.version_id);
    // Only the values of generic secrets are documented to stay as they were put.
    let is_generic = request.secret_type == SecretType::Generic;
    match write.read(version).await {
        Ok(found) if found.value.is_same(&request.value) => Verdict::Executed,
        Ok(_) if is_generic => Verdict::NotExecuted,
        Ok(_) => Verdict::Unknown("a secret of this name was just created with another value"),
        Err(error) if error.code() == Some("Forbidden.ResourceNotFound") && is_generic => {
            Verdict::NotExecuted
        }
        Err(_) => Verdict::Unknown(UNREADABLE),
    }
}

/// Returns whether a secret has everything that was requested and that `DescribeSecret` returns.
fn has_requested_settings(secret: &DescribeSecretResponse, request: &CreateSecretRequest) -> bool {
    fn is_as_requested<T: PartialEq>(requested: Option<&T>, found: Option<&T>) -> bool {
        requested.is_none() || requested == found
    }
    let tags = secret.tags.as_deref().unwrap_or_default();
    let description = request.description.as_ref().filter(|text| !text.is_empty());
    is_as_requested(description, secret.description.as_ref())
        && is_as_requested(request.instance_id.as_ref(), secret.instance_id.as_ref())
        && is_as_requested(request.encryption_key_id.as_ref(), secret.encryption_key_id.as_ref())
        && is_as_requested(request.extended_config.as_ref(), secret.extended_config.as_ref())
        && is_as_requested(request.rotation_interval.as_ref(), secret.rotation_interval.as_ref())
        && request.tags.iter().all(|tag| tags.contains(tag))
}

fn response(secret: DescribeSecretResponse, version_id: String) -> CreateSecretResponse {
    CreateSecretResponse {
        secret_name: secret.secret_name,
        arn: secret.arn,
        version_id,
        secret_type: secret.secret_type,
        instance_id: secret.instance_id,
        automatic_rotation: secret.automatic_rotation,
        rotation_interval: secret.rotation_interval,
        next_rotation_date: secret.next_rotation_date,
        extended_config: secret.extended_config,
        request_id: secret.request_id,
    }
}
