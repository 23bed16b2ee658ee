//! [`Latencies`] in a cell: the curves, what more capacity does, and Little's law.

use super::{Block, Claim, Shown, Table, claim};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Estimate;
use crate::messages::{Arm, Latencies, LatencyExperiment, Place};
use crate::plot::{self, in_units};
use crate::sweep::Quantity;

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
        let text = say!(
            en: "{arm} at {}: messages are longer on their way than {other} at {}",
            pt: "{arm} com {}: mensagens passam mais tempo a caminho que em {other} com {}",
            self.named(value),
            self.named(at)
        );
        match self.at(arm, value)?.is_credible() && self.at(other, at)?.is_credible() {
            true => Ok(claim(&text, &ratio).above(bound)),
            false => Ok(Claim::too_busy(&text)),
        }
    }

    /// Claims that the median latency of `arm` at `value` is what Little's law says, to within the share `distance`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchValue`] where it was not measured.
    pub fn claim_little(&self, arm: &str, value: u64, distance: f64) -> Result<Claim, Error> {
        let place = self.at(arm, value)?;
        let text = say!(
            en: "{arm} at {}: on the way for as long as Little's law says",
            pt: "{arm} com {}: a caminho pelo tempo que diz a lei de Little",
            self.named(value)
        );
        Ok(match place.law {
            None => Claim::cannot_tell(
                &text,
                word!(
                    en: "how many messages are on their way was not said: `.on_their_way(…)`",
                    pt: "não foi dito quantas mensagens estão a caminho: `.on_their_way(…)`"
                ),
            ),
            Some(_) if self.cores < 2 => Claim::cannot_tell(
                &text,
                word!(
                    en: "one core: sender and receiver take turns, and the queue runs empty",
                    pt: "um só núcleo: emissor e receptor se revezam, e a fila se esvazia"
                ),
            ),
            Some(_) if !place.is_credible() => Claim::too_busy(&text),
            Some(law) => claim(&text, &law.agreement).near(1.0, distance),
        })
    }

    /// For each arm what the largest value does, beside the smallest.
    fn caption(&self) -> String {
        let sentence = |arm: &Arm| {
            let (least, most) = (arm.places.first()?, arm.places.last()?);
            let said = |place: &Place| {
                let doubt = match place.is_credible() {
                    true => "",
                    false => word!(en: " (disturbed, decides nothing)", pt: " (perturbado, não decide nada)"),
                };
                say!(
                    en: "{} at {}{doubt}",
                    pt: "{} com {}{doubt}",
                    in_units(Quantity::Seconds, &place.median),
                    self.named(place.value)
                )
            };
            let law = most.law.filter(|_| most.is_credible());
            let law = law.map_or_else(String::new, |law| {
                say!(
                    en: " There it is {} times what Little's law says.",
                    pt: " Ali, isso é {} vezes o que diz a lei de Little.",
                    law.agreement
                )
            });
            Some(say!(
                en: "{}: half of the messages are on their way for no more than {}, and {}.{law}",
                pt: "{}: metade das mensagens passa a caminho no máximo {}, e {}.{law}",
                arm.name,
                said(least),
                said(most)
            ))
        };
        self.arms.iter().filter_map(sentence).collect::<Vec<_>>().join(" ")
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![say!(
            en: "{} rounds in random order, a conversation each; medians over the rounds with 95% intervals.",
            pt: "{} rodadas em ordem aleatória, uma conversa em cada; medianas das rodadas com intervalos de 95%.",
            self.rounds
        )];
        if self.arms.iter().flat_map(|arm| &arm.places).any(|place| !place.is_credible()) {
            notes.push(say!(
                en: "Where too few samples were undisturbed, a point is judged by its fastest one: \
                     no verdict rests on it.",
                pt: "Onde houve poucas amostras limpas, um ponto é julgado pela mais rápida: \
                     nenhum veredito se apoia nele."
            ));
        }
        if !self.watched {
            notes.push(say!(
                en: "This system does not tell whether others disturbed a sample.",
                pt: "Este sistema não informa se outros perturbaram uma amostra."
            ));
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
                say!(
                    en: "{} of {}, {}",
                    pt: "{} de {}, {}",
                    place.clean,
                    self.rounds,
                    plot::estimator(place.estimator)
                ),
            ]
        };
        let head = word!(
            en: ["arm", &self.parameter, "median", "99th percentile", "Little's law", "messages", "clean samples"],
            pt: [
                "variante",
                &self.parameter,
                "mediana",
                "99º percentil",
                "lei de Little",
                "mensagens",
                "amostras limpas",
            ]
        );
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
        let head = word!(
            en: [
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
            ],
            pt: [
                "variante",
                &self.parameter,
                "mediana (s)",
                "mediana, de",
                "mediana, até",
                "99º percentil (s)",
                "99º percentil, de",
                "99º percentil, até",
                "mensagens (1/s)",
                "mensagens, de",
                "mensagens, até",
                "lei de Little (s)",
                "lei de Little, de",
                "lei de Little, até",
                "amostras limpas",
            ]
        );
        Table { head: head.map(str::to_owned).to_vec(), rows: self.places().map(row).collect() }
    }
}
