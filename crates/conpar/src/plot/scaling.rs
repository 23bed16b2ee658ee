//! One experiment over workers: speedup, efficiency and serial fraction, each with intervals.

use super::curves::{Band, Curves, Guide, Measured, Series};
use super::mark::{Dash, Look, Shape};
use super::slider::{Movable, Slider};
use super::theme::{INK, MUTED};
use super::{Svg, workers};
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Estimate, Estimator};
use crate::model::{Laws, Mode, Predicted};
use crate::speedup::{Curve, Point, Scaling, Sustained};

/// Draws the speedup of every arm, with intervals, the ideal, the ceiling, and the law that was fitted with its band;
/// `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn speedup_curve(scaling: &Scaling, alternative: &str) -> Result<Svg, Error> {
    let mut curves = speedup(scaling, &scaling.curves);
    curves.series.extend(scaling.sustained.as_ref().map(under_quota));
    for (index, curve) in scaling.curves.iter().enumerate() {
        let Some((law, band)) = fit(curve) else { continue };
        let colour = Look::of(index).colour;
        let edges = band.iter().map(|at| (at.workers, at.speedup.low, at.speedup.high)).collect();
        let points = band.iter().map(|at| (at.workers, at.speedup.point)).collect();
        // One row of the legend stands for the fits of all arms: each has the colour of its arm.
        let named = |name: &str| if curves.bands.is_empty() { name.to_owned() } else { String::new() };
        let (name, of_band) =
            (named(law), named(word!(en: "95% band of the fit", pt: "faixa de 95% do ajuste")));
        curves.guides.push(Guide { name, colour, dash: Dash::Dots, points });
        curves.bands.push(Band { name: of_band, colour, edges });
    }
    curves.draw(alternative)
}

/// Draws the speedup of every arm, and what was `predicted` for so many workers; `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn foreseen_curve(
    scaling: &Scaling,
    (on, predicted): (usize, f64),
    alternative: &str,
) -> Result<Svg, Error> {
    let mut curves = speedup(scaling, &scaling.curves);
    let name = say!(en: "predicted", pt: "previsto");
    let lines = vec![format!("{name}, {}", workers(on)), format!("speedup {predicted:.2}")];
    let value = Estimate { point: predicted, low: predicted, high: predicted, level: 1.0 };
    let look = Look { colour: INK, shape: Shape::Diamond, dash: Dash::Dots };
    curves.series.push(Series { name, look, points: vec![Measured { at: on as f64, value, lines }] });
    curves.draw(alternative)
}

/// The point that felt the quota, as a series of its own.
fn under_quota(sustained: &Sustained) -> Series {
    let name = say!(en: "{} s samples", pt: "amostras de {} s", sustained.seconds);
    let lines = vec![
        format!("{}, {}", sustained.arm, workers(sustained.workers)),
        say!(en: "in samples of {} s and more", pt: "em amostras de {} s ou mais", sustained.seconds),
        format!("speedup {}", sustained.speedup),
    ];
    let look = Look { colour: INK, shape: Shape::Diamond, dash: Dash::Dots };
    Series {
        name,
        look,
        points: vec![Measured { at: sustained.workers as f64, value: sustained.speedup, lines }],
    }
}

/// The law that was fitted to a curve, with the band of what it predicts: Gustafson's where the work grew; where it was
/// fixed, the universal scalability law, which needs the most, before Amdahl's.
fn fit(curve: &Curve) -> Option<(&'static str, &[Predicted])> {
    let Laws { amdahl, gustafson, usl, .. } = &curve.laws;
    let [by_usl, by_amdahl, by_gustafson] = word!(
        en: ["USL, fitted", "Amdahl's law, fitted", "Gustafson's law, fitted"],
        pt: ["USL, ajustada", "lei de Amdahl, ajustada", "Gustafson, ajustada"]
    );
    let usl = usl.as_ref().ok().map(|fitted| (by_usl, fitted.band.as_slice()));
    let amdahl = amdahl.as_ref().ok().map(|fitted| (by_amdahl, fitted.band.as_slice()));
    let gustafson = gustafson.as_ref().ok().map(|fitted| (by_gustafson, fitted.band.as_slice()));
    usl.or(amdahl).or(gustafson)
}

/// Draws the speedup of one arm with a law that the reader moves over it.
pub(crate) fn speedup_with_slider(
    scaling: &Scaling,
    curve: &Curve,
    law: Movable,
    alternative: &str,
) -> Result<Svg, Error> {
    let mut curves = speedup(scaling, std::slice::from_ref(curve));
    // The curve itself moves, so it is no part of what plotters draws: here it only gets its place in the legend.
    let (colour, dash) = (Slider::COLOUR, Dash::Dots);
    curves.guides.push(Guide { name: law.name().to_owned(), colour, dash, points: Vec::new() });
    let (svg, plane) = curves.draw_on(alternative)?;
    let within = curve.points.iter().filter(|point| !point.oversubscribed);
    let points = within.map(|point| (point.workers, point.speedup)).collect();
    Ok(svg.with_slider(Slider { law: law.rounded(), plane, points }))
}

/// Draws the efficiency of every arm: its speedup for each worker.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn efficiency_curve(scaling: &Scaling, alternative: &str) -> Result<Svg, Error> {
    let share = |point: &Point| Some(point.speedup.scaled(1.0 / point.workers as f64));
    let most = all_points(scaling).map(|point| point.workers).max().unwrap_or(1) as f64;
    let cores = scaling.cores.effective.max(1.0);
    // Past the cores, N workers share what the cores give.
    let ideal = guide("ideal", steps(most).map(|workers| (workers, (cores / workers).min(1.0))));
    let mut curves = arms(scaling, &scaling.curves, share);
    let up = word!(en: "efficiency (speedup for each worker)", pt: "eficiência (speedup por trabalhador)");
    (curves.up, curves.percent, curves.guides) = (up.to_owned(), true, vec![ideal]);
    curves.draw(alternative)
}

/// Draws Karp and Flatt's serial fraction of every arm over its workers, and of the ceiling: what the machine itself
/// adds to every arm's fraction.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where only one worker was measured, [`Error::Drawing`] when plotters fails.
pub fn karp_flatt_curve(scaling: &Scaling, alternative: &str) -> Result<Svg, Error> {
    let within = |point: &Point| if point.oversubscribed { None } else { point.karp_flatt() };
    let mut curves = arms(scaling, &scaling.curves, within);
    curves.up = say!(en: "serial fraction (Karp and Flatt)", pt: "fração serial (Karp e Flatt)");
    curves.draw(alternative)
}

/// The speedup of some curves, with ceiling and ideal.
pub(super) fn speedup(scaling: &Scaling, of: &[Curve]) -> Curves {
    let mut curves = arms(scaling, of, |point| Some(point.speedup));
    let most = all_points(scaling).map(|point| point.workers).max().unwrap_or(1) as f64;
    let bend = most.min(scaling.cores.effective.max(1.0));
    curves.up = match scaling.mode {
        Mode::Strong => word!(en: "speedup over serial (times)", pt: "speedup sobre o serial (vezes)"),
        Mode::Weak => word!(en: "scaled speedup (times)", pt: "speedup escalado (vezes)"),
    }
    .to_owned();
    curves.guides = vec![guide("ideal", [(1.0, 1.0), (bend, bend), (most, bend)])];
    curves
}

/// A curve for every arm and one for the ceiling, of what `value` makes of each point.
fn arms(scaling: &Scaling, of: &[Curve], value: impl Fn(&Point) -> Option<Estimate>) -> Curves {
    let series = |name: &str, look: Look, points: &[Point]| Series {
        name: name.to_owned(),
        look,
        points: points
            .iter()
            .filter_map(|point| Some(measured(scaling, name, point, value(point)?)))
            .collect(),
    };
    let arms = of.iter().enumerate();
    let mut all: Vec<Series> =
        arms.map(|(index, curve)| series(&curve.arm, Look::of(index), &curve.points)).collect();
    if !scaling.ceiling.is_empty() {
        all.push(series(word!(en: "ceiling", pt: "teto"), Look::CEILING, &scaling.ceiling));
    }
    Curves {
        title: scaling.name.clone(),
        series: all,
        cores: scaling.cores.effective,
        ..Curves::over_workers()
    }
}

/// A point with what it says where it is pointed at.
pub(super) fn measured(scaling: &Scaling, name: &str, point: &Point, value: Estimate) -> Measured {
    let clean = match point.estimator {
        Estimator::MedianOfClean => say!(
            en: "{} of {} samples clean",
            pt: "{} de {} amostras limpas",
            point.clean,
            scaling.rounds
        ),
        Estimator::Minimum => say!(
            en: "{} of {} samples clean: judged by the fastest",
            pt: "{} de {} amostras limpas: vale a mais rápida",
            point.clean,
            scaling.rounds
        ),
    };
    let mut lines = vec![
        format!("{name}, {}", workers(point.workers)),
        format!("speedup {}", point.speedup),
        say!(en: "efficiency {:.0}%", pt: "eficiência {:.0}%", 100.0 * point.efficiency()),
    ];
    if let Some(fraction) = point.karp_flatt() {
        lines.push(say!(en: "serial fraction {fraction:.3}", pt: "fração serial {fraction:.3}"));
    }
    lines.push(clean);
    if point.oversubscribed {
        lines.push(say!(en: "more workers than cores", pt: "mais trabalhadores que núcleos"));
    }
    Measured { at: point.workers as f64, value, lines }
}

fn all_points(scaling: &Scaling) -> impl Iterator<Item = &Point> {
    scaling.points().map(|(_, point)| point).chain(&scaling.ceiling)
}

pub(super) fn guide(name: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Guide {
    Guide { name: name.to_owned(), colour: MUTED, dash: Dash::Long, points: points.into_iter().collect() }
}

/// From one worker to the most, in steps fine enough for a curve.
fn steps(most: f64) -> impl Iterator<Item = f64> {
    const STEPS: usize = 120;
    (0..=STEPS).map(move |step| 1.0 + (most - 1.0) * step as f64 / STEPS as f64)
}
