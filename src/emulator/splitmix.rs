//! [`next`]: the generator SplitMix64, which is small and can be seeded.
//!
//! It is good enough to choose requests and fake passwords. <https://prng.di.unimi.it/splitmix64.c>

/// Returns the next number, and moves `state` to the one after it.
pub(super) fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Returns the next number in [0, 1).
pub(super) fn next_fraction(state: &mut u64) -> f64 {
    // A double holds 53 bits.
    (next(state) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_output_is_the_published_one() {
        assert_eq!(next(&mut 0), 0xe220_a839_7b1d_cdaf);
        let expected = (0xe220_a839_7b1d_cdafu64 >> 11) as f64 / (1u64 << 53) as f64;
        assert_eq!(next_fraction(&mut 0), expected);
    }
}
