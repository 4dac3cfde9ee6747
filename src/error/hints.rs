//! Hints: what a person can do about an error that the service returned.

use std::borrow::Cow;

use super::service::ServiceError;
use super::{AccessDeniedDetail, ErrorKind};

pub(super) const INVALID_CIPHERTEXT: &str = "check that the ciphertext is whole and unchanged, that \
    its key exists in this client's region and account, and that the encryption context and the \
    algorithm are those of the encryption";

/// Returns the next step for an error of `operation`, if one is known.
pub(super) fn from_code(
    kind: ErrorKind,
    operation: &str,
    error: &ServiceError,
) -> Option<Cow<'static, str>> {
    let code = error.code.as_str();
    let hint = match kind {
        ErrorKind::AccessDenied => {
            return Some(permission(operation, error.access_denied_detail.as_deref()).into());
        }
        ErrorKind::Authentication => authentication(code)?,
        ErrorKind::NotFound => not_found(operation, code),
        ErrorKind::Conflict => conflict(operation, code),
        ErrorKind::Configuration => {
            "the endpoint does not serve this API: check the region and the endpoint"
        }
        ErrorKind::AccountState => account_state(code),
        ErrorKind::Throttled => {
            "the quota is per account and region: send fewer requests per second"
        }
        ErrorKind::QuotaExceeded => {
            "delete what is not needed any more, or request a higher quota in the Quota Center"
        }
        ErrorKind::Unavailable => {
            "retry later; if it persists, give the request id to Alibaba Cloud support"
        }
        _ => return None,
    };
    Some(hint.into())
}

/// <https://www.alibabacloud.com/help/en/kms/key-management-service/security-and-compliance/use-ram-to-implement-access-control>
fn permission(operation: &str, detail: Option<&AccessDeniedDetail>) -> String {
    let action = detail.and_then(|detail| detail.auth_action.as_deref());
    let denied = detail.and_then(|detail| detail.no_permission_type.as_deref());
    match (action, denied, operation) {
        (Some(action), Some("ExplicitDeny"), _) => {
            format!("a policy denies this identity the RAM action {action}: change that policy")
        }
        (Some(action), _, _) => format!("allow the RAM action {action} for this identity"),
        // The batch has no RAM action of its own.
        (None, _, "GetSecretValue" | "BatchGetSecretValue") => {
            "allow the RAM action kms:GetSecretValue for this identity, and kms:Decrypt if a \
             key of your own encrypts the secret"
                .to_owned()
        }
        (None, _, "CreateSecret" | "PutSecretValue") => format!(
            "allow the RAM action kms:{operation} for this identity, and kms:GenerateDataKey if a \
             key of your own encrypts the secret"
        ),
        (None, _, "ReEncrypt") => {
            "allow the RAM actions kms:ReEncryptFrom on the key of the ciphertext and \
             kms:ReEncryptTo on the destination key for this identity"
                .to_owned()
        }
        (None, ..) => format!("allow the RAM action kms:{operation} for this identity"),
    }
}

fn authentication(code: &str) -> Option<&'static str> {
    Some(match code {
        "InvalidAccessKeyId.NotFound" => {
            "the access key does not exist (any more): check the AccessKey ID, or create another \
             access key in the RAM console"
        }
        "InvalidAccessKeyId.Inactive" | "Forbidden.AccessKeyDisabled" | "Forbidden.AccessKey" => {
            "enable the access key in the RAM console, or use another"
        }
        "InvalidSecurityToken.Expired" => {
            "these temporary credentials have expired: use a credentials provider, which renews \
             them, or set new ones"
        }
        "MissingSecurityToken"
        | "InvalidSecurityToken.Malformed"
        | "InvalidSecurityToken.MismatchWithAccessKey" => {
            "temporary credentials are valid only together: use the id, the secret and the token \
             that were issued together"
        }
        "SignatureDoesNotMatch" | "IncompleteSignature" => {
            "check that the AccessKeySecret belongs to this AccessKeyId"
        }
        _ => return None,
    })
}

/// Codes of the [error center](https://api.alibabacloud.com/document/Kms/2016-01-20/errorCode).
fn account_state(code: &str) -> &'static str {
    match code {
        "Forbidden.KmsServiceNotEnabled" => {
            "activate Key Management Service for this account in the KMS console"
        }
        "Forbidden.InDebt" | "Forbidden.InDebtOverdue" => {
            "pay the overdue bill of this account, then retry"
        }
        "Forbidden.NoRealNameAuthentication" => {
            "complete the real-name verification of this account"
        }
        "Forbidden.DKMSInstanceStateInvalid" => {
            "check in the KMS console that the KMS instance is running and has not expired"
        }
        "Forbidden.RiskControl" | "Forbidden.ProhibitedByRiskControl" => {
            "risk control blocks this account: contact Alibaba Cloud support with the request id"
        }
        _ => "check the state of this account and region in the KMS console",
    }
}

fn not_found(operation: &str, code: &str) -> &'static str {
    match code {
        // Only a creation names the key of a secret.
        "Forbidden.KeyNotFound" if operation.contains("Secret") && operation != "CreateSecret" => {
            "the key that encrypts the secret does not exist: describe_secret returns its id"
        }
        "Forbidden.KeyNotFound" => {
            "check the id of the key, and that it is in this client's region"
        }
        "Forbidden.KeyVersionNotFound" => {
            "check the id of the key's version, and the key: list_key_versions returns its versions"
        }
        "Forbidden.AliasNotFound" => {
            "check the name of the alias, and that it is in this client's region"
        }
        "Forbidden.DKMSInstanceNotFound" => {
            "check the id of the KMS instance, and that it is in this client's region"
        }
        _ => {
            "check the name, the version if one was requested, and that it is in this client's \
             region and account"
        }
    }
}

fn conflict(operation: &str, code: &str) -> &'static str {
    let is_of_secret = operation.contains("Secret");
    match (code, operation) {
        ("Rejected.ResourceExist", "PutSecretValue") => {
            "the version id has another value: use another id"
        }
        ("Rejected.ResourceExist", "CreateSecret") => {
            "the name is taken: use another, or add a version to the existing secret with \
             put_or_create_secret"
        }
        ("Rejected.ResourceInDeleteWindow", _) => {
            "the secret is pending deletion: cancel that with restore_secret, or wait with \
             wait_until_secret_deleted"
        }
        ("Rejected.ResourceInUse", "RestoreSecret") => "the secret is not pending deletion",
        ("AliasAlreadyExists", _) => {
            "the alias exists: bind it to another key with update_alias, or use another name"
        }
        ("Rejected.StateModifiedFailed", "CancelKeyDeletion") => "the key is not pending deletion",
        ("Rejected.StateModifiedFailed", _) if is_of_secret => {
            "another writer changed it meanwhile: check it with describe_secret, then retry"
        }
        ("Rejected.StateModifiedFailed", _) => {
            "the state of the key does not allow this: check it with describe_key"
        }
        (
            "Rejected.Disabled"
            | "Rejected.PendingDeletion"
            | "Rejetced.PendingDeletion"
            | "Rejected.PendingImport"
            | "Rejected.Unavailable",
            _,
        ) => "check the state of the key in the KMS console",
        _ if is_of_secret => "check its state with describe_secret",
        _ => "check its state in the KMS console",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn hint(operation: &str, code: &str) -> String {
        let error = ServiceError { code: code.to_owned(), ..ServiceError::default() };
        from_code(ErrorKind::from_code(code, 400), operation, &error)
            .unwrap_or_default()
            .into_owned()
    }

    #[test]
    fn every_error_that_a_person_can_fix_has_a_hint() {
        for (operation, code, words) in [
            ("GetSecretValue", "Forbidden.ResourceNotFound", "check the name, the version"),
            ("CreateSecret", "Forbidden.KeyNotFound", "id of the key"),
            ("GetSecretValue", "Forbidden.KeyNotFound", "encrypts the secret does not exist"),
            ("Encrypt", "Forbidden.AliasNotFound", "name of the alias"),
            ("GetPublicKey", "Forbidden.KeyVersionNotFound", "list_key_versions"),
            ("CreateSecret", "Forbidden.DKMSInstanceNotFound", "id of the KMS instance"),
            ("CreateSecret", "Rejected.ResourceExist", "put_or_create_secret"),
            ("PutSecretValue", "Rejected.ResourceExist", "use another id"),
            ("CreateSecret", "Rejected.ResourceInDeleteWindow", "restore_secret"),
            ("CreateAlias", "AliasAlreadyExists", "update_alias"),
            ("EnableKey", "Rejected.StateModifiedFailed", "describe_key"),
            ("CancelKeyDeletion", "Rejected.StateModifiedFailed", "is not pending deletion"),
            ("RestoreSecret", "Rejected.ResourceInUse", "is not pending deletion"),
            ("DeleteKeyMaterial", "Rejected.StateModifiedFailed", "describe_key"),
            ("UpdateSecret", "Rejected.StateModifiedFailed", "describe_secret"),
            ("UpdateSecret", "Rejected.ResourceExist", "describe_secret"),
            ("ScheduleKeyDeletion", "Rejected.ResourceInUse", "in the KMS console"),
            ("GetSecretValue", "Rejected.PendingDeletion", "state of the key"),
            ("ListSecrets", "InvalidAccessKeyId.NotFound", "does not exist"),
            ("ListSecrets", "InvalidAccessKeyId.Inactive", "enable the access key"),
            ("ListSecrets", "InvalidSecurityToken.Expired", "have expired"),
            ("ListSecrets", "InvalidSecurityToken.Malformed", "issued together"),
            ("ListSecrets", "SignatureDoesNotMatch", "AccessKeySecret"),
            ("CreateSecret", "Rejected.LimitExceeded", "a higher quota"),
            ("ListSecrets", "ServiceUnavailable", "retry later"),
            ("ListSecrets", "Forbidden.NoPermission", "the RAM action kms:ListSecrets for"),
            ("GetSecretValue", "Forbidden.NoPermission", "and kms:Decrypt if a key"),
            ("BatchGetSecretValue", "Forbidden.NoPermission", "action kms:GetSecretValue for"),
            ("PutSecretValue", "Forbidden.NoPermission", "and kms:GenerateDataKey if a key"),
            ("ListSecrets", "Forbidden.KmsServiceNotEnabled", "activate Key Management Service"),
            ("ListSecrets", "Forbidden.InDebtOverdue", "overdue bill"),
            ("ListSecrets", "Forbidden.NoRealNameAuthentication", "real-name verification"),
            ("GetSecretValue", "Forbidden.DKMSInstanceStateInvalid", "is running"),
            ("ListSecrets", "Forbidden.RiskControl", "risk control"),
            ("ListSecrets", "Forbidden.UbsmsInvalidBid", "state of this account"),
        ] {
            let hint = hint(operation, code);
            assert!(hint.contains(words), "{code}: {hint}");
        }
        assert_eq!(hint("ListSecrets", "InvalidParameter"), "");
    }

    #[test]
    fn reported_action_replaces_the_expected_one() {
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
