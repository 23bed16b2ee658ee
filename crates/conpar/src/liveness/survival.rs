//! The experiment: run a program until it deadlocks, and count how far it came.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::graph::Graph;
use super::report::{Trials, told};
use crate::child::{Program, child};
use crate::language::{say, word};
use crate::measure::{Estimate, share};
use crate::{Error, machine};

/// How many runs of each program, how many trials in each, for how long all of it, unless told otherwise.
const RUNS: usize = 40;
const TRIALS: u64 = 300;
const BUDGET: Duration = Duration::from_secs(12);

/// The fewest runs that a share is given for.
const FEWEST: usize = 5;

/// The most trials in a run.
const MOST_TRIALS: u64 = 1_000_000;

/// How long one run may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// Begins an experiment named `name`: programs that may deadlock.
///
/// Each is the text of a whole program, whose `main` hands its work to [`real::trials`](super::real::trials).
pub fn survival(name: &str) -> Survival {
    Survival { name: name.to_owned(), arms: Vec::new(), runs: RUNS, trials: TRIALS, budget: BUDGET }
}

/// An experiment that is being put together. See [`survival`].
#[derive(Debug, Clone)]
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct Survival {
    name: String,
    arms: Vec<(String, String)>,
    runs: usize,
    trials: u64,
    budget: Duration,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Survived {
    /// The name of the experiment.
    pub name: String,
    /// The trials after which a run counts as survived.
    pub trials: u64,
    /// The cores that the programs could use.
    pub cores: usize,
    /// What came of each program.
    pub arms: Vec<Arm>,
}

/// What came of the runs of one program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// The runs, each in a process of its own.
    pub runs: usize,
    /// For each run that deadlocked, the trial in which it did, in ascending order.
    pub deadlocked_in: Vec<u64>,
    /// The trials of all runs together.
    pub all_trials: u64,
    /// The time of all runs, in seconds.
    pub seconds: f64,
    /// Who waited for whom, in the first run that deadlocked.
    pub graph: Option<Graph>,
    /// The most actors that worked at once.
    pub most_working: usize,
    /// The fewest units of work that an actor did in a trial that ended.
    pub least_progress: Option<u64>,
}

impl Survival {
    /// Adds a program: its name and its text.
    pub fn arm(mut self, name: &str, text: &str) -> Survival {
        self.arms.push((name.to_owned(), text.to_owned()));
        self
    }

    /// How many runs of each program there are; 40 unless told.
    pub fn runs(mut self, runs: usize) -> Survival {
        self.runs = runs;
        self
    }

    /// How many trials a run has, unless it deadlocks before; 300 unless told.
    pub fn trials(mut self, trials: u64) -> Survival {
        self.trials = trials;
        self
    }

    /// For how long new runs are begun; 12 s unless told.
    pub fn budget(mut self, budget: Duration) -> Survival {
        self.budget = budget;
        self
    }

    /// Runs the programs, in turn.
    ///
    /// # Errors
    ///
    /// [`Error::NoArm`], [`Error::EmptyName`], [`Error::DuplicateName`]; [`Error::NotPositive`] for no runs or trials, or
    /// too many; those of [`child`]; [`Error::ChildFailed`] with what a program said when it failed.
    pub fn measure(self) -> Result<Survived, Error> {
        let programs = self.programs()?;
        let mut arms: Vec<Arm> = self.arms.iter().map(|(name, _)| Arm::new(name)).collect();
        let clock = Instant::now();
        for run in 0..self.runs {
            for (arm, program) in arms.iter_mut().zip(&programs) {
                if run < FEWEST || clock.elapsed() < self.budget {
                    arm.add(&told(&arm.name, &program.run()?)?);
                }
            }
        }
        arms.iter_mut().for_each(|arm| arm.deadlocked_in.sort_unstable());
        Ok(Survived { name: self.name, trials: self.trials, cores: machine::available_cores(), arms })
    }

    fn programs(&self) -> Result<Vec<Program>, Error> {
        if self.name.trim().is_empty() || self.arms.iter().any(|(name, _)| name.trim().is_empty()) {
            return Err(Error::EmptyName {
                what: word!(en: "the experiment or a program", pt: "o experimento ou um programa"),
            });
        }
        if self.arms.is_empty() {
            return Err(Error::NoArm);
        }
        for (index, (name, _)) in self.arms.iter().enumerate() {
            if self.arms[..index].iter().any(|(other, _)| other == name) {
                return Err(Error::DuplicateName { name: name.clone() });
            }
        }
        if self.runs == 0 || self.trials == 0 || self.trials > MOST_TRIALS {
            let value = say!(
                en: "{} and {}, and at most {MOST_TRIALS} trials fit",
                pt: "{} e {}, e cabem no máximo {MOST_TRIALS} tentativas",
                self.runs,
                self.trials
            );
            let what = word!(en: "runs and trials", pt: "execuções e tentativas");
            return Err(Error::NotPositive { what, value });
        }
        let build = |(_, text): &(String, String)| Ok(child(text)?.arg(self.trials).deadline(DEADLINE));
        self.arms.iter().map(build).collect()
    }
}

impl Arm {
    fn new(name: &str) -> Arm {
        Arm {
            name: name.to_owned(),
            runs: 0,
            deadlocked_in: Vec::new(),
            all_trials: 0,
            seconds: 0.0,
            graph: None,
            most_working: 0,
            least_progress: None,
        }
    }

    fn add(&mut self, run: &Trials) {
        self.runs += 1;
        self.all_trials += run.trials;
        self.seconds += run.seconds;
        self.most_working = self.most_working.max(run.most_working);
        self.least_progress = match (self.least_progress, run.least_progress) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        if let Some(graph) = &run.stuck {
            self.deadlocked_in.push(run.trials);
            self.graph.get_or_insert_with(|| graph.clone());
        }
    }

    /// The share of the runs that deadlocked, with its interval.
    pub fn share(&self) -> Estimate {
        share(self.deadlocked_in.len() as u64, self.runs as u64)
    }

    /// The chance of one trial to deadlock, with its interval: one that deadlocks ends its run, so that each trial that was
    /// begun could be the one.
    pub fn per_trial(&self) -> Estimate {
        share(self.deadlocked_in.len() as u64, self.all_trials)
    }

    /// The share of the runs that were still there after so many trials, with its interval.
    ///
    /// This is the estimator of Kaplan and Meier (Journal of the American Statistical Association 53, 1958), in which here
    /// no run is lost from sight before the last trial; so it is the plain share, and its interval the exact one.
    pub fn surviving(&self, trials: u64) -> Estimate {
        let stuck = self.deadlocked_in.iter().filter(|&&trial| trial <= trials).count();
        share((self.runs - stuck) as u64, self.runs as u64)
    }
}

impl Survived {
    /// What came of the program of this name.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`].
    pub fn arm(&self, name: &str) -> Result<&Arm, Error> {
        self.arms.iter().find(|arm| arm.name == name).ok_or_else(|| Error::NoSuchArm {
            arm: name.to_owned(),
            measured: self.arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join("`, `"),
        })
    }

    /// Who waited for whom when this program first deadlocked.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchArm`]; [`Error::NoFigure`] where it never did.
    pub fn graph(&self, name: &str) -> Result<Graph, Error> {
        self.arm(name)?.graph.clone().ok_or_else(|| Error::NoFigure {
            reason: say!(
                en: "`{name}` did not deadlock in any of its runs, so that nobody waited for anybody",
                pt: "`{name}` não entrou em impasse em nenhuma execução; ninguém esperou por ninguém"
            ),
        })
    }
}
