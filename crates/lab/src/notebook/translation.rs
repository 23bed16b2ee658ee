//! Chapters in other languages: the code is the English chapter's, and the prose says which English text it translates.
//!
//! A translation has the cells of its original: the same ids in the same order, kinds, tags and code, byte for byte. Each
//! of its prose cells stores, as `metadata.conpar.translates`, a hash of the English text that its author had before them,
//! so that a change of the English prose is found until somebody has looked at the translation again.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Value, json};

use super::format::{canonical, cell_tags, cells, kind, read, source};
use crate::error::{Error, Result};
use crate::places::Places;
use crate::stamp;

/// What is wrong with one notebook as a translation; nothing is with an English one.
pub(crate) fn check(places: &Places, path: &Path) -> Result<Vec<String>> {
    let Some(original) = places.original(path) else { return Ok(Vec::new()) };
    if !original.is_file() {
        return Ok(vec![format!(
            "translates {}, which does not exist; remove or rename it",
            original.display()
        )]);
    }
    let (_, original) = read(&original)?;
    let (_, translation) = read(path)?;
    Ok(faults(&places.name(path), &original, &translation))
}

/// Gives every translation its original's cells: code and tags are copied by id, prose is kept.
pub(crate) fn copy_all(places: &Places) -> Result<()> {
    for path in places.all_notebooks()? {
        let Some(original) = places.original(&path).filter(|original| original.is_file()) else { continue };
        let (_, original) = read(&original)?;
        let (text, translation) = read(&path)?;
        let copied = canonical(copy(&original, &translation));
        if copied != text {
            std::fs::write(&path, copied).map_err(Error::file("writing", &path))?;
            println!("{}: copied", places.name(&path));
        }
    }
    Ok(())
}

/// Writes down that prose cells translate the English text of today: those of the ids, or all where none is given.
pub(crate) fn approve(places: &Places, path: &Path, ids: &[String]) -> Result<()> {
    let bad = |problem: String| Error::BadNotebook { path: path.to_owned(), problem };
    let whole = path.canonicalize().map_err(Error::file("finding", path))?;
    let original =
        places.original(&whole).ok_or_else(|| bad("is an English chapter, no translation".into()))?;
    let (_, original) = read(&original)?;
    let (_, translation) = read(path)?;
    if let Some(id) = ids.iter().find(|wanted| !cells(&translation).iter().any(|cell| is_named(cell, wanted)))
    {
        return Err(bad(format!("has no prose cell `{id}`")));
    }
    let text = canonical(approved(&original, translation, ids));
    std::fs::write(path, text).map_err(Error::file("writing", path))
}

fn is_named(cell: &Value, wanted: &str) -> bool {
    is_prose(cell) && id(cell) == wanted
}

/// The translation with the hashes of today in the prose cells of the ids, or in all.
fn approved(original: &Value, mut translation: Value, ids: &[String]) -> Value {
    let english = by_id(original);
    let wanted =
        |cell: &Value| is_prose(cell) && (ids.is_empty() || ids.iter().any(|wanted| id(cell) == wanted));
    for cell in translation["cells"].as_array_mut().into_iter().flatten().filter(|cell| wanted(cell)) {
        if let Some(english) = english.get(id(cell)) {
            cell["metadata"]["conpar"]["translates"] = json!(hash(english));
        }
    }
    translation
}

/// What is wrong with the translation of this name, each with what to do about it.
fn faults(name: &str, original: &Value, translation: &Value) -> Vec<String> {
    let (english, translated) = (by_id(original), by_id(translation));
    let ids = |notebook| cells(notebook).iter().map(id).collect::<Vec<_>>();
    let (expected, found) = (ids(original), ids(translation));
    let copy = "; `cargo lab notebooks copy` mends it";
    let mut faults = Vec::new();
    for id in expected.iter().filter(|id| !translated.contains_key(*id)) {
        faults.push(format!("has not the English chapter's cell `{id}`{copy}"));
    }
    for id in found.iter().filter(|id| !english.contains_key(*id)) {
        faults.push(format!("has the cell `{id}`, which is not in the English chapter{copy}"));
    }
    if faults.is_empty() && expected != found {
        let moved = expected.iter().zip(&found).find(|(expected, found)| expected != found);
        let id = moved.map_or("", |(_, found)| found);
        faults.push(format!("has the cell `{id}` in another place than the English chapter{copy}"));
    }
    for (cell, english) in cells(translation).iter().filter_map(|cell| Some((cell, english.get(id(cell))?))) {
        faults.extend(fault(name, english, cell));
    }
    faults
}

/// What is wrong with one cell.
fn fault(name: &str, english: &Value, cell: &Value) -> Option<String> {
    let id = id(cell);
    let copy = "`cargo lab notebooks copy` copies it";
    if kind(english) != kind(cell) {
        return Some(format!("cell `{id}` is of another kind than in the English chapter; {copy}"));
    }
    if cell_tags(english) != cell_tags(cell) {
        return Some(format!("cell `{id}` has other tags than in the English chapter; {copy}"));
    }
    if !is_prose(cell) {
        let differs = source(english) != source(cell);
        return differs.then(|| format!("cell `{id}` has other code than in the English chapter; {copy}"));
    }
    let todo = format!("translate it, then `cargo lab notebooks translated {name} {id}`");
    match cell["metadata"]["conpar"]["translates"].as_str() {
        None => Some(format!("cell `{id}` is not translated yet: {todo}")),
        Some(stored) if stored != hash(english) => {
            Some(format!("the English text of cell `{id}` has changed since it was translated: {todo}"))
        }
        Some(_) => None,
    }
}

/// The original with the translation's prose. Prose that nobody has translated yet stays in English, without a hash.
fn copy(original: &Value, translation: &Value) -> Value {
    let translated = by_id(translation);
    let mut copied = original.clone();
    for cell in copied["cells"].as_array_mut().into_iter().flatten().filter(|cell| is_prose(cell)) {
        if let Some(own) = translated.get(id(cell)).filter(|own| kind(own) == kind(cell)) {
            cell["source"] = own["source"].clone();
            cell["metadata"]["conpar"] = own["metadata"]["conpar"].clone();
        }
    }
    copied
}

fn by_id(notebook: &Value) -> HashMap<&str, &Value> {
    cells(notebook).iter().map(|cell| (id(cell), cell)).collect()
}

fn id(cell: &Value) -> &str {
    cell["id"].as_str().unwrap_or_default()
}

fn is_prose(cell: &Value) -> bool {
    kind(cell) != "code"
}

/// What a translation stores of an English cell.
fn hash(english: &Value) -> String {
    stamp::hash(source(english).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(original: &Value, translation: &Value) -> Vec<String> {
        super::faults("pt-BR/a.ipynb", original, translation)
    }

    fn notebook(cells: Value) -> Value {
        json!({ "cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5 })
    }

    fn english() -> Value {
        notebook(json!([
            { "cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Deadlock\n", "\n", "Who waits?"] },
            { "cell_type": "code", "id": "guess", "metadata": { "tags": ["predict"] }, "source": "const N: u8 = 1;" },
            { "cell_type": "markdown", "id": "why", "metadata": {}, "source": "## Why" },
        ]))
    }

    /// The English chapter as an author has translated it.
    fn portuguese() -> Value {
        let english = english();
        let mut translation = english.clone();
        for (index, text) in [(0, "# Impasse\n\nQuem espera?"), (2, "## Por quê")] {
            let translates = hash(&english["cells"][index]);
            translation["cells"][index]["source"] = json!(text);
            translation["cells"][index]["metadata"] = json!({ "conpar": { "translates": translates } });
        }
        translation
    }

    /// The one fault of the pair.
    fn fault_of(original: &Value, translation: &Value) -> String {
        let faults = faults(original, translation);
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.concat()
    }

    #[test]
    fn a_translation_of_the_text_of_today_has_no_fault() {
        assert!(faults(&english(), &portuguese()).is_empty());
    }

    #[test]
    fn a_change_of_the_english_prose_names_the_cell_and_what_to_do() {
        let mut changed = english();
        changed["cells"][2]["source"] = json!("## Why?");
        let fault = fault_of(&changed, &portuguese());
        assert!(fault.contains("`why` has changed"), "{fault}");
        assert!(fault.contains("`cargo lab notebooks translated pt-BR/a.ipynb why`"), "{fault}");
    }

    #[test]
    fn approving_a_cell_leaves_the_others_to_be_read() {
        let mut changed = english();
        for index in [0, 2] {
            changed["cells"][index]["source"] = json!("## Why not?");
        }
        let one = approved(&changed, portuguese(), &["why".to_owned()]);
        assert!(fault_of(&changed, &one).contains("`title` has changed"));
        assert!(faults(&changed, &approved(&changed, one, &[])).is_empty());
    }

    #[test]
    fn prose_without_a_hash_is_not_translated() {
        let mut translation = portuguese();
        translation["cells"][0]["metadata"] = json!({});
        assert!(fault_of(&english(), &translation).contains("`title` is not translated yet"));
    }

    #[test]
    fn code_kinds_and_tags_are_the_originals() {
        let changed = |key: &str, value: Value| {
            let mut translation = portuguese();
            translation["cells"][1][key] = value;
            fault_of(&english(), &translation)
        };
        assert!(changed("source", json!("const N: u8 = 1; ")).contains("`guess` has other code"));
        assert!(changed("metadata", json!({ "tags": ["claim"] })).contains("`guess` has other tags"));
        assert!(changed("cell_type", json!("markdown")).contains("`guess` is of another kind"));
    }

    #[test]
    fn a_cell_that_is_missing_foreign_or_moved_is_named() {
        let mut moved = portuguese();
        moved["cells"].as_array_mut().into_iter().for_each(|cells| cells.swap(0, 2));
        assert!(fault_of(&english(), &moved).contains("`why` in another place"));
        let mut longer = english();
        longer["cells"].as_array_mut().into_iter().for_each(|cells| {
            cells.push(json!({ "cell_type": "code", "id": "measure", "metadata": {}, "source": "1" }));
        });
        assert!(fault_of(&longer, &portuguese()).contains("has not the English chapter's cell `measure`"));
        assert!(fault_of(&english(), &longer_translation(&longer)).contains("`measure`, which is not in"));
    }

    /// The translation with the last cell of `longer` behind it.
    fn longer_translation(longer: &Value) -> Value {
        let mut translation = portuguese();
        let last = longer["cells"][3].clone();
        translation["cells"].as_array_mut().into_iter().for_each(|cells| cells.push(last.clone()));
        translation
    }

    #[test]
    fn copying_brings_the_code_and_keeps_the_prose() {
        let mut changed = english();
        changed["cells"][1]["source"] = json!("const N: u8 = 2;");
        changed["cells"][1]["metadata"] = json!({ "tags": ["exercise"] });
        let mut stray =
            longer_translation(&json!({ "cells": [{}, {}, {}, { "cell_type": "code", "id": "stray" }] }));
        stray["cells"].as_array_mut().into_iter().for_each(|cells| cells.swap(0, 2));
        let copied = copy(&changed, &stray);
        assert!(faults(&changed, &copied).is_empty(), "{:?}", faults(&changed, &copied));
        assert_eq!(source(&copied["cells"][0]), "# Impasse\n\nQuem espera?");
    }

    #[test]
    fn copying_leaves_new_prose_to_the_translator() {
        let mut longer = english();
        longer["cells"].as_array_mut().into_iter().for_each(|cells| {
            cells.insert(
                1,
                json!({ "cell_type": "markdown", "id": "how", "metadata": {}, "source": "How often?" }),
            );
        });
        let copied = copy(&longer, &portuguese());
        assert!(fault_of(&longer, &copied).contains("`how` is not translated yet"));
        assert_eq!(source(&copied["cells"][1]), "How often?");
    }
}
