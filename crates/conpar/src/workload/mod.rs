//! Work to measure.

/// Integer work with a dependency from step to step: no memory, no floating point, nothing that the compiler could do
/// in parallel. The generator is Marsaglia's xorshift64 ("Xorshift RNGs", 2003); its last state is the result.
pub fn xorshift(steps: u64) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..steps {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    state
}

#[cfg(test)]
mod tests {
    use super::xorshift;

    #[test]
    fn every_step_counts() {
        assert_ne!(xorshift(1_000), xorshift(1_001));
        assert_eq!(xorshift(1_000), xorshift(1_000));
    }
}
