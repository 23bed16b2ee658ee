//! A heartbeat beside work: its delays by percentile, the throughput beside them, and both over a parameter.

use super::curves::{Curves, Measured, Series};
use super::mark::Look;
use super::percentiles::{Line, Percentiles, named, quantiles, said};
use super::{Bars, Svg, bars, in_units};
use crate::Error;
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
    Percentiles { title: &format!("{}: how late the beats come", responded.name), lines }.draw(alternative)
}

/// The delays of one arm as they are, as a stopwatch saw them, and as that is corrected afterwards.
///
/// # Errors
///
/// As [`delay_percentiles`].
pub fn omission_percentiles(responded: &Responded, arm: &Arm, alternative: &str) -> Result<Svg, Error> {
    let ways = [
        (Since::Due, "from when it was due"),
        (Since::Began, "stopwatch"),
        (Since::Corrected, "stopwatch, corrected"),
    ];
    let lines = ways.map(|(since, name)| line(responded, arm, since, name)).into();
    Percentiles { title: &format!("{}: {}", responded.name, arm.name), lines }.draw(alternative)
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
    let figure = bars(&format!("{}: how fast the work goes", responded.name)).x("jobs a second");
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
    let clean = |arm: &Arm| format!("{} of {} runs clean", arm.clean(), arm.runs.len());
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
        let lines =
            vec![arm.name.clone(), format!("jobs: {}", in_units(Quantity::Throughput, &value)), clean(arm)];
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
    let series = Series { name: "throughput".to_owned(), look: Look::of(2), points };
    Ok([
        figure("how late the beats come", "delay (ms)", vec![delays(0), delays(1)])?,
        figure("how fast the work goes", "jobs a second", vec![series])?,
    ])
}
