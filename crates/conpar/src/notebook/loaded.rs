//! Results read back from files. A file that a reader was sent may hold anything: it gives a result that can be drawn, or
//! an error.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Error;
use crate::isolation::JobReport;
use crate::machine::Machine;
use crate::measure::{Estimate, Sample};
use crate::messages::{Conversation, Grown, Latencies, MOST_POINTS, Place};
use crate::overlap::{MOST_TASKS, Overlapped};
use crate::plot::{self, Agreement, Bars, Chart, Comparison, Histogram, Ladder, Roofline};
use crate::ranks::{self, Checkpoints, Job, Past};
use crate::responsiveness::{self, Responded};
use crate::schedule::{Scheduled, Simulated};
use crate::speedup::{Point, Scaling};
use crate::sweep::Swept;
use crate::trace::Timeline;
use crate::transport::{Payoff, Transports};
use crate::units::Resident;

/// A result that [`save_json`](super::Shown::save_json) wrote and that can be read back.
pub trait Loaded: DeserializeOwned {
    /// What it is called in an error.
    const NAME: &'static str;

    /// Finds what no measurement gives: a drawing of it would be wrong, or endless.
    ///
    /// # Errors
    ///
    /// What is wrong, in words.
    fn sound(&self) -> Result<(), String>;

    /// Loads a result.
    ///
    /// ```
    /// use conpar::prelude::*;
    /// use conpar::plot::Chart;
    ///
    /// let file = std::env::temp_dir().join("squares.json");
    /// let squares = chart("squares").line("x²", (0..9).map(|x| (f64::from(x), f64::from(x * x))));
    /// squares.save_json(&file)?;
    /// assert_eq!(Chart::load(&file)?, squares);
    /// # Ok::<(), conpar::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::CannotRead`], with what to do; [`Error::NotAResult`] for a file that holds something else, or numbers
    /// that no measurement gives.
    fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let wrong = |reason: String| Error::NotAResult { path: path.to_owned(), wanted: Self::NAME, reason };
        let value = read(path, &wrong)?;
        let result: Self = serde_json::from_value(value).map_err(|error| wrong(error.to_string()))?;
        result.sound().map_err(wrong)?;
        Ok(result)
    }
}

/// The largest file that is read: far more than any result has.
const MOST_BYTES: u64 = 16 << 20;
/// The longest name.
const LONGEST: usize = 10_000;
/// The largest number: what is greater is no time in seconds, no count and no ratio, and it breaks a figure's axes.
const LARGEST: f64 = 1e15;
/// The most arms of one figure.
const MOST_ARMS: usize = 64;
/// The most workers of one point, and the most lanes of a figure's height.
const MOST_WORKERS: usize = 1 << 16;

fn read(path: &Path, wrong: &dyn Fn(String) -> Error) -> Result<Value, Error> {
    let refused = |error: std::io::Error| Error::CannotRead {
        path: path.to_owned(),
        reason: error.to_string(),
        advice: plot::advice(path, error.kind()),
    };
    // A pipe would be waited for, a device may have no end.
    if !std::fs::metadata(path).map_err(refused)?.is_file() {
        return Err(refused(ErrorKind::IsADirectory.into()));
    }
    let mut content = Vec::new();
    File::open(path).map_err(refused)?.take(MOST_BYTES + 1).read_to_end(&mut content).map_err(refused)?;
    if content.len() as u64 > MOST_BYTES {
        return Err(wrong(format!("it is larger than {} MB", MOST_BYTES >> 20)));
    }
    let value = serde_json::from_slice(&content).map_err(|error| wrong(error.to_string()))?;
    modest(&value).map_err(wrong)?;
    Ok(value)
}

/// Holds every number and every name in a file within bounds.
fn modest(value: &Value) -> Result<(), String> {
    match value {
        Value::Number(number) if number.as_f64().is_none_or(|number| number.abs() > LARGEST) => {
            Err(format!("the number {number} is too large"))
        }
        Value::String(text) if text.len() > LONGEST => Err(format!("a name has {} bytes", text.len())),
        Value::Array(values) => values.iter().try_for_each(modest),
        Value::Object(fields) => fields.values().try_for_each(modest),
        _ => Ok(()),
    }
}

fn ensure(sound: bool, wrong: &str) -> Result<(), String> {
    if sound { Ok(()) } else { Err(wrong.to_owned()) }
}

/// Whether an estimate of a positive quantity can be one.
fn positive(estimate: &Estimate) -> bool {
    estimate.point > 0.0 && estimate.low >= 0.0 && estimate.low <= estimate.high
}

impl Loaded for Scaling {
    const NAME: &'static str = "a speedup experiment";

    fn sound(&self) -> Result<(), String> {
        ensure(self.cores.effective > 0.0, "there are no cores")?;
        ensure(self.curves.len() <= MOST_ARMS, "there are more arms than a figure can show")?;
        ensure(positive(&self.serial_seconds), "the serial time is not positive")?;
        let curves = self.curves.iter().map(|curve| &curve.points).chain([&self.ceiling]);
        curves.into_iter().try_for_each(|points| sound_points(points))
    }
}

fn sound_points(points: &[Point]) -> Result<(), String> {
    let ascending = points.windows(2).all(|pair| pair[0].workers < pair[1].workers);
    ensure(ascending, "the points of a curve are not in ascending order of workers")?;
    points.iter().try_for_each(|point| {
        ensure((1..=MOST_WORKERS).contains(&point.workers), "a number of workers is zero or too large")?;
        ensure(point.seconds > 0.0, "a time is not positive")?;
        ensure(positive(&point.speedup), "a speedup is not positive, or its interval is upside down")
    })
}

impl Loaded for Comparison {
    const NAME: &'static str = "a comparison";

    fn sound(&self) -> Result<(), String> {
        self.check()?;
        self.results.iter().try_for_each(|result| result.scaling.sound())
    }
}

impl Loaded for Roofline {
    const NAME: &'static str = "work under its memory bound";

    fn sound(&self) -> Result<(), String> {
        ensure(self.bytes > 0.0 && self.triad_bytes > 0.0, "the bytes are not positive")?;
        self.work.sound()?;
        self.triad.sound()
    }
}

impl Loaded for Swept {
    const NAME: &'static str = "a sweep over a parameter";

    fn sound(&self) -> Result<(), String> {
        ensure(self.series.len() <= MOST_ARMS, "there are more arms than a figure can show")?;
        let rounds = self.rounds();
        let whole = |samples: &Vec<Sample>| {
            samples.len() == rounds && samples.iter().all(|sample| sample.seconds > 0.0)
        };
        ensure(self.samples.iter().all(whole), "a round lacks samples, or a time is not positive")?;
        ensure(self.beside.len() <= MOST_ARMS, "there are more recorded arms than a figure can show")?;
        let recorded = self.beside.iter().flat_map(|beside| &beside.places);
        recorded.into_iter().try_for_each(|(_, estimate)| {
            ensure(positive(estimate), "a recorded value is not positive, or its interval is upside down")
        })?;
        self.series.iter().flat_map(|series| &series.places).try_for_each(|place| {
            ensure(place.index < self.samples.len(), "a value has no samples")?;
            ensure(positive(&place.estimate), "an estimate is not positive, or its interval is upside down")
        })
    }
}

impl Loaded for Conversation {
    const NAME: &'static str = "a conversation";

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Latencies {
    const NAME: &'static str = "an experiment on latencies";

    fn sound(&self) -> Result<(), String> {
        ensure(self.arms.len() <= MOST_ARMS, "there are more arms than a figure can show")?;
        let sound = |place: &Place| {
            let law = place.law.is_none_or(|law| positive(&law.predicted) && positive(&law.agreement));
            law && positive(&place.median) && positive(&place.p99) && positive(&place.rate)
        };
        let places = || self.arms.iter().flat_map(|arm| &arm.places);
        ensure(places().all(sound), "an estimate is not positive, or its interval is upside down")?;
        let whole = |place: &Place| {
            place.medians.len() == self.rounds && place.medians.iter().all(|sample| sample.seconds > 0.0)
        };
        ensure(places().all(whole), "a round lacks samples, or a time is not positive")
    }
}

impl Loaded for Grown {
    const NAME: &'static str = "an experiment on queues that grow";

    fn sound(&self) -> Result<(), String> {
        ensure(self.arms.len() <= MOST_ARMS, "there are more programs than a figure can show")?;
        let rounds = self.arms.first().map_or(0, |arm| arm.memories.len());
        self.arms.iter().try_for_each(|arm| {
            ensure(positive(&arm.memory), "a memory is not positive, or its interval is upside down")?;
            ensure(arm.memories.len() == rounds, "the programs were not run equally often")?;
            ensure(arm.queue.len() <= MOST_POINTS, "a queue has too many points")
        })
    }
}

impl Loaded for Simulated {
    const NAME: &'static str = "a simulation of schedulers";

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Scheduled {
    const NAME: &'static str = "simulated runs of schedulers";

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for JobReport {
    const NAME: &'static str = "a report on jobs";

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Transports {
    const NAME: &'static str = "messages through transports";

    fn sound(&self) -> Result<(), String> {
        self.swept.sound()?;
        let arms = self.swept.series.iter().map(|series| &series.arm);
        ensure(arms.eq(self.fits.iter().map(|fit| &fit.arm)), "the fits are not those of the arms")?;
        let sound = |estimate: &Estimate| 0.0 <= estimate.low && estimate.low <= estimate.high;
        let fits = || self.fits.iter().flat_map(|fit| [&fit.latency, &fit.per_byte]);
        ensure(fits().all(sound), "a fitted time is negative, or its interval is upside down")
    }
}

impl Loaded for Job {
    const NAME: &'static str = "a job of ranks";

    fn sound(&self) -> Result<(), String> {
        ensure((1..=MOST_WORKERS).contains(&self.ranks.len()), "the number of ranks is zero or too large")?;
        let size = self.ranks.len() as i32;
        let placed = (0..).zip(&self.ranks).all(|(rank, placed)| placed.rank == rank && placed.size == size);
        ensure(placed, "the ranks are not those of one world")?;
        ensure(self.seconds > 0.0, "a time is not positive")?;
        ensure(self.timed.iter().all(|timed| timed.seconds > 0.0), "a time is not positive")
    }
}

impl Loaded for Past {
    const NAME: &'static str = "a simulation past this machine";

    fn sound(&self) -> Result<(), String> {
        ensure(self.curves.len() <= MOST_ARMS, "there are more curves than a figure can show")?;
        let sound = |(ranks, value): &(usize, f64)| (1..=MOST_WORKERS).contains(ranks) && *value > 0.0;
        let points = self.curves.iter().flat_map(|curve| &curve.points);
        ensure(points.into_iter().all(sound), "a number of ranks or a value is not positive")?;
        let measured = |held: &ranks::Held| held.ranks > 0 && positive(&held.value);
        ensure(self.measured.iter().all(measured), "what was measured is not positive")
    }
}

impl Loaded for Checkpoints {
    const NAME: &'static str = "the cost of checkpoints";

    fn sound(&self) -> Result<(), String> {
        ranks::checkpoints(self.cost, self.restart, self.hours, self.machines)
            .map_or_else(|error| Err(error.to_string()), |_| Ok(()))
    }
}

impl Loaded for Payoff {
    const NAME: &'static str = "shared work beside work done alone";

    fn sound(&self) -> Result<(), String> {
        self.swept.sound()?;
        ensure(self.arms.len() <= MOST_ARMS, "there are more arms than a figure can show")?;
        let ratios = self.arms.iter().flat_map(|arm| &arm.ratios);
        ensure(ratios.clone().all(|(_, ratio, _)| positive(ratio)), "a ratio is not positive")?;
        let crossings = || self.arms.iter().flat_map(|arm| [&arm.measured, &arm.predicted]);
        let upright = crossings().all(|crossing| positive(&crossing.value));
        ensure(upright, "a payload from which on it pays is not positive, or its interval is upside down")
    }
}

impl Loaded for Timeline {
    const NAME: &'static str = "a timeline";

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Overlapped {
    const NAME: &'static str = "an experiment on overlapping tasks";

    fn sound(&self) -> Result<(), String> {
        ensure((1..=MOST_TASKS).contains(&self.tasks), "the number of tasks is zero or too large")?;
        ensure(self.cores > 0 && self.effective_cores > 0.0, "there are no cores")?;
        ensure(self.corners.len() <= 4, "there are more than four corners")?;
        self.corners.iter().try_for_each(|corner| {
            ensure(positive(&corner.gain), "a gain is not positive, or its interval is upside down")?;
            corner.timeline.sound()
        })
    }
}

impl Loaded for Responded {
    const NAME: &'static str = "an experiment on responsiveness";

    fn sound(&self) -> Result<(), String> {
        /// The most different delays of all runs together: each is looked at for every draw of the rounds.
        const MOST_DELAYS: usize = 200_000;
        ensure(self.arms.len() <= responsiveness::MOST_ARMS, "there are more arms than a figure can show")?;
        ensure(self.period > 0.0 && self.jobs > 0, "the period or the number of jobs is not positive")?;
        let rounds = self.rounds();
        ensure(self.arms.iter().all(|arm| arm.runs.len() == rounds), "a round lacks a run")?;
        let runs = || self.arms.iter().flat_map(|arm| &arm.runs);
        ensure(runs().all(|run| run.seconds > 0.0), "a time is not positive")?;
        let delays = || runs().flat_map(|run| [&run.delays, &run.waits]);
        let distinct: usize = delays().map(|delays| delays.0.len()).sum();
        ensure(distinct <= MOST_DELAYS, "there are more delays than can be looked at")?;
        let counts = delays().flat_map(|delays| &delays.0).map(|(_, count)| *count);
        ensure(counts.max().unwrap_or(0) <= u64::from(u32::MAX), "a delay was had too often")?;
        self.arms.iter().filter_map(|arm| arm.traced.as_ref()).try_for_each(|traced| {
            ensure(traced.beats.len() <= MOST_WORKERS, "there are more beats than a figure can show")?;
            let sound = |beat: &responsiveness::Beat| beat.due >= 0.0 && beat.delay >= 0.0;
            ensure(traced.beats.iter().all(sound), "a beat came before it was due")?;
            traced.work.sound()
        })
    }
}

impl Loaded for Machine {
    const NAME: &'static str = "a machine";

    fn sound(&self) -> Result<(), String> {
        self.contradiction().map_or(Ok(()), |reason| Err(reason.to_owned()))
    }
}

impl Loaded for Histogram {
    const NAME: &'static str = "a histogram";

    fn sound(&self) -> Result<(), String> {
        ensure(self.series().len() <= MOST_ARMS, "there are more sets of values than a figure can show")?;
        ensure(self.is_ordered(), "a set of values is in no order, or the bins are none or too many")
    }
}

impl Loaded for Agreement {
    const NAME: &'static str = "a figure of measured against expected values";

    fn sound(&self) -> Result<(), String> {
        let upright = |(_, measured): &(f64, Estimate)| measured.low <= measured.high;
        ensure(self.points().iter().chain(self.doubts()).all(upright), "an interval is upside down")
    }
}

impl Loaded for Bars {
    const NAME: &'static str = "a figure of bars";

    fn sound(&self) -> Result<(), String> {
        let upright = |(_, value): &(String, Estimate)| value.low <= value.high;
        ensure(self.values().len() <= plot::MOST_BARS, "there are more bars than a figure can show")?;
        ensure(self.values().iter().all(upright), "an interval is upside down")
    }
}

impl Loaded for Resident {
    const NAME: &'static str = "the memory of units that wait";

    fn sound(&self) -> Result<(), String> {
        ensure(self.arms.len() <= MOST_ARMS, "there are more arms than a figure can show")?;
        self.arms.iter().flat_map(|arm| &arm.places).try_for_each(|place| {
            ensure(place.units > 0, "a number of units is zero")?;
            ensure(
                positive(&place.bytes),
                "a number of bytes is not positive, or its interval is upside down",
            )
        })
    }
}

impl Loaded for Ladder {
    const NAME: &'static str = "a ladder";

    fn sound(&self) -> Result<(), String> {
        let most = self.things().len().max(self.quantities().len());
        ensure(most <= plot::MOST_RUNGS, "there are more things or quantities than a figure can show")?;
        let values = self.marks.iter().filter_map(|mark| mark.value.as_ref());
        values.into_iter().try_for_each(|value| {
            ensure(positive(value), "a value is not positive, or its interval is upside down")
        })
    }
}

impl Loaded for Chart {
    const NAME: &'static str = "a chart";

    fn sound(&self) -> Result<(), String> {
        Ok(())
    }
}
