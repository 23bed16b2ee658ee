//! What Go's compiler keeps from one build to the next, in a folder of ours and bounded.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How many bytes are kept; what was used longest ago goes first. Go's standard library, as far as programs here use it,
/// takes a tenth of this.
pub const MOST_CACHED: u64 = 256 << 20;

/// The variable by which the lab names a folder that outlives the kernel.
const FOLDER: &str = "CONPAR_CACHE";

/// The folder.
pub(super) struct Cache {
    folder: PathBuf,
    most: u64,
}

impl Cache {
    /// The lab's own folder, else one below `programs`.
    pub(super) fn at(programs: &Path) -> Cache {
        let folder =
            std::env::var_os(FOLDER).map_or_else(|| programs.with_file_name("conpar-cache"), PathBuf::from);
        Cache { folder: folder.join("go"), most: MOST_CACHED }
    }

    /// Where compiled packages lie.
    pub(super) fn objects(&self) -> PathBuf {
        self.folder.join("objects")
    }

    /// What the compiler takes for a home folder.
    pub(super) fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// Makes the folders, and keeps others from trimming them as long as what is returned lives.
    pub(super) fn in_use(&self) -> io::Result<File> {
        let telemetry = self.home().join("go").join("telemetry");
        std::fs::create_dir_all(self.objects())?;
        std::fs::create_dir_all(&telemetry)?;
        std::fs::write(telemetry.join("mode"), "off")?;
        let lock = self.lock()?;
        lock.lock_shared()?;
        Ok(lock)
    }

    /// Removes what was used longest ago, down to half of what is allowed, when more than that is there and nobody builds.
    pub(super) fn trim(&self) {
        let Ok(lock) = self.lock() else { return };
        if lock.try_lock().is_err() {
            return;
        }
        let mut files = files(&self.objects());
        let mut bytes: u64 = files.iter().map(|file| file.1).sum();
        if bytes <= self.most {
            return;
        }
        files.sort_unstable_by_key(|file| file.0);
        for (_, size, path) in files {
            if bytes <= self.most / 2 {
                break;
            }
            // The compiler takes a file that is missing for one that was never there.
            if std::fs::remove_file(path).is_ok() {
                bytes -= size;
            }
        }
    }

    fn lock(&self) -> io::Result<File> {
        File::create(self.folder.join("lock"))
    }
}

/// All files below `folder`: when each was last used, its size, its path.
fn files(folder: &Path) -> Vec<(SystemTime, u64, PathBuf)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(data) = entry.metadata() else { continue };
        let path = entry.path();
        match data.is_dir() {
            true => found.extend(files(&path)),
            false => found.push((data.modified().unwrap_or(SystemTime::UNIX_EPOCH), data.len(), path)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_longest_ago_goes_first_and_nothing_while_somebody_builds() {
        let folder = std::env::temp_dir().join(format!("conpar-cache-{}", std::process::id()));
        let cache = Cache { folder: folder.clone(), most: 2_500 };
        let building = cache.in_use().expect("a folder");
        for (age, name) in [(30, "old"), (20, "middle"), (10, "new")] {
            let path = cache.objects().join(name);
            std::fs::write(&path, [0; 1_000]).expect("a file");
            let then = SystemTime::now() - std::time::Duration::from_secs(age);
            File::options().write(true).open(&path).and_then(|file| file.set_modified(then)).expect("a time");
        }
        cache.trim();
        let left = || std::fs::read_dir(cache.objects()).expect("a folder").count();
        assert_eq!(left(), 3, "somebody builds");
        drop(building);
        cache.trim();
        assert!(cache.objects().join("new").exists());
        assert_eq!(left(), 1, "down to half of what is allowed");
        std::fs::remove_dir_all(folder).expect("it is ours");
    }
}
