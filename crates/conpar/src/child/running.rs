//! A child that runs, seen from the kernel.

use std::io::Write;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::{Duration, Instant};

use super::keeper;
use super::output::{Ended, How, Stream};
use super::program::Program;
use crate::Error;
use crate::language::{self, say};

/// How many children may run at once.
pub const MOST_AT_ONCE: usize = 64;

/// How long a keeper may take to end what it keeps, before it is killed itself.
const GRACE: Duration = Duration::from_secs(5);

/// The longest that a child may run: later than that no clock need tell.
const LONGEST: Duration = Duration::from_secs(86_400);

/// How long the outputs may stay open after that.
const CLOSING: Duration = Duration::from_secs(1);

/// A place among the children that may run at once.
struct Place;

static TAKEN: AtomicUsize = AtomicUsize::new(0);

impl Place {
    fn take() -> Result<Place, Error> {
        let take = |taken| (taken < MOST_AT_ONCE).then_some(taken + 1);
        match TAKEN.try_update(Ordering::AcqRel, Ordering::Acquire, take) {
            Ok(_) => Ok(Place),
            Err(_) => Err(Error::TooManyChildren { most: MOST_AT_ONCE }),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        TAKEN.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A child that runs. When this is dropped, the child and all its descendants are killed.
#[must_use = "a child that nobody waits for is killed at once"]
pub struct Running {
    keeper: Child,
    /// The pipe by which the keeper knows that we are there, and by which the program's input goes.
    lifeline: Option<ChildStdin>,
    outputs: [Receiver<Stream>; 2],
    received: [Option<Stream>; 2],
    started: Instant,
    deadline: Duration,
    ended: Option<ExitStatus>,
    _place: Place,
}

impl Running {
    pub(super) fn start(program: &Program) -> Result<Running, Error> {
        let place = Place::take()?;
        let mut command = Command::new(&program.built.executable);
        command.args(&program.arguments).envs(keeper::environment(program.memory, program.other.as_deref()));
        command.envs(program.variables()).env(language::VARIABLE, language::language().tag());
        if let Some((name, value)) = library_path(&program.built.libraries) {
            command.env(name, value);
        }
        // Without names of the program's own functions a backtrace says nothing, and takes longer than many a program.
        command.env("RUST_BACKTRACE", "0");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = Instant::now();
        let no_child = |error: std::io::Error| Error::NoChild {
            reason: say!(en: "starting it: {error}", pt: "ao iniciá-lo: {error}"),
        };
        let mut keeper = command.spawn().map_err(no_child)?;
        let lifeline = keeper.stdin.take();
        let (stdout, stderr) = (keeper.stdout.take(), keeper.stderr.take());
        let (to_out, out) = channel();
        let (to_err, err) = channel();
        // From here on a failure drops this, and that ends the keeper.
        let mut running = Running {
            keeper,
            lifeline,
            outputs: [out, err],
            received: [None, None],
            started,
            deadline: program.deadline.min(LONGEST),
            ended: None,
            _place: place,
        };
        let (most, on_line) = (program.output, program.on_line.clone());
        let read_out = move || {
            let mut say = |line: &str| {
                if let Some(on_line) = &on_line {
                    (on_line.lock().unwrap_or_else(PoisonError::into_inner))(line);
                }
            };
            let _ = to_out.send(stdout.map_or_else(Stream::empty, |out| Stream::read(out, most, &mut say)));
        };
        let read_err = move || {
            let _ =
                to_err.send(stderr.map_or_else(Stream::empty, |err| Stream::read(err, most, &mut |_| ())));
        };
        Builder::new().name("child-stdout".to_owned()).spawn(read_out).map_err(no_child)?;
        Builder::new().name("child-stderr".to_owned()).spawn(read_err).map_err(no_child)?;
        running.send(&program.input);
        Ok(running)
    }

    /// Writes more to the program's standard input.
    pub fn send(&mut self, input: &[u8]) {
        if let Some(lifeline) = &mut self.lifeline {
            // A keeper that has ended needs no more input.
            let _ = keeper::frames(input).try_for_each(|frame| lifeline.write_all(&frame));
        }
    }

    /// Says that no more input comes.
    pub fn end_input(&mut self) {
        if let Some(lifeline) = &mut self.lifeline {
            let _ = lifeline.write_all(&keeper::END_OF_INPUT);
        }
    }

    /// Kills the child and all its descendants, and says what they left.
    pub fn kill(mut self) -> Ended {
        self.stop();
        self.result(Some(How::Killed))
    }

    /// Waits for the child's end, or until its deadline, at which it is killed.
    pub fn wait(self) -> Ended {
        let left = self.deadline.saturating_sub(self.started.elapsed());
        self.wait_for(left)
    }

    /// Waits for the child's end for so long, then kills it.
    pub(super) fn wait_for(mut self, left: Duration) -> Ended {
        self.end_input();
        let ended = self.closed(left);
        if ended {
            let _ = self.reap();
            return self.result(None);
        }
        self.stop();
        self.result(Some(How::Deadline))
    }

    /// Waits for the keeper to close its standard error, which it does when it ends and nothing of the child is left.
    fn closed(&mut self, within: Duration) -> bool {
        let until = Instant::now() + within;
        for (output, received) in self.outputs.iter().zip(&mut self.received).rev() {
            if received.is_none() {
                match output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                    Ok(stream) => *received = Some(stream),
                    Err(RecvTimeoutError::Timeout) => return false,
                    Err(RecvTimeoutError::Disconnected) => *received = Some(Stream::empty()),
                }
            }
        }
        true
    }

    /// Ends the child: the keeper does it when its lifeline closes. One that does not is killed, and the program with it.
    fn stop(&mut self) {
        self.lifeline = None;
        if self.ended.is_none() && !self.closed(GRACE) {
            let _ = self.keeper.kill();
            self.closed(CLOSING);
        }
        let _ = self.reap();
    }

    fn reap(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.keeper.wait().ok();
        }
        self.ended
    }

    fn result(&mut self, how: Option<How>) -> Ended {
        let seconds = self.started.elapsed().as_secs_f64();
        let [out, err] = self.received.each_mut().map(|stream| stream.take().unwrap_or_else(Stream::empty));
        let mut err = err;
        let words = err.last_words();
        let found = words.as_ref().map(|words| match (words.code, words.signal) {
            (Some(code), _) => How::Exited(code),
            (None, signal) => How::Signalled(signal.unwrap_or(0)),
        });
        // Without last words the keeper was killed by somebody else.
        let how = how.or(found).unwrap_or(How::Signalled(9));
        Ended {
            how,
            stdout: out.captured(),
            stderr: err.captured(),
            seconds,
            cpu_seconds: words.as_ref().map(|words| words.cpu_seconds),
            most_memory: words.map(|words| words.most_memory),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The variable by which the system finds shared libraries, with `folders` before what is there.
fn library_path(folders: &[std::path::PathBuf]) -> Option<(&'static str, std::ffi::OsString)> {
    const VARIABLE: &str = "LD_LIBRARY_PATH";
    let before = std::env::var_os(VARIABLE).unwrap_or_default();
    let before = std::env::split_paths(&before).filter(|path| !path.as_os_str().is_empty());
    let all = std::env::join_paths(folders.iter().cloned().chain(before)).ok()?;
    (!folders.is_empty()).then_some((VARIABLE, all))
}
