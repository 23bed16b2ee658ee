//! The tags that a cell may carry: a closed set, so that a misspelled one is found.

/// The tags without an argument.
const PLAIN: [&str; 7] = ["setup", "predict", "measure", "claim", "exercise", "solution", "slow"];

/// What stands before the error code that a cell must fail with.
const COMPILE_FAIL: &str = "compile-fail:";

/// Says whether the tag is one of the set: a plain one, or `compile-fail:E0373`.
pub(crate) fn is_known(tag: &str) -> bool {
    PLAIN.contains(&tag) || expected_error(tag).is_some()
}

/// The error code that a cell with this tag must fail with.
pub(crate) fn expected_error(tag: &str) -> Option<&str> {
    let code = tag.strip_prefix(COMPILE_FAIL)?;
    let digits = code.strip_prefix('E')?;
    (digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_is_closed() {
        assert!(is_known("claim") && is_known("compile-fail:E0373"));
        assert!(!is_known("claims") && !is_known("compile-fail") && !is_known("compile-fail:E37"));
        assert_eq!(expected_error("compile-fail:E0373"), Some("E0373"));
    }
}
