//! What failures and checkpoints cost over the time between two checkpoints, for a job that the reader makes larger by
//! sliders. The page alone computes: the formula is Daly's, the line at its side Young's.

use std::fmt::Write as _;

use super::Svg;
use super::curves::{Curves, Guide, Measured, Series};
use super::mark::{Dash, Look};
use super::plane::Plane;
use super::svg::escape;
use super::theme::{MUTED, SERIES};
use crate::Error;
use crate::measure::Estimate;
use crate::ranks::Checkpoints;

/// The colour of the curve that sliders move.
const MOVED: plotters::style::RGBColor = SERIES[1];

/// What the page does when a slider moves; `this` is the element around the sliders.
const SCRIPT: &str = include_str!("checkpoints.js");

/// The times between two checkpoints that are drawn, in seconds: a minute to some hours.
const FROM: f64 = 60.0;
const TO: f64 = 20_000.0;
const STEPS: usize = 80;
/// What takes longer is off the plane.
const MOST_STRETCH: f64 = 3.0;

/// Draws the curve with its sliders.
///
/// # Errors
///
/// [`Error::Drawing`] when plotters fails.
pub fn checkpoints_curve(given: &Checkpoints, alternative: &str) -> Result<Svg, Error> {
    let at = |step: usize| FROM * (TO / FROM).powf(step as f64 / STEPS as f64);
    // Followed through failures, at a few places: the marks under the formula.
    let followed = (0..=8).map(|tenth| at(tenth * STEPS / 8)).filter_map(|interval| {
        let mut stretched: Vec<f64> = (0..9).map(|seed| given.simulated(interval, seed)).collect();
        stretched.sort_unstable_by(f64::total_cmp);
        let value = Estimate { point: stretched[4], low: stretched[0], high: stretched[8], level: 0.95 };
        let lines = vec![
            "followed through failures".to_owned(),
            format!("a checkpoint every {:.0} s", interval),
            format!("takes {:.3} times as long", value.point),
        ];
        (value.high < MOST_STRETCH).then_some(Measured { at: interval.round(), value, lines })
    });
    let name = "simulated, at the start".to_owned();
    let curves = Curves {
        title: "checkpoints and failures (simulated)".to_owned(),
        across: "time between checkpoints (s)".to_owned(),
        up: "time, as a multiple of that without failures".to_owned(),
        cores: f64::INFINITY,
        adaptive: true,
        series: vec![Series { name, look: Look::of(0), points: followed.collect() }],
        guides: vec![
            // They hold the axes open to where the sliders lead.
            Guide {
                name: "no loss".to_owned(),
                colour: MUTED,
                dash: Dash::Dots,
                points: vec![(FROM, 1.0), (TO, 1.0)],
            },
            Guide {
                name: String::new(),
                colour: MUTED,
                dash: Dash::Dots,
                points: vec![(FROM, MOST_STRETCH)],
            },
            Guide {
                name: "Daly's formula, moved".to_owned(),
                colour: MOVED,
                dash: Dash::Dots,
                points: Vec::new(),
            },
        ],
        ..Curves::default()
    };
    let (svg, plane) = curves.draw_on(alternative)?;
    let intervals: Vec<f64> = (0..=STEPS).map(at).collect();
    let through: Vec<String> =
        intervals.iter().map(|&interval| pixels(&plane, interval, given.stretch(interval))).collect();
    let plotters::style::RGBColor(red, green, blue) = MOVED;
    let line = format!(
        "<polyline class=\"law\" fill=\"none\" stroke=\"#{red:02X}{green:02X}{blue:02X}\" stroke-width=\"3\" stroke-dasharray=\"3 4\" points=\"{}\"/>",
        through.join(" ")
    );
    Ok(svg.with_moving(&line, &controls(given, &plane)))
}

fn pixels(plane: &Plane, interval: f64, stretch: f64) -> String {
    let (x, y) = plane.at(interval, stretch);
    format!("{x:.1},{:.1}", if y.is_finite() { y.max(plane.top) } else { plane.top })
}

fn controls(given: &Checkpoints, plane: &Plane) -> String {
    let Plane { left, across, bottom, up, top, .. } = *plane;
    let law = serde_json::json!({
        "from": FROM, "to": TO, "steps": STEPS, "restart": given.restart,
        "left": left, "across": across, "bottom": bottom, "up": up, "top": top,
    });
    let mut html = format!(
        "<div class=\"sliders\" data-lm-suppress-shortcuts=\"true\" onkeydown=\"event.stopPropagation()\" data-law=\"{}\" oninput=\"{}\">",
        escape(&law.to_string()),
        escape(SCRIPT)
    );
    let sliders = [
        ("machines", "machines (2ⁿ)", 0.0, 17.0, (given.machines as f64).log2().round()),
        (
            "years",
            "years between failures of one",
            1.0,
            50.0,
            (given.hours / 8_766.0).round().clamp(1.0, 50.0),
        ),
        ("cost", "a checkpoint (s)", 1.0, 600.0, given.cost.round().clamp(1.0, 600.0)),
    ];
    for (name, label, least, most, start) in sliders {
        let _ = write!(
            html,
            "<label><span>{label}</span><input type=\"range\" data-parameter=\"{name}\" data-decimals=\"0\" \
             min=\"{least}\" max=\"{most}\" step=\"1\" value=\"{start}\"><span>{start}</span></label>"
        );
    }
    let said = format!(
        "All together fail every {:.1} hours. Young: a checkpoint every {:.0} s; then the job takes {:.3} times as long.",
        given.between_failures() / 3_600.0,
        given.young(),
        given.stretch(given.young())
    );
    let _ = write!(html, "<output>{}</output></div>", escape(&said));
    html
}
