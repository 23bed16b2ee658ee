//! How often a measured value fell where: bars over bins of equal width.

use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde::{Deserialize, Serialize};

use super::axis::spread;
use super::theme::{self, SERIES};
use super::timeline::within;
use super::{Svg, text};
use crate::Error;
use crate::language::{say, word};

const SIZE: (u32, u32) = (740, 360);

/// Fewer bins than these hide the shape, more than these are thinner than can be seen.
const BINS: std::ops::RangeInclusive<usize> = 8..=60;

/// The most bins that may be asked for.
const MOST_BINS: usize = 200;

/// The vertical axis counts in thousandths: plotters puts ticks where it is told on whole numbers only.
const ONE: f64 = 1_000.0;

/// Begins a histogram with this title. See [`Histogram`].
///
/// ```
/// use conpar::prelude::*;
///
/// let squares = (0..100).map(|x| f64::from(x * x));
/// let figure = histogram("squares").x("x²").values("0 to 99", squares).draw()?;
/// assert!(figure.markup().starts_with("<svg "));
/// # Ok::<(), conpar::Error>(())
/// ```
pub fn histogram(title: &str) -> Histogram {
    Histogram {
        title: title.to_owned(),
        x: String::new(),
        series: Vec::new(),
        bins: None,
        limit: None,
        logarithmic: false,
    }
}

/// A histogram that is being put together; the last expression of a cell shows it.
///
/// Several sets of values share the bins, their bars stand side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use = "a histogram is drawn as the last expression of a cell, or by `.draw()`"]
pub struct Histogram {
    title: String,
    x: String,
    series: Vec<(String, Vec<f64>)>,
    bins: Option<usize>,
    limit: Option<f64>,
    logarithmic: bool,
}

impl Histogram {
    /// What the values are, with their unit.
    pub fn x(mut self, quantity: &str) -> Histogram {
        self.x = quantity.to_owned();
        self
    }

    /// Adds a set of values named `name`. What is not finite is no value and left out.
    pub fn values(mut self, name: &str, values: impl IntoIterator<Item = f64>) -> Histogram {
        let mut finite: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        finite.sort_unstable_by(f64::total_cmp);
        self.series.push((name.to_owned(), finite));
        self
    }

    /// The number of bins, at least 1 and at most 200; without it, chosen from the values.
    pub fn bins(mut self, count: usize) -> Histogram {
        self.bins = Some(count.clamp(1, MOST_BINS));
        self
    }

    /// Gathers all values above `limit` in one last bar, so that a few far ones do not press all others into one bin.
    pub fn up_to(mut self, limit: f64) -> Histogram {
        self.limit = Some(limit);
        self
    }

    /// Makes the vertical axis logarithmic: a single value shows beside a thousand.
    pub fn log_counts(mut self) -> Histogram {
        self.logarithmic = true;
        self
    }

    /// The sets of values with their names, each in ascending order.
    pub fn series(&self) -> &[(String, Vec<f64>)] {
        &self.series
    }

    /// Whether it is as these methods leave it, and not what somebody wrote into a file.
    pub(crate) fn is_ordered(&self) -> bool {
        let ordered = |(_, values): &(String, Vec<f64>)| values.is_sorted();
        self.series.iter().all(ordered) && self.bins.is_none_or(|bins| (1..=MOST_BINS).contains(&bins))
    }

    /// What the histogram shows, in words.
    pub fn alternative(&self) -> String {
        let mut words = say!(
            en: "{}: how often each {} was seen.",
            pt: "{}: com que frequência se viu cada {}.",
            self.title,
            self.x
        );
        for (name, values) in self.series.iter().filter(|(_, values)| !values.is_empty()) {
            let [half, nearly_all] = [0.5, 0.99].map(|share| quantile(values, share));
            words += &say!(
                en: " {name}: half of {} values are at most {half:.4}, 99% at most {nearly_all:.4}.",
                pt: " {name}: metade de {} valores não passa de {half:.4}; 99% não passam de {nearly_all:.4}.",
                values.len()
            );
        }
        words
    }

    /// Draws the histogram.
    ///
    /// # Errors
    ///
    /// [`Error::NothingToDraw`] without a finite value, [`Error::NothingBelow`] when all values lie above the limit,
    /// [`Error::Drawing`] when plotters fails.
    pub fn draw(&self) -> Result<Svg, Error> {
        let bins = self.choose_bins()?;
        let counts: Vec<Vec<usize>> = self.series.iter().map(|(_, values)| bins.count_all(values)).collect();
        let most = counts.iter().flatten().copied().max().unwrap_or(1);
        Svg::draw(SIZE, &self.alternative(), |area| {
            let top = self.height(most) + self.height(most) / 8;
            let ticks: Vec<i32> = ticks(most, self.logarithmic).map(|count| self.height(count)).collect();
            let labels: Vec<usize> = self::ticks(most, self.logarithmic).collect();
            let mut chart = theme::framed(area, &self.title)
                .build_cartesian_2d(bins.low..bins.end(), (0..top).with_key_points(ticks.clone()))?;
            let label = |height: &i32| {
                let tick = ticks.iter().position(|tick| tick == height);
                tick.map_or(String::new(), |tick| labels[tick].to_string())
            };
            let mut mesh = chart.configure_mesh();
            let up = word!(en: "how often", pt: "frequência");
            mesh.disable_x_mesh().x_desc(&self.x).y_desc(up).y_label_formatter(&label);
            theme::style(&mut mesh);
            mesh.draw()?;
            for (index, (counts, (name, _))) in counts.iter().zip(&self.series).enumerate() {
                let colour = SERIES[index % SERIES.len()];
                let share = bins.width * 0.9 / self.series.len() as f64;
                let bars = counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(bin, &count)| {
                    let left = bins.left(bin) + bins.width * 0.05 + share * index as f64;
                    Rectangle::new([(left, 0), (left + share, self.height(count))], colour.filled())
                });
                let drawn = chart.draw_series(bars)?;
                let swatch = move |(x, y)| Rectangle::new([(x, y - 5), (x + 14, y + 5)], colour.filled());
                drawn.label(name).legend(swatch);
            }
            if let Some(limit) = self.limit.filter(|_| bins.above) {
                let highest = counts.iter().filter_map(|counts| counts.last()).copied().max().unwrap_or(0);
                let (x, y) = within(area, chart.backend_coord(&(bins.end(), self.height(highest))));
                let beside = text(12).pos(Pos::new(HPos::Right, VPos::Bottom));
                let above = say!(en: "all above {limit}", pt: "todos acima de {limit}");
                area.draw(&Text::new(above, (x, y - 4), beside))?;
            }
            if self.series.len() > 1 {
                // The bar of all that lies above stands at the right, with its words.
                let place = if bins.above {
                    SeriesLabelPosition::UpperMiddle
                } else {
                    SeriesLabelPosition::UpperRight
                };
                let mut legend = chart.configure_series_labels();
                legend.position(place).label_font(text(12)).margin(12).draw()?;
            }
            Ok(())
        })
    }

    /// How high a count stands, in thousandths of the axis' unit. On a logarithmic axis a single value stands a little
    /// above the ground.
    fn height(&self, count: usize) -> i32 {
        let height = match (self.logarithmic, count) {
            (true, 0) => 0.0,
            (true, count) => (count as f64).log10() + 0.25,
            (false, count) => count as f64,
        };
        (height * ONE).min(f64::from(i32::MAX / 2)).round() as i32
    }

    fn choose_bins(&self) -> Result<Bins, Error> {
        let mut all: Vec<f64> = self.series.iter().flat_map(|(_, values)| values).copied().collect();
        all.sort_unstable_by(f64::total_cmp);
        let (Some(&low), Some(&largest)) = (all.first(), all.last()) else {
            return Err(Error::NothingToDraw { title: self.title.clone() });
        };
        let limit = self.limit.unwrap_or(f64::INFINITY);
        if limit.is_nan() || limit <= low {
            return Err(Error::NothingBelow { title: self.title.clone(), limit, smallest: low });
        }
        let high = largest.min(limit);
        // The rule of Freedman and Diaconis, "On the histogram as a density estimator", 1981.
        let fit = || {
            let quartiles = quantile(&all, 0.75) - quantile(&all, 0.25);
            let width = 2.0 * quartiles / (all.len() as f64).cbrt();
            (((high - low) / width) as usize).clamp(*BINS.start(), *BINS.end())
        };
        let spread = spread(low, high).ok_or_else(|| Error::TooFarApart { title: self.title.clone() })?;
        let count = self.bins.unwrap_or_else(fit);
        Ok(Bins { low, width: spread / count as f64, count, above: largest > limit })
    }
}

/// The value below which a `share` (0 to 1) of the ascending, non-empty `values` lies.
pub(crate) fn quantile(values: &[f64], share: f64) -> f64 {
    values[((values.len() - 1) as f64 * share).round() as usize]
}

/// Bins of equal width, and whether there is one more for what lies above.
struct Bins {
    low: f64,
    width: f64,
    count: usize,
    above: bool,
}

impl Bins {
    /// How many of the `values` fall into each bin.
    fn count_all(&self, values: &[f64]) -> Vec<usize> {
        let mut counts = vec![0; self.count + usize::from(self.above)];
        let high = self.low + self.width * self.count as f64;
        for value in values {
            let bin = ((value - self.low) / self.width) as usize;
            // The largest value itself belongs to the last bin, not to one behind it.
            let bin = if self.above && *value > high { self.count } else { bin.min(self.count - 1) };
            counts[bin] += 1;
        }
        counts
    }

    /// Where a bin begins. The one for all that lies above stands apart.
    fn left(&self, bin: usize) -> f64 {
        let apart = if bin == self.count { 1.0 } else { 0.0 };
        self.low + self.width * (bin as f64 + apart)
    }

    fn end(&self) -> f64 {
        self.left(self.count - 1) + self.width * if self.above { 3.0 } else { 1.0 }
    }
}

/// Round numbers from 1 to `most`, for the vertical axis: powers of ten, or some four equal steps.
fn ticks(most: usize, logarithmic: bool) -> impl Iterator<Item = usize> {
    let power = |number: usize| 10_usize.pow(number.max(1).ilog10());
    let step = {
        let rough = most.div_ceil(4);
        let power = power(rough);
        [1, 2, 5, 10].into_iter().map(|factor| factor * power).find(|&step| step >= rough).unwrap_or(rough)
    };
    let mut next = usize::from(logarithmic);
    std::iter::from_fn(move || {
        let tick = next;
        next = if logarithmic { next.saturating_mul(10) } else { next + step.max(1) };
        (tick <= most).then_some(tick)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins(histogram: &Histogram) -> Bins {
        histogram.choose_bins().expect("there are values")
    }

    #[test]
    fn every_value_falls_into_one_bin() {
        let histogram = histogram("h").values("a", (0..1_000).map(f64::from)).bins(10);
        assert_eq!(bins(&histogram).count_all(&histogram.series()[0].1), [100; 10]);
        let limited = histogram.up_to(499.5).bins(5);
        let counts = bins(&limited).count_all(&limited.series()[0].1);
        assert_eq!((counts.len(), counts[5], counts.iter().sum::<usize>()), (6, 500, 1_000));
    }

    #[test]
    fn words_say_what_most_values_do_not_exceed() {
        let histogram = histogram("h").x("x").values("a", (0..=100).map(f64::from)).values("none", []);
        let expected =
            "h: how often each x was seen. a: half of 101 values are at most 50.0000, 99% at most 99.0000.";
        assert_eq!(histogram.alternative(), expected);
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error_and_equal_values_are_not() {
        let none = histogram("none").values("a", [f64::NAN, f64::INFINITY]).draw();
        assert_eq!(none, Err(Error::NothingToDraw { title: "none".into() }));
        let above = histogram("above").values("a", [2.0, 3.0]).up_to(1.0).draw();
        assert!(matches!(above, Err(Error::NothingBelow { .. })));
        assert!(histogram("alike").values("a", [2.0; 50]).log_counts().draw().is_ok());
        assert!(histogram("nearly alike").values("a", [1e16, 1e16 + 2.0]).draw().is_ok());
        for values in [[-1e308, 1e308], [0.0, 1e300], [1e-300, 2e-300]] {
            let far = histogram("far").values("a", values).draw();
            assert_eq!(far, Err(Error::TooFarApart { title: "far".into() }));
        }
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(1_700, true).collect::<Vec<_>>(), [1, 10, 100, 1_000]);
        assert_eq!(ticks(1_700, false).collect::<Vec<_>>(), [0, 500, 1_000, 1_500]);
        assert_eq!(ticks(1, false).collect::<Vec<_>>(), [0, 1]);
    }
}
