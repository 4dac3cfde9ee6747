//! Parameters that several operations have in common.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;
use crate::emulator::secret::EmulatedTag;
use crate::emulator::tags;
use crate::types::wire;

/// The longest value of a secret.
const MAX_SECRET_DATA_BYTES: usize = 30_720;

/// Returns the id of a new version.
pub(super) fn version_id(parameters: &Parameters) -> Result<&str, ErrorResponse> {
    let id = parameters.required("VersionId")?;
    if (1..=64).contains(&id.chars().count()) {
        Ok(id)
    } else {
        Err(ErrorResponse::invalid_parameter("VersionId", "1 to 64 characters"))
    }
}

pub(super) fn secret_data(parameters: &Parameters) -> Result<&str, ErrorResponse> {
    let data = parameters.required("SecretData")?;
    if data.len() <= MAX_SECRET_DATA_BYTES {
        Ok(data)
    } else {
        Err(ErrorResponse::invalid_parameter("SecretData", "at most 30,720 bytes"))
    }
}

pub(super) fn secret_data_type(parameters: &Parameters) -> Result<&str, ErrorResponse> {
    match parameters.get("SecretDataType").unwrap_or("text") {
        known @ ("text" | "binary") => Ok(known),
        _ => Err(ErrorResponse::invalid_parameter("SecretDataType", "text or binary")),
    }
}

/// Returns the interval of automatic rotation if it is enabled.
pub(super) fn rotation_interval(
    parameters: &Parameters,
) -> Result<Option<Duration>, ErrorResponse> {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    if !parameters.boolean("EnableAutomaticRotation")? {
        return Ok(None);
    }
    // One source has 168 hours as the minimum of UpdateSecretRotationPolicy.
    let allowed = 6 * HOUR..=8_760 * HOUR;
    interval_between(parameters, allowed, "6 hours to 8760 hours").map(Some)
}

/// Returns `RotationInterval`, which must be in a range.
pub(super) fn interval_between(
    parameters: &Parameters,
    allowed: RangeInclusive<Duration>,
    allowed_text: &str,
) -> Result<Duration, ErrorResponse> {
    let interval = wire::parse_duration(parameters.required("RotationInterval")?);
    interval
        .filter(|interval| allowed.contains(interval))
        .ok_or_else(|| ErrorResponse::invalid_parameter("RotationInterval", allowed_text))
}

/// Returns the id of the KMS instance. Every instance exists whose id has the service's form.
pub(super) fn instance_id(parameters: &Parameters) -> Result<&str, ErrorResponse> {
    match parameters.get("DKMSInstanceId") {
        Some(id) if !id.starts_with("kst-") => Err(ErrorResponse::service(
            403,
            "Forbidden.DKMSInstanceNotFound",
            "The specified KMS instance is not found.",
        )),
        id => Ok(id.unwrap_or_default()),
    }
}

/// Returns `Tags`, of which none has a key twice.
pub(super) fn tags(parameters: &Parameters) -> Result<Vec<EmulatedTag>, ErrorResponse> {
    let tags: Vec<EmulatedTag> = parameters.json("Tags")?.unwrap_or_default();
    if tags.iter().any(|tag| tags::check(&tag.key, &tag.value).is_err()) {
        let allowed = "tags with keys and values of at most 128 characters";
        return Err(ErrorResponse::invalid_parameter("Tags", allowed));
    }
    tags::merged(&[], tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(name: &str, value: &str) -> Parameters {
        [(name, value)].into()
    }

    #[test]
    fn version_id_has_one_to_sixty_four_characters() {
        for (id, is_valid) in [("", false), ("v", true), (&*"é".repeat(64), true)] {
            assert_eq!(version_id(&parameter("VersionId", id)).is_ok(), is_valid, "{id}");
        }
        let error = version_id(&parameter("VersionId", &"v".repeat(65))).unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "InvalidParameter"));
    }

    #[test]
    fn secret_data_has_at_most_30720_bytes() {
        let longest = "x".repeat(30_720);
        assert!(secret_data(&parameter("SecretData", &longest)).is_ok());
        assert!(secret_data(&parameter("SecretData", &"é".repeat(15_360))).is_ok());
        for too_long in [format!("{longest}x"), "é".repeat(15_361)] {
            let error = secret_data(&parameter("SecretData", &too_long)).unwrap_err();
            assert_eq!((error.status, &*error.code), (400, "InvalidParameter"));
        }
    }

    #[test]
    fn secret_data_type_is_text_or_binary() {
        assert_eq!(secret_data_type(&Parameters::default()).unwrap(), "text");
        assert_eq!(secret_data_type(&parameter("SecretDataType", "binary")).unwrap(), "binary");
        assert!(secret_data_type(&parameter("SecretDataType", "Text")).is_err());
    }

    #[test]
    fn rotation_interval_is_six_hours_to_a_year() {
        let interval = |text| {
            let enabled = [("EnableAutomaticRotation", "true"), ("RotationInterval", text)];
            rotation_interval(&enabled.into()).map(|interval| interval.map(|i| i.as_secs()))
        };
        assert_eq!(interval("6h").unwrap(), Some(21_600));
        assert_eq!(interval("8760h").unwrap(), Some(31_536_000));
        assert_eq!(interval("365d").unwrap(), Some(31_536_000));
        for text in ["21599s", "31536001s", "5h", "8761h", "7", "weekly", ""] {
            assert_eq!(interval(text).unwrap_err().code, "InvalidParameter", "{text}");
        }
    }
}
