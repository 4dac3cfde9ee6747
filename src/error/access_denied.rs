//! [`AccessDeniedDetail`]: which permission was missing.

use super::json_fields::{read_fields, text};

/// The service's report of a missing permission: who was denied which action, and why.
///
/// The names are not documented. These are the ones that the service was seen to send; it may omit
/// any of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessDeniedDetail {
    /// The RAM action that was not allowed, such as `kms:Decrypt`. It may differ from the
    /// operation's own.
    pub auth_action: Option<String>,
    /// The type of the identity, such as `SubUser` or `AssumedRoleUser`.
    pub auth_principal_type: Option<String>,
    /// The id or name of the identity.
    pub auth_principal_display_name: Option<String>,
    /// The id of the account that the identity belongs to.
    pub auth_principal_owner_id: Option<String>,
    /// `ImplicitDeny` if no policy allows the action, `ExplicitDeny` if a policy denies it.
    pub no_permission_type: Option<String>,
    /// The type of the policy that decided.
    pub policy_type: Option<String>,
    /// The complete decision in a form that the RAM console decodes for those who may call
    /// [`DecodeDiagnosticMessage`](https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-decodediagnosticmessage).
    pub encoded_diagnostic_message: Option<String>,
}

impl AccessDeniedDetail {
    /// Reads `AccessDeniedDetail` of a response. `show` makes a text fit to be shown.
    pub(super) fn read(json: &str, show: impl Fn(&str) -> Option<String>) -> Self {
        let mut detail = Self::default();
        read_fields(json, &mut |name, value| {
            let slot = match name {
                "AuthAction" => &mut detail.auth_action,
                "AuthPrincipalType" => &mut detail.auth_principal_type,
                "AuthPrincipalDisplayName" => &mut detail.auth_principal_display_name,
                "AuthPrincipalOwnerId" => &mut detail.auth_principal_owner_id,
                "NoPermissionType" => &mut detail.no_permission_type,
                "PolicyType" => &mut detail.policy_type,
                "EncodedDiagnosticMessage" => &mut detail.encoded_diagnostic_message,
                _ => return,
            };
            *slot = text(value).and_then(|text| show(&text));
        });
        detail
    }
}
