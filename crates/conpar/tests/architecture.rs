//! Which module may import which: the list in ARCHITECTURE.md, held against the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const CRATE: &str = env!("CARGO_MANIFEST_DIR");

/// The module that all others may import.
const EVERYWHERE: &str = "language";

/// The list between the lines "```imports" and "```".
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let path = Path::new(CRATE).join("../../ARCHITECTURE.md");
    let text = std::fs::read_to_string(path).expect("ARCHITECTURE.md");
    let list = text.split("```imports\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the list");
    let line = |line: &str| {
        let (module, imports) = line.split_once(':').expect("a line is `module: imports`");
        (module.to_owned(), imports.split_whitespace().map(str::to_owned).collect())
    };
    list.lines().map(line).collect()
}

/// All source files of a module: `name.rs` and what lies in the folder `name`.
fn sources(module: &str) -> Vec<String> {
    let source = Path::new(CRATE).join("src");
    let mut files = vec![source.join(format!("{module}.rs"))];
    files.extend(
        std::fs::read_dir(source.join(module)).into_iter().flatten().flatten().map(|entry| entry.path()),
    );
    files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}

/// The modules that `text` names after `crate::`, alone or in braces.
fn named(text: &str, modules: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let list = match rest.strip_prefix('{') {
            Some(braced) => braced.split(';').next().unwrap_or(""),
            None => rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or(""),
        };
        let words = list.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        found.extend(words.filter(|word| modules.contains(*word)).map(str::to_owned));
        if list.contains("Error") {
            found.insert("error".to_owned());
        }
    }
    found
}

#[test]
fn modules_import_only_what_the_list_allows() {
    let allowed = allowed();
    let modules: BTreeSet<String> = allowed.keys().cloned().collect();
    for (module, imports) in &allowed {
        let texts = sources(module);
        assert!(!texts.is_empty(), "`{module}` is in the list and not in the sources");
        let mut used: BTreeSet<String> = texts.iter().flat_map(|text| named(text, &modules)).collect();
        used.remove(module);
        used.remove(EVERYWHERE);
        let forbidden: Vec<_> = used.difference(imports).collect();
        assert!(
            forbidden.is_empty(),
            "`{module}` imports {forbidden:?}, which ARCHITECTURE.md does not allow"
        );
        let idle: Vec<_> = imports.difference(&used).collect();
        assert!(idle.is_empty(), "ARCHITECTURE.md lets `{module}` import {idle:?}, which it does not");
    }
}

#[test]
fn every_module_is_in_the_list() {
    let allowed = allowed();
    let lib = std::fs::read_to_string(Path::new(CRATE).join("src/lib.rs")).expect("lib.rs");
    let modules = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    for module in modules.filter(|&module| module != "prelude") {
        assert!(allowed.contains_key(module), "`{module}` is missing from the list in ARCHITECTURE.md");
    }
}
