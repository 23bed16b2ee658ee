//! A worker process at the other end of a transport.

use std::io;
use std::process::{Child, Command, Stdio};

/// The same program again, as a process that plays a `role`. When this is dropped, the process is killed and waited for: it
/// leaves no orphan and no zombie.
#[derive(Debug)]
pub struct Worker(Child);

impl Worker {
    /// Starts this program with `role` as its only argument; what it reads and writes comes and goes through the two ends.
    ///
    /// # Errors
    ///
    /// What the system says, when it starts none.
    pub fn start(role: &str, input: impl Into<Stdio>, output: impl Into<Stdio>) -> io::Result<Worker> {
        start(role, input.into(), output.into())
    }
}

/// Not generic: it is compiled here, and not in each program that calls it.
fn start(role: &str, input: Stdio, output: Stdio) -> io::Result<Worker> {
    let program = std::env::current_exe()?;
    Command::new(program).arg(role).stdin(input).stdout(output).spawn().map(Worker)
}

impl Drop for Worker {
    fn drop(&mut self) {
        // One that has ended already needs no more than to be waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
