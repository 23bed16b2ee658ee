//! A law's curve over measured points, which the reader moves: in the page alone, the kernel takes no part.
//!
//! The handler stands in the block's own markup and finds what it moves from where it stands. So there are no names that
//! two blocks could share, and nothing is left behind when a cell is run again.

use std::fmt::Write as _;

use plotters::style::RGBColor;
use serde_json::json;

use super::plane::Plane;
use super::svg::escape;
use super::theme::SERIES;
use crate::language::word;
use crate::measure::Estimate;
use crate::model::{Amdahl, Law as _, Usl};

/// What the page does when a slider moves; `this` is the element around the sliders.
const SCRIPT: &str = include_str!("slider.js");

/// In how many steps the curve goes from one worker to the most.
const STEPS: usize = 60;

/// A law with the parameters at which its sliders start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Movable {
    /// Amdahl's law with its serial fraction.
    Amdahl(Amdahl),
    /// The universal scalability law with contention and coherency. Its speedup on one worker stays.
    Usl(Usl),
}

/// What the sliders move, and where it lies on the canvas.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slider {
    pub(crate) law: Movable,
    pub(crate) plane: Plane,
    /// The measured points: workers and speedup.
    pub(crate) points: Vec<(usize, Estimate)>,
}

/// One slider: the name by which the script knows it, its label, from 0 to where it goes, with how many decimals, and where
/// it starts.
struct Parameter {
    name: &'static str,
    label: &'static str,
    most: f64,
    decimals: i32,
    start: f64,
}

impl Movable {
    /// The name in the legend.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Movable::Amdahl(_) => word!(en: "Amdahl's law, moved", pt: "lei de Amdahl, movida"),
            Movable::Usl(_) => word!(en: "USL, moved", pt: "USL, movida"),
        }
    }

    fn speedup(&self, workers: f64) -> f64 {
        match self {
            Movable::Amdahl(law) => law.speedup(workers),
            Movable::Usl(law) => law.speedup(workers),
        }
    }

    /// The same law with parameters on which a slider can stand: else the page would round them, and tell another law.
    pub(super) fn rounded(self) -> Movable {
        let round = |value: f64, decimals: i32| {
            let steps = 10.0_f64.powi(decimals);
            (value.max(0.0) * steps).round() / steps
        };
        match self {
            Movable::Amdahl(Amdahl { serial_fraction }) => {
                Movable::Amdahl(Amdahl { serial_fraction: round(serial_fraction, SHARE).min(1.0) })
            }
            Movable::Usl(Usl { sigma, kappa, one_worker }) => Movable::Usl(Usl {
                sigma: round(sigma, SHARE).min(1.0),
                kappa: round(kappa, PAIR),
                one_worker,
            }),
        }
    }

    fn parameters(&self) -> Vec<Parameter> {
        let share = |name, label, start| Parameter { name, label, most: 1.0, decimals: SHARE, start };
        match *self {
            Movable::Amdahl(law) => {
                let label = word!(en: "serial fraction s", pt: "fração serial s");
                vec![share("s", label, law.serial_fraction)]
            }
            Movable::Usl(Usl { sigma, kappa, .. }) => {
                // A hundredth is much, it bends 10 workers back; four times the start leaves room on both sides.
                let most = (4.0 * kappa * 100.0).ceil().max(1.0) / 100.0;
                let label = word!(en: "coherency κ", pt: "coerência κ");
                let kappa = Parameter { name: "kappa", label, most, decimals: PAIR, start: kappa };
                vec![share("sigma", word!(en: "contention σ", pt: "contenção σ"), sigma), kappa]
            }
        }
    }
}

/// Decimals of a serial fraction and of contention, which are shares, and of coherency, which each pair of workers costs.
const SHARE: i32 = 3;
const PAIR: i32 = 5;

impl Slider {
    pub(super) const COLOUR: RGBColor = SERIES[1];

    /// The curve at the start, as a part of the drawing.
    pub(super) fn curve(&self) -> String {
        let most = self.most();
        let at = |step: usize| {
            let workers = 1.0 + (most - 1.0) * step as f64 / STEPS as f64;
            let (x, y) = self.plane.at(workers, self.law.speedup(workers));
            format!("{x:.1},{:.1}", y.max(self.plane.top))
        };
        let points: Vec<String> = (0..=STEPS).map(at).collect();
        let RGBColor(red, green, blue) = Slider::COLOUR;
        format!(
            "<polyline class=\"law\" fill=\"none\" stroke=\"#{red:02X}{green:02X}{blue:02X}\" stroke-width=\"3\" stroke-dasharray=\"3 4\" points=\"{}\"/>",
            points.join(" ")
        )
    }

    /// The sliders with their labels and what the moved law says.
    pub(super) fn controls(&self) -> String {
        let mut html = format!(
            // JupyterLab takes the arrow keys for its cells, and the focus with them, unless it is told not to.
            "<div class=\"sliders\" data-lm-suppress-shortcuts=\"true\" onkeydown=\"event.stopPropagation()\" data-law=\"{}\" oninput=\"{}\">",
            escape(&self.given().to_string()),
            escape(SCRIPT)
        );
        for Parameter { name, label, most, decimals, start } in self.law.parameters() {
            let (step, places) = (10.0_f64.powi(-decimals), decimals as usize);
            let _ = write!(
                html,
                "<label><span>{label}</span><input type=\"range\" data-parameter=\"{name}\" data-decimals=\"{decimals}\" \
                 min=\"0\" max=\"{most}\" step=\"{step:.places$}\" value=\"{start:.places$}\"><span>{start:.places$}</span></label>"
            );
        }
        let _ = write!(html, "<output>{}</output></div>", escape(&self.said()));
        html
    }

    /// The most workers of a measured point.
    fn most(&self) -> f64 {
        self.points.iter().map(|&(workers, _)| workers).max().unwrap_or(1) as f64
    }

    /// What the script has to know.
    fn given(&self) -> serde_json::Value {
        let points: Vec<_> = self
            .points
            .iter()
            .map(|(workers, speedup)| json!([workers, speedup.low, speedup.high]))
            .collect();
        let (kind, one) = match self.law {
            Movable::Amdahl(_) => ("amdahl", 1.0),
            Movable::Usl(law) => ("usl", law.one_worker),
        };
        // Speedups over workers: both axes are linear.
        let Plane { left, across, bottom, up, top, .. } = self.plane;
        json!({
            "kind": kind, "one": one, "points": points, "words": words(), "most": self.most(),
            "left": left, "across": across, "bottom": bottom, "up": up, "top": top,
        })
    }

    /// What the law says where the sliders start.
    fn said(&self) -> String {
        let held = self.points.iter().filter(|(workers, speedup)| {
            let predicted = self.law.speedup(*workers as f64);
            speedup.low <= predicted && predicted <= speedup.high
        });
        let (last, all) = (self.most(), self.points.len());
        words()
            .replace("{n}", &last.to_string())
            .replace("{speedup}", &format!("{:.2}", self.law.speedup(last)))
            .replace("{held}", &held.count().to_string())
            .replace("{all}", &all.to_string())
    }
}

/// What the moved law says, with places for its numbers.
fn words() -> &'static str {
    word!(
        en: "On {n} workers this law gives {speedup}. It passes through {held} of {all} intervals.",
        pt: "Com {n} trabalhadores, esta lei dá {speedup}. Ela passa por {held} de {all} intervalos."
    )
}
