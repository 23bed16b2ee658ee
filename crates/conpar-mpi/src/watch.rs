//! How a rank ended, told by somebody who saw it.
//!
//! MPI's launcher ends all ranks of a job when one has ended badly, and then tells of one of them: not always of the one that was
//! first. So the process that it started is not the rank. It starts the rank, and waits for it; to the launcher its end is the
//! rank's end, and before that it has said how that was.

use rustix::process::{Pid, Signal, WaitOptions, getpid, getppid, kill_process, waitpid};

use crate::line::{Line, say};

/// Goes on as the rank, in a process of its own that does not outlive this one. Call it while there is one thread.
pub(crate) fn watched() {
    let watcher = getpid();
    // SAFETY: there is one thread, so that the new process has all that it may use: no lock is held by a thread that it lacks.
    match unsafe { libc::fork() } {
        0 => {
            #[cfg(target_os = "linux")]
            let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
            if getppid() != Some(watcher) {
                // The watcher has ended already, before its end could be heard.
                std::process::exit(1);
            }
        }
        process => {
            // Where there may be no further process, the rank goes on unwatched.
            if let Some(rank) = Pid::from_raw(process).filter(|_| process > 0) {
                watch(rank);
            }
        }
    }
}

fn watch(rank: Pid) -> ! {
    let status = loop {
        match waitpid(Some(rank), WaitOptions::empty()) {
            Ok(Some((_, status))) => break status,
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => std::process::exit(1),
        }
    };
    let (signal, code) = (status.terminating_signal(), status.exit_status());
    if code != Some(0) {
        say(&Line::Ended { process: rank.as_raw_nonzero().get().unsigned_abs(), signal, code });
    }
    if let Some(signal) = signal.and_then(Signal::from_named_raw) {
        let _ = kill_process(getpid(), signal);
    }
    std::process::exit(code.unwrap_or(1))
}
