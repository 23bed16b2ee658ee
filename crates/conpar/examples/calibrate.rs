//! Runs the instrument against what is known, and writes what came out as a page: `cargo lab calibrate`.
//!
//! Arguments: the page's file, then `--quick`, `--json FILE`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use conpar::calibration::{Calibration, Extent, calibrate};
use conpar::measure::Verdict;
use conpar::prelude::*;

/// At most one progress line in this time.
const PAUSE: Duration = Duration::from_secs(5);

/// The page around the sections: it follows the reader's light or dark theme.
const HEAD: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
content=\"width=device-width\"><title>Calibration</title><style>:root{color-scheme:light dark}\
body{max-width:780px;margin:2em auto;padding:0 1em;font-family:system-ui,sans-serif;background:Canvas;color:CanvasText}\
h1{font-size:1.5em}h2{font-size:1.15em;margin:2em 0 .4em}</style><h1>Is the instrument right on this machine?</h1>";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut page, mut json, mut extent) = (None, None, Extent::FULL);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => extent = Extent::QUICK,
            "--json" => json = Some(PathBuf::from(arguments.next().ok_or("--json needs a file")?)),
            _ => page = Some(PathBuf::from(argument)),
        }
    }
    let page = page.ok_or("the page's file is missing")?;
    let calibration = calibrate(&extent, &mut progress())?;
    for (heading, block) in calibration.sections() {
        println!("\n== {heading}\n{}", block.text());
    }
    println!();
    let claims = calibration.claims().0;
    for claim in &claims {
        println!("{}: {}", claim.claim, claim.verdict);
    }
    std::fs::write(&page, html(&calibration))?;
    println!("\nThe figures: {}", page.display());
    if let Some(json) = json {
        println!("{}", calibration.save_json(json)?);
    }
    match claims.iter().any(|claim| claim.verdict == Verdict::Violated) {
        true => Err("the instrument was wrong here: what it says of this machine cannot be trusted".into()),
        false => Ok(()),
    }
}

fn html(calibration: &Calibration) -> String {
    let section =
        |(heading, block): (&str, conpar::notebook::Block)| format!("<h2>{heading}</h2>{}", block.html());
    HEAD.to_owned() + &calibration.sections().map(section).concat()
}

/// Prints which part runs and about how much time is left, at the beginning of each part and every few seconds.
fn progress() -> impl FnMut(&str, f64) {
    let start = Instant::now();
    let (mut last_part, mut last_line) = (String::new(), start);
    move |part, share| {
        if part == last_part && last_line.elapsed() < PAUSE {
            return;
        }
        let left = start.elapsed().as_secs_f64() * (1.0 - share) / share;
        match left.is_finite() {
            true => println!("  {part}: {:.0}% of all done, about {left:.0} s left", share * 100.0),
            false => println!("  {part}"),
        }
        (last_part, last_line) = (part.to_owned(), Instant::now());
    }
}
