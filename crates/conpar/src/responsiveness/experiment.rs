//! The non-generic core: checks the experiment, runs its arms in rounds, each run on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::pulse::{Pulse, Record};
use super::responded::{Arm, Responded, Run, Traced};
use super::{LEAST_BEATS, MOST_ARMS, PERIOD, PERIODS, RUN_LIMIT};
use crate::error::{check_names, panic_message, too_few_rounds};
use crate::language::{say, word};
use crate::measure::{self, Plan, Sample, Stopped, Width, Wrong, run_rounds, watch};
use crate::trace::Timeline;
use crate::{Error, machine};

/// How much longer than a run may take is waited for its thread: a heartbeat that gets no more beats ends soon.
const GRACE: Duration = Duration::from_secs(1);

/// The most beats and spans that are kept of a traced run: more could not be told apart in a figure.
const MOST_KEPT: usize = 2_000;

/// From which share of a run on it counts as disturbed that the host gave the cores to others.
const TOLERATED: f64 = 0.01;

/// One run: `None`, or how its result differs from that of the first.
pub(super) type Code = Arc<dyn Fn(&Pulse) -> Option<Wrong> + Send + Sync>;

/// One arm that is to be run.
pub(super) struct Way {
    pub(super) name: String,
    pub(super) value: Option<u64>,
    pub(super) code: Code,
}

/// An experiment with the type of its result erased.
pub(super) struct Experiment {
    name: String,
    pub(super) parameter: Option<String>,
    pub(super) ways: Vec<Way>,
    pub(super) period: Duration,
    pub(super) jobs: u64,
    pub(super) budget: Duration,
}

impl Experiment {
    pub(super) fn new(name: &str) -> Experiment {
        Experiment {
            name: name.to_owned(),
            parameter: None,
            ways: Vec::new(),
            period: PERIOD,
            jobs: 1,
            budget: crate::speedup::BUDGET,
        }
    }

    pub(super) fn run(self, observer: &mut dyn FnMut(&str)) -> Result<Responded, Error> {
        self.check()?;
        let (cores, clock, limit) = (machine::available_cores(), Instant::now(), 2 * self.budget);
        let too_long = |rounds, one_round: Duration| {
            too_few_rounds(rounds, one_round.as_secs_f64(), self.budget, measure::MIN_ROUNDS)
        };
        // A first run of each: pools start their threads, and what is wrong is found before anything is measured.
        for (done, way) in self.ways.iter().enumerate() {
            self.once(way)?;
            if clock.elapsed() > limit {
                return Err(too_long(0, clock.elapsed() * self.ways.len() as u32 / (done as u32 + 1)));
            }
        }
        let names: Vec<&str> = self.ways.iter().map(|way| way.name.as_str()).collect();
        observer(&format!("{}: {}", self.name, names.join(", ")));

        let arm =
            |way: &Way| Arm { name: way.name.clone(), value: way.value, runs: Vec::new(), traced: None };
        let mut arms: Vec<Arm> = self.ways.iter().map(arm).collect();
        let (start, mut watched) = (Instant::now(), true);
        let plan = Plan {
            budget: self.budget.saturating_sub(clock.elapsed()),
            limit: limit.saturating_sub(clock.elapsed()),
            precision: 0.0,
            rounds: measure::ENOUGH_CLEAN,
        };
        let mut sample = |index: usize| {
            let taken = (machine::stolen(), machine::throttled());
            let (ran, clean) = watch(Width::blocking(cores), || self.once(&self.ways[index]));
            watched &= clean.is_some();
            let (record, work) = ran?;
            let seconds = record.seconds.unwrap_or_default();
            let clean = clean.unwrap_or(true) && !is_taken(taken, seconds);
            arms[index].add(record, work, seconds, clean);
            Ok(Sample { seconds, clean })
        };
        let rounds = run_rounds(self.ways.len(), &plan, &mut sample, &mut |_, _| ())?;
        if rounds.stopped == Stopped::TooFewRounds {
            let complete = rounds.samples.rounds();
            return Err(too_long(complete, start.elapsed() / complete.max(1) as u32));
        }
        Ok(Responded {
            name: self.name,
            period: self.period.as_secs_f64(),
            jobs: self.jobs,
            parameter: self.parameter,
            cores,
            arms,
            watched,
        })
    }

    /// Runs an arm once, and sees to it that there is something to be judged.
    fn once(&self, way: &Way) -> Result<(Record, Timeline), Error> {
        let (done, outcome) = mpsc::sync_channel(1);
        let (code, period, name) = (Arc::clone(&way.code), self.period, way.name.clone());
        let run = move || {
            let pulse = Pulse::begin(period);
            let ran = catch_unwind(AssertUnwindSafe(|| code(&pulse)));
            let (record, work) = (pulse.record(), pulse.timeline(&name));
            // Nobody receives it any more where the run took too long.
            let _ = done.send(ran.map(|wrong| (wrong, record, work)));
        };
        let arm = || way.name.clone();
        let thread = std::thread::Builder::new().name("conpar-run".to_owned()).spawn(run);
        let thread =
            thread.map_err(|error| Error::NoPool { arm: arm(), workers: 1, reason: error.to_string() })?;
        let ran = match outcome.recv_timeout(RUN_LIMIT + GRACE) {
            Err(RecvTimeoutError::Timeout) => {
                return Err(Error::NeverEnds { arm: arm(), seconds: (RUN_LIMIT + GRACE).as_secs_f64() });
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(say!(en: "its thread ended", pt: "a thread dela terminou"))
            }
            Ok(ran) => ran.map_err(|panic| panic_message(&*panic)),
        };
        // The next sample is to find it gone.
        let _ = thread.join();
        let (wrong, record, work) = ran.map_err(|message| Error::PanickedAt {
            arm: arm(),
            at: say!(en: "one of its runs", pt: "uma de suas execuções"),
            message,
        })?;
        // The right result first: what dropped its work is done too soon for a heartbeat, and that is not what is wrong.
        match wrong {
            Some(wrong) if wrong.value == wrong.expected => {
                return Err(Error::NotComparable { value: wrong.value });
            }
            Some(Wrong { value, expected }) => return Err(Error::OtherWork { arm: arm(), value, expected }),
            None => {}
        }
        let no_pulse = |what: &str| Err(Error::NoPulse { reason: format!("`{}` {what}", way.name) });
        if record.seconds.is_none() {
            return no_pulse(word!(
                en: "never called `pulse.stop()`: call it when the work is done, before you wait for the heartbeat",
                pt: "nunca chamou `pulse.stop()`: chame-o quando o trabalho estiver feito, antes de esperar pelo \
                     batimento"
            ));
        }
        if record.beats.len() < LEAST_BEATS {
            return no_pulse(&say!(
                en: "was done when {} beats were due, and at least {LEAST_BEATS} have to be: give it more work, or a \
                     shorter `.period(…)`",
                pt: "acabou quando {} batidas estavam previstas, e são precisas pelo menos {LEAST_BEATS}: dê-lhe mais \
                     trabalho, ou um `.period(…)` mais curto",
                record.beats.len()
            ));
        }
        if record.missed == record.beats.len() {
            return no_pulse(word!(
                en: "never beat: start a heartbeat that calls `pulse.next()` and `pulse.beat(due)`, and wait for it to \
                     end after `pulse.stop()`",
                pt: "nunca bateu: inicie um batimento que chame `pulse.next()` e `pulse.beat(due)`, e espere que ele \
                     termine depois de `pulse.stop()`"
            ));
        }
        Ok((record, work))
    }

    /// Refuses what could only give a wrong or an empty figure.
    fn check(&self) -> Result<(), Error> {
        let (experiment, parameter) =
            word!(en: ("the experiment", "the parameter"), pt: ("o experimento", "o parâmetro"));
        let parameter = self.parameter.iter().map(|name| (parameter, name.as_str()));
        let named: Vec<_> = std::iter::once((experiment, self.name.as_str())).chain(parameter).collect();
        check_names(&named, self.ways.iter().map(|way| &way.name))?;
        let no_pulse = |reason: String| Err(Error::NoPulse { reason });
        match self.ways.len() {
            0 if self.parameter.is_some() => Err(Error::NoValues),
            0 => Err(Error::NoArm),
            asked if asked > MOST_ARMS => Err(Error::TooManyValues { asked, most: MOST_ARMS }),
            _ if self.budget.is_zero() => Err(Error::ZeroBudget),
            _ if !PERIODS.contains(&self.period) => no_pulse(say!(
                en: "a period of {:?}: take one from {:?} to {:?}",
                pt: "um período de {:?}: use um de {:?} a {:?}",
                self.period,
                PERIODS.start(),
                PERIODS.end()
            )),
            _ if self.jobs == 0 => {
                let reason = word!(
                    en: "a run that does 0 jobs has no throughput: take at least 1",
                    pt: "uma execução que faz 0 serviços não tem vazão: use pelo menos 1"
                );
                no_pulse(reason.to_owned())
            }
            _ if self.parameter.is_some() && self.ways.iter().any(|way| way.value.is_none()) => {
                let reason = word!(
                    en: "an arm without a value of the parameter: measure it in an experiment of its own",
                    pt: "uma variante sem valor do parâmetro: meça-a em um experimento próprio"
                );
                no_pulse(reason.to_owned())
            }
            _ => Ok(()),
        }
    }
}

impl Arm {
    fn add(&mut self, record: Record, mut work: Timeline, seconds: f64, clean: bool) {
        let Record { mut beats, missed, delays, waits, .. } = record;
        // The first clean run is the one that is looked at; until there is one, the first.
        let had_clean = self.runs.iter().any(|run| run.clean);
        if self.traced.is_none() || clean && !had_clean {
            beats.truncate(MOST_KEPT);
            work.dropped += work.spans.len().saturating_sub(MOST_KEPT) as u64;
            work.spans.truncate(MOST_KEPT);
            work.makespan = seconds;
            self.traced = Some(Traced { beats, work });
        }
        self.runs.push(Run { seconds, clean, delays, missed: missed as u64, waits });
    }
}

/// Whether the host or a quota took the cores away in a run of so many seconds, `before` which these were the counts. The
/// arms compete for cores by design, so that their own waits say nothing.
fn is_taken((stolen, throttled): (Option<Duration>, Option<u64>), seconds: f64) -> bool {
    let since = machine::stolen().unwrap_or_default().saturating_sub(stolen.unwrap_or_default());
    since.as_secs_f64() > TOLERATED * seconds || machine::throttled() != throttled
}
