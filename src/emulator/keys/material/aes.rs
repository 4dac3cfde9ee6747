//! [`AesKey`]: symmetric encryption by AES-GCM.

use aws_lc_rs::aead::{
    AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, NONCE_LEN, Nonce,
    UnboundKey,
};
use zeroize::Zeroizing;

use crate::emulator::keys::crypto_error::CryptoError;

/// An AES key of any length.
pub(in crate::emulator) struct AesKey {
    algorithm: &'static Algorithm,
    bytes: Zeroizing<Vec<u8>>,
}

impl AesKey {
    pub(super) fn new(bytes: Zeroizing<Vec<u8>>) -> Result<Self, CryptoError> {
        let algorithm = match bytes.len() {
            16 => &AES_128_GCM,
            24 => &AES_192_GCM,
            32 => &AES_256_GCM,
            _ => return Err(CryptoError::Malformed),
        };
        Ok(Self { algorithm, bytes })
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }

    pub(super) fn seal(
        &self,
        plaintext: &[u8],
        additional_data: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        // At its full size, since a buffer that grows leaves a copy of the plaintext behind.
        let mut buffer = Vec::with_capacity(plaintext.len() + self.algorithm.tag_len());
        buffer.extend_from_slice(plaintext);
        let mut nonce = [0; NONCE_LEN];
        aws_lc_rs::rand::fill(&mut nonce).map_err(|_| CryptoError::Library)?;
        self.gcm()?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(additional_data),
                &mut buffer,
            )
            .map_err(|_| CryptoError::Library)?;
        Ok([&nonce[..], &buffer].concat())
    }

    pub(super) fn open(
        &self,
        sealed: &[u8],
        additional_data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let (nonce, ciphertext) =
            sealed.split_first_chunk::<NONCE_LEN>().ok_or(CryptoError::Malformed)?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let len = self
            .gcm()?
            .open_in_place(Nonce::from(nonce), Aad::from(additional_data), &mut buffer)
            .map_err(|_| CryptoError::Malformed)?
            .len();
        buffer.truncate(len);
        Ok(buffer)
    }

    /// `RandomizedNonceKey` of the library would draw the nonce, and does not support 192 bits.
    fn gcm(&self) -> Result<LessSafeKey, CryptoError> {
        let key = UnboundKey::new(self.algorithm, &self.bytes);
        key.map(LessSafeKey::new).map_err(|_| CryptoError::Library)
    }
}
