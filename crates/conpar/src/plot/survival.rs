//! How many runs are still there after so many trials: stairs, with the intervals as bands.

use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;

use super::axis::{Axis, Scale};
use super::mark::Look;
use super::theme;
use super::words::shortened;
use super::{Spot, Svg, text};
use crate::Error;
use crate::language::{say, word};
use crate::liveness::{Arm, Survived};
use crate::measure::Estimate;

const SIZE: (u32, u32) = (740, 400);
/// The right-hand strip that names the programs, and the height of a row of it.
const LEGEND: u32 = 190;
const ROW: i32 = 22;

/// Draws the share of runs that have not deadlocked, over the trials; `alternative` is what the figure says in words.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn survival_curves(survived: &Survived, alternative: &str) -> Result<Svg, Error> {
    let last = survived.trials.max(2) as f64;
    let across = Axis::rounded(Scale::of(1.0, last), 0.0, Scale::of(1.0, last).position(last), 8);
    let up = Axis::rounded(Scale::Linear, 0.0, 105.0, 6);
    let mut spots = Vec::new();
    let svg = Svg::draw(SIZE, alternative, |area| {
        let (chart_area, legend) = area.split_horizontally(SIZE.0 - LEGEND);
        let title =
            say!(en: "{}: runs that have not deadlocked", pt: "{}: execuções sem impasse", survived.name);
        let mut chart = theme::framed(&chart_area, &title).build_cartesian_2d(
            across.range().with_key_points(across.ticks()),
            up.range().with_key_points(up.ticks()),
        )?;
        let (right, above) = (|at: &i32| across.label(*at), |at: &i32| format!("{}%", up.label(*at)));
        let mut mesh = chart.configure_mesh();
        mesh.x_desc(word!(en: "trials so far", pt: "tentativas até aqui"))
            .y_desc(word!(en: "share of the runs", pt: "fração das execuções"));
        mesh.x_label_formatter(&right).y_label_formatter(&above);
        theme::style(&mut mesh);
        mesh.draw()?;
        let place = |trial: f64, share: f64| {
            chart.backend_coord(&(across.along(across.scale.position(trial)), up.along(100.0 * share)))
        };
        for (index, arm) in survived.arms.iter().enumerate() {
            let look = Look::of_line(index);
            let stairs = stairs(arm, survived.trials);
            let edge =
                |end: fn(&Estimate) -> f64| stairs.iter().map(move |(trial, share)| (*trial, end(share)));
            let band = edge(|share| share.high).chain(edge(|share| share.low).rev());
            let band: Vec<_> = band.map(|(trial, share)| place(trial, share)).collect();
            chart_area.draw(&Polygon::new(band, look.colour.mix(0.18).filled()))?;
            let line: Vec<_> = edge(|share| share.point).map(|(trial, share)| place(trial, share)).collect();
            look.dash.line(&chart_area, &line, look.colour.stroke_width(2))?;
            if let (Some(&end), Some((_, share))) = (line.last(), stairs.last()) {
                look.mark(&chart_area, end)?;
                spots.push(Spot { at: end, lines: says(arm, share) });
            }
            let y = 52 + ROW * index as i32;
            look.dash.line(&legend, &[(4, y), (29, y)], look.colour.stroke_width(2))?;
            look.mark(&legend, (16, y))?;
            legend.draw(&Text::new(shortened(&arm.name, 23), (34, y - 6), text(12)))?;
        }
        Ok(())
    })?;
    Ok(svg.with_spots(spots))
}

/// The corners of the stairs: all runs are there before the first trial, which lies at the left end.
fn stairs(arm: &Arm, trials: u64) -> Vec<(f64, Estimate)> {
    let mut corners = vec![(1.0, arm.surviving(0))];
    for &trial in &arm.deadlocked_in {
        let before = corners[corners.len() - 1].1;
        let at = trial.max(1) as f64;
        corners.extend([(at, before), (at, arm.surviving(trial))]);
    }
    corners.push((trials.max(2) as f64, arm.surviving(trials)));
    corners
}

fn says(arm: &Arm, share: &Estimate) -> Vec<String> {
    let [point, low, high] = [share.point, share.low, share.high].map(|share| 100.0 * share);
    vec![
        arm.name.clone(),
        say!(
            en: "{} of {} runs deadlocked",
            pt: "{} de {} execuções em impasse",
            arm.deadlocked_in.len(),
            arm.runs
        ),
        say!(en: "left: {point:.0}% [{low:.0}, {high:.0}]", pt: "restam: {point:.0}% [{low:.0}, {high:.0}]"),
    ]
}
