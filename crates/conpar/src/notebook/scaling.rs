//! A [`Scaling`] in a cell: live lines while it is measured, then figure, verdict and table.

use std::fmt::Debug;

use super::sweep::ordered;
use super::{Block, Claim, Shown, Table, claim, laws};
use crate::Error;
use crate::measure::{Estimator, Stopped};
use crate::plot::{self, cores, workers};
use crate::speedup::{Curve, FEELS_A_QUOTA, Kind, Point, Scaling, Speedup, Sustained, Versus};

impl<'a, T: PartialEq + Debug + Send + Sync + 'a, W> Speedup<'a, T, W> {
    /// Measures, and prints a line for each point as soon as it is known.
    ///
    /// # Errors
    ///
    /// As [`Speedup::measure_with`].
    pub fn measure(self) -> Result<Scaling, Error> {
        self.measure_with(&mut |arm, point| {
            let doubt = if point.is_credible() { "" } else { " (disturbed by others)" };
            println!("{arm}, {}: {} times as fast as serial{doubt}", workers(point.workers), point.speedup);
        })
    }
}

impl Scaling {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that `arm`, on as many workers as this machine has cores, is faster than serial code by more than `bound`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPoint`] where the arm was not measured.
    pub fn claim_faster(&self, arm: &str, bound: f64) -> Result<Claim, Error> {
        let most = self.most_workers();
        let point = self.at(arm, most)?;
        let text = format!("{arm} on {} is faster than serial", workers(most));
        if most < 2 {
            return Ok(Claim::cannot_tell(&text, "one core only: nothing can run in parallel here"));
        }
        if !point.is_credible() {
            return Ok(Claim::cannot_tell(&text, "the machine was too busy: too few undisturbed samples"));
        }
        Ok(claim(&text, &point.speedup).above(bound))
    }

    fn caption(&self) -> String {
        let Some((curve, point)) = self.best() else {
            return format!(
                "No worker count lies within the {} of this process: nothing can be said of parallel speedup.",
                cores(self.cores.effective)
            );
        };
        let verdict = match point.versus_serial() {
            Versus::Faster => "faster",
            Versus::Slower => "slower",
            Versus::NoDifference => "no difference shown",
            Versus::CannotTell => "cannot tell, the interval is wide",
            Versus::TooBusy => "cannot tell, the machine was too busy",
        };
        let mut caption = format!(
            "{} on {} against serial: {verdict}, {} times as fast.",
            curve.arm,
            workers(point.workers),
            point.speedup
        );
        let ceiling = self.ceiling_at(point.workers).filter(|_| point.workers > 1);
        if let (Some(ceiling), Some(share)) = (ceiling, point.of_ceiling) {
            caption += &format!(
                " The ceiling of this machine for {} is {}; the arm reaches {:.0}% [{:.0}, {:.0}] of it.",
                workers(point.workers),
                ceiling.speedup,
                100.0 * share.point,
                100.0 * share.low,
                100.0 * share.high
            );
        }
        caption
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.cores.effective < 2.0 {
            let second = match self.cores.effective > 1.0 {
                true => "a second worker runs in a part of the time",
                false => "no second worker can run at the same time, so no speedup can show here",
            };
            notes.push(format!("This process has {}: {second}.", cores(self.cores.effective)));
        }
        notes.extend(self.best().map(|(curve, _)| laws::said(curve)).unwrap_or_default());
        if self.points().any(|(_, point)| point.oversubscribed) {
            notes.push(format!(
                "Shaded: more workers than the {} of this process. They take turns.",
                cores(self.cores.effective)
            ));
            let short = |(_, point): (&Curve, &Point)| point.oversubscribed && point.seconds < FEELS_A_QUOTA;
            if self.cores.effective < self.cores.available as f64 && self.points().any(short) {
                notes.push(
                    "Cannot tell beyond the quota from these samples: it holds over periods of often 100 ms, and what is \
                     shorter fits into one. Work that goes on gets no more than the quota."
                        .to_owned(),
                );
            }
        }
        notes.extend(self.sustained.as_ref().map(felt));
        if self.points().any(|(_, point)| point.is_super_linear()) {
            notes.push(
                "A speedup above the number of workers has another cause than parallelism: a better serial arm may be \
                 missing, or the parts fit into a cache that the whole does not."
                    .to_owned(),
            );
        }
        let stopped = match self.stopped {
            Stopped::Precise => "every interval was narrow enough",
            Stopped::Budget | Stopped::TooFewRounds => "the time was up",
            Stopped::OneByOne => "all jobs had ended",
        };
        let mut rounds = format!("{}, until {stopped}; 95% intervals.", ordered(self.rounds, self.stopped));
        let by_minimum = self.points().filter(|(_, point)| !point.is_credible()).count();
        if by_minimum > 0 {
            rounds += &format!(
                " {by_minimum} of the points had too few undisturbed samples and are judged by their fastest one."
            );
        }
        if !self.watched {
            rounds += " This system does not tell whether others disturbed a sample.";
        }
        notes.push(rounds);
        if self.stopped != Stopped::OneByOne {
            notes.push(self.binding());
        }
        notes
    }

    /// Who chose the cores of the workers. It shows in work of a few milliseconds, and on a busy machine.
    fn binding(&self) -> String {
        let has = |kind: Kind| self.curves.iter().any(|curve| curve.kind == kind);
        let bound = if has(Kind::Rayon) {
            "The workers of rayon and of the ceiling"
        } else {
            "The ceiling's workers"
        };
        let free = match [Kind::Threads, Kind::Crossbeam, Kind::Tokio].into_iter().any(has) {
            true => "; threads that an arm's own code starts run where the scheduler puts them",
            false => "",
        };
        format!("{bound} are bound to one core each, where the system can{free}.")
    }

    fn table(&self) -> Table {
        let head = ["arm", "workers", "time (ms)", "speedup", "95% interval", "efficiency", "clean samples"];
        let row = |arm: &str, point: &Point| {
            let speedup = point.speedup;
            vec![
                arm.to_owned(),
                point.workers.to_string(),
                format!("{:.3}", point.seconds * 1e3),
                format!("{:.2}", speedup.point),
                format!("{:.2} to {:.2}", speedup.low, speedup.high),
                format!("{:.0}%", 100.0 * point.efficiency()),
                match point.estimator {
                    Estimator::MedianOfClean => format!("{} of {}", point.clean, self.rounds),
                    Estimator::Minimum => format!("{} of {}, minimum", point.clean, self.rounds),
                },
            ]
        };
        let serial = self.serial_seconds;
        let milliseconds = |seconds: f64| format!("{:.3}", seconds * 1e3);
        let mut rows = vec![vec![
            "serial".to_owned(),
            "1".to_owned(),
            milliseconds(serial.point),
            "1.00".to_owned(),
            String::new(),
            "100%".to_owned(),
            String::new(),
        ]];
        rows.extend(self.points().map(|(curve, point)| row(&curve.arm, point)));
        rows.extend(self.ceiling.iter().map(|point| row("ceiling", point)));
        Table { head: head.map(str::to_owned).to_vec(), rows }
    }
}

/// What long samples say under a quota.
fn felt(Sustained { arm, workers: count, speedup, estimator, seconds }: &Sustained) -> String {
    let doubt = match estimator {
        Estimator::MedianOfClean => "",
        Estimator::Minimum => ", judged by the fastest: the machine was too busy, so cannot tell",
    };
    format!(
        "Under the quota, in samples of {seconds} s and more: {arm} on {} is {speedup} times as fast as serial{doubt}.",
        workers(*count)
    )
}

impl Shown for Scaling {
    fn block(&self) -> Block {
        let caption = self.caption();
        let figure = plot::speedup_curve(self, &caption);
        let mut block = Block { caption, notes: self.notes(), table: self.table(), ..Block::default() };
        block.show(figure);
        block
    }

    fn columns(&self) -> Table {
        let arms = self.points().map(|(curve, point)| (curve.arm.as_str(), point));
        let ceiling = self.ceiling.iter().map(|point| ("ceiling", point));
        let rows = arms.chain(ceiling).map(|(arm, point)| {
            let speedup = point.speedup;
            let fraction = point.karp_flatt().map(|fraction| fraction.point.to_string()).unwrap_or_default();
            let numbers = [point.seconds, speedup.point, speedup.low, speedup.high, point.efficiency()];
            let [seconds, speedup, low, high, efficiency] = numbers.map(|number| number.to_string());
            [
                arm.to_owned(),
                point.workers.to_string(),
                seconds,
                speedup,
                low,
                high,
                efficiency,
                fraction,
                plot::estimator(point.estimator).to_owned(),
                point.clean.to_string(),
                self.rounds.to_string(),
                point.oversubscribed.to_string(),
            ]
        });
        let head = [
            "arm",
            "workers",
            "time (s)",
            "speedup",
            "speedup low",
            "speedup high",
            "efficiency",
            "serial fraction",
            "estimator",
            "clean samples",
            "rounds",
            "oversubscribed",
        ];
        Table::new(head, rows)
    }
}
