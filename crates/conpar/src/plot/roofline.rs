//! The roofs over work that needs memory: what the cores give, and what the memory feeds.

use serde::{Deserialize, Serialize};

use super::Svg;
use super::curves::{Band, Guide};
use super::mark::Dash;
use super::scaling::speedup;
use super::theme::SERIES;
use crate::Error;
use crate::language::say;
use crate::measure::Estimate;
use crate::speedup::{Point, Scaling};

/// Work that moves bytes, under the bandwidth that a triad (a = b + s·c over arrays far larger than the caches) was
/// measured to move.
///
/// After the roofline model: Williams, Waterman and Patterson, "Roofline: an insightful visual performance model for
/// multicore architectures", CACM 52(4), 2009. There a bound on operations per second over operations per byte; here, for
/// one piece of work with its own bytes, a bound on the speedup over workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Roofline {
    /// The work.
    pub work: Scaling,
    /// The bytes that one run of it moves to and from memory.
    pub bytes: f64,
    /// The triad.
    pub triad: Scaling,
    /// The bytes that one run of the triad moves.
    pub triad_bytes: f64,
}

impl Roofline {
    /// The bandwidth on `workers`, in bytes a second: of the fastest arm of the triad. `None` where it was not measured.
    pub fn bandwidth(&self, workers: usize) -> Option<Estimate> {
        let speedup = if workers == 1 { self.serial_or_better() } else { self.fastest(workers) }?;
        Some(speedup.scaled(self.triad_bytes).over(&self.triad.serial_seconds))
    }

    /// The bandwidth that the work needs at a speedup of 1, in bytes a second.
    pub fn needed(&self) -> Estimate {
        let Estimate { point, low, high, level } = self.work.serial_seconds;
        Estimate { point: self.bytes / point, low: self.bytes / high, high: self.bytes / low, level }
    }

    /// The speedup that the memory can feed on `workers`. `None` where the triad was not measured with as many.
    pub fn roof(&self, workers: usize) -> Option<Estimate> {
        Some(self.bandwidth(workers)?.over(&self.needed()))
    }

    /// The speedup of the triad's fastest arm.
    fn fastest(&self, workers: usize) -> Option<Estimate> {
        let points = self.triad.points().map(|(_, point)| point).filter(|point| point.workers == workers);
        points.map(|point| point.speedup).max_by(|one, two| one.point.total_cmp(&two.point))
    }

    /// On one worker the serial triad may be the fastest.
    fn serial_or_better(&self) -> Option<Estimate> {
        let serial = Estimate { point: 1.0, low: 1.0, high: 1.0, level: self.triad.serial_seconds.level };
        self.fastest(1).filter(|one| one.point > 1.0).or(Some(serial))
    }
}

/// Draws the speedup of the work under both roofs; `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn roofline_curve(roofline: &Roofline, alternative: &str) -> Result<Svg, Error> {
    let mut curves = speedup(&roofline.work, &roofline.work.curves);
    let roof = |point: &Point| Some((point.workers as f64, roofline.roof(point.workers)?));
    let roofs: Vec<(f64, Estimate)> = roofline.work.ceiling.iter().filter_map(roof).collect();
    let colour = SERIES[4];
    let edges = roofs.iter().map(|(workers, roof)| (*workers, roof.low, roof.high)).collect();
    let name = say!(en: "interval of the bound", pt: "intervalo do limite");
    curves.bands.push(Band { name, colour, edges });
    let points = roofs.iter().map(|(workers, roof)| (*workers, roof.point)).collect();
    let name = say!(en: "bound by memory", pt: "limite da memória");
    curves.guides.push(Guide { name, colour, dash: Dash::Long, points });
    curves.draw(alternative)
}
