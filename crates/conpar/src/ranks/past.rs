//! Past this machine: the fitted model, followed message by message to thousands of ranks. Simulated, and labelled so.

use serde::{Deserialize, Serialize};

use super::fit::AlphaBeta;
use crate::Error;
use crate::measure::Estimate;

/// The most ranks that are simulated.
const MOST: usize = 1 << 14;

/// A collective operation, by its algorithm (Thakur, Rabenseifner and Gropp, "Optimization of collective communication
/// operations in MPICH", International Journal of High Performance Computing Applications 19(1), 2005).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Collective {
    /// A broadcast down a binomial tree.
    Broadcast,
    /// An allreduce by recursive doubling: every rank exchanges all with a partner, log₂ P times.
    Doubling,
    /// An allreduce around a ring, in 2 (P − 1) steps of 1/P of the data.
    Ring,
}

impl Collective {
    /// The time in seconds until the last of `ranks` has the result, when rank r begins at `begins(r)`.
    fn simulate(self, ranks: usize, bytes: f64, link: &AlphaBeta, begins: &dyn Fn(usize) -> f64) -> f64 {
        let mut clocks: Vec<f64> = (0..ranks).map(begins).collect();
        let steps = usize::BITS - ranks.saturating_sub(1).leading_zeros();
        match self {
            Collective::Broadcast => {
                for step in 0..steps {
                    let reach = 1 << step;
                    for receiver in reach..(2 * reach).min(ranks) {
                        let sent = clocks[receiver - reach] + link.seconds(bytes);
                        clocks[receiver] = clocks[receiver].max(sent);
                        // The sender is busy until the message has left it.
                        clocks[receiver - reach] = sent;
                    }
                }
            }
            Collective::Doubling => {
                for step in 0..steps {
                    let before = clocks.clone();
                    for (rank, clock) in clocks.iter_mut().enumerate() {
                        let partner = rank ^ (1 << step);
                        *clock = clock.max(before.get(partner).copied().unwrap_or(0.0)) + link.seconds(bytes);
                    }
                }
            }
            Collective::Ring => {
                let part = bytes / ranks as f64;
                for _ in 0..2 * (ranks - 1) {
                    let before = clocks.clone();
                    for (rank, clock) in clocks.iter_mut().enumerate() {
                        let left = before[(rank + ranks - 1) % ranks];
                        *clock = clock.max(left) + link.seconds(part);
                    }
                    // All ranks are alike from here on, where they began together: the rest is the same again.
                    if clocks.iter().all(|&clock| clock == clocks[0]) {
                        return clocks[0] + (2 * (ranks - 1) - 1) as f64 * link.seconds(part);
                    }
                }
            }
        }
        clocks.into_iter().fold(0.0, f64::max)
    }
}

/// What one step of a job does on P ranks: its share of the computing, then messages to its neighbours, then a collective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    /// The computing of a step on one rank, in seconds.
    pub compute: f64,
    /// The messages that a rank sends to neighbours one after the other, and their size in bytes on one rank.
    pub messages: usize,
    /// Their size in bytes.
    pub bytes: f64,
    /// What ends a step, with its bytes.
    pub collective: Option<(Collective, f64)>,
    /// The share of the steps in which a rank is late, and by which share of its computing.
    pub late: (f64, f64),
}

/// Simulated speedups over ranks, and what was measured of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// The name of the experiment.
    pub name: String,
    /// Each simulated curve: ranks and speedup.
    pub curves: Vec<(String, Vec<(usize, f64)>)>,
    /// What was measured: the curve, ranks and speedup.
    pub measured: Vec<(String, usize, Estimate)>,
}

/// Simulates `curves`, each with its steps and its link, to `most` ranks; `measured` names points that were measured.
///
/// # Errors
///
/// [`Error::BadRanks`] for too many ranks, or for times that are none.
pub fn past(
    name: &str,
    most: usize,
    curves: &[(&str, &Steps, &AlphaBeta)],
    measured: &[(&str, usize, Estimate)],
) -> Result<Past, Error> {
    if !(2..=MOST).contains(&most) {
        return Err(Error::BadRanks { reason: format!("{most} simulated ranks: take 2 to {MOST}") });
    }
    let counts = || (0..).map(|power| 1_usize << power).take_while(|&ranks| ranks <= most);
    let mut simulated = Vec::new();
    for (curve, steps, link) in curves {
        if !(steps.compute > 0.0 && steps.compute.is_finite() && steps.bytes >= 0.0) {
            return Err(Error::BadRanks {
                reason: format!("`{curve}` computes for {} s a step", steps.compute),
            });
        }
        let points = counts().map(|ranks| (ranks, steps.speedup(ranks, link))).collect();
        simulated.push(((*curve).to_owned(), points));
    }
    let measured = measured.iter().map(|(curve, ranks, speedup)| ((*curve).to_owned(), *ranks, *speedup));
    Ok(Past { name: name.to_owned(), curves: simulated, measured: measured.collect() })
}

impl Steps {
    /// The speedup over one rank, which sends nothing.
    fn speedup(&self, ranks: usize, link: &AlphaBeta) -> f64 {
        /// How many steps are followed: enough that who is late averages out.
        const FOLLOWED: usize = 8;
        let mut rng = fastrand::Rng::with_seed(13);
        let mut time = |ranks: usize| {
            let share = self.compute / ranks as f64;
            let neighbours = if ranks > 1 { self.messages as f64 * link.seconds(self.bytes) } else { 0.0 };
            let (often, by) = self.late;
            (0..FOLLOWED).fold(0.0, |sum, _| {
                let delays: Vec<f64> =
                    (0..ranks).map(|_| if rng.f64() < often { by * share } else { 0.0 }).collect();
                let begins = |rank: usize| share + delays[rank] + neighbours;
                sum + match self.collective {
                    Some((collective, bytes)) if ranks > 1 => {
                        collective.simulate(ranks, bytes, link, &begins)
                    }
                    _ => (0..ranks).map(begins).fold(0.0, f64::max),
                }
            })
        };
        time(1) / time(ranks)
    }
}

impl Past {
    /// The simulated speedup of a curve on so many ranks.
    ///
    /// # Errors
    ///
    /// [`Error::NotReported`] where it was not simulated.
    pub fn at(&self, curve: &str, ranks: usize) -> Result<f64, Error> {
        let points = self.curves.iter().find(|(name, _)| name == curve).map(|(_, points)| points);
        let point = points.and_then(|points| points.iter().find(|(count, _)| *count == ranks));
        point
            .map(|(_, speedup)| *speedup)
            .ok_or_else(|| Error::NotReported { name: format!("{curve} on {ranks} ranks") })
    }
}

/// How often a job that may fail should write a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checkpoints {
    /// Writing one, in seconds.
    pub cost: f64,
    /// Starting again from one, in seconds.
    pub restart: f64,
    /// The mean time between failures of one machine, in hours.
    pub hours: f64,
    /// The number of machines.
    pub machines: usize,
}

/// Begins with what a checkpoint and a restart cost in seconds.
///
/// # Errors
///
/// [`Error::BadRanks`] for times that are not positive.
pub fn checkpoints(cost: f64, restart: f64, hours: f64, machines: usize) -> Result<Checkpoints, Error> {
    let positive = [cost, hours].iter().all(|time| time.is_finite() && *time > 0.0);
    let sound = positive && restart.is_finite() && restart >= 0.0 && machines > 0;
    if !sound {
        return Err(Error::BadRanks { reason: "a checkpoint and a failure take positive times".to_owned() });
    }
    Ok(Checkpoints { cost, restart, hours, machines })
}

impl Checkpoints {
    /// The mean time between failures of all machines together, in seconds.
    #[must_use]
    pub fn between_failures(&self) -> f64 {
        self.hours * 3_600.0 / self.machines as f64
    }

    /// The time between two checkpoints with the least loss, in seconds: √(2 C M) (John Young, "A first order approximation to
    /// the optimum checkpoint interval", Communications of the ACM 17(9), 1974).
    #[must_use]
    pub fn young(&self) -> f64 {
        (2.0 * self.cost * self.between_failures()).sqrt()
    }

    /// The time that a job takes, as a multiple of what it would without failures and checkpoints: M e^(R/M) (e^((τ+C)/M) − 1) / τ
    /// for failures that come at random (John Daly, "A higher order estimate of the optimum checkpoint interval for restart
    /// dumps", Future Generation Computer Systems 22(3), 2006).
    #[must_use]
    pub fn stretch(&self, interval: f64) -> f64 {
        let mean = self.between_failures();
        mean * (self.restart / mean).exp() * ((interval + self.cost) / mean).exp_m1() / interval
    }

    /// The same by following one long job through failures that come at random.
    #[must_use]
    pub fn simulated(&self, interval: f64, seed: u64) -> f64 {
        const PIECES: usize = 4_000;
        /// Beyond it the job does not end.
        const MOST_STRETCH: f64 = 50.0;
        let mut rng = fastrand::Rng::with_seed(seed);
        let mean = self.between_failures();
        let mut failure = || -mean * (1.0 - rng.f64()).ln();
        let (mut clock, mut next, mut done) = (0.0, failure(), 0);
        while done < PIECES && clock < MOST_STRETCH * PIECES as f64 * interval {
            if clock + interval + self.cost <= next {
                clock += interval + self.cost;
                done += 1;
                continue;
            }
            clock = next;
            next = clock + failure();
            // A restart may fail as well.
            while clock + self.restart > next {
                clock = next;
                next = clock + failure();
            }
            clock += self.restart;
        }
        clock / (done.max(1) as f64 * interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(alpha: f64, beta: f64) -> AlphaBeta {
        let exact = |point: f64| Estimate { point, low: point, high: point, level: 0.95 };
        AlphaBeta {
            name: "planted".into(),
            alpha: exact(alpha),
            beta: exact(beta),
            measured: Vec::new(),
            credible: true,
        }
    }

    #[test]
    fn collectives_take_what_their_formulas_say() {
        let (link, bytes) = (link(1e-6, 1e-9), 8e3);
        for ranks in [2, 4, 16, 128] {
            let steps = f64::from(usize::ilog2(ranks));
            let near = |time: f64, formula: f64| assert!((time / formula - 1.0).abs() < 1e-9, "{ranks}");
            near(Collective::Doubling.simulate(ranks, bytes, &link, &|_| 0.0), steps * link.seconds(bytes));
            near(Collective::Broadcast.simulate(ranks, bytes, &link, &|_| 0.0), steps * link.seconds(bytes));
            let ring = 2.0 * (ranks as f64 - 1.0) * link.seconds(bytes / ranks as f64);
            near(Collective::Ring.simulate(ranks, bytes, &link, &|_| 0.0), ring);
            // One late rank delays all.
            let late =
                Collective::Doubling.simulate(ranks, bytes, &link, &|rank| if rank == 1 { 1.0 } else { 0.0 });
            near(late, 1.0 + steps * link.seconds(bytes));
        }
    }

    #[test]
    fn dalys_formula_is_what_a_followed_job_takes_and_young_is_near_its_best() {
        let given = checkpoints(30.0, 60.0, 24.0 * 365.0, 2_000).expect("positive");
        let young = given.young();
        for interval in [0.3 * young, young, 3.0 * young] {
            let followed: f64 = (0..8).map(|seed| given.simulated(interval, seed)).sum::<f64>() / 8.0;
            let ratio = followed / given.stretch(interval);
            assert!((0.99..1.01).contains(&ratio), "{interval}: {ratio}");
        }
        assert!(given.stretch(young) < given.stretch(0.7 * young).min(given.stretch(1.4 * young)));
    }
}
