//! What a person can do about an answer of the service.

use std::borrow::Cow;

use super::service::ServiceError;
use super::{AccessDeniedDetail, ErrorKind};

/// The next step for an error that `operation` was answered with, if one is known.
pub(super) fn from_code(
    kind: ErrorKind,
    operation: &'static str,
    error: &ServiceError,
) -> Option<Cow<'static, str>> {
    let code = error.code.as_str();
    let advice = match kind {
        ErrorKind::AccessDenied => {
            return Some(permission(operation, error.access_denied_detail.as_deref()).into());
        }
        ErrorKind::Authentication => authentication(code)?,
        ErrorKind::NotFound => missing(code),
        ErrorKind::Conflict => conflict(operation, code),
        ErrorKind::Configuration => {
            "the endpoint does not serve this API: check the region and the endpoint"
        }
        ErrorKind::AccountState => "see the KMS console of this account and region",
        ErrorKind::Throttled => "the limit is per account and region: send fewer requests a second",
        ErrorKind::QuotaExceeded => {
            "delete what is not needed any more, or have the quota raised in the Quota Center"
        }
        ErrorKind::Unavailable => {
            "this passes: call again later, and give the request id to the service's support if it does not"
        }
        _ => return None,
    };
    Some(advice.into())
}

/// <https://www.alibabacloud.com/help/en/kms/key-management-service/security-and-compliance/use-ram-to-implement-access-control>
fn permission(operation: &'static str, detail: Option<&AccessDeniedDetail>) -> String {
    let told = detail.and_then(|detail| detail.auth_action.as_deref());
    let denied = detail.and_then(|detail| detail.no_permission_type.as_deref());
    match (told, denied, operation) {
        (Some(action), Some("ExplicitDeny"), _) => {
            format!("a policy denies this identity the RAM action {action}: change that policy")
        }
        (Some(action), _, _) => format!("allow the RAM action {action} for this identity"),
        (None, _, "GetSecretValue") => {
            "allow the RAM action kms:GetSecretValue for this identity, and kms:Decrypt if a key of your own encrypts the \
             secret"
                .to_owned()
        }
        (None, ..) => format!("allow the RAM action kms:{operation} for this identity"),
    }
}

fn authentication(code: &str) -> Option<&'static str> {
    Some(match code {
        "InvalidAccessKeyId.NotFound" => {
            "there is no such access key (any more): check the AccessKey ID, or make another key in the RAM console"
        }
        "InvalidAccessKeyId.Inactive" | "Forbidden.AccessKeyDisabled" | "Forbidden.AccessKey" => {
            "enable the access key in the RAM console, or use another"
        }
        "InvalidSecurityToken.Expired" => "get temporary keys anew: these have expired",
        "MissingSecurityToken"
        | "InvalidSecurityToken.Malformed"
        | "InvalidSecurityToken.MismatchWithAccessKey" => {
            "temporary keys are good only as a whole: give the id, the secret and the token that were issued together"
        }
        "SignatureDoesNotMatch" | "IncompleteSignature" => {
            "check that the AccessKeySecret belongs to this AccessKeyId"
        }
        _ => return None,
    })
}

fn missing(code: &str) -> &'static str {
    match code {
        "Forbidden.KeyNotFound" | "Forbidden.KeyVersionNotFound" | "Forbidden.AliasNotFound" => {
            "check the id of the encryption key, and that it is in this client's region"
        }
        "Forbidden.DKMSInstanceNotFound" => {
            "check the id of the KMS instance, and that it is in this client's region"
        }
        _ => {
            "check the name, the version if one was asked for, and that it is in this client's region and account"
        }
    }
}

fn conflict(operation: &'static str, code: &str) -> &'static str {
    match (code, operation) {
        ("Rejected.ResourceExist", "PutSecretValue") => {
            "the version id holds another value: take another id"
        }
        ("Rejected.ResourceExist", _) => {
            "the name is taken: take another, or write a version of what is there with put_or_create_secret"
        }
        ("Rejected.ResourceInDeleteWindow", _) => {
            "the secret awaits deletion: take it back with restore_secret, or wait with wait_until_secret_deleted"
        }
        ("Rejected.ResourceInUse", "RestoreSecret") => "the secret does not await deletion",
        ("Rejected.StateModifiedFailed", _) => {
            "somebody else changed it meanwhile: look at it with describe_secret, then call again"
        }
        (
            "Rejected.Disabled"
            | "Rejected.PendingDeletion"
            | "Rejetced.PendingDeletion"
            | "Rejected.PendingImport"
            | "Rejected.Unavailable",
            _,
        ) => "see to the state of the encryption key in the KMS console",
        _ => "look at its state with describe_secret",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn told(operation: &'static str, code: &str) -> String {
        let error = ServiceError { code: code.to_owned(), ..ServiceError::default() };
        from_code(ErrorKind::from_code(code, 400), operation, &error)
            .unwrap_or_default()
            .into_owned()
    }

    #[test]
    fn every_error_that_a_person_can_do_something_about_has_a_next_step() {
        for (operation, code, words) in [
            ("GetSecretValue", "Forbidden.ResourceNotFound", "check the name, the version"),
            ("CreateSecret", "Forbidden.KeyNotFound", "id of the encryption key"),
            ("CreateSecret", "Forbidden.DKMSInstanceNotFound", "id of the KMS instance"),
            ("CreateSecret", "Rejected.ResourceExist", "put_or_create_secret"),
            ("PutSecretValue", "Rejected.ResourceExist", "take another id"),
            ("CreateSecret", "Rejected.ResourceInDeleteWindow", "restore_secret"),
            ("RestoreSecret", "Rejected.ResourceInUse", "does not await deletion"),
            ("UpdateSecret", "Rejected.StateModifiedFailed", "describe_secret"),
            ("GetSecretValue", "Rejected.PendingDeletion", "state of the encryption key"),
            ("ListSecrets", "InvalidAccessKeyId.NotFound", "no such access key"),
            ("ListSecrets", "InvalidAccessKeyId.Inactive", "enable the access key"),
            ("ListSecrets", "InvalidSecurityToken.Expired", "get temporary keys anew"),
            ("ListSecrets", "InvalidSecurityToken.Malformed", "issued together"),
            ("ListSecrets", "SignatureDoesNotMatch", "AccessKeySecret"),
            ("CreateSecret", "Rejected.LimitExceeded", "quota raised"),
            ("ListSecrets", "ServiceUnavailable", "call again later"),
            ("ListSecrets", "Forbidden.NoPermission", "the RAM action kms:ListSecrets for"),
            ("GetSecretValue", "Forbidden.NoPermission", "and kms:Decrypt if a key"),
        ] {
            let told = told(operation, code);
            assert!(told.contains(words), "{code}: {told}");
        }
        assert_eq!(told("ListSecrets", "InvalidParameter"), "");
    }

    #[test]
    fn the_action_that_the_service_names_goes_before_the_one_that_is_guessed() {
        let permission = |kind: &str| {
            let detail = AccessDeniedDetail {
                auth_action: Some("kms:Decrypt".to_owned()),
                no_permission_type: Some(kind.to_owned()),
                ..AccessDeniedDetail::default()
            };
            permission("GetSecretValue", Some(&detail))
        };
        let implicit = permission("ImplicitDeny");
        assert_eq!(implicit, "allow the RAM action kms:Decrypt for this identity");
        let explicit = permission("ExplicitDeny");
        assert!(explicit.starts_with("a policy denies this identity"), "{explicit}");
    }
}
