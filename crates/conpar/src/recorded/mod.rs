//! Curves that were measured elsewhere, with where they come from: what a machine of few cores cannot show itself.
//!
//! | name | work | machine |
//! |---|---|---|
//! | `rayon-tree` | sum over a binary tree of 100 million nodes | 16 virtual cores, 2024 |
//! | `rayon-small-tree` | the same over 1,000 nodes | 16 virtual cores, 2024 |
//! | `stream-i7-860` | STREAM triad | 4 cores with two threads each, 2010 |
//! | `stream-x7550` | STREAM triad | 4 sockets of 8 cores |
//! | `stream-opteron-6168` | STREAM triad | 4 sockets of 12 cores |
//! | `raytracer-origin-2000` | ray tracing | 64 processors |
//! | `quota-short` | independent work of 8 ms, under a quota of 1.5 cores | 2 virtual cores, 2026 |
//! | `quota-long` | the same of 800 ms | 2 virtual cores, 2026 |
//!
//! The numbers are the authors' own, as they published them; each file beside this one names its source. Those of the
//! quota come from this crate's own example `quota`.
//!
//! What goroutines cost, where there is no Go to measure it, is in a record of its own kind: [`Goroutines`].

mod goroutines;

pub use goroutines::{Curve, Goroutines};

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Error;
use crate::language::{Language, language, word};
use crate::measure::Estimate;
use crate::model::SpeedupPoint;

/// The files, in the order of the table above.
const FILES: [(&str, &str); 8] = [
    ("rayon-tree", include_str!("rayon-tree.json")),
    ("rayon-small-tree", include_str!("rayon-small-tree.json")),
    ("stream-i7-860", include_str!("stream-i7-860.json")),
    ("stream-x7550", include_str!("stream-x7550.json")),
    ("stream-opteron-6168", include_str!("stream-opteron-6168.json")),
    ("raytracer-origin-2000", include_str!("raytracer-origin-2000.json")),
    ("quota-short", include_str!("quota-short.json")),
    ("quota-long", include_str!("quota-long.json")),
];

/// A curve that was measured elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// A few letters that tell it from other records in one figure.
    pub label: String,
    /// What was done, and with what.
    pub title: String,
    /// The machine that did it.
    pub machine: String,
    /// How many workers the machine had cores for: points beyond are oversubscribed.
    pub cores: usize,
    /// When it was measured or, where the source does not say, published.
    pub date: String,
    /// Who measured it.
    pub by: String,
    /// Where it was published.
    pub source: String,
    /// What each value is: "mean of 50 samples".
    pub statistic: String,
    /// What the values measure.
    pub quantity: Quantity,
    /// The unit of the values.
    pub unit: String,
    /// The value of the best serial code, where the source gives one.
    pub serial: Option<f64>,
    /// The values, by ascending number of workers; the first is of one worker.
    pub points: Vec<Reading>,
}

/// What a recorded value measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// A time for a fixed work: less is faster.
    Time,
    /// Work for each unit of time: more is faster.
    Rate,
}

/// The value on one number of workers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The number of workers.
    pub workers: usize,
    /// The value, in the record's unit.
    pub value: f64,
    /// Its 95% interval, where the source gives one.
    pub interval: Option<(f64, f64)>,
}

/// What a recorded speedup is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The best serial code.
    Serial,
    /// The parallel code itself on one worker.
    OneWorker,
}

/// What the records say in words, in Portuguese: for each the fields that differ.
const PORTUGUESE: &str = include_str!("pt-BR.json");

/// The record's text with its words in the current language.
fn spoken<'t>(name: &str, text: &'t str) -> Cow<'t, str> {
    let portuguese = || {
        let mut record: Map<String, Value> = serde_json::from_str(text).ok()?;
        let mut words: BTreeMap<String, Map<String, Value>> = serde_json::from_str(PORTUGUESE).ok()?;
        record.append(&mut words.remove(name)?);
        serde_json::to_string(&record).ok()
    };
    match language() {
        Language::English => Cow::Borrowed(text),
        Language::Portuguese => portuguese().map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

/// The names of all records.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// The record with this name.
///
/// ```
/// use conpar::prelude::*;
/// use conpar::recorded::Base;
///
/// let tree = recorded("rayon-tree")?;
/// let speedups = |base| tree.speedups(base).unwrap();
/// let (workers, against_itself) = speedups(Base::OneWorker)[4];
/// assert_eq!((workers, against_itself.round()), (16, 14.0));
/// let (_, against_serial) = speedups(Base::Serial)[4];
/// assert!(against_serial < 5.0, "rayon on one worker took three times as long as serial code");
/// # Ok::<(), conpar::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::NoSuchRecord`] where there is none.
pub fn recorded(name: &str) -> Result<Recorded, Error> {
    let file = FILES.iter().find(|(known, _)| *known == name);
    let (name, text) = file.ok_or_else(|| Error::NoSuchRecord {
        name: name.to_owned(),
        known: names().collect::<Vec<_>>().join("`, `"),
    })?;
    Recorded::from_json(&spoken(name, text)).map_err(|error| match error {
        Error::BadRecord { reason } => Error::BadRecord { reason: format!("{name}: {reason}") },
        other => other,
    })
}

impl Recorded {
    /// Reads a record of your own. The files beside this module's source show what belongs into one.
    ///
    /// # Errors
    ///
    /// [`Error::BadRecord`] where something is missing, not a positive number, or out of order.
    pub fn from_json(text: &str) -> Result<Recorded, Error> {
        let record: Recorded =
            serde_json::from_str(text).map_err(|error| Error::BadRecord { reason: error.to_string() })?;
        record.check()?;
        Ok(record)
    }

    /// Whether nothing is missing, out of bounds or out of order.
    pub(crate) fn is_sound(&self) -> bool {
        self.check().is_ok()
    }

    fn check(&self) -> Result<(), Error> {
        let bad = |reason: &str| Err(Error::BadRecord { reason: reason.to_owned() });
        let record = self;
        let texts = [
            &record.label,
            &record.title,
            &record.machine,
            &record.date,
            &record.by,
            &record.source,
            &record.statistic,
            &record.unit,
        ];
        if texts.iter().any(|text| text.trim().is_empty()) {
            return bad(word!(
                en: "a text is empty: a record without its machine, date and source proves nothing",
                pt: "um texto está vazio: um registro sem sua máquina, data e fonte não prova nada"
            ));
        }
        let ends = record.points.iter().filter_map(|point| point.interval);
        let values =
            record.points.iter().map(|point| point.value).chain(ends.flat_map(|(low, high)| [low, high]));
        if !values.chain(record.serial).all(|value| value.is_finite() && value > 0.0) {
            return bad(
                word!(en: "a value is not a positive number", pt: "um valor não é um número positivo"),
            );
        }
        let holds =
            |point: &Reading| point.interval.is_none_or(|(low, high)| (low..=high).contains(&point.value));
        if !record.points.iter().all(holds) {
            return bad(
                word!(en: "an interval does not hold its value", pt: "um intervalo não contém seu valor"),
            );
        }
        if record.points.first().is_none_or(|point| point.workers != 1) {
            return bad(word!(
                en: "the first point must be of one worker",
                pt: "o primeiro ponto deve ser de um trabalhador"
            ));
        }
        if !record.points.is_sorted_by(|one, two| one.workers < two.workers) {
            return bad(word!(
                en: "the worker counts must ascend, each once",
                pt: "os números de trabalhadores devem crescer, cada um uma vez"
            ));
        }
        match record.cores {
            0 => bad(word!(en: "the machine must have a core", pt: "a máquina deve ter um núcleo")),
            _ => Ok(()),
        }
    }

    /// How many times faster than `base` each number of workers was; `None` where the source gives no serial value.
    pub fn speedups(&self, base: Base) -> Option<Vec<SpeedupPoint>> {
        let times_faster = self.times_faster(base)?;
        Some(self.points.iter().map(|point| (point.workers, times_faster(point.value))).collect())
    }

    /// The same with intervals. A value without one gets an interval of no width.
    pub(crate) fn estimates(&self, base: Base) -> Option<Vec<(usize, Estimate)>> {
        let times_faster = self.times_faster(base)?;
        let estimate = |point: &Reading| {
            let (low, high) = point.interval.unwrap_or((point.value, point.value));
            let ends = [low, high].map(&times_faster);
            let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            (point.workers, Estimate { point: times_faster(point.value), low, high, level: 0.95 })
        };
        Some(self.points.iter().map(estimate).collect())
    }

    /// The speedups against one worker that a law may be fitted to: those within the machine's cores.
    pub fn within_cores(&self) -> Vec<SpeedupPoint> {
        let speedups = self.speedups(Base::OneWorker).unwrap_or_default();
        speedups.into_iter().filter(|&(workers, _)| workers <= self.cores).collect()
    }

    /// What a value is as a speedup over `base`.
    fn times_faster(&self, base: Base) -> Option<impl Fn(f64) -> f64> {
        let base = match base {
            Base::Serial => self.serial?,
            Base::OneWorker => self.points.first()?.value,
        };
        let quantity = self.quantity;
        Some(move |value: f64| match quantity {
            Quantity::Time => base / value,
            Quantity::Rate => value / base,
        })
    }
}
