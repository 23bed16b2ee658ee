//! A [`Swept`] in a cell: where its curves are best, with what that is worth, and the numbers.

use std::fmt::Debug;

use super::{Block, Claim, Shown, Table, claim};
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Estimate, Estimator, Stopped};
use crate::plot::{self, Noun, counted, in_units};
use crate::sweep::{Place, Quantity, Series, Sweep, Swept};

impl<'a, T: PartialEq + Debug + Send + Sync + 'a> Sweep<'a, T> {
    /// Measures, and prints what is being measured.
    ///
    /// # Errors
    ///
    /// As [`Sweep::measure_with`].
    pub fn measure(self) -> Result<Swept, Error> {
        self.measure_with(&mut |what| println!("{what}"))
    }
}

impl Swept {
    /// Shows the result in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// In a [`child`](crate::child): tells the cell what was measured there. As [`tell`](crate::child::tell), but compiled once,
    /// here, and not in each child.
    pub fn tell(&self) {
        crate::child::tell(self);
    }

    /// Claims that `arm` at `value` is more than `bound` times as fast as `other` at `at`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where one of them was not measured.
    pub fn claim_faster(
        &self,
        (arm, value): (&str, u64),
        (other, at): (&str, u64),
        bound: f64,
    ) -> Result<Claim, Error> {
        let said = |arm: &str, value| match self.serial().is_some_and(|serial| serial.arm == arm) {
            true => arm.to_owned(),
            false => say!(en: "{arm} at {}", pt: "{arm} com {}", self.named(value)),
        };
        let text = say!(
            en: "{} is faster than {}",
            pt: "{} é mais rápido que {}",
            said(arm, value),
            said(other, at)
        );
        if [arm, other].iter().any(|arm| self.beside.iter().any(|beside| beside.arm == *arm)) {
            let reason = word!(
                en: "one of them was recorded elsewhere and not measured here",
                pt: "um dos dois foi registrado em outro lugar, e não medido aqui"
            );
            return Ok(Claim::cannot_tell(&text, reason));
        }
        let ratio = self.ratio(arm, value, other, at)?;
        match self.is_credible(arm, value, other, at)? {
            true => Ok(claim(&text, &ratio).above(bound)),
            false => Ok(Claim::too_busy(&text)),
        }
    }

    /// For each arm the value at which it is best, and against serial what that is worth; of a time that never falls, both ends.
    fn caption(&self) -> String {
        let sentence = |series: &Series| {
            if self.quantity == Quantity::Each {
                let place = series.places.last()?;
                let one = in_units(self.quantity, &place.estimate);
                return Some(say!(
                    en: "{} at {}: {one}.",
                    pt: "{} com {}: {one}.",
                    series.arm,
                    self.named(place.value)
                ));
            }
            let place = self.best(series)?;
            if let (None, [first, .., last]) = (self.serial(), &series.places[..])
                && self.quantity == Quantity::Seconds
                && place.estimate.high >= first.estimate.low
            {
                // A time that does not fall is best where there is least to do, which says nothing.
                let [first, last] = [first, last].map(|place| {
                    say!(
                        en: "{} at {}",
                        pt: "{} com {}",
                        in_units(self.quantity, &place.estimate),
                        self.named(place.value)
                    )
                });
                return Some(format!("{}: {first}, {last}.", series.arm));
            }
            let (at, best) = (self.named(place.value), in_units(self.quantity, &place.estimate));
            let mut text =
                say!(en: "{} is best at {at}: {best}", pt: "{} é melhor com {at}: {best}", series.arm);
            if let Some(serial) = self.serial() {
                let ratio = self.ratio(&series.arm, place.value, &serial.arm, 0).ok()?;
                text += &say!(
                    en: ", {ratio} times as fast as {}",
                    pt: ", {ratio} vezes mais rápido que {}",
                    serial.arm
                );
            }
            Some(text + ".")
        };
        let arms = self.series.iter().filter(|series| !series.serial);
        arms.filter_map(sentence).collect::<Vec<_>>().join(" ")
    }

    fn serial(&self) -> Option<&Series> {
        self.series.iter().find(|series| series.serial)
    }

    fn best<'s>(&self, series: &'s Series) -> Option<&'s Place> {
        series.places.iter().max_by(|one, two| match self.quantity {
            Quantity::Seconds | Quantity::Each => two.estimate.point.total_cmp(&one.estimate.point),
            Quantity::Throughput => one.estimate.point.total_cmp(&two.estimate.point),
        })
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let places = || self.series.iter().flat_map(|series| &series.places);
        let disturbed = places().filter(|place| place.estimator == Estimator::Minimum).count();
        let mut rounds = say!(
            en: "{}; 95% intervals.",
            pt: "{}; intervalos de 95%.",
            ordered(self.rounds(), self.stopped)
        );
        if disturbed > 0 {
            rounds += &say!(
                en: " {disturbed} of the points had too few undisturbed samples and are judged by their fastest one: \
                     no verdict rests on them.",
                pt: " Pontos com poucas amostras limpas, julgados pela mais rápida: {disturbed}; \
                     nenhum veredito se apoia neles."
            );
        }
        if !self.watched {
            rounds += word!(
                en: " This system does not tell whether others disturbed a sample.",
                pt: " Este sistema não informa se outros perturbaram uma amostra."
            );
        }
        notes.push(rounds);
        notes.extend(self.notes.iter().cloned());
        let recorded = self.beside.iter().map(|beside| {
            say!(
                en: "Recorded, not measured here: {}: {}.",
                pt: "Registrado, não medido aqui: {}: {}.",
                beside.arm,
                beside.about
            )
        });
        notes.extend(recorded);
        if places().any(|place| place.threads > self.cores) {
            notes.push(say!(
                en: "Where more threads are busy than the {} of this process, they take turns.",
                pt: "Onde há mais threads ocupadas que núcleos (este processo tem {}), elas se revezam.",
                counted(self.cores, Noun::Core)
            ));
        }
        notes
    }

    fn table(&self) -> Table {
        let row = |series: &Series, place: &Place| {
            let value = if series.serial { String::new() } else { place.value.to_string() };
            let measured = in_units(self.quantity, &place.estimate);
            let clean = match place.estimator {
                Estimator::MedianOfClean => {
                    say!(en: "{} of {}", pt: "{} de {}", place.clean, self.rounds())
                }
                Estimator::Minimum => {
                    say!(en: "{} of {}, minimum", pt: "{} de {}, mínimo", place.clean, self.rounds())
                }
            };
            [series.arm.clone(), value, measured, clean]
        };
        let quantity = match self.quantity {
            Quantity::Seconds => word!(
                en: "time of one run, 95% interval",
                pt: "tempo de uma execução, intervalo de 95%"
            ),
            Quantity::Throughput => {
                word!(en: "operations, 95% interval", pt: "operações, intervalo de 95%")
            }
            Quantity::Each => word!(en: "time of one, 95% interval", pt: "tempo de cada, intervalo de 95%"),
        };
        let rows =
            self.series.iter().flat_map(|series| series.places.iter().map(move |place| row(series, place)));
        let head = word!(
            en: ["arm", &self.parameter, quantity, "clean samples"],
            pt: ["variante", &self.parameter, quantity, "amostras limpas"]
        );
        Table::new(head, rows)
    }
}

/// How many samples a point has, and in which order they were taken.
pub(super) fn ordered(rounds: usize, stopped: Stopped) -> String {
    match stopped {
        Stopped::OneByOne => say!(
            en: "{rounds} samples a point, one job after the other",
            pt: "{rounds} amostras por ponto, um job após o outro"
        ),
        _ => say!(en: "{rounds} rounds in random order", pt: "{rounds} rodadas em ordem aleatória"),
    }
}

impl Shown for Swept {
    fn block(&self) -> Block {
        let caption = self.caption();
        let figure = plot::swept_curves(self, &caption);
        let mut block = Block { caption, notes: self.notes(), table: self.table(), ..Block::default() };
        block.show(figure);
        block
    }

    fn columns(&self) -> Table {
        let row = |series: &Series, place: &Place| {
            let Estimate { point, low, high, .. } = place.estimate;
            [
                series.arm.clone(),
                if series.serial { String::new() } else { place.value.to_string() },
                place.threads.to_string(),
                point.to_string(),
                low.to_string(),
                high.to_string(),
                plot::estimator(place.estimator).to_owned(),
                place.clean.to_string(),
                self.rounds().to_string(),
            ]
        };
        let quantity = match self.quantity {
            Quantity::Seconds => word!(en: "time (s)", pt: "tempo (s)"),
            Quantity::Throughput => word!(en: "operations (1/s)", pt: "operações (1/s)"),
            Quantity::Each => word!(en: "time of one (s)", pt: "tempo de cada (s)"),
        };
        let parameter = self.parameter.as_str();
        let head = word!(
            en: ["arm", parameter, "threads", quantity, "low", "high", "estimator", "clean samples", "rounds"],
            pt: ["variante", parameter, "threads", quantity, "de", "até", "estimador", "amostras limpas", "rodadas"]
        );
        let rows =
            self.series.iter().flat_map(|series| series.places.iter().map(move |place| row(series, place)));
        Table::new(head, rows)
    }
}
