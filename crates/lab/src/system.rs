//! What the operating system gives: the only module with calls that are not the same everywhere.
//!
//! Tested on Linux. On macOS processes are found through `ps`; on Windows they are not found, so that a kernel whose
//! launcher was killed keeps its folder until the next kernel starts.

use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};

/// What computes here: the processor's name, where the system tells it, and how many of its cores this process may use.
pub(crate) fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{} {}, {cores} cores", std::env::consts::ARCH, name.map_or("unknown", |(_, name)| name))
}

/// Free space for this user on the disk that holds `path`, in MB (10^6 bytes); `None` where the system does not say.
#[cfg(unix)]
pub(crate) fn free_megabytes(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|folder| folder.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) / 1_000_000)
}

#[cfg(not(unix))]
pub(crate) fn free_megabytes(_path: &Path) -> Option<u64> {
    None
}

/// Says whether this process runs as root, which Jupyter refuses unless told.
#[cfg(unix)]
pub(crate) fn is_root() -> bool {
    rustix::process::getuid().is_root()
}

#[cfg(not(unix))]
pub(crate) fn is_root() -> bool {
    false
}

/// Turns this process into `command`, so that Ctrl-C and signals reach it and nothing stands between it and the terminal.
/// Where a process cannot turn into another (Windows), runs it and ends with its exit code.
#[cfg(unix)]
pub(crate) fn become_command(command: &mut Command) -> Error {
    use std::os::unix::process::CommandExt;
    let shown = crate::process::show(command);
    Error::Start { command: shown, source: command.exec() }
}

#[cfg(not(unix))]
pub(crate) fn become_command(command: &mut Command) -> Error {
    let shown = crate::process::show(command);
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(source) => Error::Start { command: shown, source },
    }
}

/// Lets the child live apart from this process's group: a signal to the group (Jupyter kills a kernel so) passes it by.
#[cfg(unix)]
pub(crate) fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
pub(crate) fn own_group(_command: &mut Command) {}

/// Lets the child die when the thread that starts it dies: start it from the main thread.
#[cfg(target_os = "linux")]
pub(crate) fn die_with_parent(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    let parent = rustix::process::getpid();
    let hook = move || {
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
        // The parent may have died before the call above: then no signal will come.
        if rustix::process::getppid() != Some(parent) {
            return Err(std::io::ErrorKind::NotFound.into());
        }
        Ok(())
    };
    // SAFETY: between fork and exec only async-signal-safe functions may run. The hook makes two system calls (prctl,
    // getppid), allocates nothing and takes no lock.
    unsafe { command.pre_exec(hook) };
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn die_with_parent(_command: &mut Command) {}

/// The id of the process that started this one; `None` where it cannot change or is not known.
#[cfg(unix)]
pub(crate) fn parent_id() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

#[cfg(not(unix))]
pub(crate) fn parent_id() -> Option<u32> {
    None
}

/// Kills every process, but this one, that was started with `variable=value` in its environment, until none is left.
#[cfg(unix)]
pub(crate) fn kill_all_with(variable: &str, value: &Path) {
    /// A killed process may have started another one just before: looked for again, this often at most.
    const ROUNDS: u32 = 50;
    for _ in 0..ROUNDS {
        let found = processes_with(variable, value);
        if found.is_empty() {
            return;
        }
        for process in found {
            // The process may have ended meanwhile.
            let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[cfg(not(unix))]
pub(crate) fn kill_all_with(_variable: &str, _value: &Path) {}

/// The living processes of this user whose environment holds `variable=value`; zombies have none.
#[cfg(target_os = "linux")]
fn processes_with(variable: &str, value: &Path) -> Vec<rustix::process::Pid> {
    let wanted = format!("{variable}={}", value.display());
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    numbers
        .filter(|number| number.unsigned_abs() != std::process::id())
        .filter(|number| {
            let environment = std::fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes())
        })
        .filter_map(rustix::process::Pid::from_raw)
        .collect()
}

/// `ps -E` writes each command followed by its environment, on macOS for the user's own processes.
#[cfg(all(unix, not(target_os = "linux")))]
fn processes_with(variable: &str, value: &Path) -> Vec<rustix::process::Pid> {
    let wanted = format!("{variable}={}", value.display());
    let listing = Command::new("ps").args(["-axEww", "-o", "pid=,command="]).output();
    let listing =
        listing.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let lines = listing.lines().filter(|line| line.contains(&wanted));
    lines
        .filter_map(|line| line.split_whitespace().next()?.parse::<i32>().ok())
        .filter(|number| number.unsigned_abs() != std::process::id())
        .filter_map(rustix::process::Pid::from_raw)
        .collect()
}

/// Whether a text file can be a program here, and a link stand for a folder without asking for rights.
pub(crate) const HAS_SCRIPTS: bool = cfg!(unix);

/// Writes a program that is a text.
#[cfg(unix)]
pub(crate) fn write_script(file: &Path, text: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let executable = std::fs::Permissions::from_mode(0o755);
    let written = std::fs::write(file, text).and_then(|()| std::fs::set_permissions(file, executable));
    written.map_err(Error::file("writing", file))
}

#[cfg(not(unix))]
pub(crate) fn write_script(file: &Path, _text: &str) -> Result<()> {
    Err(Error::file("writing", file)(std::io::ErrorKind::Unsupported.into()))
}

/// Makes `link`, which stands for `target`.
#[cfg(unix)]
pub(crate) fn link(target: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(target, link).map_err(Error::file("linking", link))
}

#[cfg(not(unix))]
pub(crate) fn link(_target: &Path, link: &Path) -> Result<()> {
    Err(Error::file("linking", link)(std::io::ErrorKind::Unsupported.into()))
}

/// The variable that names the folders of shared libraries to the loader.
pub(crate) const LIBRARY_PATH: &str = if cfg!(target_os = "macos") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else if cfg!(windows) {
    "PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// Checks that the C compiler, which rustc links with, is there.
pub(crate) fn check_compiler() -> Result<()> {
    // On Windows rustc finds Microsoft's linker by itself.
    if cfg!(windows) || crate::process::output(Command::new("cc").arg("--version")).is_ok() {
        return Ok(());
    }
    Err(Error::NoCompiler)
}

/// The command that installs a C compiler here.
pub(crate) fn compiler_hint() -> String {
    if cfg!(target_os = "macos") {
        return "xcode-select --install".to_owned();
    }
    install_hint("build-essential", "gcc")
}

/// The command that installs a package here: `debian` where there is apt, else the package manager's name for it.
pub(crate) fn install_hint(debian: &str, elsewhere: &str) -> String {
    let there = |program: &str| crate::process::output(Command::new(program).arg("--version")).is_ok();
    if cfg!(target_os = "macos") {
        format!("brew install {elsewhere}")
    } else if cfg!(windows) {
        format!("winget install {elsewhere}")
    } else if there("apt-get") {
        format!("sudo apt-get install {debian}")
    } else if there("dnf") {
        format!("sudo dnf install {}", elsewhere.replace("python", "python3"))
    } else if there("pacman") {
        format!("sudo pacman -S {elsewhere}")
    } else {
        format!("install {elsewhere} with your system's package manager")
    }
}
