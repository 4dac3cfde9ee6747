//! [`foreign_digest`]: a digest as the library signs it.

use aws_lc_rs::digest::{Digest, SHA256};

use crate::emulator::keys::crypto_error::CryptoError;

/// Returns a digest that was computed elsewhere.
///
/// The library signs only digests whose hash it knows. The service signs any 32 bytes, so the name
/// of the hash says nothing here.
pub(super) fn foreign_digest(digest: &[u8]) -> Result<Digest, CryptoError> {
    Digest::import_less_safe(digest, &SHA256).map_err(|_| CryptoError::Malformed)
}
