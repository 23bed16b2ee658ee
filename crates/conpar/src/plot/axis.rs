//! An axis that is linear or logarithmic: what lies where on it, and where its ticks stand.

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Scale {
    /// Equal differences take equal room.
    #[default]
    Linear,
    /// Equal ratios take equal room.
    Log,
}

/// From which ratio of the largest to the smallest value on an axis is logarithmic: on a linear one the small values
/// would lie on one another.
const WIDE: f64 = 15.0;

/// The same beside an axis that is logarithmic already: a step on one is then a step on the other.
const WIDE_BESIDE_LOG: f64 = 8.0;

/// Plotters puts ticks where it is told on whole numbers only: so it counts an axis in millionths of its length.
const LENGTH: i32 = 1_000_000;

impl Scale {
    /// The scale on which positive values between `low` and `high` can be told apart.
    pub(crate) fn of(low: f64, high: f64) -> Scale {
        if low > 0.0 && high / low >= WIDE { Scale::Log } else { Scale::Linear }
    }

    /// The same, beside an axis of the scale `other`.
    pub(crate) fn beside(other: Scale, low: f64, high: f64) -> Scale {
        match other {
            Scale::Log if low > 0.0 && high / low >= WIDE_BESIDE_LOG => Scale::Log,
            _ => Scale::of(low, high),
        }
    }

    /// Where `value` lies, in units of a linear axis or in decades above 1.
    ///
    /// Zero has no logarithm: a parameter that takes it (a capacity of none) has it half a decade below 1.
    pub(crate) fn position(self, value: f64) -> f64 {
        match self {
            Scale::Linear => value,
            Scale::Log if value == 0.0 => -0.5,
            Scale::Log => value.log10(),
        }
    }
}

/// An axis between two positions, with its ticks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    pub(super) scale: Scale,
    /// The positions at its ends.
    pub(super) from: f64,
    pub(super) to: f64,
    /// The values that have a tick, in ascending order.
    ticks: Vec<f64>,
}

impl Axis {
    /// An axis between two positions with ticks at round values, some `most` of them.
    pub(super) fn rounded(scale: Scale, from: f64, to: f64, most: usize) -> Axis {
        let ticks = match scale {
            Scale::Linear => multiples(from, to, step(to - from, most)),
            Scale::Log => decades(from, to, most),
        };
        Axis { scale, from, to, ticks }
    }

    /// An axis between two positions with ticks at `values`.
    pub(super) fn at(scale: Scale, from: f64, to: f64, values: Vec<f64>) -> Axis {
        Axis { scale, from, to, ticks: values }
    }

    /// The length of the axis.
    pub(super) fn length(&self) -> f64 {
        self.to - self.from
    }

    /// The axis as plotters counts it.
    pub(super) fn range(&self) -> std::ops::Range<i32> {
        0..LENGTH
    }

    /// Where a position lies, as plotters counts it.
    pub(super) fn along(&self, position: f64) -> i32 {
        ((position - self.from) / self.length() * f64::from(LENGTH)).round() as i32
    }

    /// Where the ticks lie, as plotters counts it.
    pub(super) fn ticks(&self) -> Vec<i32> {
        self.ticks.iter().map(|&value| self.along(self.scale.position(value))).collect()
    }

    /// The value of the tick there.
    pub(super) fn value(&self, at: i32) -> Option<f64> {
        self.ticks.iter().copied().find(|&value| self.along(self.scale.position(value)) == at)
    }

    /// What is written at a tick.
    pub(super) fn label(&self, at: i32) -> String {
        let finest = self.ticks.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        self.value(at).map_or_else(String::new, |value| match self.scale {
            Scale::Linear => short(value, finest),
            Scale::Log => short(value, value),
        })
    }
}

/// The smallest and the largest of `values`; `None` where there is none.
pub(super) fn ends(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().map(|value| (value, value)).reduce(|one, two| (one.0.min(two.0), one.1.max(two.1)))
}

/// How much an axis from `low` to `high` spans: more than nothing for values that are alike, so nearly alike included that
/// no tick would fit between them; `None` for values too far apart for one axis.
pub(super) fn spread(low: f64, high: f64) -> Option<f64> {
    /// Beyond it the arithmetic of an axis overflows.
    const FARTHEST: f64 = 1e150;
    /// A double has about 16 digits; an axis needs some of them for its ticks.
    const NEAREST: f64 = 1e-9;
    let size = low.abs().max(high.abs());
    let spread =
        if high - low > NEAREST * size { high - low } else { 0.1 * if size > 0.0 { size } else { 1.0 } };
    (size <= FARTHEST && spread >= 1.0 / FARTHEST).then_some(spread)
}

/// A number with as many decimals as tell it from its neighbour, `apart` away; thousands and millions shortened.
pub(super) fn short(value: f64, apart: f64) -> String {
    let decimals =
        |apart: f64| if apart == 0.0 { 0 } else { (-apart.log10().floor()).clamp(0.0, 9.0) as usize };
    match value.abs() {
        large if large >= 1e9 => format!("{:.*}G", decimals(apart / 1e9), value / 1e9),
        large if large >= 1e6 => format!("{:.*}M", decimals(apart / 1e6), value / 1e6),
        large if large >= 1e4 => format!("{:.*}k", decimals(apart / 1e3), value / 1e3),
        _ => format!("{value:.*}", decimals(apart)),
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that divides `length` into at most `most` parts.
fn step(length: f64, most: usize) -> f64 {
    let least = length / most as f64;
    let power = 10.0_f64.powf(least.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().find(|times| times * power >= least);
    round.unwrap_or(10.0) * power
}

fn multiples(from: f64, to: f64, step: f64) -> Vec<f64> {
    // A little beyond the ends, since a multiple is not exact.
    let (first, last) = ((from / step - 1e-9).ceil() as i64, (to / step + 1e-9).floor() as i64);
    (first..=last).map(|times| times as f64 * step).collect()
}

/// Powers of ten, with 2 and 5 times each where there are few.
fn decades(from: f64, to: f64, most: usize) -> Vec<f64> {
    let powers = from.floor() as i32..=to.ceil() as i32;
    let within = |value: &f64| (from - 1e-9..=to + 1e-9).contains(&value.log10());
    let of = |times: &'static [f64], every: i32| {
        let powers = powers.clone().filter(move |power| power % every == 0);
        let values =
            powers.flat_map(move |power| times.iter().map(move |times| times * 10.0_f64.powi(power)));
        values.filter(within).collect::<Vec<f64>>()
    };
    let fine = of(&[1.0, 2.0, 5.0], 1);
    if fine.len() <= most { fine } else { of(&[1.0], ((to - from) / most as f64).ceil().max(1.0) as i32) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks().into_iter().map(|at| axis.label(at)).collect()
    }

    #[test]
    fn ticks_are_round_and_told_apart() {
        assert_eq!(labels(&Axis::rounded(Scale::Linear, 0.0, 2.1, 8)), ["0.0", "0.5", "1.0", "1.5", "2.0"]);
        assert_eq!(
            labels(&Axis::rounded(Scale::Linear, -0.03, 0.1, 8)),
            ["-0.02", "0.00", "0.02", "0.04", "0.06", "0.08", "0.10"]
        );
        assert_eq!(labels(&Axis::rounded(Scale::Log, 0.9, 2.2, 8)), ["10", "20", "50", "100"]);
        assert_eq!(
            labels(&Axis::rounded(Scale::Log, -2.0, 5.5, 8)),
            ["0.01", "0.1", "1", "10", "100", "1000", "10k", "100k"]
        );
        assert_eq!(
            labels(&Axis::at(Scale::Log, 0.0, 6.1, vec![1.0, 1_024.0, 65_536.0])),
            ["1", "1024", "66k"]
        );
    }

    #[test]
    fn a_parameter_of_zero_has_a_place_of_its_own() {
        let axis = Axis::at(Scale::Log, -0.6, 3.1, vec![0.0, 1.0, 1_000.0]);
        assert_eq!(labels(&axis), ["0", "1", "1000"]);
        assert!(axis.ticks().is_sorted());
    }

    #[test]
    fn only_values_far_apart_make_an_axis_logarithmic() {
        assert_eq!(
            [Scale::of(1.0, 8.0), Scale::of(1.0, 64.0), Scale::of(0.0, 64.0)],
            [Scale::Linear, Scale::Log, Scale::Linear]
        );
        assert_eq!(
            [Scale::beside(Scale::Log, 1.0, 8.0), Scale::beside(Scale::Linear, 1.0, 8.0)],
            [Scale::Log, Scale::Linear]
        );
    }
}
