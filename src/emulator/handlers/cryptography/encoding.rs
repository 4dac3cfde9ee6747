//! Parameters that are Base64 of bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::emulator::error_response::ErrorResponse;
use crate::emulator::request::Parameters;

/// Returns the bytes of a parameter in canonical Base64.
pub(super) fn required_bytes(
    parameters: &Parameters,
    name: &str,
) -> Result<Zeroizing<Vec<u8>>, ErrorResponse> {
    let decoded = STANDARD.decode(parameters.required(name)?);
    decoded.map(Zeroizing::new).map_err(|_| ErrorResponse::invalid_parameter(name, "Base64"))
}

/// Returns the Base64 text of bytes.
pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
