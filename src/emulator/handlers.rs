//! The operations that the emulator implements, one file each, and the table of them.
//!
//! A handler is pure: it has a request's parameters, the stored secrets and keys and the request's
//! context as arguments, and returns the body of the response.

mod alias_fields;
mod cancel_key_deletion;
mod create_alias;
mod create_key;
mod create_key_version;
mod create_secret;
mod cryptography;
mod delete_alias;
mod delete_key_material;
mod delete_secret;
mod describe_account_kms_status;
mod describe_key;
mod describe_key_version;
mod describe_regions;
mod describe_secret;
mod disable_key;
mod enable_key;
mod get_challenge;
mod get_key_policy;
mod get_managed_data_key;
mod get_parameters_for_import;
mod get_random_password;
mod get_secret_policy;
mod get_secret_value;
mod import_key_material;
mod key_fields;
mod list_aliases;
mod list_key_versions;
mod list_keys;
mod list_resource_tags;
mod list_secret_version_ids;
mod list_secrets;
mod list_tag_resources;
mod named_resources;
mod open_kms_service;
mod paging;
mod policy;
mod put_secret_value;
mod request_fields;
mod response_fields;
mod restore_secret;
mod rotate_secret;
mod schedule_key_deletion;
mod set_deletion_protection;
mod set_key_policy;
mod set_secret_policy;
mod tag_resource;
mod tag_resources;
mod target;
#[cfg(test)]
mod test_account;
mod untag_resource;
mod untag_resources;
mod update_alias;
mod update_key_description;
mod update_rotation_policy;
mod update_secret;
mod update_secret_rotation_policy;
mod update_secret_version_stage;

use super::context::RequestContext;
use super::error_response::ErrorResponse;
use super::request::Parameters;
use super::store::Store;
use crate::operation::{Operation, OperationSpec};
use crate::{keys, secrets, tags};

/// Executes one operation: from its parameters to the body of its response.
pub(super) type Handler =
    fn(&Parameters, &mut Store, &RequestContext<'_>) -> Result<Vec<u8>, ErrorResponse>;

/// An operation that the emulator implements.
pub(super) struct Implementation {
    pub(super) spec: OperationSpec,
    /// True if the service's metadata allow only POST; GET and POST are the rule.
    pub(super) is_post_only: bool,
    has_dry_run: bool,
    handle: Handler,
}

impl Implementation {
    const fn new<O: Operation>(handle: Handler) -> Self {
        Self { spec: O::SPEC, is_post_only: false, has_dry_run: false, handle }
    }

    const fn post_only(self) -> Self {
        Self { is_post_only: true, ..self }
    }

    /// Lets `DryRun` say whether the operation would succeed.
    const fn with_dry_run(self) -> Self {
        Self { has_dry_run: true, ..self }
    }

    /// Executes the operation. A dry run always ends with an error.
    pub(super) fn execute(
        &self,
        parameters: &Parameters,
        store: &mut Store,
        context: &RequestContext<'_>,
    ) -> Result<Vec<u8>, ErrorResponse> {
        let is_dry_run = self.has_dry_run && parameters.boolean("DryRun")?;
        let outcome = (self.handle)(parameters, store, context);
        if is_dry_run { Err(dry_run_error(outcome)) } else { outcome }
    }
}

/// The implemented operations, by name.
pub(super) const IMPLEMENTATIONS: &[Implementation] = &[
    Implementation::new::<keys::AsymmetricDecryptRequest>(cryptography::asymmetric_decrypt::handle)
        .with_dry_run(),
    Implementation::new::<keys::AsymmetricEncryptRequest>(cryptography::asymmetric_encrypt::handle)
        .with_dry_run(),
    Implementation::new::<keys::AsymmetricSignRequest>(cryptography::asymmetric_sign::handle)
        .with_dry_run(),
    Implementation::new::<keys::AsymmetricVerifyRequest>(cryptography::asymmetric_verify::handle)
        .with_dry_run(),
    Implementation::new::<secrets::BatchGetSecretValueRequest>(get_secret_value::handle_batch),
    Implementation::new::<keys::CancelKeyDeletionRequest>(cancel_key_deletion::handle),
    Implementation::new::<keys::CreateAliasRequest>(create_alias::handle),
    Implementation::new::<keys::CreateKeyRequest>(create_key::handle),
    Implementation::new::<keys::CreateKeyVersionRequest>(create_key_version::handle),
    Implementation::new::<secrets::CreateSecretRequest>(create_secret::handle),
    Implementation::new::<keys::DecryptRequest>(cryptography::decrypt::handle).with_dry_run(),
    Implementation::new::<keys::DeleteAliasRequest>(delete_alias::handle),
    Implementation::new::<keys::DeleteKeyMaterialRequest>(delete_key_material::handle),
    Implementation::new::<secrets::DeleteSecretRequest>(delete_secret::handle),
    Implementation::new::<keys::DescribeAccountKmsStatusRequest>(
        describe_account_kms_status::handle,
    ),
    Implementation::new::<keys::DescribeKeyRequest>(describe_key::handle),
    Implementation::new::<keys::DescribeKeyVersionRequest>(describe_key_version::handle),
    Implementation::new::<keys::DescribeRegionsRequest>(describe_regions::handle),
    Implementation::new::<secrets::DescribeSecretRequest>(describe_secret::handle),
    Implementation::new::<keys::DisableKeyRequest>(disable_key::handle),
    Implementation::new::<keys::EnableKeyRequest>(enable_key::handle),
    Implementation::new::<keys::EncryptRequest>(cryptography::encrypt::handle).with_dry_run(),
    Implementation::new::<keys::ExportDataKeyRequest>(cryptography::export_data_key::handle)
        .with_dry_run(),
    Implementation::new::<keys::GenerateAndExportDataKeyRequest>(
        cryptography::generate_and_export_data_key::handle,
    )
    .with_dry_run(),
    Implementation::new::<keys::GenerateDataKeyRequest>(cryptography::generate_data_key::handle)
        .with_dry_run(),
    Implementation::new::<keys::GenerateDataKeyWithoutPlaintextRequest>(
        cryptography::generate_data_key::handle_without_plaintext,
    )
    .with_dry_run(),
    Implementation::new::<keys::GenerateMacRequest>(cryptography::generate_mac::handle)
        .post_only()
        .with_dry_run(),
    Implementation::new::<keys::GetChallengeRequest>(get_challenge::handle).post_only(),
    Implementation::new::<keys::GetKeyPolicyRequest>(get_key_policy::handle),
    Implementation::new::<keys::GetManagedDataKeyRequest>(get_managed_data_key::handle).post_only(),
    Implementation::new::<keys::GetParametersForImportRequest>(get_parameters_for_import::handle),
    Implementation::new::<keys::GetPublicKeyRequest>(cryptography::get_public_key::handle)
        .with_dry_run(),
    Implementation::new::<secrets::GetRandomPasswordRequest>(get_random_password::handle),
    Implementation::new::<secrets::GetSecretPolicyRequest>(get_secret_policy::handle),
    Implementation::new::<secrets::GetSecretValueRequest>(get_secret_value::handle).with_dry_run(),
    Implementation::new::<keys::ImportKeyMaterialRequest>(import_key_material::handle),
    Implementation::new::<keys::ListAliasesRequest>(list_aliases::handle),
    Implementation::new::<keys::ListAliasesByKeyIdRequest>(list_aliases::handle_by_key_id),
    Implementation::new::<keys::ListKeyVersionsRequest>(list_key_versions::handle),
    Implementation::new::<keys::ListKeysRequest>(list_keys::handle),
    Implementation::new::<keys::ListManagedDataKeyVersionsRequest>(
        get_managed_data_key::handle_versions,
    )
    .post_only(),
    Implementation::new::<tags::ListResourceTagsRequest>(list_resource_tags::handle),
    Implementation::new::<secrets::ListSecretVersionIdsRequest>(list_secret_version_ids::handle),
    Implementation::new::<secrets::ListSecretsRequest>(list_secrets::handle),
    Implementation::new::<tags::ListTagResourcesRequest>(list_tag_resources::handle),
    Implementation::new::<keys::OpenKmsServiceRequest>(open_kms_service::handle),
    Implementation::new::<secrets::PutSecretValueRequest>(put_secret_value::handle),
    Implementation::new::<keys::ReEncryptRequest>(cryptography::re_encrypt::handle).with_dry_run(),
    Implementation::new::<secrets::RestoreSecretRequest>(restore_secret::handle),
    Implementation::new::<secrets::RotateSecretRequest>(rotate_secret::handle),
    Implementation::new::<keys::ScheduleKeyDeletionRequest>(schedule_key_deletion::handle),
    Implementation::new::<keys::SetDeletionProtectionRequest>(set_deletion_protection::handle),
    Implementation::new::<keys::SetKeyPolicyRequest>(set_key_policy::handle),
    Implementation::new::<secrets::SetSecretPolicyRequest>(set_secret_policy::handle).post_only(),
    Implementation::new::<tags::TagResourceRequest>(tag_resource::handle),
    Implementation::new::<tags::TagResourcesRequest>(tag_resources::handle),
    Implementation::new::<tags::UntagResourceRequest>(untag_resource::handle),
    Implementation::new::<tags::UntagResourcesRequest>(untag_resources::handle),
    Implementation::new::<keys::UpdateAliasRequest>(update_alias::handle),
    Implementation::new::<keys::UpdateKeyDescriptionRequest>(update_key_description::handle),
    Implementation::new::<keys::UpdateRotationPolicyRequest>(update_rotation_policy::handle),
    Implementation::new::<secrets::UpdateSecretRequest>(update_secret::handle),
    Implementation::new::<secrets::UpdateSecretRotationPolicyRequest>(
        update_secret_rotation_policy::handle,
    ),
    Implementation::new::<secrets::UpdateSecretVersionStageRequest>(
        update_secret_version_stage::handle,
    ),
    Implementation::new::<keys::VerifyMacRequest>(cryptography::verify_mac::handle)
        .post_only()
        .with_dry_run(),
];

/// Returns the error that a dry run ends with. Its status is not documented.
fn dry_run_error(outcome: Result<Vec<u8>, ErrorResponse>) -> ErrorResponse {
    match outcome {
        Ok(_) => {
            let message = "The request would have succeeded, but the DryRun parameter was set.";
            ErrorResponse::service(400, "DryRunOperationError", message)
        }
        Err(error) => {
            let message = format!("The request would have been rejected: {}.", error.code);
            ErrorResponse::service(400, "ValidationError", message)
        }
    }
}

/// Returns the implementation of an operation.
pub(super) fn find(action: &str) -> Option<&'static Implementation> {
    IMPLEMENTATIONS.iter().find(|implementation| implementation.spec.name == action)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::DateTime;

    use super::*;
    use crate::emulator::EmulatedSecret;
    use crate::operations::OPERATIONS;
    use crate::types::SecretValue;

    #[test]
    fn dry_run_always_ends_with_an_error() {
        let context = RequestContext { now: DateTime::UNIX_EPOCH, request_id: "r", host: "h" };
        let execute = |name, dry_run| {
            let mut store = Store::default();
            let secret = EmulatedSecret::new("known").value(SecretValue::text("fake"));
            store.add(secret, DateTime::UNIX_EPOCH);
            let parameters = [("SecretName", name), ("DryRun", dry_run)].into();
            let outcome =
                find("GetSecretValue").unwrap().execute(&parameters, &mut store, &context);
            outcome.map_err(|error| (error.status, error.code.into_owned()))
        };
        let rejected = |code: &str| Err((400, code.to_owned()));
        assert_eq!(execute("known", "true"), rejected("DryRunOperationError"));
        assert_eq!(execute("none", "True"), rejected("ValidationError"));
        assert_eq!(execute("known", "maybe"), rejected("InvalidParameter"));
        assert!(execute("known", "false").is_ok());
    }

    #[test]
    fn every_operation_is_implemented() {
        let implemented: BTreeSet<_> =
            IMPLEMENTATIONS.iter().map(|entry| entry.spec.name).collect();
        let typed = OPERATIONS.into_iter().flatten().map(|spec| spec.name).collect();
        assert_eq!(implemented, typed);
    }
}
