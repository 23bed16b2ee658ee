//! The canonical byte form of a notebook, so that a diff shows what an author changed and nothing else.
//!
//! nbformat 4.5, keys sorted, indent of one space (as Jupyter itself writes), a newline at the end; no outputs, no
//! counts; meaningful cell ids; known tags; the metadata that the kernel itself would write.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::tags;
use crate::error::{Error, Result};
use crate::kernel::settings::SETUP_CELL;
use crate::places::Places;

/// A cell id is at most this long (nbformat 4.5).
const LONGEST_ID: usize = 64;

/// What is wrong with the form of one notebook.
pub(crate) fn check(path: &Path) -> Result<Vec<String>> {
    let (text, notebook) = read(path)?;
    let mut problems = faults(&notebook);
    if problems.is_empty() && canonical(notebook) != text {
        problems.push("is not in the canonical form; `cargo lab notebooks fix` writes it".to_owned());
    }
    Ok(problems)
}

/// Writes every notebook in the canonical form, and says what only an author can mend.
pub(crate) fn fix_all(places: &Places) -> Result<()> {
    for path in places.all_notebooks()? {
        let name = places.name(&path);
        let (text, mut notebook) = read(&path)?;
        name_cells(&mut notebook);
        for fault in faults(&notebook) {
            println!("{name}: {fault}");
        }
        let fixed = canonical(notebook);
        if fixed != text {
            std::fs::write(&path, fixed).map_err(Error::file("writing", &path))?;
            println!("{name}: fixed");
        }
    }
    Ok(())
}

/// Reads a notebook: its text, and what that says.
pub(super) fn read(path: &Path) -> Result<(String, Value)> {
    let bad = |problem: String| Error::BadNotebook { path: path.to_owned(), problem };
    let text = std::fs::read_to_string(path).map_err(Error::file("reading", path))?;
    let notebook: Value = serde_json::from_str(&text).map_err(|error| bad(format!("is no JSON: {error}")))?;
    let has_cells = notebook["nbformat"] == 4 && notebook["cells"].is_array();
    has_cells.then_some((text, notebook)).ok_or_else(|| bad("is no notebook of nbformat 4".to_owned()))
}

/// What is wrong, and which no program can decide how to mend.
fn faults(notebook: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    let mut setup_cells = 0;
    for (index, cell) in cells(notebook).iter().enumerate() {
        let id = cell["id"].as_str().unwrap_or_default();
        if !is_meaningful(id) {
            faults.push(format!(
                "cell {index} has the id `{id}`; expected words that say what it is for, like `measure-rayon`"
            ));
        } else if !seen.insert(id) {
            faults.push(format!("two cells have the id `{id}`"));
        }
        for tag in cell_tags(cell).into_iter().filter(|tag| !tags::is_known(tag)) {
            faults.push(format!("cell `{id}` has the unknown tag `{tag}`"));
        }
        if cell_tags(cell).contains(&"setup".to_owned()) {
            setup_cells += 1;
            if source(cell) != SETUP_CELL {
                faults
                    .push(format!("cell `{id}` is tagged `setup` but is not the set-up cell:\n{SETUP_CELL}"));
            }
        }
    }
    if setup_cells != 1 {
        faults.push(format!("has {setup_cells} cells tagged `setup`; expected one"));
    }
    let sources: Vec<String> =
        cells(notebook).iter().filter(|cell| cell["cell_type"] == "code").map(source).collect();
    let variables = names(&sources, &["let mut ", "let "]);
    for name in names(&sources, &["fn ", "async fn "]).intersection(&variables) {
        faults.push(format!(
            "`{name}` is a function and a variable: a cell that calls the function could not be run again after the `let`"
        ));
    }
    faults
}

/// The names that lines begin to define by one of the words, outside of any block.
fn names<'s>(sources: &'s [String], words: &[&str]) -> BTreeSet<&'s str> {
    let defined = |line: &'s str| words.iter().find_map(|word| line.strip_prefix(word));
    let name = |rest: &'s str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next();
    sources.iter().flat_map(|source| source.lines()).filter_map(defined).filter_map(name).collect()
}

/// The notebook's one text.
pub(super) fn canonical(notebook: Value) -> String {
    let notebook_metadata = notebook["metadata"].get("conpar").cloned();
    let mut metadata = json!({
        "kernelspec": { "display_name": "Rust", "language": "rust", "name": "rust" },
        // What the kernel says of itself: Jupyter writes it at every save.
        "language_info": {
            "codemirror_mode": "rust",
            "file_extension": ".rs",
            "mimetype": "text/rust",
            "name": "Rust",
            "pygment_lexer": "rust",
            "version": "",
        },
    });
    if let Some(own) = notebook_metadata {
        metadata["conpar"] = own;
    }
    let cells: Vec<Value> = cells(&notebook).iter().map(canonical_cell).collect();
    let whole = json!({ "cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5 });
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // Writing a value into memory fails for no input.
    let _ = whole.serialize(&mut serializer);
    bytes.push(b'\n');
    String::from_utf8_lossy(&bytes).into_owned()
}

fn canonical_cell(cell: &Value) -> Value {
    let mut metadata = Map::new();
    let mut tags = cell_tags(cell);
    tags.sort();
    tags.dedup();
    if !tags.is_empty() {
        metadata.insert("tags".to_owned(), json!(tags));
    }
    if let Some(own) = cell["metadata"].get("conpar").filter(|own| !own.is_null()) {
        metadata.insert("conpar".to_owned(), own.clone());
    }
    // A solution may stay folded until the reader opens it.
    if cell["metadata"]["jupyter"]["source_hidden"] == true {
        metadata.insert("jupyter".to_owned(), json!({ "source_hidden": true }));
    }
    let source = source(cell);
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let mut canonical = json!({
        "cell_type": cell["cell_type"],
        "id": cell["id"],
        "metadata": metadata,
        "source": lines,
    });
    if cell["cell_type"] == "code" {
        canonical["execution_count"] = Value::Null;
        canonical["outputs"] = json!([]);
    }
    canonical
}

/// Gives a name to each cell that has a random id, from its first words.
fn name_cells(notebook: &mut Value) {
    let mut taken: HashSet<String> =
        cells(notebook).iter().filter_map(|cell| cell["id"].as_str().map(str::to_owned)).collect();
    for cell in notebook["cells"].as_array_mut().into_iter().flatten() {
        if is_meaningful(cell["id"].as_str().unwrap_or_default()) {
            continue;
        }
        let name = name(&source(cell));
        let free = (1..).map(|n| if n == 1 { name.clone() } else { format!("{name}-{n}") });
        if let Some(free) = free.into_iter().find(|name| !taken.contains(name)) {
            taken.insert(free.clone());
            cell["id"] = Value::from(free);
        }
    }
}

/// The first words of a text as an id.
fn name(text: &str) -> String {
    /// Enough words to tell cells apart.
    const WORDS: usize = 4;
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.skip_while(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    let name: Vec<String> = words.take(WORDS).map(str::to_ascii_lowercase).collect();
    let name: String = name.join("-").chars().take(LONGEST_ID - 4).collect();
    if is_meaningful(&name) { name } else { "cell".to_owned() }
}

/// Words of small letters and digits joined by `-`, and not one of the random ids that Jupyter gives.
fn is_meaningful(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_hex = |part: &str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_digit = id.bytes().any(|byte| byte.is_ascii_digit());
    let random = has_digit && id.split('-').any(is_hex);
    id.starts_with(|letter: char| letter.is_ascii_lowercase())
        && id.len() <= LONGEST_ID
        && id.split('-').all(word)
        && !random
}

/// The cells, in order.
pub(super) fn cells(notebook: &Value) -> &[Value] {
    notebook["cells"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A cell's tags.
pub(super) fn cell_tags(cell: &Value) -> Vec<String> {
    let tags = cell["metadata"]["tags"].as_array().into_iter().flatten();
    tags.filter_map(|tag| tag.as_str().map(str::to_owned)).collect()
}

/// A cell's kind, as nbformat names it: `code`, `markdown`.
pub(super) fn kind(cell: &Value) -> &str {
    cell["cell_type"].as_str().unwrap_or_default()
}

/// A cell's text: nbformat allows one string, or lines.
pub(super) fn source(cell: &Value) -> String {
    match &cell["source"] {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notebook(cells: Value) -> Value {
        json!({ "cells": cells, "metadata": { "signature": "x" }, "nbformat": 4, "nbformat_minor": 4 })
    }

    fn setup() -> Value {
        json!({ "cell_type": "code", "id": "setup", "metadata": { "tags": ["setup"] }, "source": SETUP_CELL })
    }

    #[test]
    fn outputs_counts_and_foreign_metadata_go() {
        let mut run = setup();
        run["outputs"] = json!([{ "output_type": "stream" }]);
        run["execution_count"] = json!(3);
        run["metadata"]["scrolled"] = json!(true);
        let text = canonical(notebook(json!([run])));
        assert!(
            !text.contains("stream") && !text.contains("scrolled") && !text.contains("signature"),
            "{text}"
        );
        assert!(text.starts_with("{\n \"cells\": [\n") && text.ends_with("}\n"), "{text}");
        assert!(text.contains("\"execution_count\": null") && text.contains("\"nbformat_minor\": 5"));
    }

    #[test]
    fn the_canonical_form_is_its_own_canonical_form() {
        let text =
            canonical(notebook(json!([setup(), {"cell_type": "markdown", "id": "why", "source": "é\n\nb"}])));
        let again = serde_json::from_str(&text).map(canonical);
        assert_eq!(again.ok(), Some(text));
    }

    #[test]
    fn ids_say_what_a_cell_is_for() {
        for id in ["setup", "measure-rayon", "why-ceiling-2", "feed-the-cache"] {
            assert!(is_meaningful(id), "{id}");
        }
        for id in
            ["", "3f2a9c1d", "a1b2c3d4", "0b5f3c1e-9f41-4e0b-8a1d-2f6c1d9e7a55", "Measure", "a--b", "ação"]
        {
            assert!(!is_meaningful(id), "{id}");
        }
    }

    #[test]
    fn faults_name_the_cell() {
        let bad = json!([setup(), {"cell_type": "code", "id": "a", "metadata": {"tags": ["mesure"]}, "source": "1"},
                         {"cell_type": "code", "id": "a", "metadata": {}, "source": "1"}]);
        let found = faults(&notebook(bad)).join("\n");
        assert!(found.contains("`mesure`") && found.contains("two cells have the id `a`"), "{found}");
        assert!(faults(&notebook(json!([]))).join("").contains("0 cells tagged `setup`"));
        assert!(faults(&notebook(json!([setup()]))).is_empty());
    }

    #[test]
    fn a_variable_has_no_functions_name() {
        let cell = |source: &str| json!({ "cell_type": "code", "id": "a", "metadata": {}, "source": source });
        let faults_of = |source: &str| faults(&notebook(json!([setup(), cell(source)]))).join("\n");
        assert!(
            faults_of("fn cut() -> u8 { 1 }\nlet cut = cut();")
                .contains("`cut` is a function and a variable")
        );
        assert!(faults_of("async fn cut() {}\nlet mut cut: u8 = 1;").contains("`cut`"));
        assert_eq!(faults_of("fn cut() {\nlet pieces = 1; }\n    let cut = 1;\nlet cuts = cut();"), "");
    }

    #[test]
    fn random_ids_are_replaced_by_the_first_words() {
        let mut named = notebook(json!([
            {"cell_type": "markdown", "id": "3f2a9c1d", "source": "## 2. Why a ceiling? Because"},
            {"cell_type": "markdown", "id": "5f2a9c1d", "source": "Why a ceiling, because"},
        ]));
        name_cells(&mut named);
        assert_eq!(named["cells"][0]["id"], "why-a-ceiling-because");
        assert_eq!(named["cells"][1]["id"], "why-a-ceiling-because-2");
    }
}
