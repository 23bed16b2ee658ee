//! What runs in the child's own processes: the keeper, and the program's first step.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use super::output::LastWords;
use crate::language::say;

/// The variables by which a process knows its role.
const ROLE: &str = "CONPAR_CHILD";
const MEMORY: &str = "CONPAR_CHILD_MEMORY";

/// The variable that names the program to run, where it is another than the keeper's own executable.
const PROGRAM: &str = "CONPAR_CHILD_PROGRAM";

/// The kernel writes the program's input in frames: a length of four bytes, then as many bytes. The end of the pipe is
/// then free to mean another thing: that the kernel is gone.
pub(super) const END_OF_INPUT: [u8; 4] = [0; 4];
const LONGEST_FRAME: usize = 1 << 20;

/// The variables that make an executable with a [`guard`] a keeper of itself, or of `other`.
pub(super) fn environment(memory: u64, other: Option<&Path>) -> Vec<(&'static str, OsString)> {
    let mut variables = vec![(ROLE, "keeper".into()), (MEMORY, memory.to_string().into())];
    variables.extend(other.map(|other| (PROGRAM, other.into())));
    variables
}

/// `input` in frames.
pub(super) fn frames(input: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let frame = |part: &[u8]| [&(part.len() as u32).to_le_bytes(), part].concat();
    input.chunks(LONGEST_FRAME).map(frame)
}

/// The first call of a child's `main`. In the role of the keeper it does not return.
///
/// In a program that no [`Program`](super::Program) started it does nothing.
pub fn guard() {
    match std::env::var(ROLE).as_deref() {
        Ok("keeper") => keep(),
        Ok(keeper) => {
            system::bound(keeper.parse().ok(), limit());
            if let Some(program) = std::env::var_os(PROGRAM) {
                turn_into(&program);
            }
        }
        Err(_) => (),
    }
}

/// Becomes another program, which knows nothing of keepers; what bounds this process bounds it as well.
fn turn_into(program: &OsStr) -> ! {
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1));
    for variable in [ROLE, MEMORY, PROGRAM] {
        command.env_remove(variable);
    }
    let (program, error) = (program.display(), system::exec(&mut command));
    let said = say!(
        en: "conpar: `{program}` did not start: {error}",
        pt: "conpar: `{program}` não foi iniciado: {error}"
    );
    eprintln!("{said}");
    std::process::exit(127)
}

fn limit() -> Option<u64> {
    std::env::var(MEMORY).ok()?.parse().ok()
}

/// Runs the program, ends it when the kernel ends, leaves nothing of it behind, and says how it was.
fn keep() -> ! {
    system::apart();
    let program = std::env::current_exe().and_then(|own| {
        let mut command = Command::new(own);
        command.args(std::env::args_os().skip(1)).env(ROLE, std::process::id().to_string());
        system::own_group(&mut command);
        command.stdin(Stdio::piped()).spawn()
    });
    let mut program = program.unwrap_or_else(|error| {
        let said = say!(
            en: "conpar: the program did not start: {error}",
            pt: "conpar: o programa não foi iniciado: {error}"
        );
        eprintln!("{said}");
        std::process::exit(1)
    });
    serve(&mut program);
    let status = program.wait();
    system::end_descendants(program.id());
    if let Ok(status) = status {
        say(&last_words(status));
    }
    std::process::exit(0)
}

/// Passes on the program's input and waits, on threads, for the end of the pipe.
fn serve(program: &mut Child) {
    let (group, input) = (program.id(), program.stdin.take());
    let (to_program, frames) = channel::<Vec<u8>>();
    // On its own: a program that does not read must not keep us from seeing the pipe's end.
    std::thread::spawn(move || {
        let Some(mut input) = input else { return };
        while let Ok(frame) = frames.recv() {
            if frame.is_empty() || input.write_all(&frame).is_err() {
                return;
            }
        }
    });
    std::thread::spawn(move || {
        let mut from_kernel = std::io::stdin().lock();
        while let Ok(frame) = read_frame(&mut from_kernel) {
            let _ = to_program.send(frame);
        }
        // The main thread, which waits for the program, ends what else there is.
        system::kill_program(group);
    });
}

fn read_frame(source: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    source.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST_FRAME {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut frame = vec![0; length];
    source.read_exact(&mut frame)?;
    Ok(frame)
}

fn last_words(status: ExitStatus) -> LastWords {
    let (cpu_seconds, most_memory) = system::used();
    LastWords { code: status.code(), signal: system::signal(status), cpu_seconds, most_memory }
}

/// Writes to the standard error, which the program may have left in a state in which a write can fail for a moment.
fn say(words: &LastWords) {
    let mut left: VecDeque<u8> = words.line().into_bytes().into();
    let mut stderr = std::io::stderr().lock();
    while !left.is_empty() {
        match stderr.write(left.make_contiguous()) {
            Ok(0) => return,
            Ok(count) => drop(left.drain(..count)),
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                std::thread::sleep(Duration::from_millis(1))
            }
            Err(_) => return,
        }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::process::{Command, ExitStatus};
    use std::time::Duration;

    use nix::sys::prctl::{set_child_subreaper, set_pdeathsig};
    use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};
    use nix::sys::signal::{Signal, kill, killpg};
    use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
    use nix::unistd::{Pid, getpid, getppid, setsid};

    use crate::child::own::system::children_of;

    /// A session of our own: what is typed at, or sent to, the kernel's group does not reach us. Orphans come to us.
    pub(super) fn apart() {
        // It can only fail where we lead a group already; then we are apart.
        let _ = setsid();
        let _ = set_child_subreaper(true);
        let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    }

    pub(super) fn own_group(command: &mut Command) {
        command.process_group(0);
    }

    /// Returns only when it fails.
    pub(super) fn exec(command: &mut Command) -> std::io::Error {
        command.exec()
    }

    /// In the program: it dies with its keeper, and has only so much memory.
    ///
    /// The system sends the signal when the *thread* ends that started the program; the keeper's is its main thread.
    /// What the program starts from the same executable is left alone: the keeper has it in view.
    pub(super) fn bound(keeper: Option<i32>, memory: Option<u64>) {
        if let Some(keeper) = keeper.map(Pid::from_raw) {
            if getppid() == keeper {
                let _ = set_pdeathsig(Signal::SIGKILL);
            }
            if kill(keeper, None).is_err() {
                // It ended before the signal was asked for.
                std::process::exit(1);
            }
        }
        if let Some(memory) = memory {
            let _ = setrlimit(Resource::RLIMIT_DATA, memory, memory);
        }
    }

    /// Kills the program, which may have left the group that it was started in, and the group.
    pub(super) fn kill_program(program: u32) {
        let program = Pid::from_raw(program as i32);
        let _ = kill(program, Signal::SIGKILL);
        let _ = killpg(program, Signal::SIGKILL);
    }

    /// Kills all children of this process until it has none: each that ends leaves its own to us.
    pub(super) fn end_descendants(program: u32) {
        let _ = killpg(Pid::from_raw(program as i32), Signal::SIGKILL);
        loop {
            for (child, _) in children_of(getpid()) {
                let _ = kill(child, Signal::SIGKILL);
            }
            match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::StillAlive) => std::thread::sleep(Duration::from_micros(500)),
                Ok(_) => (),
                Err(_) => return,
            }
        }
    }

    pub(super) fn signal(status: ExitStatus) -> Option<i32> {
        status.signal()
    }

    /// The CPU time in seconds and the largest resident memory in bytes, of all that ended.
    pub(super) fn used() -> (f64, u64) {
        let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return (0.0, 0) };
        let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6;
        let kibibytes = u64::try_from(usage.max_rss()).unwrap_or(0);
        (seconds(usage.user_time()) + seconds(usage.system_time()), kibibytes * 1024)
    }
}

/// Elsewhere than on Linux no library is found to build a child against, so that none of this runs.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::process::{Command, ExitStatus};

    pub(super) fn apart() {}
    pub(super) fn own_group(_: &mut Command) {}
    pub(super) fn exec(_: &mut Command) -> std::io::Error {
        std::io::ErrorKind::Unsupported.into()
    }
    pub(super) fn bound(_: Option<i32>, _: Option<u64>) {}
    pub(super) fn kill_program(_: u32) {}
    pub(super) fn end_descendants(_: u32) {}
    pub(super) fn signal(_: ExitStatus) -> Option<i32> {
        None
    }
    pub(super) fn used() -> (f64, u64) {
        (0.0, 0)
    }
}
