//! Collective operations, followed message by message over a network: simulated, never measured.

use serde::{Deserialize, Serialize};

use crate::model::Hockney;

/// A collective operation, by its algorithm (Thakur, Rabenseifner and Gropp, "Optimization of collective communication
/// operations in MPICH", International Journal of High Performance Computing Applications 19(1), 2005).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Collective {
    /// A broadcast down a binomial tree; a reduction climbs the same tree.
    Tree,
    /// A scatter down a binomial tree: each message carries what the ranks below are to have.
    Scatter,
    /// An allreduce by recursive doubling: every rank exchanges all with a partner, log₂ P times.
    Doubling,
    /// An allreduce by recursive halving, then doubling: partners exchange 1/2, 1/4, … of the data, and back (Rabenseifner).
    Halving,
    /// An allreduce around a ring, in 2 (P − 1) steps of 1/P of the data.
    Ring,
}

/// How machines are wired. A message takes the shortest way; messages on one link share its bandwidth. What each further
/// machine on the way adds to the latency is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topology {
    /// A switch that carries all at once: each has a link of its own to it.
    Switch,
    /// Each machine is linked with two.
    Ring,
    /// Machines in rows and columns, each linked with four.
    Torus,
}

impl Topology {
    /// How many messages go over the busiest link when each of 2ⁿ ranks sends to the one at this distance, a power of two.
    fn crowd(self, ranks: usize, distance: usize) -> f64 {
        let row = 1 << ranks.ilog2().div_ceil(2);
        let crowd = match self {
            Topology::Switch => 1,
            Topology::Ring => distance,
            Topology::Torus if distance < row => distance,
            Topology::Torus => distance / row,
        };
        crowd as f64
    }
}

impl Collective {
    /// The time in seconds until the last of `ranks`, a power of two, has the result, when rank r begins at `begins(r)`.
    pub(super) fn simulate(
        self,
        ranks: usize,
        bytes: f64,
        (link, topology): (&Hockney, Topology),
        begins: &dyn Fn(usize) -> f64,
    ) -> f64 {
        let mut clocks: Vec<f64> = (0..ranks).map(begins).collect();
        let steps = ranks.ilog2();
        let message =
            |distance: usize, bytes: f64| link.seconds(bytes * topology.crowd(ranks, distance.max(1)));
        let exchange = |clocks: &mut [f64], distance: usize, bytes: f64| {
            let before = clocks.to_vec();
            for (rank, clock) in clocks.iter_mut().enumerate() {
                *clock = clock.max(before[rank ^ distance]) + message(distance, bytes);
            }
        };
        match self {
            Collective::Tree | Collective::Scatter => {
                for step in 0..steps {
                    // The first message goes half of the way round, so that each later one stays within its part.
                    let distance = ranks >> (step + 1);
                    let share =
                        if self == Collective::Scatter { bytes / f64::from(2 << step) } else { bytes };
                    for sender in (0..ranks).step_by(2 * distance) {
                        let sent = clocks[sender].max(clocks[sender + distance]) + message(distance, share);
                        // The sender is busy until the message has left it.
                        (clocks[sender], clocks[sender + distance]) = (sent, sent);
                    }
                }
            }
            Collective::Doubling => {
                (0..steps).for_each(|step| exchange(&mut clocks, 1 << step, bytes));
            }
            Collective::Halving => {
                for step in (0..steps).rev().chain(0..steps) {
                    exchange(&mut clocks, 1 << step, bytes * f64::from(1 << step) / ranks as f64);
                }
            }
            Collective::Ring => {
                let (part, all) = (bytes / ranks as f64, 2 * (ranks - 1));
                for step in 0..all {
                    let before = clocks.clone();
                    for (rank, clock) in clocks.iter_mut().enumerate() {
                        let left = before[(rank + ranks - 1) % ranks];
                        *clock = clock.max(left) + message(1, part);
                    }
                    // Where all are level, the rest is the same again.
                    if clocks.iter().all(|&clock| clock == clocks[0]) {
                        return clocks[0] + (all - step - 1) as f64 * message(1, part);
                    }
                }
            }
        }
        clocks.into_iter().fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collectives_take_what_their_formulas_say() {
        let (link, bytes) = (Hockney { latency: 1e-6, per_byte: 1e-9 }, 8e3);
        let on = |topology| (&link, topology);
        for ranks in [1, 2, 4, 16, 128] {
            let (steps, share) = (f64::from(usize::ilog2(ranks)), 1.0 - 1.0 / ranks as f64);
            let takes = |collective: Collective, topology, formula: f64| {
                let time = collective.simulate(ranks, bytes, on(topology), &|_| 0.0);
                assert!(
                    (time - formula).abs() <= 1e-9 * formula,
                    "{collective:?}, {ranks}: {time}, {formula}"
                );
            };
            let switch = Topology::Switch;
            takes(Collective::Doubling, switch, steps * link.seconds(bytes));
            takes(Collective::Tree, switch, steps * link.seconds(bytes));
            takes(Collective::Scatter, switch, steps * link.latency + share * bytes * link.per_byte);
            takes(Collective::Halving, switch, 2.0 * (steps * link.latency + share * bytes * link.per_byte));
            let around = 2.0 * (ranks as f64 - 1.0) * link.seconds(bytes / ranks as f64);
            // Neighbours send to neighbours: the wires may be a ring.
            [switch, Topology::Ring, Topology::Torus]
                .into_iter()
                .for_each(|topology| takes(Collective::Ring, topology, around));
            // On a ring 1 + 2 + 4 + … messages share a link.
            let crowded = steps * link.latency + (ranks as f64 - 1.0) * bytes * link.per_byte;
            takes(Collective::Doubling, Topology::Ring, crowded);
        }
        // One late rank delays all.
        let late = Collective::Doubling
            .simulate(16, bytes, on(Topology::Switch), &|rank| if rank == 1 { 1.0 } else { 0.0 });
        assert!((late - 1.0 - 4.0 * link.seconds(bytes)).abs() < 1e-9);
        // Four by four: a torus is a ring in each direction.
        assert_eq!([1, 2, 4, 8].map(|distance| Topology::Torus.crowd(16, distance)), [1.0, 2.0, 1.0, 2.0]);
    }
}
