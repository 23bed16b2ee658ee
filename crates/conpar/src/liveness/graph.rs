//! Who waits for whom.

use serde::{Deserialize, Serialize};

use crate::language::{say, word};

/// The wait-for graph at one moment, as plain data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graph {
    /// Who acts: threads, tasks, philosophers.
    pub actors: Vec<Actor>,
    /// What they wait for and hold.
    pub locks: Vec<Lock>,
}

/// One who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Its name.
    pub name: String,
    /// The lock that it waits for, as an index into [`Graph::locks`].
    pub wants: Option<usize>,
    /// How often it took a lock, released one, or began to wait.
    pub steps: u64,
    /// How many units of work it has done.
    pub progress: u64,
}

/// One thing that only one can hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Its name.
    pub name: String,
    /// Who holds it, as an index into [`Graph::actors`].
    pub owner: Option<usize>,
}

impl Graph {
    /// The actors of a cycle, each waiting for what the next one holds; empty where there is none.
    ///
    /// An actor waits for one lock at a time and a lock has one owner, so that from each actor one way leads on.
    pub fn cycle(&self) -> Vec<usize> {
        for start in 0..self.actors.len() {
            let mut seen = vec![start];
            while let Some(next) = self.blocked_by(seen[seen.len() - 1]) {
                if next == start {
                    return seen;
                }
                if seen.contains(&next) {
                    break;
                }
                seen.push(next);
            }
        }
        Vec::new()
    }

    /// Who holds what this actor waits for.
    pub fn blocked_by(&self, actor: usize) -> Option<usize> {
        let owner = self.locks.get(self.actors.get(actor)?.wants?)?.owner?;
        (owner < self.actors.len()).then_some(owner)
    }

    /// The cycle in words: "left waits for b, which right holds; right waits for a, which left holds".
    pub fn cycle_in_words(&self) -> String {
        let part = |&actor: &usize| {
            let waits = &self.actors[actor];
            let lock = waits.wants.and_then(|lock| self.locks.get(lock));
            let owner = self.blocked_by(actor).map(|owner| self.actors[owner].name.as_str());
            let owner = owner.unwrap_or_else(|| word!(en: "nobody", pt: "ninguém"));
            let (name, lock) = (&waits.name, lock.map_or("", |lock| &lock.name));
            match self.blocked_by(actor) == Some(actor) {
                true => say!(
                    en: "{name} waits for {lock}, which it holds itself",
                    pt: "{name} espera por {lock}, que já é de {name}"
                ),
                false => say!(
                    en: "{name} waits for {lock}, which {owner} holds",
                    pt: "{name} espera por {lock}, que {owner} segura"
                ),
            }
        };
        self.cycle().iter().map(part).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(wants: &[Option<usize>], owners: &[Option<usize>]) -> Graph {
        let actor = |(number, &wants): (usize, &Option<usize>)| Actor {
            name: format!("P{number}"),
            wants,
            steps: 0,
            progress: 0,
        };
        let lock = |(number, &owner): (usize, &Option<usize>)| Lock { name: format!("F{number}"), owner };
        Graph {
            actors: wants.iter().enumerate().map(actor).collect(),
            locks: owners.iter().enumerate().map(lock).collect(),
        }
    }

    #[test]
    fn a_cycle_is_found_where_there_is_one() {
        assert_eq!(graph(&[Some(1), Some(0)], &[Some(0), Some(1)]).cycle(), [0, 1]);
        assert_eq!(graph(&[Some(0)], &[Some(0)]).cycle(), [0]);
        assert!(graph(&[Some(1), None], &[Some(0), Some(1)]).cycle().is_empty());
        // P0 waits for a cycle that it is not part of.
        assert_eq!(graph(&[Some(0), Some(1), Some(0)], &[Some(1), Some(2)]).cycle(), [1, 2]);
    }

    #[test]
    fn no_number_is_out_of_bounds() {
        assert!(graph(&[Some(9)], &[Some(7)]).cycle().is_empty());
        assert!(graph(&[Some(0)], &[Some(7)]).cycle().is_empty());
    }

    #[test]
    fn a_self_deadlock_is_said_to_be_one() {
        let words = graph(&[Some(0)], &[Some(0)]).cycle_in_words();
        assert_eq!(words, "P0 waits for F0, which it holds itself");
    }
}
