//! [`AccessDeniedDetail`]: which permission was missing.

use serde_json::Value;

/// What the service says of a permission that was missing, beside the error's code and message: to whom it was denied, and why.
///
/// The service leaves out what it does not want to tell, and does not document the names; those that it was seen to send are
/// here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessDeniedDetail {
    /// The RAM action that was not allowed, such as `kms:Decrypt`. It need not be that of the operation.
    pub auth_action: Option<String>,
    /// What asked: `SubUser`, `AssumedRoleUser` and others.
    pub auth_principal_type: Option<String>,
    /// The id or name of what asked.
    pub auth_principal_display_name: Option<String>,
    /// The account that it belongs to.
    pub auth_principal_owner_id: Option<String>,
    /// `ImplicitDeny` where no policy allows the action, `ExplicitDeny` where one denies it.
    pub no_permission_type: Option<String>,
    /// The kind of policy that decided.
    pub policy_type: Option<String>,
    /// All of it in a form that the RAM console decodes for those who may
    /// ([`DecodeDiagnosticMessage`](https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-decodediagnosticmessage)).
    pub encoded_diagnostic_message: Option<String>,
}

impl AccessDeniedDetail {
    /// Reads `AccessDeniedDetail` of an answer, with each text made fit to be shown.
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
