//! An [`Overlapped`] in a cell: four timelines, bars, verdict and table.

use super::{Block, Claim, Claims, Table, claim};
use crate::measure::Verdict;
use crate::overlap::{Corner, Overlapped, Place, Work};
use crate::plot;

/// From which gain on tasks did overlap, and up to which they did not. The two are far apart: between them lies what
/// neither word describes.
const OVERLAPS: f64 = 1.3;
const TAKES_TURNS: f64 = 1.15;

impl Overlapped {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// The figures, what they say in words, and the numbers behind them.
    pub fn block(&self) -> Block {
        let caption = self.corners.iter().map(|corner| self.sentence(corner)).collect::<Vec<_>>().join(" ");
        let mut notes = Vec::new();
        if self.cores == 1 {
            notes.push(
                "This process may use one core only: all cores are one core here, and nothing can run in parallel."
                    .to_owned(),
            );
        }
        notes.push(format!(
            "{} rounds in random order; 95% intervals. Each timeline is the measured run nearest to the estimate.",
            self.rounds
        ));
        if self.corners.iter().any(|corner| !corner.is_credible()) {
            notes.push(
                "The machine was busy: where too few samples were undisturbed, the fastest one is shown and nothing is \
                 concluded."
                    .to_owned(),
            );
        }
        if !self.watched {
            notes.push("This system does not tell whether others disturbed a sample.".to_owned());
        }
        let mut figures = Vec::new();
        for figure in [plot::overlap_timelines(self, &caption), plot::overlap_bars(self, &caption)] {
            match figure {
                Ok(figure) => figures.push(figure),
                Err(error) => notes.push(error.to_string()),
            }
        }
        Block { figures, caption, notes, table: self.table(), claims: Vec::new() }
    }

    /// What the chapter claims of the four corners, and what this run says of it.
    pub fn claims(&self) -> Claims {
        let on = |work, place, text: &str, bound: fn(super::claim::Open) -> Claim| match self
            .corner(work, place)
        {
            Some(corner) if corner.is_credible() => bound(claim(text, &corner.gain)),
            _ => Claim::cannot_tell(text, "the machine was too busy: too few undisturbed samples"),
        };
        let parallel = "tasks that compute overlap on all cores";
        Claims(vec![
            on(Work::Waiting, Place::OneCore, "tasks that wait overlap on one core", |open| {
                open.above(OVERLAPS)
            }),
            on(Work::Computing, Place::OneCore, "tasks that compute take turns on one core", |open| {
                open.below(TAKES_TURNS)
            }),
            match self.cores {
                1 => Claim::cannot_tell(parallel, "one core only: nothing can run in parallel here"),
                _ => on(Work::Computing, Place::AllCores, parallel, |open| open.above(OVERLAPS)),
            },
        ])
    }

    fn sentence(&self, corner: &Corner) -> String {
        let work = match corner.work {
            Work::Waiting => "Waiting",
            Work::Computing => "Computing",
        };
        let place = match corner.place {
            Place::OneCore => "on one core".to_owned(),
            Place::AllCores if self.cores == 1 => "on all cores, which is one".to_owned(),
            Place::AllCores => format!("on all {} cores", self.cores),
        };
        let verdict =
            match (corner.is_credible(), corner.gain.above(OVERLAPS), corner.gain.below(TAKES_TURNS)) {
                (false, ..) => "cannot tell, the machine was too busy",
                (_, Verdict::Supported, _) => "the tasks overlap",
                (_, _, Verdict::Supported) => "the tasks take turns",
                _ => "cannot tell",
            };
        format!("{work} {place}: {verdict}, {} times faster than one after another.", corner.gain)
    }

    fn table(&self) -> Table {
        let head = ["tasks", "where", "at once (ms)", "times faster", "95% interval"];
        let row = |corner: &Corner| {
            let work = if corner.work == Work::Waiting { "waiting" } else { "computing" };
            let place = match corner.place {
                Place::OneCore => format!("one core (core {})", self.core),
                Place::AllCores => format!("all cores ({})", self.cores),
            };
            vec![
                format!("{} {work}", self.tasks),
                place,
                format!("{:.2}", corner.seconds * 1e3),
                format!("{:.2}", corner.gain.point),
                format!("{:.2} to {:.2}", corner.gain.low, corner.gain.high),
            ]
        };
        Table { head: head.map(str::to_owned).to_vec(), rows: self.corners.iter().map(row).collect() }
    }
}
