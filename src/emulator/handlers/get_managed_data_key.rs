//! GetManagedDataKey and ListManagedDataKeyVersions, which have no page of their own yet.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;

use super::paging::Page;
use super::response_fields::json;
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::store::Store;

pub(super) fn handle(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let name = parameters.required("DataKeyName")?;
    let use_latest = parameters.boolean("UseLatest")?;
    let data_key = store.keys.managed_data_key(name)?;
    let version = data_key.version(parameters.get("DataKeyVersionId"), use_latest)?;
    json(&Response {
        request_id: context.request_id,
        data_key_name: name,
        version: VersionFields {
            data_key_version_id: &version.id,
            data_key_version_name: &version.secret_name,
        },
        plaintext: BASE64_STANDARD.encode(version.material),
    })
}

pub(super) fn handle_versions(
    parameters: &Parameters,
    store: &mut Store,
    context: &RequestContext<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let page = Page::read(parameters, 10)?;
    let name = parameters.required("DataKeyName")?;
    let versions = store.keys.managed_data_key(name)?.versions().iter();
    let (managed_data_key_version, total_count) = page.of(versions.map(|version| VersionFields {
        data_key_version_id: &version.id,
        data_key_version_name: &version.secret_name,
    }));
    json(&VersionsResponse {
        request_id: context.request_id,
        data_key_name: name,
        page_number: page.number,
        page_size: page.size,
        total_count,
        managed_data_key_versions: Versions { managed_data_key_version },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    request_id: &'a str,
    data_key_name: &'a str,
    #[serde(flatten)]
    version: VersionFields<'a>,
    plaintext: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionsResponse<'a> {
    request_id: &'a str,
    data_key_name: &'a str,
    page_number: i32,
    page_size: i32,
    /// All versions, not only those of this page.
    total_count: usize,
    managed_data_key_versions: Versions<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Versions<'a> {
    managed_data_key_version: Vec<VersionFields<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionFields<'a> {
    data_key_version_id: &'a str,
    data_key_version_name: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::handlers::test_account::TestAccount;

    #[test]
    fn first_version_is_the_default() {
        let mut account = TestAccount::new();
        account.store.keys.add_managed_data_key("dk".into(), 3);
        let name = ("DataKeyName", "dk");
        for (more, id) in [
            (&[][..], "v1"),
            (&[("UseLatest", "true")], "v3"),
            (&[("DataKeyVersionId", "v2"), ("UseLatest", "true")], "v2"),
        ] {
            let response = account.call(handle, &[&[name], more].concat()).unwrap();
            assert_eq!(response["DataKeyVersionId"], id);
            let plaintext = response["Plaintext"].as_str().unwrap();
            assert_eq!(BASE64_STANDARD.decode(plaintext).unwrap().len(), 32);
        }
        let listed = account.call(handle_versions, &[name, ("PageSize", "2")]).unwrap();
        assert_eq!(listed["TotalCount"], 3);
        let versions = &listed["ManagedDataKeyVersions"]["ManagedDataKeyVersion"];
        assert_eq!(versions[1]["DataKeyVersionId"], "v2");
        assert_eq!(versions[1]["DataKeyVersionName"], "acs/kms/data-key/dk/v2");
    }

    #[test]
    fn unknown_data_key_is_not_found() {
        let mut account = TestAccount::new();
        let unknown = [("DataKeyName", "dk")];
        assert_eq!(account.code(handle, &unknown), "Forbidden.ResourceNotFound");
        account.store.keys.add_managed_data_key("dk".into(), 0);
        assert_eq!(account.code(handle, &unknown), "ok");
        let version = [unknown[0], ("DataKeyVersionId", "v2")];
        assert_eq!(account.code(handle, &version), "Forbidden.ResourceNotFound");
    }
}
