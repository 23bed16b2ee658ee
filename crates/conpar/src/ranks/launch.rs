//! Runs a job and says what became of it.

use std::time::Duration;

use super::hosts::{Hosts, MOST_HOSTS, Wanted};
use super::job::{Job, Placed};
use super::launcher::Plan;
use super::lines::{FromLauncher, FromRank, Line};
use super::program::RankProgram;
use crate::Error;
use crate::child::{Ended, How};
use crate::language::{say, word};

/// The most ranks of one job: they are processes of this machine, and each takes some tens of MB.
const MOST_RANKS: usize = 64;

/// How long the launcher has, after a job's deadline, to look at the ranks and end them. Then the keeper does it.
const TO_LOOK: Duration = Duration::from_secs(5);

/// The memory that each process may have: MPI maps far more than it uses.
const MEMORY: u64 = 64 << 30;

pub(super) fn run(program: &RankProgram, ranks: usize) -> Result<Job, Error> {
    check(&program.hosts, ranks)?;
    let plan = Plan {
        mpiexec: program.setup.mpiexec.clone(),
        executable: program.executable.clone(),
        arguments: program.arguments.clone(),
        ranks,
        hosts: program.hosts.clone(),
        seconds: program.deadline.as_secs_f64(),
        down: program.down.map(|(host, after)| (host, after.as_secs_f64())),
    };
    let plan = serde_json::to_string(&plan).map_err(|error| Error::NoChild { reason: error.to_string() })?;
    let launcher = program.launcher.clone().arg(plan).memory(MEMORY);
    let launcher = launcher.deadline(program.deadline.saturating_add(TO_LOOK)).keep_output(8 << 20);
    let ended = launcher.on_line(show).run()?;
    conclude(program, ranks, &ended)
}

/// Shows what a reader is to see while the job runs.
fn show(line: &str) {
    match Line::read(line) {
        Line::Rank(FromRank::Progress { text }) => println!("{}", harmless(&text)),
        Line::Text if !is_epitaph(line) => println!("{}", harmless(line)),
        _ => {}
    }
}

/// Whether MPICH's launcher wrote the line when it ended a job: what it says goes into the error.
fn is_epitaph(line: &str) -> bool {
    let begins = ["=", "YOUR APPLICATION TERMINATED", "This typically refers", "Please see the FAQ"];
    line.trim().is_empty() || begins.iter().any(|begin| line.starts_with(begin))
}

/// A line that looks like the kernel's own protocol would be taken for it.
fn harmless(line: &str) -> String {
    line.replace("EVCXR_", "EVCXR ")
}

fn check(hosts: &Hosts, ranks: usize) -> Result<(), Error> {
    let bad = |reason: String| Err(Error::BadRanks { reason });
    let isolated = matches!(hosts.wanted, Wanted::Isolated(_) | Wanted::Loopback(_));
    match hosts.count() {
        _ if ranks == 0 || ranks > MOST_RANKS => bad(say!(
            en: "{ranks} ranks: take 1 to {MOST_RANKS}",
            pt: "{ranks} ranks: use de 1 a {MOST_RANKS}"
        )),
        0 => {
            let none =
                word!(en: "there is no host: name at least one", pt: "não há hospedeiro: dê pelo menos um");
            bad(none.to_owned())
        }
        hosts if isolated && hosts > MOST_HOSTS => bad(say!(
            en: "{hosts} hosts on one machine: at most {MOST_HOSTS}",
            pt: "{hosts} hospedeiros em uma máquina: no máximo {MOST_HOSTS}"
        )),
        hosts if hosts > ranks => bad(say!(
            en: "{ranks} ranks leave some of {hosts} hosts without one",
            pt: "{ranks} ranks deixam sem nenhum alguns dos {hosts} hospedeiros"
        )),
        _ if hosts.megabits.is_some_and(|megabits| !(0.1..=100_000.0).contains(&megabits)) => bad(say!(
            en: "a link carries from 0.1 to 100000 megabits a second",
            pt: "um cabo leva de 0.1 a 100000 megabits por segundo"
        )),
        _ => Ok(()),
    }
}

fn conclude(program: &RankProgram, ranks: usize, ended: &Ended) -> Result<Job, Error> {
    let mut job = Job::empty(ranks);
    let (mut late, mut code, mut first) = (None, None, None);
    for line in ended.stdout.text.lines() {
        match Line::read(line) {
            Line::Rank(FromRank::Rank(placed)) => job.ranks.push(placed),
            Line::Rank(FromRank::Timed(timed)) => job.timed.push(timed),
            Line::Rank(FromRank::Value { name, value }) => job.values.push((name, value)),
            Line::Rank(FromRank::Sent { bytes }) => job.sent += bytes,
            Line::Rank(FromRank::Ended { process, signal, code }) => {
                // What MPI ends because of the first one is not told.
                first.get_or_insert((process, signal.map(How::Signalled).or(code.map(How::Exited))));
            }
            Line::Launcher(FromLauncher::Hosts { kind }) => job.kind = kind,
            Line::Launcher(FromLauncher::Traffic(traffic)) => job.traffic.push(traffic),
            Line::Launcher(FromLauncher::NoHost { host, reason }) => {
                return Err(Error::RanksNotLaunched { on: host, reason });
            }
            Line::Launcher(FromLauncher::NotStarted { reason }) => {
                let on = say!(en: "this machine", pt: "sua máquina");
                return Err(Error::RanksNotLaunched { on, reason });
            }
            Line::Launcher(FromLauncher::Late { seen }) => late = Some(seen),
            Line::Launcher(FromLauncher::Ended { code: ended, seconds }) => {
                code = ended;
                job.seconds = seconds;
            }
            Line::Rank(FromRank::Progress { .. }) | Line::Text => {}
        }
    }
    job.ranks.sort_by_key(|placed| placed.rank);
    let on = job.kind.words();
    if late.is_some() || ended.how == How::Deadline {
        let silent = word!(en: "the launcher did not answer any more", pt: "o lançador não respondia mais");
        let seen = late.unwrap_or_else(|| vec![silent.to_owned()]);
        let seconds = program.deadline.as_secs_f64();
        return Err(Error::RanksLate { ranks, on, seconds, seen: seen.join("; ") });
    }
    if code != Some(0) {
        return Err(ended_badly(&job, ended, first, code));
    }
    let found = job.ranks.first().map_or(0, |placed| placed.size as usize);
    if job.ranks.len() != ranks || job.ranks.iter().any(|placed| placed.size as usize != ranks) {
        return Err(Error::WrongWorld { asked: ranks, found, said: job.ranks.len() });
    }
    Ok(job)
}

/// What of the standard error says why: a panic, or what MPICH found wrong, with its message; else the last line. Where no
/// rank had started, the lines of MPICH's launcher count as well.
fn last_words(text: &str, of_launcher: bool) -> String {
    let own = |line: &&str| of_launcher || !(line.starts_with("[mpiexec@") || line.starts_with("[proxy:"));
    let lines: Vec<&str> = text.lines().filter(|line| !is_epitaph(line)).filter(own).collect();
    let says_why = |line: &&str| line.contains("panicked at") || line.starts_with("Assertion failed");
    match lines.iter().position(says_why) {
        Some(why) => lines[why..].iter().take(2).copied().collect::<Vec<_>>().join(" "),
        None => lines.last().copied().unwrap_or_default().to_owned(),
    }
}

/// Which rank ended the job: the first of which somebody saw the end. Where nobody did, MPICH's launcher says at least on which
/// host one was ("RUNNING AT host").
fn ended_badly(job: &Job, ended: &Ended, first: Option<(u32, Option<How>)>, code: Option<i32>) -> Error {
    let how = first.map_or(code.map(How::Exited), |(_, how)| how);
    let how = how.map_or_else(|| say!(en: "it ended", pt: "terminou"), How::said);
    let said = last_words(&ended.stderr.text, job.ranks.is_empty());
    let said = if said.is_empty() { String::new() } else { format!(": {}", said.trim()) };
    if job.ranks.is_empty() {
        return Error::RanksNotLaunched { on: job.kind.words(), reason: format!("{how}{said}") };
    }
    let rank = first.and_then(|(process, _)| job.ranks.iter().find(|placed| placed.process == process));
    let name = |placed: &Placed| say!(en: "rank {} on {}", pt: "rank {} em {}", placed.rank, placed.host);
    let unknown = || {
        let said = format!("{}\n{}", ended.stdout.text, ended.stderr.text);
        let host = said.split("RUNNING AT ").nth(1).and_then(|rest| rest.split_whitespace().next());
        let host = host.unwrap_or(word!(en: "an unknown host", pt: "um hospedeiro desconhecido"));
        say!(en: "a rank on {host}", pt: "um rank em {host}")
    };
    Error::RankEnded { rank: rank.map_or_else(unknown, name), how: format!("{how}{said}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mpi_found_wrong_is_told_and_not_that_it_then_ended() {
        let text = "Assertion failed in file typerep_yaksa_pack.c at line 327: FALSE\n\
                    memcpy argument memory ranges overlap, len_=8\n\nAbort(1) on node 0: Internal error\n";
        let said = last_words(text, false);
        assert!(said.ends_with("FALSE memcpy argument memory ranges overlap, len_=8"), "{said}");
        assert_eq!(last_words("first\nlast\n", false), "last");
    }
}
