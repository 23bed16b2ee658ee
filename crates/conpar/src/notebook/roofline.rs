//! A [`Roofline`] in a cell: which of the two roofs is the lower one, and how near the work comes to it.

use super::{Block, Shown, Table};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Estimate;
use crate::plot::{self, Roofline, workers};
use crate::speedup::{Point, Scaling};

impl Scaling {
    /// Puts the work under the bandwidth that `triad` was measured to move.
    ///
    /// `bytes` is what one run of the work moves to and from memory, `triad_bytes` what one run of the triad does: three
    /// arrays, so 24 bytes an element of `f64`.
    ///
    /// # Errors
    ///
    /// [`Error::NotPositive`] for bytes that are none.
    pub fn under_memory(&self, bytes: f64, triad: &Scaling, triad_bytes: f64) -> Result<Roofline, Error> {
        let of_work = word!(en: "the bytes of the work", pt: "os bytes do trabalho");
        let of_triad = word!(en: "the bytes of the triad", pt: "os bytes da tríade");
        for (what, value) in [(of_work, bytes), (of_triad, triad_bytes)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(Error::NotPositive { what, value: value.to_string() });
            }
        }
        Ok(Roofline { work: self.clone(), bytes, triad: triad.clone(), triad_bytes })
    }
}

impl Roofline {
    /// Shows the work under its roofs in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }

    fn caption(&self) -> String {
        let most = self.work.most_workers();
        let points = self.work.points().filter(|(_, point)| point.workers == most);
        let fastest = points.max_by(|one, two| one.1.speedup.point.total_cmp(&two.1.speedup.point));
        let (Some((curve, point)), Some(roof)) = (fastest, self.roof(most)) else {
            return say!(
                en: "The triad was not measured on {}: no bound is known.",
                pt: "A tríade não foi medida com {}: não se conhece limite.",
                workers(most)
            );
        };
        let share = point.speedup.over(&roof);
        let [share, low, high] = [share.point, share.low, share.high].map(|share| 100.0 * share);
        let reached = say!(
            en: "{} reaches {share:.0}% [{low:.0}, {high:.0}] of it, a speedup of {}",
            pt: "{} alcança {share:.0}% [{low:.0}, {high:.0}] disso, um speedup de {}",
            curve.arm,
            point.speedup
        );
        say!(
            en: "On {} the memory feeds a speedup of at most {roof}: {}. {reached}.",
            pt: "Com {}, a memória alimenta um speedup de no máximo {roof}: {}. {reached}.",
            workers(most),
            self.verdict(point, &roof)
        )
    }

    /// Which roof is the lower one.
    fn verdict(&self, point: &Point, roof: &Estimate) -> &'static str {
        let Some(ceiling) = self.work.ceiling_at(point.workers) else {
            return word!(en: "the cores' ceiling is not known", pt: "não se conhece o teto dos núcleos");
        };
        let triad = self.triad.points().filter(|(_, other)| other.workers == point.workers);
        if !point.is_credible() || !triad.into_iter().any(|(_, other)| other.is_credible()) {
            plot::too_busy()
        } else if roof.high < ceiling.speedup.low {
            word!(en: "memory, not the cores, sets the bound", pt: "quem impõe o limite é a memória, não os núcleos")
        } else if roof.low > ceiling.speedup.high {
            word!(en: "the cores, not the memory, set the bound", pt: "quem impõe o limite são os núcleos, não a \
                       memória")
        } else {
            word!(
                en: "cannot tell whether memory or cores set the bound",
                pt: "inconclusivo se quem impõe o limite é a memória ou são os núcleos"
            )
        }
    }

    fn counts(&self) -> impl Iterator<Item = (usize, Estimate, Estimate)> {
        let measured =
            |point: &Point| Some((point.workers, self.bandwidth(point.workers)?, self.roof(point.workers)?));
        self.work.ceiling.iter().filter_map(measured)
    }
}

impl Shown for Roofline {
    fn block(&self) -> Block {
        let caption = self.caption();
        let gigabytes = |bandwidth: &Estimate| bandwidth.scaled(1e-9);
        let note = say!(
            en: "The work moves {:.1} MB a run, {} GB/s at a speedup of 1. What stays in a cache is not moved: then \
                 the bound is too low.",
            pt: "O trabalho transfere {:.1} MB por execução, {} GB/s com um speedup de 1. O que fica em uma cache não \
                 é transferido: então o limite é baixo demais.",
            self.bytes / 1e6,
            gigabytes(&self.needed())
        );
        let rows = self.counts().map(|(workers, bandwidth, roof)| {
            [workers.to_string(), gigabytes(&bandwidth).to_string(), roof.to_string()]
        });
        let head = word!(
            en: ["workers", "triad (GB/s)", "speedup that the memory feeds"],
            pt: ["trabalhadores", "tríade (GB/s)", "speedup que a memória alimenta"]
        );
        let table = Table::new(head, rows);
        let figure = plot::roofline_curve(self, &caption);
        let mut block = Block { caption, notes: vec![note], table, ..Block::default() };
        block.show(figure);
        block
    }

    fn columns(&self) -> Table {
        let rows = self.counts().map(|(workers, bandwidth, roof)| {
            let numbers = [bandwidth.point, bandwidth.low, bandwidth.high, roof.point, roof.low, roof.high];
            let [bandwidth, low, high, roof, roof_low, roof_high] = numbers.map(|number| number.to_string());
            [workers.to_string(), bandwidth, low, high, roof, roof_low, roof_high]
        });
        let head = word!(
            en: ["workers", "bandwidth (B/s)", "low", "high", "bound on speedup", "bound low", "bound high"],
            pt: ["trabalhadores", "largura de banda (B/s)", "de", "até", "limite do speedup", "limite de", "limite até"]
        );
        Table::new(head, rows)
    }
}
