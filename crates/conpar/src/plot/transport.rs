//! Messages over their payload: time and bandwidth of each transport, and from where on sharing work pays.

use super::Svg;
use super::curves::{Band, Curves, Guide, Measured, Series};
use super::mark::{Dash, Look};
use super::sweep::in_units;
use super::theme::MUTED;
use crate::Error;
use crate::language::{say, word};
use crate::measure::{Estimate, Estimator};
use crate::sweep::{Place, Quantity};
use crate::transport::{Payoff, Transport, Transports};

/// The share of a message there and back that is one way.
const ONE_WAY: f64 = 0.5;
const MICROSECONDS: f64 = 1e6;
/// How far apart arms stand at one payload, in pixels: near enough to their place on a logarithmic axis.
const APART: f64 = 2.0;
/// Through how many points a law is drawn.
const FINE: usize = 40;

/// Draws the time of a message one way over its payload, with the fitted laws.
///
/// # Errors
///
/// [`Error::NothingToDraw`] without a finite value, [`Error::Drawing`] when plotters fails.
pub fn transport_curves(transports: &Transports, alternative: &str) -> Result<Svg, Error> {
    let curves = Curves {
        title: say!(en: "one way: time of a message", pt: "só a ida: tempo de uma mensagem"),
        across: transports.swept.parameter.clone(),
        up: say!(en: "time of a message (µs)", pt: "tempo de uma mensagem (µs)"),
        series: series(transports, |_| true, |place| place.estimate.scaled(ONE_WAY * MICROSECONDS)),
        guides: guides(transports, |_| true, |law, bytes| MICROSECONDS * law.law().seconds(bytes)),
        cores: f64::INFINITY,
        apart: Some(APART),
        adaptive: true,
        ..Curves::default()
    };
    curves.draw(alternative)
}

/// Draws the bytes a second over the payload, of the transports that carry bytes: one that passes a pointer has no bandwidth.
///
/// # Errors
///
/// As [`transport_curves`].
pub fn bandwidth_curves(transports: &Transports, alternative: &str) -> Result<Svg, Error> {
    let carries = |fit: &Transport| carries(transports, fit);
    let megabytes = |bytes: f64, seconds: f64| 1e-6 * bytes / seconds;
    let curves = Curves {
        title: say!(en: "one way: bandwidth", pt: "só a ida: largura de banda"),
        across: transports.swept.parameter.clone(),
        up: say!(en: "bandwidth (MB/s)", pt: "largura de banda (MB/s)"),
        series: series(transports, carries, |place| gigabytes(place).scaled(1e3)),
        guides: guides(transports, carries, |law, bytes| megabytes(bytes, law.law().seconds(bytes))),
        cores: f64::INFINITY,
        apart: Some(APART),
        adaptive: true,
        ..Curves::default()
    };
    curves.draw(alternative)
}

/// Whether the transport carries bytes: the largest payload takes longer because it is large.
pub(crate) fn carries(transports: &Transports, fit: &Transport) -> bool {
    let places = transports.swept.series.iter().flat_map(|series| &series.places);
    let largest = places.map(|place| place.value as f64).fold(0.0, f64::max);
    fit.per_byte.point * largest > fit.latency.point
}

/// The bandwidth at one payload, in 10⁹ bytes a second.
pub(crate) fn gigabytes(place: &Place) -> Estimate {
    let seconds = place.estimate.scaled(ONE_WAY);
    let bandwidth = |seconds: f64| 1e-9 * place.value as f64 / seconds;
    let [point, low, high] = [seconds.point, seconds.high, seconds.low].map(bandwidth);
    Estimate { point, low, high, level: seconds.level }
}

fn series(
    transports: &Transports,
    wanted: impl Fn(&Transport) -> bool,
    value: impl Fn(&Place) -> Estimate,
) -> Vec<Series> {
    let arms = transports.fits.iter().zip(&transports.swept.series).enumerate();
    let arms = arms.filter(|(_, (fit, _))| wanted(fit));
    arms.map(|(index, (fit, series))| {
        let point = |place: &Place| {
            let one_way = place.estimate.scaled(ONE_WAY);
            let rounds = transports.swept.rounds();
            let judged = match place.estimator {
                Estimator::MedianOfClean => word!(en: "samples clean", pt: "amostras limpas"),
                Estimator::Minimum => word!(
                    en: "samples clean: judged by the fastest",
                    pt: "amostras limpas: vale a mais rápida"
                ),
            };
            let lines = vec![
                format!("{}, {}", fit.arm, payload(place.value as f64)),
                in_units(Quantity::Seconds, &one_way),
                format!("{:.3} GB/s", gigabytes(place).point),
                say!(en: "{} of {rounds} {judged}", pt: "{} de {rounds} {judged}", place.clean),
            ];
            Measured { at: place.value as f64, value: value(place), lines }
        };
        Series {
            name: fit.arm.clone(),
            look: Look::of(index),
            points: series.places.iter().map(point).collect(),
        }
    })
    .collect()
}

fn guides(
    transports: &Transports,
    wanted: impl Fn(&Transport) -> bool,
    value: impl Fn(&Transport, f64) -> f64,
) -> Vec<Guide> {
    let places = transports.swept.series.iter().flat_map(|series| &series.places);
    let values = || places.clone().map(|place| place.value as f64);
    let (first, last) = (values().fold(f64::INFINITY, f64::min).max(1.0), values().fold(1.0, f64::max));
    let through = (0..=FINE).map(|step| first * (last / first).powf(step as f64 / FINE as f64));
    let through: Vec<f64> = through.collect();
    let arms = transports.fits.iter().enumerate().filter(|(_, fit)| wanted(fit));
    arms.map(|(index, fit)| Guide {
        name: String::new(),
        colour: Look::of(index).colour,
        dash: Dash::Dots,
        points: through.iter().map(|&bytes| (bytes, value(fit, bytes))).collect(),
    })
    .collect()
}

/// Draws how many times as fast as alone the arms are that share their work, with where each is predicted to begin to pay.
///
/// # Errors
///
/// As [`transport_curves`].
pub fn payoff_curves(payoff: &Payoff, alternative: &str) -> Result<Svg, Error> {
    let ratios = payoff.arms.iter().flat_map(|arm| &arm.ratios);
    let ends = ratios.clone().flat_map(|(_, ratio, _)| [ratio.low, ratio.high, 1.0]);
    let (low, high) = (ends.clone().fold(f64::INFINITY, f64::min), ends.fold(0.0, f64::max));
    let places = || ratios.clone().map(|(bytes, ..)| *bytes as f64);
    let (first, last) = (places().fold(f64::INFINITY, f64::min), places().fold(0.0, f64::max));
    let mut curves = Curves {
        title: say!(en: "{}: half of it by somebody else", pt: "{}: metade feita por outro", payoff.swept.name),
        across: payoff.swept.parameter.clone(),
        up: say!(en: "times as fast as alone", pt: "vezes mais rápido que sozinho"),
        cores: f64::INFINITY,
        apart: Some(APART),
        adaptive: true,
        ..Curves::default()
    };
    for (index, arm) in payoff.arms.iter().enumerate() {
        let look = Look::of(index);
        let point = |(bytes, ratio, credible): &(u64, Estimate, bool)| {
            let doubt = if *credible { "" } else { word!(en: ", disturbed", pt: ", perturbado") };
            let lines = vec![
                format!("{}, {}", arm.arm, payload(*bytes as f64)),
                say!(en: "{ratio} times as fast{doubt}", pt: "{ratio} vezes mais rápido{doubt}"),
            ];
            Measured { at: *bytes as f64, value: *ratio, lines }
        };
        let points = arm.ratios.iter().map(point).collect();
        curves.series.push(Series { name: arm.arm.clone(), look, points });
        // A prediction that lies beyond the payloads has no place here.
        if arm.predicted.is_within() {
            let value = arm.predicted.value;
            curves.bands.push(Band {
                name: String::new(),
                colour: look.colour,
                edges: vec![(value.low, low, high), (value.high, low, high)],
            });
            let named = curves.guides.iter().any(|guide| !guide.name.is_empty());
            let name = word!(en: "predicted to pay from", pt: "previsto: compensa de");
            curves.guides.push(Guide {
                name: if named { String::new() } else { name.to_owned() },
                colour: look.colour,
                dash: Dash::Dots,
                points: vec![(value.point, low), (value.point, high)],
            });
        }
    }
    curves.guides.push(Guide {
        name: payoff.alone.clone(),
        colour: MUTED,
        dash: Dash::Long,
        points: vec![(first, 1.0), (last, 1.0)],
    });
    curves.draw(alternative)
}

/// Bytes with three digits and their unit: "64 B", "1.5 kB", "16 MB".
pub(crate) fn payload(bytes: f64) -> String {
    let (factor, unit) = unit(bytes);
    format!("{} {unit}", digits(bytes * factor))
}

/// The same of an estimate: "12.3 [9.1, 15.0] kB".
pub(crate) fn payload_estimate(bytes: &Estimate) -> String {
    let (factor, unit) = unit(bytes.point);
    let [point, low, high] = [bytes.point, bytes.low, bytes.high].map(|bytes| digits(bytes * factor));
    format!("{point} [{low}, {high}] {unit}")
}

fn unit(bytes: f64) -> (f64, &'static str) {
    match bytes {
        many if many >= 1e6 => (1e-6, "MB"),
        many if many >= 1e3 => (1e-3, "kB"),
        _ => (1.0, "B"),
    }
}

fn digits(value: f64) -> String {
    let decimals = (2 - value.abs().max(1.0).log10().floor() as i32).clamp(0, 2) as usize;
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_have_the_unit_that_fits() {
        assert_eq!([1.0, 64.0, 1_500.0, 16e6].map(payload), ["1 B", "64 B", "1.5 kB", "16 MB"]);
        let about = Estimate { point: 12_345.0, low: 900.0, high: 1.5e6, level: 0.95 };
        assert_eq!(payload_estimate(&about), "12.3 [0.9, 1500] kB");
    }
}
