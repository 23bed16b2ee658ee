//! Curves that were measured elsewhere: drawn broken and with rings, under a title that says so.

use serde::Serialize;

use super::curves::{Curves, Guide, Measured, Series};
use super::mark::{Dash, Look, Shape};
use super::scaling::{guide, measured};
use super::theme::{INK, SERIES};
use super::{Svg, workers};
use crate::Error;
use crate::language::{say, word};
use crate::model::{Law, Usl};
use crate::recorded::{Base, Recorded};
use crate::speedup::Scaling;

/// In how many steps a law goes from one worker to the most.
const STEPS: usize = 60;

/// Recorded curves, and what is drawn over them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlaid {
    /// The recorded curves; the first gives title and cores.
    pub records: Vec<Recorded>,
    /// What was measured on this machine, if it is to be drawn over them.
    pub here: Option<Scaling>,
    /// A law that was fitted to the first record's [points within the cores](Recorded::within_cores), if it is to be
    /// drawn.
    pub law: Option<Usl>,
}

/// Draws recorded curves with what lies over them; `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] without a record, [`Error::Drawing`] when plotters fails.
pub fn recorded_curve(overlaid: &Overlaid, alternative: &str) -> Result<Svg, Error> {
    let Some(first) = overlaid.records.first() else {
        return Err(Error::NothingToDraw { title: say!(en: "recorded", pt: "registrado") });
    };
    let mut series: Vec<Series> = recorded(&overlaid.records);
    let recorded = series.len();
    if let Some(scaling) = &overlaid.here {
        for (index, curve) in scaling.curves.iter().enumerate() {
            let name = say!(en: "here: {}", pt: "aqui: {}", curve.arm);
            let said = |point| measured(scaling, &name, point, point.speedup);
            let points = curve.points.iter().map(said).collect();
            series.push(Series { look: Look::of(recorded + index), points, name });
        }
    }
    let points = || series.iter().flat_map(|series| &series.points);
    let cores = first.cores as f64;
    let most = points().map(|point| point.at).fold(1.0, f64::max);
    let highest = points().map(|point| point.value.high).fold(1.0, f64::max);
    // An ideal far above the points would press them against the axis.
    let bend = most.min(cores).min(1.3 * highest);
    let mut guides = vec![guide("ideal", [(1.0, 1.0), (bend, bend)])];
    if let Some(law) = overlaid.law {
        let at = |step: usize| {
            let workers = 1.0 + (cores.min(most) - 1.0) * step as f64 / STEPS as f64;
            (workers, law.speedup(workers))
        };
        let points = (0..=STEPS).map(at).collect();
        let name = say!(en: "USL, fitted", pt: "USL, ajustada");
        guides.push(Guide { name, colour: INK, dash: Dash::Dots, points });
    }
    let title = say!(en: "recorded: {}", pt: "registrado: {}", first.title);
    let up = say!(en: "speedup (times)", pt: "speedup (vezes)");
    Curves { title, up, series, guides, cores, ..Curves::over_workers() }.draw(alternative)
}

/// A record alone is shown over both its bases, several each over itself on one worker.
fn recorded(records: &[Recorded]) -> Vec<Series> {
    let curves: Vec<(&Recorded, Base, String)> = match records {
        [alone] => {
            let (itself, serial) = word!(
                en: ("recorded: over itself", "recorded: over serial"),
                pt: ("registrado: sobre si mesmo", "registrado: sobre o serial")
            );
            vec![(alone, Base::OneWorker, itself.to_owned()), (alone, Base::Serial, serial.to_owned())]
        }
        several => several
            .iter()
            .map(|record| {
                (record, Base::OneWorker, say!(en: "recorded: {}", pt: "registrado: {}", record.label))
            })
            .collect(),
    };
    let drawn = |((record, base, name), colour): ((&Recorded, Base, String), _)| {
        one(record, base, name, Look { colour, shape: Shape::Ring, dash: Dash::Long })
    };
    let drawable = curves.into_iter().filter(|(record, base, _)| record.speedups(*base).is_some());
    drawable.zip(SERIES).filter_map(drawn).collect()
}

/// One record over one base; `None` where the source does not give that.
pub(super) fn one(record: &Recorded, base: Base, name: String, look: Look) -> Option<Series> {
    let point = |(count, value): (usize, crate::measure::Estimate)| Measured {
        at: count as f64,
        value,
        lines: vec![format!("{name}, {}", workers(count)), format!("speedup {:.2}", value.point)],
    };
    let points = record.estimates(base)?.into_iter().map(point).collect();
    Some(Series { points, look, name })
}
