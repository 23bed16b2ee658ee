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
use crate::language::{say, word};
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
            say!(en: "followed through failures", pt: "acompanhado através de falhas"),
            say!(en: "a checkpoint every {:.0} s", pt: "um checkpoint a cada {:.0} s", interval),
            say!(en: "takes {:.3} times as long", pt: "leva {:.3} vezes o tempo", value.point),
        ];
        (value.high < MOST_STRETCH).then_some(Measured { at: interval.round(), value, lines })
    });
    let name = say!(en: "simulated, at the start", pt: "simulado, no início");
    let curves = Curves {
        title: say!(en: "checkpoints and failures (simulated)", pt: "checkpoints e falhas (simulado)"),
        across: say!(en: "time between checkpoints (s)", pt: "tempo entre checkpoints (s)"),
        up: say!(
            en: "time, as a multiple of that without failures",
            pt: "tempo, como múltiplo do tempo sem falhas"
        ),
        cores: f64::INFINITY,
        adaptive: true,
        series: vec![Series { name, look: Look::of(0), points: followed.collect() }],
        guides: vec![
            // They hold the axes open to where the sliders lead.
            Guide {
                name: say!(en: "no loss", pt: "sem perda"),
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
                name: say!(en: "Daly's formula, moved", pt: "fórmula de Daly, ajustável"),
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
        "says": says("{hours}", "{young}", "{stretch}"),
    });
    let mut html = format!(
        "<div class=\"sliders\" data-lm-suppress-shortcuts=\"true\" onkeydown=\"event.stopPropagation()\" data-law=\"{}\" oninput=\"{}\">",
        escape(&law.to_string()),
        escape(SCRIPT)
    );
    let sliders = [
        (
            "machines",
            word!(en: "machines (2ⁿ)", pt: "máquinas (2ⁿ)"),
            0.0,
            17.0,
            (given.machines as f64).log2().round(),
        ),
        (
            "years",
            word!(en: "years between failures of one", pt: "anos entre falhas de uma"),
            1.0,
            50.0,
            (given.hours / 8_766.0).round().clamp(1.0, 50.0),
        ),
        (
            "cost",
            word!(en: "a checkpoint (s)", pt: "um checkpoint (s)"),
            1.0,
            600.0,
            given.cost.round().clamp(1.0, 600.0),
        ),
    ];
    for (name, label, least, most, start) in sliders {
        let _ = write!(
            html,
            "<label><span>{label}</span><input type=\"range\" data-parameter=\"{name}\" data-decimals=\"0\" \
             min=\"{least}\" max=\"{most}\" step=\"1\" value=\"{start}\"><span>{start}</span></label>"
        );
    }
    let said = says(
        &format!("{:.1}", given.between_failures() / 3_600.0),
        &format!("{:.0}", given.young()),
        &format!("{:.3}", given.stretch(given.young())),
    );
    let _ = write!(html, "<output>{}</output></div>", escape(&said));
    html
}

/// What stands below the sliders; the page puts its own numbers in.
fn says(hours: &str, young: &str, stretch: &str) -> String {
    say!(
        en: "All together fail every {hours} hours. Young: a checkpoint every {young} s; \
             then the job takes {stretch} times as long.",
        pt: "Todas juntas: uma falha a cada {hours} horas. Young: um checkpoint a cada {young} s; \
             então o job leva {stretch} vezes o tempo sem falhas."
    )
}
