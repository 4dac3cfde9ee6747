//! A file of any size encrypted by AES-256-GCM, chunk by chunk.
//!
//! The nonce of a chunk is its number and whether it is the last one, so that no chunk can be
//! removed, repeated or moved. A key encrypts only one file, so no nonce is used twice.

use std::error::Error;
use std::io::{Read, Write};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

const CHUNK: usize = 1 << 20;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Encrypts all of `from`.
pub(crate) fn seal(key: &[u8], from: impl Read, to: &mut impl Write) -> Result<()> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key)?);
    each_chunk(from, CHUNK, |nonce, mut chunk| {
        key.seal_in_place_append_tag(nonce, Aad::empty(), &mut chunk)?;
        Ok(to.write_all(&chunk)?)
    })
}

/// Decrypts all of `from`. If it was changed, what was written until then must not be used.
pub(crate) fn open(key: &[u8], from: impl Read, to: &mut impl Write) -> Result<()> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key)?);
    each_chunk(from, CHUNK + AES_256_GCM.tag_len(), |nonce, mut chunk| {
        let plaintext = key
            .open_in_place(nonce, Aad::empty(), &mut chunk)
            .map_err(|_| "the encrypted file was changed")?;
        Ok(to.write_all(plaintext)?)
    })
}

/// Reads chunks of this length, of which the last may be shorter or empty.
fn each_chunk(
    mut from: impl Read,
    len: usize,
    mut handle: impl FnMut(Nonce, Vec<u8>) -> Result<()>,
) -> Result<()> {
    for number in 0_u32.. {
        let mut chunk = Vec::with_capacity(len + AES_256_GCM.tag_len());
        from.by_ref().take(len as u64).read_to_end(&mut chunk)?;
        let is_last = chunk.len() < len;
        let mut nonce = [0; NONCE_LEN];
        nonce[..4].copy_from_slice(&number.to_be_bytes());
        nonce[4] = is_last.into();
        handle(Nonce::assume_unique_for_key(nonce), chunk)?;
        if is_last {
            return Ok(());
        }
    }
    Err("the file is too long".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn sealed(len: usize) -> Vec<u8> {
        let mut sealed = Vec::new();
        seal(&KEY, &*vec![7; len], &mut sealed).unwrap();
        sealed
    }

    #[test]
    fn every_length_reads_back() {
        for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 9] {
            let mut opened = Vec::new();
            open(&KEY, &*sealed(len), &mut opened).unwrap();
            assert!(opened == vec![7; len], "{len}");
        }
    }

    #[test]
    fn changed_or_truncated_file_is_an_error() {
        let whole = sealed(CHUNK + 9);
        let mut changed = whole.clone();
        changed[CHUNK / 2] ^= 1;
        for file in [&*changed, &whole[..whole.len() - 1], &whole[..CHUNK + 16]] {
            assert!(open(&KEY, file, &mut Vec::new()).is_err());
        }
    }
}
