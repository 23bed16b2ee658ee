//! What happens to ranks: for a program that shows it.

use rustix::process::{Signal, getpid, kill_process};

/// Kills this rank, as a system does that has no memory left.
pub fn kill_me() -> ! {
    let _ = kill_process(getpid(), Signal::KILL);
    // A kill of oneself is delivered before it returns; where it was refused, this ends the rank as well.
    std::process::abort()
}

/// Stops this rank: it is there, and does nothing.
pub fn stop_me() {
    let _ = kill_process(getpid(), Signal::STOP);
}
