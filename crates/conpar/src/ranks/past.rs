//! Past this machine: the fitted model, followed message by message to thousands of ranks. Simulated, and labelled so.

use serde::{Deserialize, Serialize};

use super::collective::{Collective, Topology};
use super::job::Job;
use crate::Error;
use crate::language::say;
use crate::measure::Estimate;
use crate::model::Hockney;
use crate::speedup::Point;

/// The most ranks that are simulated.
const MOST: usize = 1 << 14;

/// What one step of a job does on P ranks: its share of the computing, then messages to its neighbours, then a collective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    /// The computing of a step on one rank, in seconds.
    pub compute: f64,
    /// How many messages a rank sends to neighbours, one after the other.
    pub messages: usize,
    /// The size of each, in bytes.
    pub bytes: f64,
    /// What ends a step, with its bytes.
    pub collective: Option<(Collective, f64)>,
    /// The share of the steps in which a rank is late, and by which share of its computing.
    pub late: (f64, f64),
}

/// What is simulated of each curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// The speedup over one rank.
    Speedup,
    /// The time of a collective operation, in seconds.
    Seconds,
}

/// What was simulated over ranks, and what was measured of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// The name of the experiment.
    pub name: String,
    /// What its values are.
    pub of: Of,
    /// Each simulated curve.
    pub curves: Vec<Curve>,
    /// What was measured of them.
    pub measured: Vec<Held>,
}

/// A measured value that a simulated curve is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The name of the curve.
    pub curve: String,
    /// The number of ranks.
    pub ranks: usize,
    /// What was measured.
    pub value: Estimate,
    /// Whether a verdict may rest on it: not where the machine was disturbed, or has fewer cores than there were ranks.
    pub credible: bool,
}

/// A simulated curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Its name.
    pub name: String,
    /// Ranks and value.
    pub points: Vec<(usize, f64)>,
}

/// Simulates the speedup of `curves`, each with its steps and its link, to `most` ranks; `measured` names points that were
/// measured.
///
/// # Errors
///
/// [`Error::BadRanks`] for too many ranks, or for times that are none.
pub fn past(
    name: &str,
    most: usize,
    curves: &[(&str, &Steps, Hockney)],
    measured: &[(&str, &Point)],
) -> Result<Past, Error> {
    let mut simulated = Vec::new();
    for (curve, steps, link) in curves {
        if !(steps.compute > 0.0 && steps.compute.is_finite() && steps.bytes >= 0.0) {
            return Err(Error::BadRanks {
                reason: say!(
                    en: "`{curve}` computes for {} s a step",
                    pt: "`{curve}` calcula {} s por passo",
                    steps.compute
                ),
            });
        }
        let points = powers(1, most)?.map(|ranks| (ranks, steps.speedup(ranks, link))).collect();
        simulated.push(Curve { name: (*curve).to_owned(), points });
    }
    let measured = measured.iter().map(|(curve, point)| Held {
        curve: (*curve).to_owned(),
        ranks: point.workers,
        value: point.speedup,
        credible: point.is_credible() && !point.oversubscribed,
    });
    Ok(Past { name: name.to_owned(), of: Of::Speedup, curves: simulated, measured: measured.collect() })
}

/// Simulates what collective operations on so many `bytes` take, each by its algorithm on wires, to `most` ranks. Beside it
/// stands what `jobs` timed under the name of a curve, at their number of ranks.
///
/// # Errors
///
/// [`Error::BadRanks`] for too many ranks, or a size that is none.
pub fn collectives(
    name: &str,
    most: usize,
    bytes: f64,
    link: Hockney,
    curves: &[(&str, Collective, Topology)],
    jobs: &[Job],
) -> Result<Past, Error> {
    if !(bytes >= 0.0 && bytes.is_finite()) {
        let reason = say!(en: "{bytes} bytes are no message", pt: "{bytes} bytes não são uma mensagem");
        return Err(Error::BadRanks { reason });
    }
    let (mut simulated, mut measured) = (Vec::new(), Vec::new());
    for &(curve, collective, topology) in curves {
        let time = |ranks| collective.simulate(ranks, bytes, (&link, topology), &|_| 0.0);
        let points = powers(2, most)?.map(|ranks| (ranks, time(ranks))).collect();
        simulated.push(Curve { name: curve.to_owned(), points });
        for job in jobs {
            let ranks = job.ranks.len();
            if let Ok(value) = job.time(curve, ranks as f64) {
                let credible = job.is_credible(curve, ranks as f64);
                measured.push(Held { curve: curve.to_owned(), ranks, value, credible });
            }
        }
    }
    Ok(Past { name: name.to_owned(), of: Of::Seconds, curves: simulated, measured })
}

/// The powers of two from `least` to `most` ranks.
fn powers(least: usize, most: usize) -> Result<impl Iterator<Item = usize>, Error> {
    if !(2..=MOST).contains(&most) {
        return Err(Error::BadRanks {
            reason: say!(
                en: "{most} simulated ranks: take 2 to {MOST}",
                pt: "{most} ranks simulados: use de 2 a {MOST}"
            ),
        });
    }
    Ok((0..)
        .map(|power| 1_usize << power)
        .skip_while(move |&ranks| ranks < least)
        .take_while(move |&ranks| ranks <= most))
}

impl Steps {
    /// The speedup over one rank, which sends nothing.
    fn speedup(&self, ranks: usize, link: &Hockney) -> f64 {
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
                        collective.simulate(ranks, bytes, (link, Topology::Switch), &begins)
                    }
                    _ => (0..ranks).map(begins).fold(0.0, f64::max),
                }
            })
        };
        time(1) / time(ranks)
    }
}

impl Past {
    /// The simulated value of a curve on so many ranks.
    ///
    /// # Errors
    ///
    /// [`Error::NotReported`] where it was not simulated.
    pub fn at(&self, curve: &str, ranks: usize) -> Result<f64, Error> {
        let points = self.curves.iter().filter(|known| known.name == curve).flat_map(|known| &known.points);
        let point = points.copied().find(|(count, _)| *count == ranks);
        point.map(|(_, value)| value).ok_or_else(|| Error::NotReported {
            name: say!(en: "{curve} on {ranks} ranks", pt: "{curve} em {ranks} ranks"),
        })
    }
}
