//! What goroutines cost on another machine, for a reader who has no Go.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::language::say;
use crate::measure::{Estimate, LEVEL};

const FILE: &str = include_str!("goroutines.json");

/// What the cells of chapter 08 measured of goroutines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goroutines {
    /// The machine that did it.
    pub machine: String,
    /// The cores that it had.
    pub cores: usize,
    /// When it was measured.
    pub date: String,
    /// Who measured it.
    pub by: String,
    /// What was run.
    pub source: String,
    /// What each value is.
    pub statistic: String,
    /// The Go toolchain and what its programs ran with: "go1.27.3, GOMAXPROCS 2, …".
    pub go: String,
    /// The experiments.
    pub curves: Vec<Curve>,
}

/// One experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Its name.
    pub name: String,
    /// What the values are: "seconds", "bytes".
    pub unit: String,
    /// For each value of the parameter: the value, what was measured, the ends of its 95% interval.
    pub points: Vec<(u64, f64, f64, f64)>,
}

impl Goroutines {
    /// The record.
    ///
    /// # Errors
    ///
    /// [`Error::BadRecord`] where something is missing or no measurement gives it.
    pub fn load() -> Result<Goroutines, Error> {
        let bad = |reason: String| Error::BadRecord { reason: format!("goroutines: {reason}") };
        let record: Goroutines = serde_json::from_str(&super::spoken("goroutines", FILE))
            .map_err(|error| bad(error.to_string()))?;
        let texts =
            [&record.machine, &record.date, &record.by, &record.source, &record.statistic, &record.go];
        if texts.iter().any(|text| text.trim().is_empty()) || record.cores == 0 {
            return Err(bad(say!(
                en: "it does not say where, when or by whom",
                pt: "não diz onde, quando nem por quem"
            )));
        }
        let sound = |&(_, point, low, high): &(u64, f64, f64, f64)| {
            0.0 < low && low <= point && point <= high && high < 1e15
        };
        match record.curves.iter().find(|curve| curve.points.is_empty() || !curve.points.iter().all(sound)) {
            Some(curve) => Err(bad(say!(
                en: "`{}` holds what no measurement gives",
                pt: "`{}` contém o que nenhuma medição dá",
                curve.name
            ))),
            None => Ok(record),
        }
    }

    /// The experiment of this name.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchRecord`] where there is none.
    pub fn curve(&self, name: &str) -> Result<&Curve, Error> {
        self.curves.iter().find(|curve| curve.name == name).ok_or_else(|| Error::NoSuchRecord {
            name: name.to_owned(),
            known: self.curves.iter().map(|curve| curve.name.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }

    /// Where, when and with what it was measured.
    pub fn about(&self) -> String {
        say!(
            en: "{} on {}, {}, by {}; {}",
            pt: "{} em {}, {}, por {}; {}",
            self.go,
            self.machine,
            self.date,
            self.by,
            self.statistic
        )
    }
}

impl Curve {
    /// The values of the parameter, each with what was measured.
    pub fn places(&self) -> Vec<(u64, Estimate)> {
        let place = |&(at, point, low, high): &(u64, f64, f64, f64)| {
            (at, Estimate { point, low, high, level: LEVEL })
        };
        self.points.iter().map(place).collect()
    }
}
