//! [`Recorded`] curves in a cell. Title, legend, caption and text alternative say that they were not measured here.

use super::{Block, Shown, Table};
use crate::language::{say, word};
use crate::model::{SpeedupPoint, Usl};
use crate::plot::{self, Overlaid, cores, workers};
use crate::recorded::{Base, Recorded};
use crate::speedup::Scaling;

impl Recorded {
    /// Shows the record in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    /// Draws `here`, measured on this machine, over the record.
    pub fn beside(&self, here: &Scaling) -> Overlaid {
        Overlaid { here: Some(here.clone()), ..self.alone() }
    }

    /// Draws a law over the record, as it was fitted to its [points within the cores](Recorded::within_cores).
    pub fn under(&self, law: Usl) -> Overlaid {
        Overlaid { law: Some(law), ..self.alone() }
    }

    /// Draws another record over this one.
    pub fn with(&self, other: &Recorded) -> Overlaid {
        Overlaid { records: vec![self.clone(), other.clone()], ..self.alone() }
    }

    fn alone(&self) -> Overlaid {
        Overlaid { records: vec![self.clone()], here: None, law: None }
    }

    fn caption(&self) -> String {
        let best = |base| {
            let within = |points: Vec<SpeedupPoint>| {
                let points = points.into_iter().filter(|&(workers, _)| workers <= self.cores);
                points.max_by(|one, two| one.1.total_cmp(&two.1))
            };
            self.speedups(base).and_then(within)
        };
        let mut caption = say!(
            en: "Recorded, not measured here: {} ({}).",
            pt: "Registrado, não medido aqui: {} ({}).",
            self.title,
            self.label
        );
        if let Some((count, speedup)) = best(Base::OneWorker) {
            caption += &say!(
                en: " Within the {} of that machine it was fastest on {}: {speedup:.2} times as fast as on one worker",
                pt: " Dentro de {} daquela máquina, o melhor foi com {}: {speedup:.2} vezes o desempenho com um \
                     trabalhador",
                cores(self.cores as f64),
                workers(count)
            );
            if let Some((_, over_serial)) = best(Base::Serial)
                && (over_serial / speedup - 1.0).abs() > 0.02
            {
                caption += &say!(
                    en: ", and {over_serial:.2} times as fast as the best serial code",
                    pt: ", e {over_serial:.2} vezes o do melhor código serial"
                );
            }
            caption.push('.');
        }
        caption
    }

    pub(super) fn provenance(&self) -> String {
        let interval = match self.points.iter().any(|point| point.interval.is_some()) {
            true => word!(en: "with 95% intervals", pt: "com intervalos de 95%"),
            false => word!(en: "the source gives no interval", pt: "a fonte não dá intervalo"),
        };
        say!(
            en: "Recorded on: {}. By {}, {}; {}; {interval}. Source: {}",
            pt: "Registrado em: {}. Por {}, {}; {}; {interval}. Fonte: {}",
            self.machine,
            self.by,
            self.date,
            self.statistic,
            self.source
        )
    }
}

impl Shown for Recorded {
    fn block(&self) -> Block {
        self.alone().block()
    }

    fn columns(&self) -> Table {
        let times = |base| self.estimates(base).unwrap_or_default();
        let (itself, serial) = (times(Base::OneWorker), times(Base::Serial));
        let number = |points: &[(usize, crate::measure::Estimate)], index: usize| {
            points.get(index).map_or(String::new(), |(_, speedup)| speedup.point.to_string())
        };
        let row = |(index, point): (usize, &crate::recorded::Reading)| {
            let both = [number(&itself, index), number(&serial, index)];
            [vec![self.label.clone(), point.workers.to_string(), point.value.to_string()], both.to_vec()]
                .concat()
        };
        let value = say!(en: "value ({})", pt: "valor ({})", self.unit);
        let head = word!(
            en: ["record", "workers", value.as_str(), "speedup over itself", "speedup over serial"],
            pt: ["registro", "trabalhadores", value.as_str(), "speedup sobre si mesmo", "speedup sobre o serial"]
        );
        Table {
            head: head.map(str::to_owned).to_vec(),
            rows: self.points.iter().enumerate().map(row).collect(),
        }
    }
}

impl Overlaid {
    /// Shows the curves in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl Shown for Overlaid {
    fn block(&self) -> Block {
        let mut caption = self.records.iter().map(Recorded::caption).collect::<Vec<_>>().join(" ");
        let mut notes: Vec<String> = self.records.iter().map(Recorded::provenance).collect();
        notes.dedup();
        if let Some(Usl { sigma, kappa, one_worker }) = self.law {
            caption += &say!(
                en: " The universal scalability law through the points: σ {sigma:.4}, κ {kappa:.6}, {one_worker:.2} on \
                     one worker.",
                pt: " A lei universal da escalabilidade pelos pontos: σ {sigma:.4}, κ {kappa:.6}, {one_worker:.2} com \
                     um trabalhador."
            );
            let note = word!(
                en: "One value a point gives a law no interval: look at how far the parameters move when a point is \
                     left out.",
                pt: "Um valor por ponto não dá intervalo a uma lei: veja quanto os parâmetros mudam quando se deixa um \
                     ponto fora."
            );
            notes.push(note.to_owned());
        }
        if let Some(here) = &self.here {
            let own = cores(here.cores.effective);
            notes.push(say!(
                en: "Measured here, on {own}: {}, over serial code.",
                pt: "Medido aqui, em {own}: {}, em relação ao código serial.",
                here.name
            ));
        }
        let figure = plot::recorded_curve(self, &caption);
        let mut block = Block { caption, notes, table: self.columns(), ..Block::default() };
        block.show(figure);
        block
    }

    fn columns(&self) -> Table {
        let tables: Vec<Table> = self.records.iter().map(Shown::columns).collect();
        let head = tables.first().map(|table| table.head.clone()).unwrap_or_default();
        Table { head, rows: tables.into_iter().flat_map(|table| table.rows).collect() }
    }
}
