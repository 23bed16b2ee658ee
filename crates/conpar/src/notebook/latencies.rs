//! [`Latencies`] in a cell: the curves, what more capacity does, and Little's law.

use super::{Block, Claim, Shown, Table, claim};
use crate::Error;
use crate::measure::Estimate;
use crate::messages::{Arm, Latencies, LatencyExperiment, Place};
use crate::plot::{self, in_units};
use crate::sweep::Quantity;

const TOO_BUSY: &str = "the machine was too busy: too few undisturbed samples";

impl LatencyExperiment<'_> {
    /// Measures, and prints what is being measured.
    ///
    /// # Errors
    ///
    /// As [`LatencyExperiment::measure_with`].
    pub fn measure(self) -> Result<Latencies, Error> {
        self.measure_with(&mut |what| println!("{what}"))
    }
}

impl Latencies {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Claims that the median latency of `arm` at `value` is more than `bound` times that of `other` at `at`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where one of them was not measured.
    pub fn claim_longer(
        &self,
        (arm, value): (&str, u64),
        (other, at): (&str, u64),
        bound: f64,
    ) -> Result<Claim, Error> {
        let ratio = self.ratio((arm, value), (other, at))?;
        let text = format!(
            "{arm} at {}: messages are longer on their way than {other} at {}",
            self.named(value),
            self.named(at)
        );
        match self.at(arm, value)?.is_credible() && self.at(other, at)?.is_credible() {
            true => Ok(claim(&text, &ratio).above(bound)),
            false => Ok(Claim::cannot_tell(&text, TOO_BUSY)),
        }
    }

    /// Claims that the median latency of `arm` at `value` is what Little's law says, to within the share `distance`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where it was not measured.
    pub fn claim_little(&self, arm: &str, value: u64, distance: f64) -> Result<Claim, Error> {
        let place = self.at(arm, value)?;
        let text = format!("{arm} at {}: on the way for as long as Little's law says", self.named(value));
        Ok(match place.law {
            None => Claim::cannot_tell(
                &text,
                "how many messages are on their way was not said: `.on_their_way(…)`",
            ),
            Some(_) if self.cores < 2 => Claim::cannot_tell(
                &text,
                "one core: sender and receiver take turns, and the queue runs empty",
            ),
            Some(_) if !place.is_credible() => Claim::cannot_tell(&text, TOO_BUSY),
            Some(law) => claim(&text, &law.agreement).near(1.0, distance),
        })
    }

    /// For each arm what the largest value does, beside the smallest.
    fn caption(&self) -> String {
        let sentence = |arm: &Arm| {
            let (least, most) = (arm.places.first()?, arm.places.last()?);
            let said = |place: &Place| {
                let doubt = if place.is_credible() { "" } else { " (disturbed, decides nothing)" };
                format!(
                    "{} at {}{doubt}",
                    in_units(Quantity::Seconds, &place.median),
                    self.named(place.value)
                )
            };
            let law = most.law.filter(|_| most.is_credible());
            let law = law.map_or_else(String::new, |law| {
                format!(" There it is {} times what Little's law says.", law.agreement)
            });
            Some(format!(
                "{}: half of the messages are on their way for no more than {}, and {}.{law}",
                arm.name,
                said(least),
                said(most)
            ))
        };
        self.arms.iter().filter_map(sentence).collect::<Vec<_>>().join(" ")
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![format!(
            "{} rounds in random order, a conversation each; medians over the rounds with 95% intervals.",
            self.rounds
        )];
        if self.arms.iter().flat_map(|arm| &arm.places).any(|place| !place.is_credible()) {
            notes.push(
                "Where too few samples were undisturbed, a point is judged by its fastest one: no verdict rests on it."
                    .to_owned(),
            );
        }
        if !self.watched {
            notes.push("This system does not tell whether others disturbed a sample.".to_owned());
        }
        notes
    }

    fn places(&self) -> impl Iterator<Item = (&Arm, &Place)> {
        self.arms.iter().flat_map(|arm| arm.places.iter().map(move |place| (arm, place)))
    }
}

impl Shown for Latencies {
    fn block(&self) -> Block {
        let caption = self.caption();
        let row = |(arm, place): (&Arm, &Place)| {
            [
                arm.name.clone(),
                place.value.to_string(),
                in_units(Quantity::Seconds, &place.median),
                in_units(Quantity::Seconds, &place.p99),
                place.law.map_or_else(String::new, |law| in_units(Quantity::Seconds, &law.predicted)),
                in_units(Quantity::Throughput, &place.rate),
                format!("{} of {}, {}", place.clean, self.rounds, plot::estimator(place.estimator)),
            ]
        };
        let head = [
            "arm",
            &self.parameter,
            "median",
            "99th percentile",
            "Little's law",
            "messages",
            "clean samples",
        ];
        let table = Table::new(head, self.places().map(row));
        let figure = plot::latency_curves(self, &caption);
        let mut block = Block { caption, notes: self.notes(), table, ..Block::default() };
        block.show(figure);
        block
    }

    fn columns(&self) -> Table {
        let row = |(arm, place): (&Arm, &Place)| {
            let ends = |estimate: Estimate| [estimate.point, estimate.low, estimate.high];
            let law = place.law.map_or([f64::NAN; 3], |law| ends(law.predicted));
            let numbers = [ends(place.median), ends(place.p99), ends(place.rate), law].concat();
            let numbers = numbers
                .into_iter()
                .map(|number| if number.is_nan() { String::new() } else { number.to_string() });
            [arm.name.clone(), place.value.to_string()]
                .into_iter()
                .chain(numbers)
                .chain([place.clean.to_string()])
                .collect()
        };
        let head = [
            "arm",
            &self.parameter,
            "median (s)",
            "median low",
            "median high",
            "99th percentile (s)",
            "99th percentile low",
            "99th percentile high",
            "messages (1/s)",
            "messages low",
            "messages high",
            "Little's law (s)",
            "Little's law low",
            "Little's law high",
            "clean samples",
        ];
        Table { head: head.map(str::to_owned).to_vec(), rows: self.places().map(row).collect() }
    }
}
