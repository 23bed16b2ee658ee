//! The result, as plain data.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::measure::{Estimate, share};
use crate::trace::Timeline;

/// In which orders the steps of some tasks came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ordered {
    /// The name of the experiment.
    pub name: String,
    /// The number of steps of each task.
    pub steps: Vec<usize>,
    /// The cores that the process could use.
    pub cores: usize,
    /// The arms.
    pub arms: Vec<Arm>,
}

/// One way to run the tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// The number of runs.
    pub runs: u64,
    /// The orders that were seen, the most frequent first.
    pub orders: Vec<Order>,
    /// In how many runs two tasks were seen to compute at the same moment, each on a core of its own; `None` where the
    /// tasks recorded nothing, or the system does not tell a core.
    pub parallel: Option<u64>,
    /// The trace of one run, of the most frequent order if it was kept; its name says which.
    pub timeline: Option<Timeline>,
}

/// One order of the steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// A letter for each step: A of task 0, B of task 1, and so on.
    pub order: String,
    /// In how many runs.
    pub count: u64,
}

impl Arm {
    /// In how many runs the steps came in this order.
    pub fn count(&self, order: &str) -> u64 {
        self.orders.iter().find(|seen| seen.order == order).map_or(0, |seen| seen.count)
    }

    /// The share of the runs in which the steps came in this order, with its exact interval if the runs are independent of
    /// one another.
    pub fn share(&self, order: &str) -> Estimate {
        share(self.count(order), self.runs)
    }

    /// The most frequent order; empty where there was no run.
    pub fn most_frequent(&self) -> &str {
        self.orders.first().map_or("", |order| &order.order)
    }
}

impl Ordered {
    /// The arm with this name.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`] where it was not run.
    pub fn at(&self, name: &str) -> Result<&Arm, Error> {
        self.arms.iter().find(|arm| arm.name == name).ok_or_else(|| Error::NoSuchArm {
            arm: name.to_owned(),
            measured: self.arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }

    /// How many orders there are in which each task's own steps stay in their order: of n steps with k₁, k₂, … of each task
    /// n! / (k₁! k₂! …), the multinomial coefficient.
    pub fn possible(&self) -> f64 {
        let mut before = 0;
        let choices = self.steps.iter().map(|&steps| {
            before += steps;
            binomial(before, steps)
        });
        choices.product::<f64>().round()
    }
}

/// In how many ways `few` of `all` can be chosen.
fn binomial(all: usize, few: usize) -> f64 {
    (1..=few).map(|k| (all - few + k) as f64 / k as f64).product::<f64>().round()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn possible(steps: &[usize]) -> f64 {
        Ordered { name: String::new(), steps: steps.to_vec(), cores: 1, arms: Vec::new() }.possible()
    }

    #[test]
    fn the_possible_orders_are_the_multinomial_coefficients() {
        let known = [
            (&[2, 2][..], 6.0),
            (&[3, 3, 3], 1_680.0),
            (&[4, 4, 4], 34_650.0),
            (&[1; 5], 120.0),
            (&[7], 1.0),
        ];
        for (steps, orders) in known {
            assert_eq!(possible(steps), orders, "{steps:?}");
        }
        assert!(possible(&[16; 4]).is_finite() && possible(&[16; 4]) > 1e35);
    }
}
