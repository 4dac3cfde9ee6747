//! [`Random`]: ids, material and vectors from a seed.

use crate::emulator::splitmix;

/// A generator that a seed determines. What it generates is not secret.
pub(in crate::emulator) struct Random(u64);

impl Random {
    pub(super) fn seeded(seed: &str) -> Self {
        let fold = |state: u64, byte: u8| state.wrapping_mul(257).wrapping_add(byte.into());
        Self(seed.bytes().fold(0, fold))
    }

    pub(in crate::emulator) fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let number = splitmix::next(&mut self.0).to_le_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
    }

    pub(in crate::emulator) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// Returns a random UUID in its usual form, of 36 characters.
    pub(in crate::emulator) fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid().to_string()
    }

    /// Returns lower-case letters and digits, as the ids of keys consist of.
    pub(in crate::emulator) fn word(&mut self, length: usize) -> String {
        const CHARACTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let next = || char::from(CHARACTERS[(splitmix::next(&mut self.0) % 36) as usize]);
        std::iter::repeat_with(next).take(length).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_yields_the_same_ids() {
        let ids = |seed| {
            let mut random = Random::seeded(seed);
            (random.uuid(), random.word(18), random.bytes::<12>())
        };
        assert_eq!(ids("cn-hangzhou"), ids("cn-hangzhou"));
        assert_ne!(ids("cn-hangzhou"), ids("cn-shanghai"));
    }

    #[test]
    fn ids_have_their_documented_lengths() {
        let mut random = Random::seeded("");
        assert_eq!((random.uuid().len(), random.word(10).len()), (36, 10));
        let (mut short, mut long) = ([0; 5], [0; 19]);
        random.fill(&mut short);
        random.fill(&mut long);
        assert!(short != [0; 5] && long[16..] != [0; 3]);
    }
}
