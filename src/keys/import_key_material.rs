//! `ImportKeyMaterial`: encrypted key material for a key without material.
//!
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-importkeymaterial>

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::error::ValidationError;
use crate::operation::{Encoder, Operation, OperationSpec, not_empty};
use crate::rate_limit::QuotaGroup;
use crate::types::wire;

/// The times that the parameter can express: it is a 32-bit integer, and 0 means never.
const EXPIRE_SECONDS: RangeInclusive<i64> = 1..=i32::MAX as i64;

/// The parameters of
/// [`ImportKeyMaterial`](https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-importkeymaterial).
///
/// [`GetParametersForImportResponse::wrap`](crate::keys::GetParametersForImportResponse::wrap)
/// encrypts the material and makes the request. Only the first material of a key is accepted:
/// another one is rejected for ever, and the same one can be imported again after it expired or was
/// deleted.
///
/// ```
/// use alibabacloud_kms::keys::ImportKeyMaterialRequest;
///
/// # let encrypted_elsewhere = vec![7; 256];
/// # let import_token = "fake-token";
/// let request = ImportKeyMaterialRequest::new("key-fake", encrypted_elsewhere, import_token);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct ImportKeyMaterialRequest {
    /// The id of the key (`KeyId`).
    pub key_id: String,
    /// The key material, encrypted for the public key of the parameters (`EncryptedKeyMaterial`).
    pub encrypted_key_material: Vec<u8>,
    /// The token that belongs to the public key (`ImportToken`).
    pub import_token: String,
    /// The time when KMS deletes the material, in whole seconds, at most 2038-01-19T03:14:07Z
    /// (`KeyMaterialExpireUnix`), default never. The service rejects a time that has passed.
    pub expire_time: Option<DateTime<Utc>>,
}

impl ImportKeyMaterialRequest {
    /// Creates a request that imports this encrypted material for ever.
    pub fn new(
        key_id: impl Into<String>,
        encrypted_key_material: impl Into<Vec<u8>>,
        import_token: impl Into<String>,
    ) -> Self {
        Self {
            key_id: key_id.into(),
            encrypted_key_material: encrypted_key_material.into(),
            import_token: import_token.into(),
            expire_time: None,
        }
    }

    /// Sets the time when KMS deletes the material.
    pub fn expire_time(mut self, time: DateTime<Utc>) -> Self {
        self.expire_time = Some(time);
        self
    }
}

impl Operation for ImportKeyMaterialRequest {
    const SPEC: OperationSpec =
        OperationSpec::write("ImportKeyMaterial", QuotaGroup::TagWrite).without_required_fields();
    type Response = ImportKeyMaterialResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        let len = self.encrypted_key_material.len();
        encoder.key_id(&self.key_id);
        encoder.count(
            "the length of `encrypted_key_material` in bytes",
            len,
            1..=usize::MAX,
            "at least 1",
        );
        encoder.base64("EncryptedKeyMaterial", &self.encrypted_key_material);
        encoder.check(not_empty("import_token", &self.import_token));
        encoder.text("ImportToken", &self.import_token);
        if let Some(time) = self.expire_time {
            let seconds = time.timestamp();
            if !EXPIRE_SECONDS.contains(&seconds) {
                let allowed = "1970-01-01T00:00:01Z to 2038-01-19T03:14:07Z";
                encoder.check(Err(ValidationError::new("expire_time", time, allowed)));
            }
            encoder.number("KeyMaterialExpireUnix", seconds);
        }
    }

    fn request_id(response: &mut ImportKeyMaterialResponse) -> &mut String {
        &mut response.request_id
    }
}

/// The confirmation that the material was imported: the response to an
/// [`ImportKeyMaterialRequest`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImportKeyMaterialResponse {
    /// The service's id of the request; empty if the response does not contain it.
    #[serde(default, deserialize_with = "wire::lenient_string")]
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::ImportKeyMaterialRequest as Request;
    use super::*;
    use crate::operation::{Validate as _, sent};

    #[test]
    fn material_token_and_time_are_sent() {
        let request = Request::new("k", [1, 2], "fake-token");
        assert_eq!(
            sent(&request),
            ["KeyId=k", "EncryptedKeyMaterial=AQI=", "ImportToken=fake-token"]
        );
        let time = DateTime::from_timestamp(1_900_000_000, 5).unwrap();
        assert_eq!(sent(&request.expire_time(time))[3], "KeyMaterialExpireUnix=1900000000");
    }

    #[test]
    fn empty_fields_and_times_out_of_range_are_rejected() {
        assert!(Request::new("k", [], "fake-token").validate().is_err());
        assert!(Request::new("k", [1], "").validate().is_err());
        assert!(Request::new("", [1], "fake-token").validate().is_err());
        let at = |seconds| {
            Request::new("k", [1], "fake-token")
                .expire_time(DateTime::from_timestamp(seconds, 0).unwrap())
        };
        let (first, last) = (1, i64::from(i32::MAX));
        assert!(at(first).validate().is_ok() && at(last).validate().is_ok());
        for seconds in [first - 1, last + 1] {
            let error = at(seconds).validate().unwrap_err().to_string();
            let range = "`expire_time` must be 1970-01-01T00:00:01Z to 2038-01-19T03:14:07Z, got ";
            assert!(error.starts_with(range), "{error}");
        }
    }
}
