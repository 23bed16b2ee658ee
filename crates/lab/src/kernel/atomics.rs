//! Atomic variables that outlive their cell, with a compiler that calls their types otherwise.
//!
//! evcxr passes a cell's variables on to the next, and writes their types, as rust-analyzer tells them, into the source that
//! it generates. rust-analyzer tells what an alias stands for. In newer Rust `AtomicU64` is an alias of `Atomic<u64>`, a name
//! that is unstable: rustc would refuse the variable. So the stable name is put back before the source is compiled.

/// How the unstable name begins, wherever it was found: in `std` or in `core`.
const BEGINS: &str = "::sync::atomic::Atomic<";

/// What can be in an atomic, besides a pointer: the stable name ends with it, with a capital letter.
const INNER: [&str; 11] = ["bool", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize"];

/// The source with stable names; `None` where it has no other.
pub(super) fn stable_names(source: &str) -> Option<String> {
    if !source.contains(BEGINS) {
        return None;
    }
    // A pointer's type may have brackets of its own: only the name is changed.
    let named = source.replace(&format!("{BEGINS}*mut "), "::sync::atomic::AtomicPtr<");
    Some(INNER.iter().fold(named, |named, inner| {
        let (first, rest) = inner.split_at(1);
        let stable = format!("::sync::atomic::Atomic{}{rest}", first.to_uppercase());
        named.replace(&format!("{BEGINS}{inner}>"), &stable)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_the_names_that_every_compiler_knows() {
        let source = "let a: [std::sync::atomic::Atomic<u64>; 8] = x; let b: Arc<core::sync::atomic::Atomic<bool>> = y;";
        let stable =
            "let a: [std::sync::atomic::AtomicU64; 8] = x; let b: Arc<core::sync::atomic::AtomicBool> = y;";
        assert_eq!(stable_names(source).as_deref(), Some(stable));
        assert_eq!(stable_names(stable), None);
        let pointer = stable_names("std::sync::atomic::Atomic<*mut Vec<u8>>");
        assert_eq!(pointer.as_deref(), Some("std::sync::atomic::AtomicPtr<Vec<u8>>"));
    }
}
