//! A folder with files as the kernel shows them, for tests of what reads them.

use std::path::{Path, PathBuf};

/// A folder that is removed when it is dropped.
pub(super) struct Tree(PathBuf);

impl Tree {
    /// An empty folder; `name` tells the tests of one process apart.
    pub(super) fn new(name: &str) -> Tree {
        let root = std::env::temp_dir().join(format!("conpar-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&root).expect("a folder for temporary files");
        Tree(root)
    }

    pub(super) fn root(&self) -> &Path {
        &self.0
    }

    /// Writes a file and the folders above it.
    pub(super) fn file(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // What cannot be removed lies in the system's folder for temporary files, which it empties itself.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
