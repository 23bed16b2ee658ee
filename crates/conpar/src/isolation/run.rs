//! Runs a program that is a pool, and reads its record.

use super::log::{Event, Line, MARK};
use super::report::JobReport;
use crate::child::{Ended, How, Program};
use crate::language::word;
use crate::{Error, machine};

/// The most jobs of a pool.
pub const MOST_JOBS: u64 = 2_000;

/// The most workers at once.
pub const MOST_WORKERS: usize = 32;

/// How many bytes of a record are kept: enough for all jobs, each given out several times.
const OUTPUT: usize = 2 << 20;

/// Runs `program`, which is a pool that writes a [`Log`](super::Log), and puts the record together under `name`. Whatever
/// happens to the program, what it had written down until then is there.
///
/// # Errors
///
/// [`Error::NoJobs`] for a program that wrote nothing down, or too much, or numbers that are out of range;
/// [`Error::ChildFailed`] for one that failed before; those of [`Program::run`].
pub fn jobs(name: &str, program: &Program) -> Result<JobReport, Error> {
    if name.trim().is_empty() {
        return Err(Error::EmptyName { what: word!(en: "the pool", pt: "o pool") });
    }
    read(name, &program.clone().keep_output(OUTPUT).run()?)
}

fn read(name: &str, ended: &Ended) -> Result<JobReport, Error> {
    let no = |reason: &str| Error::NoJobs { what: name.to_owned(), reason: reason.to_owned() };
    let lines = ended.stdout.text.lines().filter_map(|line| line.strip_prefix(MARK));
    let lines: Vec<Line> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
    let begun = lines.iter().filter(|line| matches!(line.event, Event::Begun { .. })).count();
    match (begun, ended.how) {
        (1, _) if ended.stdout.dropped > 0 => {
            return Err(no(word!(
                en: "its record is too long: name fewer jobs, and print nothing else",
                pt: "seu registro é longo demais: dê menos tarefas, e não imprima mais nada"
            )));
        }
        (1, _) => (),
        (0, How::Exited(0)) => {
            return Err(no(word!(
                en: "begin with `let log = Log::begin(jobs)`",
                pt: "comece com `let log = Log::begin(jobs)`"
            )));
        }
        (0, how) => {
            let reason = format!("{} {}", how.words(), ended.last_lines());
            return Err(Error::ChildFailed { what: name.to_owned(), reason });
        }
        _ => {
            return Err(no(word!(
                en: "it began more than one record: call `Log::begin` once",
                pt: "ele começou mais de um registro: chame `Log::begin` uma só vez"
            )));
        }
    }
    let report = JobReport::new(name, machine::available_cores(), ended.how, &lines);
    match report.contradiction() {
        None => Ok(report),
        Some(reason) => Err(no(reason)),
    }
}

impl JobReport {
    /// Finds what no run gives, or what no figure can show.
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        let time = |time: f64| (0.0..=self.seconds).contains(&time);
        let workers = self.lives.iter().map(|life| life.worker);
        let mut workers = workers.chain(self.tries.iter().map(|one| one.worker));
        let checks = [
            (
                (1..=MOST_JOBS).contains(&self.jobs),
                word!(en: "name from 1 to 2000 jobs", pt: "dê de 1 a 2000 tarefas"),
            ),
            (
                workers.all(|worker| worker < MOST_WORKERS),
                word!(
                    en: "number the workers from 0 to at most 31",
                    pt: "numere os trabalhadores de 0 até no máximo 31"
                ),
            ),
            (
                self.tries.iter().all(|one| one.job < self.jobs),
                word!(
                    en: "a job has a number that is none: count them from 0 to one less than there are",
                    pt: "uma tarefa tem um número que não existe: conte-as de 0 até uma a menos do que há"
                ),
            ),
            (
                self.lives.iter().all(|life| time(life.started) && life.ended.is_none_or(time)),
                word!(
                    en: "a worker was started or ended outside of the record",
                    pt: "um trabalhador foi iniciado ou acabou fora do registro"
                ),
            ),
            (
                self.tries.iter().all(|one| {
                    time(one.given) && one.until.is_none_or(|until| until >= one.given && time(until))
                }),
                word!(
                    en: "a job was given out or answered outside of the record",
                    pt: "uma tarefa foi entregue ou respondida fora do registro"
                ),
            ),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map(|(_, reason)| reason)
    }
}
