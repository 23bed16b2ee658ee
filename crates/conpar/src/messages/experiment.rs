//! The non-generic core of the experiment on latencies: checks it, runs it in rounds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::conversation::Conversation;
use super::latencies::{Arm, Latencies, Place, Round};
use super::record::Talk;
use crate::error::{check_names, panic_message, too_few_rounds};
use crate::language::{say, word};
use crate::measure::{self, Plan, Sample, Stopped, Width, run_rounds, watch};
use crate::{Error, machine};

/// The most values of the parameter.
pub const MOST_VALUES: usize = 64;

/// The most arms of one figure: each has two curves.
pub const MOST_ARMS: usize = 3;

/// Fewer receipts than this have no 99th percentile worth its name.
const FEWEST: usize = 100;

/// As in a sweep: a curve is looked at as a whole.
const PRECISION: f64 = 0.04;

/// A conversation at a value of the parameter.
type Run<'a> = Box<dyn Fn(u64, &Talk) + 'a>;

pub(super) struct Experiment<'a> {
    name: String,
    parameter: String,
    pub(super) values: Vec<u64>,
    pub(super) arms: Vec<(String, Run<'a>)>,
    pub(super) on_their_way: Option<Box<dyn Fn(u64) -> u64 + 'a>>,
    pub(super) budget: Duration,
}

impl<'a> Experiment<'a> {
    pub(super) fn new(name: &str, parameter: &str) -> Experiment<'a> {
        Experiment {
            name: name.to_owned(),
            parameter: parameter.to_owned(),
            values: Vec::new(),
            arms: Vec::new(),
            on_their_way: None,
            budget: crate::speedup::BUDGET,
        }
    }

    pub(super) fn run(mut self, observer: &mut dyn FnMut(&str)) -> Result<Latencies, Error> {
        self.check()?;
        let cores = machine::available_cores();
        let places: Vec<(usize, u64)> =
            (0..self.arms.len()).flat_map(|arm| self.values.iter().map(move |&value| (arm, value))).collect();
        let names: Vec<&str> = self.arms.iter().map(|(name, _)| name.as_str()).collect();
        observer(&say!(
            en: "{}: {} over {} values",
            pt: "{}: {} em {} valores",
            self.name,
            names.join(", "),
            self.values.len()
        ));
        let mut rounds: Vec<Vec<Round>> = vec![Vec::new(); places.len()];
        let mut receipts = vec![0; places.len()];
        let mut watched = true;
        let mut sample = |index: usize| {
            let (arm, value) = places[index];
            let (talk, clean) = self.once(arm, value, cores);
            watched &= clean.is_some();
            let (round, count) = self.judge(arm, value, &talk?, clean.unwrap_or(true))?;
            rounds[index].push(round);
            receipts[index] = count;
            Ok(Sample { seconds: round.median, clean: round.clean })
        };
        let plan = Plan {
            budget: self.budget,
            limit: 2 * self.budget,
            precision: PRECISION,
            rounds: measure::ENOUGH_CLEAN,
        };
        let clock = std::time::Instant::now();
        let ran = run_rounds(places.len(), &plan, &mut sample, &mut |_, _| ())?;
        let complete = ran.samples.rounds();
        if ran.stopped == Stopped::TooFewRounds {
            let one = clock.elapsed().as_secs_f64() / complete.max(1) as f64;
            return Err(too_few_rounds(complete, one, self.budget, measure::MIN_ROUNDS));
        }
        let mut measured =
            places.iter().zip(&rounds).zip(receipts).map(|((&(_, value), rounds), receipts)| {
                let on_their_way = self.on_their_way.as_ref().map(|count| count(value).max(1));
                Place::new(value, receipts, on_their_way, rounds)
            });
        let arm = |(name, _): &(String, Run<'a>)| Arm {
            name: name.clone(),
            places: measured.by_ref().take(self.values.len()).collect(),
        };
        let arms = self.arms.iter().map(arm).collect();
        Ok(Latencies { name: self.name, parameter: self.parameter, cores, arms, rounds: complete, watched })
    }

    /// One conversation, and whether nobody else disturbed it.
    fn once(&self, arm: usize, value: u64, cores: usize) -> (Result<Conversation, Error>, Option<bool>) {
        let (name, run) = &self.arms[arm];
        let talk = Talk::begin();
        let (ran, clean) =
            watch(Width::blocking(cores), || catch_unwind(AssertUnwindSafe(|| run(value, &talk))));
        let talk = ran.map(|()| talk.conversation(name)).map_err(|panic| Error::PanickedAt {
            arm: name.clone(),
            at: format!("{} {value}", self.parameter),
            message: panic_message(&*panic),
        });
        (talk, clean)
    }

    /// Messages before times: all have to have arrived.
    fn judge(
        &self,
        arm: usize,
        value: u64,
        talk: &Conversation,
        clean: bool,
    ) -> Result<(Round, usize), Error> {
        let (name, at) = (&self.arms[arm].0, format!("{} {value}", self.parameter));
        let not = |reason: String| {
            let reason = say!(en: "`{name}` at {at} {reason}", pt: "`{name}` com {at} {reason}");
            Err(Error::NoMessages { reason })
        };
        let latencies = talk.latencies();
        if !talk.unended().is_empty() {
            return not(say!(
                en: "came back before `{}` had ended: wait for all threads",
                pt: "retornou antes que `{}` terminasse: espere por todas as threads",
                talk.unended().join("`, `")
            ));
        }
        if talk.dropped > 0 {
            let reason = word!(
                en: "made more marks than a record holds: send fewer messages",
                pt: "fez mais marcas do que cabem em um registro: envie menos mensagens"
            );
            return not(reason.to_owned());
        }
        if talk.lost() > 0 {
            return not(say!(
                en: "offered {} messages, of which {} were not received",
                pt: "ofertou {} mensagens, das quais {} não foram recebidas",
                talk.messages.len(),
                talk.lost()
            ));
        }
        let (true, Some(rate)) = (latencies.len() >= FEWEST, talk.rate()) else {
            return not(say!(
                en: "received {} messages: a percentile takes {FEWEST} or more",
                pt: "recebeu {} mensagens: um percentil exige {FEWEST} ou mais",
                latencies.len()
            ));
        };
        let quantile = |share: f64| latencies[((latencies.len() - 1) as f64 * share).round() as usize];
        Ok((Round { median: quantile(0.5), p99: quantile(0.99), rate, clean }, latencies.len()))
    }

    /// Refuses what could only give a wrong or an empty figure, and puts the values in order.
    fn check(&mut self) -> Result<(), Error> {
        let named: [(_, &str); 2] = [
            (word!(en: "the experiment", pt: "o experimento"), &self.name),
            (word!(en: "the parameter", pt: "o parâmetro"), &self.parameter),
        ];
        check_names(&named, self.arms.iter().map(|(name, _)| name))?;
        self.values.sort_unstable();
        self.values.dedup();
        match (self.arms.len(), self.values.len()) {
            (0, _) => Err(Error::NoArm),
            (arms, _) if arms > MOST_ARMS => Err(Error::TooManyArms { asked: arms, most: MOST_ARMS }),
            (_, 0) => Err(Error::NoValues),
            (_, asked) if asked > MOST_VALUES => Err(Error::TooManyValues { asked, most: MOST_VALUES }),
            _ if self.budget.is_zero() => Err(Error::ZeroBudget),
            _ => Ok(()),
        }
    }
}
