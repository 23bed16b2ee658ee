//! What rustc keeps from one build of a program to the next, so that a program of which a reader changed some lines is built again
//! in less than half of the time.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// How many programs can be changed in turn; what was used longest ago goes first. One takes some 12 MB.
pub(super) const MOST_KEPT: usize = 4;

/// The text that was built last with what a folder holds. Who builds with it locks this file, so that nobody removes it.
const TEXT: &str = "text.rs";

/// A folder for rustc to keep in what it may use again. It stays while this lives.
pub(super) struct Kept {
    pub(super) folder: PathBuf,
    _in_use: File,
}

/// The folder below `home` of the program most like `text`, where three quarters of the lines are the same, else a new one.
pub(super) fn kept(home: &Path, text: &str) -> io::Result<Kept> {
    std::fs::create_dir_all(home)?;
    let lines: HashSet<&str> = text.lines().collect();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(home)?.flatten().map(|entry| entry.path()).collect();
    folders.sort_by_key(|folder| folder.join(TEXT).metadata().and_then(|text| text.modified()).ok());
    let alike = |folder: &PathBuf| {
        let known = std::fs::read_to_string(folder.join(TEXT)).unwrap_or_default();
        known.lines().collect::<HashSet<_>>().intersection(&lines).count()
    };
    let most_alike = folders.iter().max_by_key(|folder| alike(folder));
    let folder = match most_alike.filter(|folder| 4 * alike(folder) >= 3 * lines.len()) {
        Some(folder) => folder.clone(),
        None => {
            let spare = folders.len().saturating_sub(MOST_KEPT - 1);
            folders
                .iter()
                .filter(|folder| !is_in_use(folder))
                .take(spare)
                .try_for_each(std::fs::remove_dir_all)?;
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            home.join(format!("{:016x}", hasher.finish()))
        }
    };
    std::fs::create_dir_all(&folder)?;
    let in_use = File::options().create(true).truncate(false).write(true).open(folder.join(TEXT))?;
    in_use.lock_shared()?;
    std::fs::write(folder.join(TEXT), text)?;
    Ok(Kept { folder, _in_use: in_use })
}

fn is_in_use(folder: &Path) -> bool {
    File::open(folder.join(TEXT)).is_ok_and(|text| text.try_lock().is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(name: &str, constant: usize) -> String {
        (0..20).map(|line| format!("fn {name}_{line}() {{}}\n")).collect::<String>()
            + &format!("const N: usize = {constant};\n")
    }

    #[test]
    fn a_changed_program_finds_its_folder_and_only_so_many_are_kept() {
        let home = std::env::temp_dir().join(format!("conpar-incremental-{}", std::process::id()));
        let of = |text: String| kept(&home, &text).expect("a folder of ours").folder;
        let first = of(program("first", 1));
        assert_ne!(of(program("second", 1)), first, "another program");
        assert_eq!(of(program("first", 2)), first, "the same, with a line changed");
        for other in 0..MOST_KEPT + 3 {
            of(program(&format!("other_{other}"), 1));
        }
        assert_eq!(std::fs::read_dir(&home).expect("a folder").count(), MOST_KEPT);
        assert!(!first.exists(), "used longest ago");
        let building = kept(&home, &program("building", 1)).expect("a folder of ours");
        for other in 0..MOST_KEPT + 3 {
            of(program(&format!("later_{other}"), 1));
        }
        assert!(building.folder.exists(), "in use");
        std::fs::remove_dir_all(home).expect("it is ours");
    }
}
