//! A heartbeat beside work: its delays by percentile, the throughput beside them, and both over a parameter.

use super::curves::{Curves, Measured, Series};
use super::mark::Look;
use super::percentiles::{Line, Percentiles, named, quantiles, said};
use super::{Bars, Svg, bars, in_units};
use crate::Error;
use crate::language::{say, word};
use crate::responsiveness::{Arm, PERCENTILES, Responded, Since};
use crate::sweep::Quantity;

/// Draws the delays of each arm by percentile; `alternative` says the same in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] where no beat was late at all, [`Error::Drawing`] when plotters fails.
pub fn delay_percentiles(responded: &Responded, alternative: &str) -> Result<Svg, Error> {
    let line = |arm: &Arm| line(responded, arm, Since::Due, &arm.name);
    let lines = responded.arms.iter().map(line).collect();
    Percentiles { title: &format!("{}: {}", responded.name, late()), lines }.draw(alternative)
}

/// The delays of one arm as they are, as a stopwatch saw them, and as that is corrected afterwards.
///
/// # Errors
///
/// As [`delay_percentiles`].
pub fn omission_percentiles(responded: &Responded, arm: &Arm, alternative: &str) -> Result<Svg, Error> {
    let ways = [
        (Since::Due, word!(en: "from when it was due", pt: "desde quando prevista")),
        (Since::Began, word!(en: "stopwatch", pt: "cronômetro")),
        (Since::Corrected, word!(en: "stopwatch, corrected", pt: "cronômetro, corrigido")),
    ];
    let lines = ways.map(|(since, name)| line(responded, arm, since, name)).into();
    Percentiles { title: &format!("{}: {}", responded.name, arm.name), lines }.draw(alternative)
}

/// What a figure of delays shows.
fn late() -> &'static str {
    word!(en: "how late the beats come", pt: "com quanto atraso as batidas chegam")
}

/// What a figure of throughputs shows, and its unit.
fn fast() -> (&'static str, &'static str) {
    word!(
        en: ("how fast the work goes", "jobs a second"),
        pt: ("com que rapidez o trabalho anda", "serviços por segundo")
    )
}

fn line(responded: &Responded, arm: &Arm, since: Since, name: &str) -> Line {
    Line {
        name: name.to_owned(),
        curve: responded.curve(arm, since, quantiles),
        marks: responded.percentiles(arm, since, &PERCENTILES),
    }
}

/// The throughput of each arm as bars.
pub fn throughput_bars(responded: &Responded) -> Bars {
    let (what, unit) = fast();
    let figure = bars(&format!("{}: {what}", responded.name)).x(unit);
    let bar = |figure: Bars, arm: &Arm| figure.bar(&arm.name, responded.jobs_a_second(arm));
    responded.arms.iter().fold(figure, bar)
}

/// Median and p99 of the delay, and under them the throughput, over the values of the parameter.
///
/// # Errors
///
/// As [`delay_percentiles`].
pub fn responded_over(responded: &Responded, alternative: &str) -> Result<[Svg; 2], Error> {
    let across = responded.parameter.clone().unwrap_or_default();
    let clean = |arm: &Arm| {
        let (clean, runs) = (arm.clean(), arm.runs.len());
        say!(en: "{clean} of {runs} runs clean", pt: "{clean} de {runs} execuções limpas")
    };
    let delays = |index: usize| {
        let measured = |arm: &Arm| {
            let percentile = responded.percentiles(arm, Since::Due, &PERCENTILES[index..=index])[0];
            Measured {
                at: arm.value.unwrap_or_default() as f64,
                value: percentile.delay.scaled(1e3),
                lines: vec![arm.name.clone(), said(&percentile), clean(arm)],
            }
        };
        Series {
            name: named(PERCENTILES[index]),
            look: Look::of(index),
            points: responded.arms.iter().map(measured).collect(),
        }
    };
    let throughput = |arm: &Arm| {
        let value = responded.jobs_a_second(arm);
        let jobs = say!(en: "jobs: {}", pt: "serviços: {}", in_units(Quantity::Throughput, &value));
        let lines = vec![arm.name.clone(), jobs, clean(arm)];
        Measured { at: arm.value.unwrap_or_default() as f64, value, lines }
    };
    let figure = |what: &str, up: &str, series: Vec<Series>| {
        let curves = Curves {
            title: format!("{}: {what}", responded.name),
            across: across.clone(),
            up: up.to_owned(),
            series,
            cores: f64::INFINITY,
            adaptive: true,
            ..Curves::default()
        };
        curves.draw(alternative)
    };
    let points = responded.arms.iter().map(throughput).collect();
    let series = Series { name: say!(en: "throughput", pt: "vazão"), look: Look::of(2), points };
    let (what, unit) = fast();
    Ok([
        figure(late(), word!(en: "delay (ms)", pt: "atraso (ms)"), vec![delays(0), delays(1)])?,
        figure(what, unit, vec![series])?,
    ])
}
