//! The memory of one unit that waits over the number of units, with intervals.

use super::Svg;
use super::curves::{Curves, Measured, Series};
use super::mark::{Dash, Look, Shape};
use super::sweep::apart;
use crate::Error;
use crate::language::say;
use crate::measure::Estimate;
use crate::units::{Arm, Place, Resident};

/// Draws the curves, on logarithmic axes where the values are far apart. `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::NothingToDraw`] without a finite value, [`Error::Drawing`] when plotters fails.
pub fn resident_curves(resident: &Resident, alternative: &str) -> Result<Svg, Error> {
    let curves = Curves {
        title: resident.name.clone(),
        across: say!(en: "units that wait", pt: "unidades à espera"),
        up: say!(en: "memory of one (bytes)", pt: "memória de uma (bytes)"),
        series: resident.arms.iter().enumerate().map(|(index, arm)| series(index, arm)).collect(),
        cores: f64::INFINITY,
        apart: Some(apart(resident.arms.len())),
        adaptive: true,
        ..Curves::default()
    };
    curves.draw(alternative)
}

fn series(index: usize, arm: &Arm) -> Series {
    let (name, look) = match arm.recorded {
        true => (
            say!(en: "recorded: {}", pt: "registrado: {}", arm.name),
            Look { shape: Shape::Ring, dash: Dash::Long, ..Look::of(index) },
        ),
        false => (arm.name.clone(), Look::of(index)),
    };
    let measured = |place: &Place| {
        let units = say!(en: "{} units", pt: "unidades: {}", place.units);
        let mut lines = vec![name.clone(), units, in_bytes(&place.bytes)];
        lines.extend(
            place
                .kernel
                .map(|kernel| say!(en: "kernel stacks {}", pt: "pilhas no kernel {}", in_bytes(&kernel))),
        );
        Measured { at: place.units as f64, value: place.bytes, lines }
    };
    Series { points: arm.places.iter().map(measured).collect(), look, name: name.clone() }
}

/// Bytes with three digits and their unit: "2.66 [2.65, 2.68] kB".
pub(crate) fn in_bytes(estimate: &Estimate) -> String {
    let (factor, unit) = match estimate.point.abs() {
        large if large >= 1e9 => (1e-9, "GB"),
        large if large >= 1e6 => (1e-6, "MB"),
        large if large >= 1e3 => (1e-3, "kB"),
        _ => (1.0, "bytes"),
    };
    let scaled = estimate.scaled(factor);
    let decimals = (2 - scaled.point.abs().max(1.0).log10().floor() as i32).max(0) as usize;
    format!("{scaled:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_three_digits_and_a_unit() {
        let about = |point: f64| Estimate { point, low: point * 0.9, high: point * 1.1, level: 0.95 };
        assert_eq!(in_bytes(&about(2_660.0)), "2.66 [2.39, 2.93] kB");
        assert_eq!(in_bytes(&about(312.0)), "312 [281, 343] bytes");
        assert_eq!(in_bytes(&about(0.0)), "0.00 [0.00, 0.00] bytes");
    }
}
