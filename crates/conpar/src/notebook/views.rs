//! Other ways to look at a [`Scaling`]: efficiency, serial fraction, and laws that the reader moves.

use super::{Block, Shown, View};
use crate::Error;
use crate::language::{say, word};
use crate::measure::Estimate;
use crate::model::{Amdahl, Mode, Usl};
use crate::plot::{self, Movable, workers};
use crate::speedup::{Curve, Point, Scaling};

impl Scaling {
    /// The efficiency over workers: the speedup for each worker, which is the share of their time that is not lost.
    pub fn efficiency(&self) -> View<Scaling> {
        View::new(self.clone(), |scaling| {
            let caption = scaling.efficiency_caption();
            drawn(scaling, plot::efficiency_curve(scaling, &caption), caption, Vec::new())
        })
    }

    /// Karp and Flatt's serial fraction over workers. Where it grows, it is overhead that bounds the speedup, and not a
    /// part that stays serial.
    pub fn karp_flatt(&self) -> View<Scaling> {
        View::new(self.clone(), |scaling| {
            let caption = scaling.karp_flatt_caption();
            let note = word!(
                en: "A fraction that stays the same on more workers speaks for a serial part; one that grows, for \
                     overhead that each worker adds (Karp and Flatt 1990). Below 0: faster than ideal.",
                pt: "Uma fração que fica igual com mais trabalhadores fala a favor de uma parte serial; uma que \
                     cresce, de sobrecarga que cada trabalhador acrescenta (Karp e Flatt 1990). Abaixo de 0: mais \
                     rápido que o ideal."
            );
            drawn(scaling, plot::karp_flatt_curve(scaling, &caption), caption, vec![note.to_owned()])
        })
    }

    /// The speedup of `arm` with Amdahl's law, whose serial fraction the reader moves. It starts where it was fitted,
    /// else at Karp and Flatt's fraction.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn explore_amdahl(&self, arm: &str) -> Result<View<Scaling>, Error> {
        self.explore(arm, |scaling| {
            let Some(curve) = scaling.curves.first() else { return Block::default() };
            let fitted = curve.laws.amdahl.as_ref().ok().map(|fitted| fitted.parameters.serial_fraction);
            let start = fitted.or(curve.karp_flatt().ok()).map_or(0.1, |fraction| fraction.point);
            let law = Movable::Amdahl(Amdahl { serial_fraction: start.clamp(0.0, 1.0) });
            let caption = say!(
                en: "{}: move the serial fraction s of Amdahl's law, and see which points it passes through.",
                pt: "{}: mova a fração serial s da lei de Amdahl e veja por quais pontos a lei passa.",
                curve.arm
            );
            movable(scaling, curve, law, caption)
        })
    }

    /// The speedup of `arm` with the universal scalability law, whose contention and coherency the reader moves. They
    /// start where they were fitted, else at Karp and Flatt's fraction and 0.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not measured.
    pub fn explore_usl(&self, arm: &str) -> Result<View<Scaling>, Error> {
        self.explore(arm, |scaling| {
            let Some(curve) = scaling.curves.first() else { return Block::default() };
            let alone = curve.points.first().filter(|point| point.workers == 1);
            let unfitted = Usl {
                sigma: curve.karp_flatt().map_or(0.1, |fraction| fraction.point.clamp(0.0, 1.0)),
                kappa: 0.0,
                one_worker: alone.map_or(1.0, |point| point.speedup.point),
            };
            let fitted = curve.laws.usl.as_ref().map(|fitted| {
                let Usl { sigma, kappa, one_worker } = fitted.parameters;
                Usl { sigma: sigma.point, kappa: kappa.point, one_worker: one_worker.point }
            });
            let law = Movable::Usl(fitted.unwrap_or(unfitted));
            let caption = say!(
                en: "{}: move the contention σ and coherency κ of the universal scalability law, and see which points \
                     it passes through.",
                pt: "{}: mova a contenção σ e a coerência κ da lei universal da escalabilidade e veja por quais pontos \
                     a lei passa.",
                curve.arm
            );
            movable(scaling, curve, law, caption)
        })
    }

    /// A view of one arm alone.
    fn explore(&self, arm: &str, look: fn(&Scaling) -> Block) -> Result<View<Scaling>, Error> {
        let curve = self.curves.iter().find(|curve| curve.arm == arm);
        let curve =
            curve.ok_or_else(|| Error::NoSuchArm { arm: arm.to_owned(), measured: self.arm_names() })?;
        let alone = Scaling { curves: vec![curve.clone()], ..self.clone() };
        Ok(View::new(alone, look))
    }

    fn efficiency_caption(&self) -> String {
        let Some((curve, point)) = self.most_parallel() else {
            return say!(
                en: "Only one worker ran within the cores of this process: nothing can be said of the efficiency of \
                     parallel work.",
                pt: "Só um trabalhador executou dentro dos núcleos deste processo: nada se pode dizer da eficiência de \
                     um trabalho paralelo."
            );
        };
        let share = |speedup: &Estimate| percent(&speedup.scaled(1.0 / point.workers as f64));
        let verdict = if point.is_credible() { String::new() } else { format!(": {}", plot::too_busy()) };
        let mut caption = say!(
            en: "{} on {}: efficiency {}{verdict}.",
            pt: "{} com {}: eficiência {}{verdict}.",
            curve.arm,
            workers(point.workers),
            share(&point.speedup)
        );
        if let Some(ceiling) = self.ceiling_at(point.workers) {
            caption += &say!(
                en: " This machine's ceiling has {}.",
                pt: " O teto desta máquina tem {}.",
                share(&ceiling.speedup)
            );
        }
        caption
    }

    fn karp_flatt_caption(&self) -> String {
        let Some((curve, last)) = self.most_parallel() else {
            return say!(
                en: "Only one worker ran within the cores of this process: a serial fraction takes two.",
                pt: "Só um trabalhador executou dentro dos núcleos deste processo: uma fração serial exige dois."
            );
        };
        let within = |point: &&Point| point.workers > 1 && !point.oversubscribed;
        let first = curve.points.iter().find(within).unwrap_or(last);
        let Some((low, high)) = first.karp_flatt().zip(last.karp_flatt()) else {
            return say!(en: "{}: no serial fraction.", pt: "{}: nenhuma fração serial.", curve.arm);
        };
        let said = say!(
            en: "{} on {}: serial fraction {high:.3}",
            pt: "{} com {}: fração serial {high:.3}",
            curve.arm,
            workers(last.workers)
        );
        if first.workers == last.workers {
            return say!(
                en: "{said}. One worker count above 1 cannot show whether it grows.",
                pt: "{said}. Um só número de trabalhadores acima de 1 não mostra se ela cresce."
            );
        }
        let verdict = match high.low > low.high {
            _ if !(first.is_credible() && last.is_credible()) => plot::too_busy(),
            true => word!(
                en: "it grows, so each worker adds overhead",
                pt: "ela cresce; logo, cada trabalhador acrescenta sobrecarga"
            ),
            false if high.high < low.low => word!(en: "it falls", pt: "ela diminui"),
            false => word!(en: "no growth shown", pt: "não se mostra crescimento"),
        };
        say!(
            en: "{said}, against {low:.3} on {}: {verdict}.",
            pt: "{said}, contra {low:.3} com {}: {verdict}.",
            workers(first.workers)
        )
    }

    /// The fastest arm at the most workers within the cores; `None` where that is one worker.
    fn most_parallel(&self) -> Option<(&Curve, &Point)> {
        let most = self.most_workers();
        let points = self.points().filter(|(_, point)| point.workers == most && most > 1);
        points.max_by(|one, two| one.1.speedup.point.total_cmp(&two.1.speedup.point))
    }

    fn arm_names(&self) -> String {
        self.curves.iter().map(|curve| curve.arm.as_str()).collect::<Vec<_>>().join("`, `")
    }
}

/// A block with one figure over the numbers of the experiment.
fn drawn(scaling: &Scaling, figure: Result<plot::Svg, Error>, caption: String, notes: Vec<String>) -> Block {
    let table = scaling.block().table;
    let mut block = Block { caption, notes, table, ..Block::default() };
    block.show(figure);
    block
}

fn movable(scaling: &Scaling, curve: &Curve, law: Movable, caption: String) -> Block {
    let fitted = match (&law, scaling.mode) {
        (_, Mode::Weak) => say!(
            en: "The work grew with the workers, and this law speaks of fixed work.",
            pt: "O trabalho cresceu com os trabalhadores, e esta lei fala de um trabalho fixo."
        ),
        (Movable::Amdahl(_), _) => start(curve.laws.amdahl.as_ref().err()),
        (Movable::Usl(_), _) => start(curve.laws.usl.as_ref().err()),
    };
    drawn(scaling, plot::speedup_with_slider(scaling, curve, law, &caption), caption, vec![fitted])
}

/// Where the sliders start.
fn start(refused: Option<&crate::model::Refused>) -> String {
    match refused {
        None => say!(en: "It starts where it was fitted.", pt: "Começa onde foi ajustada."),
        Some(refused) => say!(
            en: "It is not fitted: {refused}. So nothing is claimed of where it starts.",
            pt: "Ela não é ajustada: {refused}. Portanto, nada se afirma sobre onde começa."
        ),
    }
}

fn percent(share: &Estimate) -> String {
    let [point, low, high] = [share.point, share.low, share.high].map(|share| 100.0 * share);
    format!("{point:.0}% [{low:.0}, {high:.0}]")
}
