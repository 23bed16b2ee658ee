//! Atomic variables that outlive their cell, with a compiler that calls their types otherwise.
//!
//! evcxr passes a cell's variables on to the next, and writes their types, as rust-analyzer tells them, into the source that
//! it generates. rust-analyzer tells what an alias stands for. In newer Rust `AtomicU64` is an alias of `Atomic<u64>`, a name
//! that is unstable: rustc would refuse the variable. So the stable name is put back before the source is compiled.

/// How the unstable name begins, wherever it was found: in `std` or in `core`.
const BEGINS: &str = "::sync::atomic::Atomic<";

/// What can be in an atomic, and the end of its stable name.
const NAMES: [(&str, &str); 11] = [
    ("bool", "Bool"),
    ("i8", "I8"),
    ("i16", "I16"),
    ("i32", "I32"),
    ("i64", "I64"),
    ("isize", "Isize"),
    ("u8", "U8"),
    ("u16", "U16"),
    ("u32", "U32"),
    ("u64", "U64"),
    ("usize", "Usize"),
];

/// The source with stable names; `None` where it has no other.
pub(super) fn stable_names(source: &str) -> Option<String> {
    let mut named = source.to_owned();
    for (inner, name) in NAMES {
        let unstable = format!("{BEGINS}{inner}>");
        if named.contains(&unstable) {
            named = named.replace(&unstable, &format!("::sync::atomic::Atomic{name}"));
        }
    }
    // A pointer's type may have brackets of its own: only the name is changed.
    named = named.replace(&format!("{BEGINS}*mut "), "::sync::atomic::AtomicPtr<");
    (named != source).then_some(named)
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
