//! [`Ciphertext`]: the layout of symmetric ciphertexts, which programs decode and encode again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::crypto_error::CryptoError;

/// The length of the id of any version, which the ciphertext relies on.
const VERSION_ID_LEN: usize = 36;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// The parts of a `CiphertextBlob`: the id of the version that encrypted it, and the nonce, the
/// ciphertext and the tag of AES-GCM. It contains neither the id of the key nor the context.
///
/// <https://github.com/aliyun/alibabacloud-dkms-transfer-go-sdk> reads it so.
#[derive(Debug)]
pub(in crate::emulator) struct Ciphertext {
    pub(in crate::emulator) version_id: String,
    pub(in crate::emulator) sealed: Vec<u8>,
}

impl Ciphertext {
    /// Reads the Base64 text of a response, which must be canonical.
    pub(in crate::emulator) fn decode(text: &str) -> Result<Self, CryptoError> {
        let bytes = STANDARD.decode(text).map_err(|_| CryptoError::Malformed)?;
        let (version_id, sealed) =
            bytes.split_at_checked(VERSION_ID_LEN).ok_or(CryptoError::Malformed)?;
        if sealed.len() < NONCE_LEN + TAG_LEN {
            return Err(CryptoError::Malformed);
        }
        let version_id = str::from_utf8(version_id).map_err(|_| CryptoError::Malformed)?;
        Ok(Self { version_id: version_id.to_owned(), sealed: sealed.to_vec() })
    }

    /// Returns the Base64 text.
    pub(in crate::emulator) fn encode(&self) -> String {
        STANDARD.encode([self.version_id.as_bytes(), &self.sealed].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION_ID: &str = "3927af6e-5974-4c4a-8bd6-000000000000";

    #[test]
    fn version_id_precedes_what_was_sealed() {
        let sealed = vec![7; NONCE_LEN + 16 + TAG_LEN];
        let text =
            Ciphertext { version_id: VERSION_ID.to_owned(), sealed: sealed.clone() }.encode();
        let bytes = STANDARD.decode(&text).unwrap();
        // The length of the official test of a 12-byte text, whose Base64 has 16 characters.
        assert_eq!(bytes.len(), 80);
        assert!(bytes.starts_with(VERSION_ID.as_bytes()));
        let read = Ciphertext::decode(&text).unwrap();
        assert_eq!((&*read.version_id, read.sealed), (VERSION_ID, sealed));
    }

    #[test]
    fn other_texts_are_malformed() {
        let shortest = [VERSION_ID.as_bytes(), &[0; NONCE_LEN + TAG_LEN]].concat();
        assert!(Ciphertext::decode(&STANDARD.encode(&shortest)).is_ok());
        let too_short = STANDARD.encode(&shortest[1..]);
        let twice_encoded = STANDARD.encode(STANDARD.encode(&shortest));
        let not_text = STANDARD.encode([0xff; 64]);
        let line_break = format!("{}\n", STANDARD.encode(&shortest));
        for text in ["", "not base64", &too_short, &not_text, &line_break] {
            assert_eq!(Ciphertext::decode(text).err(), Some(CryptoError::Malformed), "{text}");
        }
        // A version that nobody knows, as the service would see it.
        assert_ne!(Ciphertext::decode(&twice_encoded).unwrap().version_id, VERSION_ID);
    }
}
