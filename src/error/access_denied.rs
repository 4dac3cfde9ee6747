//! [`AccessDeniedDetail`]: which permission was missing.

use serde_json::Value;

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
    pub(super) fn read(detail: &Value, show: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| show(detail.get(name)?.as_str()?);
        Self {
            auth_action: text("AuthAction"),
            auth_principal_type: text("AuthPrincipalType"),
            auth_principal_display_name: text("AuthPrincipalDisplayName"),
            auth_principal_owner_id: text("AuthPrincipalOwnerId"),
            no_permission_type: text("NoPermissionType"),
            policy_type: text("PolicyType"),
            encoded_diagnostic_message: text("EncodedDiagnosticMessage"),
        }
    }
}
