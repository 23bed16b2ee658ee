//! How long messages are on their way, over the values of a parameter: the experiment and its result, as plain data.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::experiment::Experiment;
use super::record::Talk;
use crate::Error;
use crate::language::say;
use crate::measure::{self, Drawn, Estimate, Estimator, Sample, Samples};

/// Begins an experiment named `name` that goes through the values of one `parameter`, which is named with its unit: how
/// long is each message on its way?
///
/// Each sample is one conversation, of which the median latency is taken, and the 99th percentile. What is estimated is
/// their median over the samples.
///
/// ```
/// use conpar::prelude::*;
/// use crossbeam::channel;
///
/// let latencies = latencies("crossbeam", "capacity (messages)")
///     .over([1, 16])
///     .arm("bounded", |capacity, talk| {
///         let (to, from) = channel::bounded(capacity as usize);
///         let (alice, bob) = (talk.participant("alice"), talk.participant("bob"));
///         std::thread::scope(|scope| {
///             scope.spawn(move || (0..200).for_each(|n| alice.sent(to.send(alice.offer(n))).unwrap()));
///             scope.spawn(move || from.iter().for_each(|message| _ = bob.received(message)));
///         });
///     })
///     .budget(std::time::Duration::from_millis(300))
///     .measure()?;
/// println!("{}", latencies.at("bounded", 16)?.median);
/// # Ok::<(), conpar::Error>(())
/// ```
pub fn latencies<'a>(name: &str, parameter: &str) -> LatencyExperiment<'a> {
    LatencyExperiment { experiment: Experiment::new(name, parameter) }
}

/// An experiment that is being put together. See [`latencies`].
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct LatencyExperiment<'a> {
    experiment: Experiment<'a>,
}

impl<'a> LatencyExperiment<'a> {
    /// The values that the parameter takes; 0 is one as well. Their order does not matter.
    pub fn over(mut self, values: impl IntoIterator<Item = u64>) -> Self {
        self.experiment.values = values.into_iter().collect();
        self
    }

    /// A conversation at a value of the parameter, in which every message is received.
    pub fn arm(mut self, name: &str, talk: impl Fn(u64, &Talk) + 'a) -> Self {
        self.experiment.arms.push((name.to_owned(), Box::new(talk)));
        self
    }

    /// How many messages are on their way at a value all the time, when the sender is never the one who is waited for. By
    /// Little's law each of them is then on its way for that number, divided by the messages a second.
    pub fn on_their_way(mut self, count: impl Fn(u64) -> u64 + 'a) -> Self {
        self.experiment.on_their_way = Some(Box::new(count));
        self
    }

    /// The time that the measurement should take, 3 s without it.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.experiment.budget = budget;
        self
    }

    /// Measures, and tells `observer` what is being measured.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`] that speaks of arms, values and budgets; [`Error::PanickedAt`];
    /// [`Error::NoMessages`] where an arm has too few messages, loses some, or has more than a record holds.
    pub fn measure_with(self, observer: &mut dyn FnMut(&str)) -> Result<Latencies, Error> {
        self.experiment.run(observer)
    }
}

/// How long messages were on their way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Latencies {
    /// The name of the experiment.
    pub name: String,
    /// The parameter, with its unit.
    pub parameter: String,
    /// The cores that the process could use.
    pub cores: usize,
    /// The arms.
    pub arms: Vec<Arm>,
    /// The number of rounds.
    pub rounds: usize,
    /// Whether the system could tell disturbed samples from clean ones.
    pub watched: bool,
}

/// One arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Where it was measured, by ascending value.
    pub places: Vec<Place>,
}

/// One arm at one value of the parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The value.
    pub value: u64,
    /// The receipts of one conversation.
    pub receipts: usize,
    /// The median latency, in seconds.
    pub median: Estimate,
    /// The latency that 99 of 100 messages do not exceed, in seconds.
    pub p99: Estimate,
    /// The messages a second.
    pub rate: Estimate,
    /// What Little's law says of it, where the number of messages on their way is known.
    pub law: Option<Law>,
    /// How all of these were estimated.
    pub estimator: Estimator,
    /// How many samples were clean.
    pub clean: usize,
    /// The median latency of each round.
    pub medians: Vec<Sample>,
}

/// Little's law beside what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Law {
    /// How many messages are on their way.
    pub on_their_way: u64,
    /// The latency that follows from that and from the measured rate, in seconds.
    pub predicted: Estimate,
    /// The median latency, divided by the predicted one of the same round.
    pub agreement: Estimate,
}

/// What one conversation came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    pub(super) median: f64,
    pub(super) p99: f64,
    pub(super) rate: f64,
    pub(super) clean: bool,
}

impl Place {
    /// Estimates from the `rounds` of this place.
    pub(super) fn new(value: u64, receipts: usize, on_their_way: Option<u64>, rounds: &[Round]) -> Place {
        let of = |quantity: &dyn Fn(&Round) -> f64| {
            let sample = |round: &Round| Sample { seconds: quantity(round), clean: round.clean };
            rounds.iter().map(sample).collect::<Vec<_>>()
        };
        let wanted = on_their_way.unwrap_or(1) as f64;
        let medians = of(&|round| round.median);
        let samples = Samples::new(vec![
            medians.clone(),
            of(&|round| round.p99),
            // A minimum of disturbed samples is to be the fastest of them: so the time a message, not the rate.
            of(&|round| 1.0 / round.rate),
            of(&|round| round.median * round.rate / wanted),
        ]);
        let drawn = Drawn::new(&samples, measure::RESAMPLES);
        let estimate = |arm: usize| drawn.estimate(|times| samples.seconds(times, 0, arm));
        let law = |on_their_way| Law {
            on_their_way,
            predicted: estimate(2).scaled(wanted),
            agreement: estimate(3),
        };
        Place {
            value,
            receipts,
            median: estimate(0),
            p99: estimate(1),
            rate: drawn.estimate(|times| 1.0 / samples.seconds(times, 0, 2)),
            law: on_their_way.map(law),
            estimator: samples.estimator(0, 0),
            clean: samples.clean(0),
            medians,
        }
    }

    /// Whether a verdict may rest on this place: it had undisturbed samples enough.
    pub fn is_credible(&self) -> bool {
        self.estimator == Estimator::MedianOfClean
    }
}

impl Latencies {
    /// The parameter with a value, without its unit: "capacity 64".
    pub fn named(&self, value: u64) -> String {
        format!("{} {value}", self.parameter.split(" (").next().unwrap_or_default())
    }

    /// An arm at a value.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where it was not measured.
    pub fn at(&self, arm: &str, value: u64) -> Result<&Place, Error> {
        let found = self.arms.iter().find(|found| found.name == arm);
        let place = found.and_then(|found| found.places.iter().find(|place| place.value == value));
        place.ok_or_else(|| {
            let said = |arm: &Arm| {
                let values: Vec<String> = arm.places.iter().map(|place| place.value.to_string()).collect();
                say!(en: "{} at {}", pt: "{} em {}", arm.name, values.join(", "))
            };
            let measured = self.arms.iter().map(said).collect::<Vec<_>>().join("; ");
            Error::NoSuchValue { arm: arm.to_owned(), value, measured }
        })
    }

    /// How many times as long the median latency of one arm at one value is as that of another at another, from the rounds
    /// that they share.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where one of them was not measured.
    pub fn ratio(&self, (arm, value): (&str, u64), (other, at): (&str, u64)) -> Result<Estimate, Error> {
        let (long, short) = (self.at(arm, value)?, self.at(other, at)?);
        let samples = Samples::new(vec![long.medians.clone(), short.medians.clone()]);
        Ok(Drawn::new(&samples, measure::RESAMPLES).estimate(|times| samples.ratio(times, 0, 1)))
    }
}
