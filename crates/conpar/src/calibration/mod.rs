//! Whether the instrument finds what is known, on this machine.
//!
//! | part | what is known | what has to come out |
//! |---|---|---|
//! | [`planted`] | the serial fraction of the work | that fraction, or "cannot tell" |
//! | [`Competition`] | the ceiling on a quiet machine | the same beside competing processes, or "cannot tell" |
//! | [`EqualArms`] | two arms are the same code | "no difference shown" |
//! | [`HarnessCost`] | nothing | what the clock, the watching, the start and the tracing cost |
//!
//! All of it goes through the code that measures in a cell, with the same rules. `cargo lab calibrate` runs it and draws
//! it, and the tests of this crate hold it against its bounds.

mod competition;
mod equal;
mod harness;
mod planted;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use competition::{Competition, Competitors, Repeat, UnderLoad, WITHIN};
pub use equal::{Compared, EqualArms, OFTEN};
pub use harness::{EVENT, HarnessCost, TRACING, harness_cost};
pub use planted::{FRACTIONS, Planted, planted};

use crate::Error;
use crate::language::word;
use crate::machine::{Machine, this_machine};

/// All that is known of the instrument on one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The machine.
    pub machine: Machine,
    /// What the instrument itself costs.
    pub harness: HarnessCost,
    /// Planted serial fractions, and what was found.
    pub planted: Vec<Planted>,
    /// The ceiling beside competing processes.
    pub competition: Competition,
    /// Two arms with the same code.
    pub equal: EqualArms,
}

/// How thorough a calibration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The time for each planted fraction.
    pub planted: Duration,
    /// How often the ceiling is measured beside each number of competing processes.
    pub competition: usize,
    /// How often two equal arms are compared.
    pub equal: usize,
}

impl Extent {
    /// As the tests run it: some two minutes.
    pub const FULL: Extent = Extent { planted: Duration::from_secs(3), competition: 50, equal: 200 };

    /// For a first look: some twenty seconds.
    pub const QUICK: Extent = Extent { planted: Duration::from_secs(1), competition: 8, equal: 30 };

    /// About how long each part takes: a round number for each repeat, as found on two cores.
    fn shares(&self) -> [f64; 4] {
        let planted = FRACTIONS.len() as f64 * 1.1 * self.planted.as_secs_f64();
        let competition = 4.0 + 0.2 * (competition::LOOPS.len() * self.competition) as f64;
        [2.0, planted, competition, 0.2 * self.equal as f64]
    }
}

/// Runs all parts. `told(part, share)` hears of every step which part it is of, and which share of the whole is done.
///
/// # Errors
///
/// [`Error::NoCompetitor`] where no competing process can be started, [`Error::UnknownCores`] where the system tells
/// nothing of its cores.
pub fn calibrate(extent: &Extent, told: &mut dyn FnMut(&str, f64)) -> Result<Calibration, Error> {
    let shares = extent.shares();
    let whole: f64 = shares.iter().sum();
    let done =
        |part: usize, of_part: f64| (shares[..part].iter().sum::<f64>() + shares[part] * of_part) / whole;
    let machine = this_machine()?;
    told(word!(en: "the instrument's own cost", pt: "o custo do próprio instrumento"), done(0, 0.0));
    let harness = harness_cost()?;
    let mut found = Vec::new();
    for (index, &fraction) in FRACTIONS.iter().enumerate() {
        let part = word!(en: "planted serial fractions", pt: "frações seriais plantadas");
        told(part, done(1, index as f64 / FRACTIONS.len() as f64));
        found.push(planted(fraction, extent.planted)?);
    }
    let competition = Competition::measure(extent.competition, &mut |share| {
        let part = word!(
            en: "the ceiling beside competing processes",
            pt: "o teto ao lado de processos concorrentes"
        );
        told(part, done(2, share));
    })?;
    let equal = EqualArms::measure(extent.equal, &mut |share| {
        told(word!(en: "two equal arms", pt: "duas variantes iguais"), done(3, share));
    })?;
    Ok(Calibration { machine, harness, planted: found, competition, equal })
}
