//! The proof that the laws' intervals hold the truth: thousands of simulated sweeps whose law and noise are known, each
//! taken through the same code as a real measurement, from samples to gates. `--nocapture` shows the tables.
//!
//! All of it is arithmetic with fixed seeds: the same on a busy machine as on a quiet one.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use conpar::measure::{Drawn, Estimate, Sample, Samples};
use conpar::model::{Amdahl, Gustafson, Law, LawName, Laws, Mode, Predicted, Refused, Source, Usl};

/// Fewer than for a real result, to have time for more sweeps. It makes the ends of an interval rougher, and the proof
/// harder by a little.
const RESAMPLES: usize = 500;

/// So many sweeps that the gate let through decide on a cell of the table: three standard errors of a share of 95% are
/// then 2%, and an interval that keeps its level does not fall below [`WANTED`] by chance.
const DECIDE: usize = 1_000;

/// How many sweeps a cell has at most, where the gate lets few through.
const MOST: usize = 3_000;

/// The share of the intervals that must hold the truth.
const WANTED: f64 = 0.93;

/// A law that is wrong may be let through as often as an interval at 95% may miss.
const LEVEL_LEFT: f64 = 0.05;

/// What a sweep is made from.
#[derive(Debug, Clone, Copy)]
enum Truth {
    Amdahl(Amdahl),
    Gustafson(Gustafson),
    Usl(Usl),
}

/// One cell of the table: a truth, and how it is measured.
#[derive(Debug, Clone, Copy)]
struct Cell {
    truth: Truth,
    counts: &'static [usize],
    rounds: usize,
    noise: Noise,
}

/// What makes a sample differ from the truth. All of it multiplies.
#[derive(Debug, Clone, Copy)]
struct Noise {
    /// The standard deviation of the logarithm of a sample.
    spread: f64,
    /// The same of what all samples of a round share: a clock that rises and falls over some ten rounds.
    drift: f64,
    /// The share of samples that take longer, by half as long on average, and are not seen to be disturbed.
    outliers: f64,
    /// The share of samples that are seen to be disturbed: they take twice as long, and do not count as clean.
    disturbed: f64,
}

const QUIET: Noise = Noise { spread: 0.01, drift: 0.005, outliers: 0.0, disturbed: 0.0 };
const LOUD: Noise = Noise { spread: 0.05, drift: 0.02, outliers: 0.2, disturbed: 0.0 };
const BUSY: Noise = Noise { spread: 0.02, drift: 0.01, outliers: 0.05, disturbed: 0.3 };
const DRIFTING: Noise = Noise { spread: 0.01, drift: 0.05, outliers: 0.05, disturbed: 0.05 };

const THREE: &[usize] = &[1, 2, 3];
const SIX: &[usize] = &[1, 2, 3, 4, 5, 6];
const EIGHT: &[usize] = &[1, 2, 3, 4, 5, 6, 7, 8];
const SIXTEEN: &[usize] = &[1, 2, 3, 4, 6, 8, 12, 16];
const SIXTY_FOUR: &[usize] = &[1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

impl Truth {
    fn speedup(&self, workers: f64) -> f64 {
        match self {
            Truth::Amdahl(law) => law.speedup(workers),
            Truth::Gustafson(law) => law.speedup(workers),
            Truth::Usl(law) => law.speedup(workers),
        }
    }

    fn mode(&self) -> Mode {
        if matches!(self, Truth::Gustafson(_)) { Mode::Weak } else { Mode::Strong }
    }
}

fn normal(rng: &mut fastrand::Rng) -> f64 {
    // Box and Muller's transformation.
    (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (std::f64::consts::TAU * rng.f64()).cos()
}

impl Cell {
    /// The samples of one sweep: arm 0 is serial, then one arm for each worker count.
    fn samples(&self, rng: &mut fastrand::Rng) -> Samples {
        let mut arms = vec![Vec::new(); self.counts.len() + 1];
        let mut shared = self.noise.drift * normal(rng);
        for _ in 0..self.rounds {
            // Nine tenths of the round before: the standard deviation stays.
            shared = 0.9 * shared + (1.0_f64 - 0.81).sqrt() * self.noise.drift * normal(rng);
            for (index, arm) in arms.iter_mut().enumerate() {
                let speedup =
                    if index == 0 { 1.0 } else { self.truth.speedup(self.counts[index - 1] as f64) };
                let mut seconds = (shared + self.noise.spread * normal(rng)).exp() / speedup;
                if rng.f64() < self.noise.outliers {
                    seconds *= 1.0 - 0.5 * (1.0 - rng.f64()).ln();
                }
                let clean = rng.f64() >= self.noise.disturbed;
                arm.push(Sample { seconds: if clean { seconds } else { 2.0 * seconds }, clean });
            }
        }
        Samples::new(arms)
    }

    fn laws(&self, seed: u64) -> Laws {
        let samples = self.samples(&mut fastrand::Rng::with_seed(seed));
        let source = |(index, &workers)| Source { workers, base: 0, arm: index + 1 };
        let curve: Vec<Source> = self.counts.iter().enumerate().map(source).collect();
        Laws::fit(&Drawn::new(&samples, RESAMPLES), &curve, self.truth.mode())
    }

    /// For each quantity that a sweep let through, whether its interval holds the truth.
    fn held(&self, laws: &Laws) -> Vec<(&'static str, bool)> {
        let mut held = Vec::new();
        let band = |held: &mut Vec<_>, band: &[Predicted]| {
            for (name, at) in [("band's middle", band.len() / 2), ("band's end", band.len() - 1)] {
                held.push((name, holds(&band[at].speedup, self.truth.speedup(band[at].workers))));
            }
        };
        match (self.truth, &laws.amdahl, &laws.gustafson, &laws.usl) {
            (Truth::Amdahl(law), Ok(fitted), ..) => {
                held.push(("s", holds(&fitted.parameters.serial_fraction, law.serial_fraction)));
                band(&mut held, &fitted.band);
            }
            (Truth::Gustafson(law), _, Ok(fitted), _) => {
                held.push(("s'", holds(&fitted.parameters.serial_fraction, law.serial_fraction)));
                band(&mut held, &fitted.band);
            }
            (Truth::Usl(law), _, _, Ok(fitted)) => {
                let found = fitted.parameters;
                held.push(("sigma", holds(&found.sigma, law.sigma)));
                held.push(("kappa", holds(&found.kappa, law.kappa)));
                held.push(("one worker", holds(&found.one_worker, law.one_worker)));
                band(&mut held, &fitted.band);
                if let Ok(peak) = laws.peak {
                    held.push(("peak", holds(&peak, law.peak().unwrap_or(f64::INFINITY))));
                }
            }
            _ => (),
        }
        held
    }
}

fn holds(estimate: &Estimate, truth: f64) -> bool {
    // A parameter on its bound is computed back from sums: exact to rounding only.
    let rounding = 1e-9;
    estimate.low - rounding <= truth && truth <= estimate.high + rounding
}

/// How often a quantity was let through, and how often its interval then held the truth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    shown: usize,
    held: usize,
}

impl Tally {
    fn share(&self) -> f64 {
        self.held as f64 / self.shown as f64
    }
}

/// What all sweeps of a cell gave.
#[derive(Debug, Default)]
struct Outcome {
    sweeps: usize,
    tallies: BTreeMap<&'static str, Tally>,
}

impl Outcome {
    fn shown(&self, quantity: &str) -> f64 {
        self.tallies.get(quantity).map_or(0.0, |tally| tally.shown as f64) / self.sweeps as f64
    }
}

/// Runs the sweeps of one cell until [`DECIDE`] were let through, on all cores; prints its row.
fn run(cell: &Cell, number: usize) -> Outcome {
    const BLOCK: usize = 250;
    let mut outcome = Outcome::default();
    let most_shown = |outcome: &Outcome| outcome.tallies.values().map(|tally| tally.shown).max().unwrap_or(0);
    // In blocks, so that when to stop depends on nothing but the seeds.
    while outcome.sweeps < MOST && most_shown(&outcome) < DECIDE {
        let (next, tallies) = (AtomicUsize::new(0), Mutex::new(&mut outcome.tallies));
        std::thread::scope(|scope| {
            for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= BLOCK {
                            break;
                        }
                        let seed = (number * MOST + outcome.sweeps + index) as u64;
                        let held = cell.held(&cell.laws(seed));
                        let mut tallies = tallies.lock().expect("no panic");
                        for (quantity, held) in held {
                            let tally = tallies.entry(quantity).or_default();
                            tally.shown += 1;
                            tally.held += usize::from(held);
                        }
                    }
                });
            }
        });
        outcome.sweeps += BLOCK;
    }
    println!("{}", row(cell, &outcome));
    outcome
}

fn row(cell: &Cell, outcome: &Outcome) -> String {
    let truth = match cell.truth {
        Truth::Amdahl(law) => format!("Amdahl s {}", law.serial_fraction),
        Truth::Gustafson(law) => format!("Gustafson s' {}", law.serial_fraction),
        Truth::Usl(law) => format!("USL σ {} κ {} c {}", law.sigma, law.kappa, law.one_worker),
    };
    let Noise { spread, drift, outliers, disturbed } = cell.noise;
    let mut row = format!(
        "{truth:26} {:2} counts to {:2}, {:3} rounds, noise {:2.0}%, drift {:3.1}%, outliers {:2.0}%, disturbed {:2.0}% | {} sweeps",
        cell.counts.len(),
        cell.counts.last().unwrap_or(&0),
        cell.rounds,
        100.0 * spread,
        100.0 * drift,
        100.0 * outliers,
        100.0 * disturbed,
        outcome.sweeps
    );
    for (quantity, tally) in &outcome.tallies {
        row += &format!(
            " | {quantity}: shown {:.1}%, held {:.1}%",
            100.0 * outcome.shown(quantity),
            100.0 * tally.share()
        );
    }
    row
}

/// Runs all `cells` and holds every quantity that was let through to [`WANTED`].
///
/// Quantities that were let through too rarely to decide on a cell are counted together: it is there that an interval
/// would suffer from the gate having chosen.
fn prove(cells: &[Cell]) -> Vec<Outcome> {
    let outcomes: Vec<Outcome> = cells.iter().enumerate().map(|(number, cell)| run(cell, number)).collect();
    let mut rare: BTreeMap<&str, Tally> = BTreeMap::new();
    for (cell, outcome) in cells.iter().zip(&outcomes) {
        for (quantity, tally) in &outcome.tallies {
            if tally.shown >= DECIDE {
                assert!(tally.share() >= WANTED, "{quantity} is held too rarely: {}", row(cell, outcome));
            } else {
                let together = rare.entry(quantity).or_default();
                together.shown += tally.shown;
                together.held += tally.held;
            }
        }
    }
    for (quantity, tally) in rare {
        println!(
            "let through rarely, all cells together | {quantity}: {} times, held {:.1}%",
            tally.shown,
            100.0 * tally.share()
        );
        assert!(tally.share() >= WANTED, "{quantity} is held too rarely where the gate chose");
    }
    outcomes
}

/// How Amdahl's and Gustafson's law are measured.
const MEASURED: [(&[usize], usize, Noise); 6] = [
    (THREE, 7, QUIET),
    (THREE, 40, LOUD),
    (EIGHT, 7, LOUD),
    (EIGHT, 40, BUSY),
    (SIXTEEN, 20, DRIFTING),
    (SIXTY_FOUR, 20, LOUD),
];

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimisation: cargo test --release")]
fn the_intervals_of_amdahls_law_hold_the_truth() {
    let cells: Vec<Cell> = [0.0, 0.02, 0.1, 0.5]
        .into_iter()
        .flat_map(|serial_fraction| {
            let truth = Truth::Amdahl(Amdahl { serial_fraction });
            MEASURED.map(|(counts, rounds, noise)| Cell { truth, counts, rounds, noise })
        })
        .collect();
    for outcome in prove(&cells) {
        assert!(outcome.shown("s") > 0.9, "three points and more carry the law: {outcome:?}");
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimisation: cargo test --release")]
fn the_intervals_of_gustafsons_law_hold_the_truth() {
    let cells: Vec<Cell> = [0.0, 0.3]
        .into_iter()
        .flat_map(|serial_fraction| {
            let truth = Truth::Gustafson(Gustafson { serial_fraction });
            MEASURED.map(|(counts, rounds, noise)| Cell { truth, counts, rounds, noise })
        })
        .collect();
    for outcome in prove(&cells) {
        assert!(outcome.shown("s'") > 0.9, "three points and more carry the law: {outcome:?}");
    }
}

/// Also: what is not there is let through no more often than the level says, be it coherency or a peak within the range.
#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimisation: cargo test --release")]
fn the_intervals_of_the_universal_law_hold_the_truth_wherever_the_gate_lets_it_through() {
    let usl = |sigma, kappa, one_worker, counts, rounds, noise| Cell {
        truth: Truth::Usl(Usl { sigma, kappa, one_worker }),
        counts,
        rounds,
        noise,
    };
    let cells = [
        // Clear of every gate.
        usl(0.05, 0.005, 1.0, EIGHT, 40, DRIFTING),
        usl(0.05, 0.02, 0.95, EIGHT, 80, LOUD),
        usl(0.1, 0.01, 0.8, SIXTEEN, 40, LOUD),
        usl(0.02, 0.002, 1.0, SIXTY_FOUR, 80, BUSY),
        usl(0.02, 0.0002, 0.95, SIXTY_FOUR, 40, QUIET),
        // On the boundary of sigma.
        usl(0.0, 0.001, 1.0, EIGHT, 40, QUIET),
        usl(0.0, 0.02, 0.95, EIGHT, 80, LOUD),
        usl(0.0, 0.0003, 1.0, SIXTY_FOUR, 40, LOUD),
        // Near the gate of kappa, which lets some sweeps through and others not.
        usl(0.05, 0.005, 1.0, SIX, 40, LOUD),
        usl(0.05, 0.001, 1.0, EIGHT, 80, LOUD),
        usl(0.0, 0.001, 1.0, EIGHT, 200, LOUD),
        usl(0.05, 0.001, 0.95, SIXTEEN, 40, LOUD),
        usl(0.0, 0.001, 1.0, EIGHT, 40, DRIFTING),
        // No coherency.
        usl(0.0, 0.0, 1.0, SIX, 40, QUIET),
        usl(0.02, 0.0, 0.95, EIGHT, 40, DRIFTING),
        usl(0.1, 0.0, 1.0, EIGHT, 40, LOUD),
        usl(0.05, 0.0, 1.0, SIXTEEN, 40, QUIET),
        usl(0.02, 0.0, 1.0, SIXTY_FOUR, 40, LOUD),
        // The peak just within the range, at 7.7 of 8 workers.
        usl(0.05, 0.016, 1.0, EIGHT, 80, LOUD),
        usl(0.05, 0.016, 1.0, EIGHT, 80, BUSY),
        // Just beyond it: at 8.1 and at 10 of 8 workers, at 66 of 64.
        usl(0.02, 0.015, 1.0, EIGHT, 40, QUIET),
        usl(0.0, 0.01, 1.0, EIGHT, 40, LOUD),
        usl(0.02, 0.000225, 1.0, SIXTY_FOUR, 40, QUIET),
    ];
    for (cell, outcome) in cells.iter().zip(prove(&cells)) {
        let Truth::Usl(law) = cell.truth else { continue };
        let most = cell.counts.last().map_or(1.0, |&most| most as f64);
        if law.kappa == 0.0 {
            assert!(outcome.shown("kappa") <= LEVEL_LEFT, "{}", row(cell, &outcome));
        }
        if law.peak().is_none_or(|peak| peak > most) {
            assert!(outcome.shown("peak") <= LEVEL_LEFT, "{}", row(cell, &outcome));
        }
    }
}

#[test]
fn a_law_that_the_points_cannot_carry_is_refused_with_the_reason() {
    let law = Usl { sigma: 0.05, kappa: 0.02, one_worker: 1.0 };
    let cell = Cell { truth: Truth::Usl(law), counts: EIGHT, rounds: 60, noise: QUIET };
    let two = Cell { counts: &[1, 2], ..cell }.laws(1);
    let few = |law, needed, found| Refused::TooFewCounts { law, needed, found };
    assert_eq!(two.amdahl, Err(few(LawName::Amdahl, 3, 2)));
    let five = Cell { counts: &EIGHT[..5], ..cell }.laws(1);
    assert_eq!(five.usl, Err(few(LawName::Usl, 6, 5)));
    assert_eq!(five.peak, Err(few(LawName::Usl, 6, 5)));
    let short = Cell { rounds: 39, ..cell }.laws(1);
    assert_eq!(short.usl, Err(Refused::TooFewRounds { law: LawName::Usl, needed: 40, found: 39 }));
    // The speedup falls again after seven workers: Amdahl's law cannot say that, whatever its fraction.
    let falls = cell.laws(1);
    assert!(matches!(falls.amdahl, Err(Refused::Contradicted { law: LawName::Amdahl, .. })), "{falls:?}");
    assert!(falls.usl.is_ok() && falls.peak.is_ok(), "{falls:?}");
    assert_eq!(falls.gustafson, Err(Refused::WorkFixed { law: LawName::Gustafson }));
    // Where nearly all samples were disturbed, nothing is fitted to the minima that are left.
    let disturbed = Cell { noise: Noise { disturbed: 0.9, ..QUIET }, ..cell }.laws(1);
    assert_eq!(disturbed.amdahl, Err(few(LawName::Amdahl, 3, 0)));
    let grew = Cell { truth: Truth::Gustafson(Gustafson { serial_fraction: 0.2 }), ..cell }.laws(1);
    assert!(grew.gustafson.is_ok(), "{grew:?}");
    assert_eq!(grew.usl, Err(Refused::WorkGrew { law: LawName::Usl }));
    assert_eq!(grew.amdahl, Err(Refused::WorkGrew { law: LawName::Amdahl }));
}

#[test]
fn what_was_fitted_survives_json_bit_for_bit() {
    let law = Usl { sigma: 0.05, kappa: 0.02, one_worker: 1.0 };
    for counts in [THREE, EIGHT] {
        let laws = Cell { truth: Truth::Usl(law), counts, rounds: 60, noise: LOUD }.laws(3);
        let json = serde_json::to_string(&laws).expect("plain data");
        assert_eq!(serde_json::from_str::<Laws>(&json).expect("what was saved"), laws);
    }
}
