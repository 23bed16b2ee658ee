//! What several test programs need. Each of them compiles this for itself, and uses a part of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use conpar::notebook::Block;

/// A folder that goes when the test ends.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("conpar-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).expect("a new folder");
        Folder(path)
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// For a look at the figures: `CONPAR_KEEP_HTML=folder cargo test`.
pub(crate) fn keep(name: &str, block: &Block) {
    if let Ok(folder) = std::env::var("CONPAR_KEEP_HTML") {
        std::fs::write(Path::new(&folder).join(format!("{name}.html")), block.html()).expect("writable");
    }
}
