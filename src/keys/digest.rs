//! The digests that are signed.

use std::fmt;

use crate::sign::digest::sha256_digest;

/// The digest of a message, which is what KMS signs. Its type keeps a message from being passed in
/// its place.
///
/// [`sha256`](Self::sha256) hashes a message for RSA and ECDSA. A digest of another hash, such as
/// Keccak-256 for Ethereum or SM3 for SM2, is made from its bytes:
///
/// ```
/// use alibabacloud_kms::keys::Digest;
///
/// let digest = Digest::sha256(b"a message");
/// let keccak = Digest::from([0xc5; 32]);
/// let from_a_file = Digest::try_from(&[0; 32][..])?;
/// assert!(Digest::try_from(&b"a message"[..]).is_err());
/// # Ok::<(), alibabacloud_kms::keys::DigestError>(())
/// ```
///
/// `Debug` shows its length, since the digest of a message that is easy to guess identifies it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(Bytes);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Bytes {
    B32([u8; 32]),
    B48([u8; 48]),
    B64([u8; 64]),
}

impl Digest {
    /// Hashes a message with SHA-256.
    #[must_use]
    pub fn sha256(message: &[u8]) -> Self {
        sha256_digest(message).into()
    }

    /// Returns the bytes: 32, 48 or 64.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::B32(bytes) => bytes,
            Bytes::B48(bytes) => bytes,
            Bytes::B64(bytes) => bytes,
        }
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(Bytes::B32(bytes))
    }
}

impl From<[u8; 48]> for Digest {
    fn from(bytes: [u8; 48]) -> Self {
        Self(Bytes::B48(bytes))
    }
}

impl From<[u8; 64]> for Digest {
    fn from(bytes: [u8; 64]) -> Self {
        Self(Bytes::B64(bytes))
    }
}

impl TryFrom<&[u8]> for Digest {
    type Error = DigestError;

    fn try_from(bytes: &[u8]) -> Result<Self, DigestError> {
        let b32 = || bytes.try_into().map(Bytes::B32);
        let b48 = || bytes.try_into().map(Bytes::B48);
        let b64 = || bytes.try_into().map(Bytes::B64);
        match b32().or_else(|_| b48()).or_else(|_| b64()) {
            Ok(bytes) => Ok(Self(bytes)),
            Err(_) => Err(DigestError { len: bytes.len() }),
        }
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({} bytes)", self.as_bytes().len())
    }
}

/// Bytes have another length than a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest must have 32, 48 or 64 bytes, got {len}: hash the message first")]
pub struct DigestError {
    len: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_is_hashed_with_sha_256() {
        // FIPS 180-2, appendix B.1.
        let expected = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae,
            0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61,
            0xf2, 0x00, 0x15, 0xad,
        ];
        assert_eq!(Digest::sha256(b"abc"), Digest::from(expected));
    }

    #[test]
    fn only_the_lengths_of_digests_are_accepted() {
        for len in 0..130 {
            let bytes = vec![7; len];
            match Digest::try_from(&bytes[..]) {
                Ok(digest) => {
                    assert!([32, 48, 64].contains(&len), "{len}");
                    assert_eq!(digest.as_bytes(), bytes);
                }
                Err(error) => {
                    assert!(![32, 48, 64].contains(&len), "{len}");
                    assert!(error.to_string().contains(&format!("got {len}:")), "{error}");
                }
            }
        }
        assert_eq!(Digest::from([7; 48]), Digest::try_from(&[7; 48][..]).unwrap());
        assert_eq!(Digest::from([7; 64]), Digest::try_from(&[7; 64][..]).unwrap());
    }

    #[test]
    fn debug_shows_only_the_length() {
        assert_eq!(format!("{:?}", Digest::sha256(b"fake")), "Digest(32 bytes)");
    }
}
