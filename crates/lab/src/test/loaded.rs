//! The stage of the busy machine: every notebook beside two busy loops, and beside other notebooks. What is measured then may
//! be wrong by any factor; a claim may say that it cannot tell, and never the contrary of what holds.

use std::collections::VecDeque;
use std::process::{Child, Command, Stdio};

use super::{Bench, Tally, notebooks};
use crate::error::Result;
use crate::notebook::run as notebook_run;
use crate::process;

/// How many loops compete, and how many notebooks run side by side.
const LOOPS: usize = 2;
const AT_ONCE: usize = 3;

/// A loop of the shell that ends by itself when process `$0` has ended.
const LOOP: &str = "while kill -0 \"$0\" 2>&-; do n=0; while [ $n -lt 50000 ]; do n=$((n+1)); done; done";

pub(super) fn run(bench: &Bench, tally: &mut Tally) -> Result<()> {
    let named = notebooks::english(bench)?.into_iter().map(|path| {
        let name = format!("{} beside {LOOPS} busy loops", notebooks::shown(bench, &path));
        (name, path)
    });
    let named: VecDeque<_> = named.filter(|(name, _)| tally.wants(name)).collect();
    if named.is_empty() {
        return Ok(());
    }
    let _loops = Loops::start()?;
    notebooks::side_by_side(tally, named, AT_ONCE, |_, path| {
        notebook_run::run(bench.environment, path, notebook_run::Options::default(), &mut |_| ())
    });
    Ok(())
}

/// Processes that compute and never sleep; they end when this is dropped.
struct Loops(Vec<Child>);

impl Loops {
    fn start() -> Result<Loops> {
        let mut loops = Loops(Vec::new());
        for _ in 0..LOOPS {
            let mut shell = Command::new("sh");
            shell.args(["-c", LOOP]).arg(std::process::id().to_string());
            shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            loops.0.push(shell.spawn().map_err(process::starting("a busy loop"))?);
        }
        Ok(loops)
    }
}

impl Drop for Loops {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // One that has ended already is as good.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
