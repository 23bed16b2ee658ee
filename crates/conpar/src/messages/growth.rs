//! The experiment: programs whose queues may grow, each run in a process of its own, whose memory is the system's to tell.

use std::time::{Duration, Instant};

use super::grown::{Growing, Grown, MOST_POINTS};
use crate::child::{Ended, How, Program, child};
use crate::language::{say, word};
use crate::measure::MIN_ROUNDS;
use crate::{Error, machine};

/// For how long new rounds are begun.
const BUDGET: Duration = Duration::from_millis(2_500);

/// The most rounds.
const MOST_ROUNDS: usize = 15;

/// How long one run may take, and how much memory it may have.
const DEADLINE: Duration = Duration::from_secs(5);
const MEMORY: u64 = 1 << 30;

/// Begins an experiment named `name`: how much memory do programs take whose queues may grow?
///
/// Each is the text of a whole program. Now and then it prints two numbers: the seconds since its start, and the messages in
/// its queue. It may run for 5 s and have 1 GiB.
pub fn growth(name: &str) -> Growth {
    Growth { name: name.to_owned(), arms: Vec::new() }
}

/// An experiment that is being put together. See [`growth`].
#[derive(Debug, Clone)]
#[must_use = "an experiment measures nothing until `.measure()`"]
pub struct Growth {
    name: String,
    arms: Vec<(String, String)>,
}

impl Growth {
    /// Adds a program: its name and its text.
    pub fn arm(mut self, name: &str, text: &str) -> Growth {
        self.arms.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Runs the programs, in rounds of one run each: 7 rounds, and more where there is time.
    ///
    /// # Errors
    ///
    /// [`Error::NoArm`], [`Error::EmptyName`], [`Error::DuplicateName`], [`Error::TooManyArms`]; those of [`child`];
    /// [`Error::ChildFailed`] with what a program said when it failed, took too long, or printed no numbers.
    pub fn measure(self) -> Result<Grown, Error> {
        let programs = self.programs()?;
        let mut runs: Vec<Vec<Ended>> = programs.iter().map(|_| Vec::new()).collect();
        let clock = Instant::now();
        for round in 0..MOST_ROUNDS {
            if round >= MIN_ROUNDS && clock.elapsed() >= BUDGET {
                break;
            }
            for ((program, (name, _)), runs) in programs.iter().zip(&self.arms).zip(&mut runs) {
                let ended = program.run()?;
                if !ended.is_success() {
                    return Err(failed(name, &ended));
                }
                runs.push(ended);
            }
        }
        let arms = self.arms.iter().zip(&runs).map(|((name, _), runs)| growing(name, runs));
        let arms = arms.collect::<Result<_, Error>>()?;
        Ok(Grown { name: self.name, cores: machine::available_cores(), arms })
    }

    fn programs(&self) -> Result<Vec<Program>, Error> {
        /// A figure has so many colours.
        const MOST: usize = 6;
        if self.name.trim().is_empty() || self.arms.iter().any(|(name, _)| name.trim().is_empty()) {
            return Err(Error::EmptyName {
                what: word!(en: "the experiment or a program", pt: "o experimento ou um programa"),
            });
        }
        for (index, (name, _)) in self.arms.iter().enumerate() {
            if self.arms[..index].iter().any(|(other, _)| other == name) {
                return Err(Error::DuplicateName { name: name.clone() });
            }
        }
        match self.arms.len() {
            0 => Err(Error::NoArm),
            asked if asked > MOST => Err(Error::TooManyArms { asked, most: MOST }),
            _ => {
                self.arms.iter().map(|(_, text)| Ok(child(text)?.deadline(DEADLINE).memory(MEMORY))).collect()
            }
        }
    }
}

fn growing(name: &str, runs: &[Ended]) -> Result<Growing, Error> {
    let not = |reason: &str| Error::ChildFailed { what: name.to_owned(), reason: reason.to_owned() };
    let memories: Option<Vec<f64>> =
        runs.iter().map(|ended| ended.most_memory.map(|bytes| bytes as f64)).collect();
    let memories = memories.ok_or_else(|| {
        not(word!(
            en: "this system does not tell how much memory a process took",
            pt: "este sistema não informa quanta memória um processo ocupou"
        ))
    })?;
    let queue: Vec<(f64, f64)> =
        runs.first().map_or_else(Vec::new, |ended| points(&ended.stdout.text).take(MOST_POINTS).collect());
    if queue.is_empty() {
        return Err(not(word!(
            en: "it printed no line of two numbers: the seconds, and the messages in its queue",
            pt: "não imprimiu nenhuma linha de dois números: os segundos e as mensagens em sua fila"
        )));
    }
    Ok(Growing::new(name, memories, runs.iter().map(|ended| ended.seconds).collect(), queue))
}

/// The lines that are two numbers, neither of them negative.
fn points(text: &str) -> impl Iterator<Item = (f64, f64)> {
    text.lines().filter_map(|line| {
        let mut numbers =
            line.split_whitespace().map(|word| word.parse::<f64>().ok().filter(|&number| number >= 0.0));
        let (seconds, length) = (numbers.next()??, numbers.next()??);
        (numbers.next().is_none() && (seconds + length).is_finite()).then_some((seconds, length))
    })
}

fn failed(name: &str, ended: &Ended) -> Error {
    let reason = match ended.how {
        How::Deadline => {
            say!(
                en: "it was still there after {} s: send fewer messages, or smaller work",
                pt: "ainda executava depois de {} s: envie menos mensagens, ou trabalhos menores",
                DEADLINE.as_secs()
            )
        }
        how => format!("{} {}", how.words(), ended.last_lines()),
    };
    Error::ChildFailed { what: name.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_two_numbers_are_points() {
        let text = "0.5 3\nhello\n1 2 3\n-1 4\nNaN 1\ninf 1\n 0.75  12 \n7\n";
        assert_eq!(points(text).collect::<Vec<_>>(), [(0.5, 3.0), (0.75, 12.0)]);
    }
}
