//! The numbers of an elliptic curve signature, and their DER form.

/// The two numbers of an ECDSA or SM2 signature on a curve of 256 bits, each in big-endian order.
///
/// KMS does not ensure that `s` is in the lower half of the group order, as Bitcoin and Ethereum
/// require: if it is not, replace it with the order minus `s`.
///
/// ```
/// use alibabacloud_kms::keys::{EcdsaSignature, Signature};
///
/// let signature: Signature = "MAYCAQcCAQk=".parse()?;
/// let EcdsaSignature { r, s } = signature.ecdsa()?;
/// assert_eq!((r[31], s[31]), (7, 9));
///
/// // Libraries that verify want 64 bytes, or the DER form again.
/// let fixed = [r, s].concat();
/// assert_eq!(Signature::from(EcdsaSignature { r, s }), signature);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EcdsaSignature {
    /// The first number.
    pub r: [u8; 32],
    /// The second number.
    pub s: [u8; 32],
}

/// Bytes are not the DER form of an ECDSA signature on a curve of 256 bits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not the DER form of two numbers of at most 256 bits")]
pub struct EcdsaSignatureError(());

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

impl EcdsaSignature {
    /// Reads `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, section 2.2.3). Both are short enough
    /// for lengths of one byte.
    pub(super) fn from_der(der: &[u8]) -> Result<Self, EcdsaSignatureError> {
        let numbers = || {
            let (content, after) = split_value(SEQUENCE, der)?;
            let (r, rest) = split_value(INTEGER, content)?;
            let (s, end) = split_value(INTEGER, rest)?;
            (after.is_empty() && end.is_empty()).then_some(())?;
            Some(Self { r: fixed_len(r)?, s: fixed_len(s)? })
        };
        numbers().ok_or(EcdsaSignatureError(()))
    }

    /// Writes the DER form.
    pub(super) fn to_der(self) -> Vec<u8> {
        let numbers = [minimal_integer(&self.r), minimal_integer(&self.s)].concat();
        with_header(SEQUENCE, &numbers)
    }
}

/// Splits the content of a value with this tag from what follows the value.
fn split_value(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[found, len], rest) = der.split_first_chunk()?;
    // Lengths over 127 have another form, which is not needed here.
    (found == tag && len < 128).then_some(())?;
    rest.split_at_checked(len.into())
}

/// Pads a number to 32 bytes. DER numbers are signed, and written with as few bytes as possible.
fn fixed_len(integer: &[u8]) -> Option<[u8; 32]> {
    let is_negative = *integer.first()? >= 128;
    let is_minimal = !matches!(integer, [0, next, ..] if *next < 128);
    (!is_negative && is_minimal).then_some(())?;
    let digits = integer.strip_prefix(&[0]).unwrap_or(integer);
    let mut number = [0; 32];
    number[32_usize.checked_sub(digits.len())?..].copy_from_slice(digits);
    Some(number)
}

fn minimal_integer(number: &[u8; 32]) -> Vec<u8> {
    let zeros = number[..31].iter().take_while(|byte| **byte == 0).count();
    let digits = &number[zeros..];
    let sign: &[u8] = if digits[0] >= 128 { &[0] } else { &[] };
    with_header(INTEGER, &[sign, digits].concat())
}

/// Puts the tag and the length, which is under 128, before the content.
fn with_header(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = u8::try_from(content.len()).unwrap_or_default();
    [&[tag, len], content].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn high_and_short_numbers_are_read() {
        let mut der = vec![0x30, 0x27, 0x02, 0x21, 0x00];
        der.extend([0xf7; 32]);
        der.extend([0x02, 0x02, 0x00, 0x80]);
        let EcdsaSignature { r, s } = EcdsaSignature::from_der(&der).unwrap();
        assert_eq!((r, s[30], s[31]), ([0xf7; 32], 0, 0x80));
        assert_eq!(EcdsaSignature { r, s }.to_der(), der);
    }

    #[cfg(feature = "aws-lc-rs")]
    #[test]
    fn numbers_of_another_library_verify() {
        use aws_lc_rs::rand::SystemRandom;
        use aws_lc_rs::signature::{
            ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED, EcdsaKeyPair, KeyPair as _,
            UnparsedPublicKey,
        };

        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key());
        // Enough signatures for numbers with the high bit and, often, with a leading zero.
        for message in 0..64_u8 {
            let der = key.sign(&SystemRandom::new(), &[message]).unwrap();
            let EcdsaSignature { r, s } = EcdsaSignature::from_der(der.as_ref()).unwrap();
            public.verify(&[message], &[r, s].concat()).unwrap();
            assert_eq!(EcdsaSignature { r, s }.to_der(), der.as_ref());
        }
    }

    #[test]
    fn other_forms_are_rejected() {
        let forms: [&[u8]; 12] = [
            &[],
            &[0x30],
            &[0x30, 0x00],
            &[0x31, 0x06, 0x02, 0x01, 0x07, 0x02, 0x01, 0x09],
            &[0x30, 0x06, 0x02, 0x01, 0x07, 0x04, 0x01, 0x09],
            &[0x30, 0x05, 0x02, 0x01, 0x07, 0x02, 0x00],
            &[0x30, 0x06, 0x02, 0x01, 0x87, 0x02, 0x01, 0x09],
            &[0x30, 0x07, 0x02, 0x02, 0x00, 0x07, 0x02, 0x01, 0x09],
            &[0x30, 0x06, 0x02, 0x01, 0x07, 0x02, 0x01, 0x09, 0x00],
            &[0x30, 0x07, 0x02, 0x01, 0x07, 0x02, 0x01, 0x09, 0x00],
            &[0x30, 0x81, 0x06, 0x02, 0x01, 0x07, 0x02, 0x01, 0x09],
            &[0x30, 0x07, 0x02, 0x01, 0x07, 0x02, 0x01, 0x09],
        ];
        for der in forms {
            assert_eq!(EcdsaSignature::from_der(der), Err(EcdsaSignatureError(())), "{der:x?}");
        }
        let too_long =
            [&[0x30, 0x26, 0x02, 0x21, 0x01][..], &[7; 32], &[0x02, 0x01, 0x09]].concat();
        assert!(EcdsaSignature::from_der(&too_long).is_err());
    }

    proptest! {
        #[test]
        fn numbers_come_back(r in any::<[u8; 32]>(), s in any::<[u8; 32]>(), zeros in 0..33_usize) {
            let mut r = r;
            r[..zeros].fill(0);
            let signature = EcdsaSignature { r, s };
            prop_assert_eq!(EcdsaSignature::from_der(&signature.to_der()), Ok(signature));
        }

        #[test]
        fn any_bytes_are_read_or_rejected(start in any::<[u8; 4]>(), rest in any::<Vec<u8>>()) {
            let der = [&[0x30][..], &start, &rest].concat();
            if let Ok(signature) = EcdsaSignature::from_der(&der) {
                prop_assert_eq!(signature.to_der(), der);
            }
        }
    }
}
