//! What there is to be drawn: whole programs with numbers in them that a seed replaces.

use serde::{Deserialize, Serialize};

use super::Target;

/// What limits a program's speedup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A part is done by one worker, before or after the others.
    SerialPart,
    /// The parts are of unequal work, and the workers do not finish together.
    Skew,
    /// The workers wait for memory.
    Memory,
    /// The workers write to the same place.
    Contention,
}

impl Cause {
    /// All of them.
    pub const ALL: [Cause; 4] = [Cause::SerialPart, Cause::Skew, Cause::Memory, Cause::Contention];

    /// What an edit of a program with this cause has to reach: with all others, what the machine gives at all. Where memory
    /// limits, more workers do not help: less to move does, and how fast that is depends on the machine. So it has to be
    /// faster than it was.
    pub fn target(self) -> Target {
        match self {
            Cause::Memory => Target::TimesDrawn(1.4),
            _ => Target::OfCeiling(0.85),
        }
    }
}

/// A program, and the constants in it that are drawn.
#[derive(Debug, PartialEq)]
pub(super) struct Program {
    pub(super) cause: Cause,
    text: &'static str,
    drawn: &'static [Constant],
}

/// The name of a constant, its least value, the step to the next, and how many values there are.
type Constant = (&'static str, u64, u64, u64);

const fn program(cause: Cause, text: &'static str, drawn: &'static [Constant]) -> Program {
    Program { cause, text, drawn }
}

/// Each cause has programs with different work, so that the first line does not tell.
const PROGRAMS: [Program; 8] = [
    program(
        Cause::SerialPart,
        include_str!("programs/serial_seeds.rs"),
        &[("FIRST", 200, 50, 5), ("SECOND", 500, 100, 4)],
    ),
    program(
        Cause::SerialPart,
        include_str!("programs/serial_lengths.rs"),
        &[("SIZE", 70_000, 10_000, 4), ("STEPS", 100, 20, 4)],
    ),
    program(
        Cause::Skew,
        include_str!("programs/skew_primes.rs"),
        &[("SIZE", 300_000, 50_000, 4), ("STEP", 1, 1, 3)],
    ),
    program(
        Cause::Skew,
        include_str!("programs/skew_pairs.rs"),
        &[("SIZE", 1_100, 100, 4), ("OFFSET", 1, 1, 9)],
    ),
    program(
        Cause::Memory,
        include_str!("programs/memory_squares.rs"),
        &[("SIZE", 5_000_000, 500_000, 5), ("FACTOR", 2, 1, 8)],
    ),
    program(
        Cause::Memory,
        include_str!("programs/memory_changes.rs"),
        &[("SIZE", 8_000_000, 1_000_000, 5), ("LIMIT", 100, 100, 8)],
    ),
    program(
        Cause::Contention,
        include_str!("programs/contention_histogram.rs"),
        &[("SIZE", 200_000, 50_000, 3), ("BINS", 32, 32, 4)],
    ),
    program(
        Cause::Contention,
        include_str!("programs/contention_slots.rs"),
        &[("SIZE", 1_500_000, 250_000, 5), ("STEPS", 10, 2, 6)],
    ),
];

impl Program {
    /// The program of a seed, and its text. Every cause comes as often as every other.
    pub(super) fn draw(seed: u64) -> (&'static Program, String) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let cause = Cause::ALL[rng.usize(..Cause::ALL.len())];
        let of_cause: Vec<&Program> = PROGRAMS.iter().filter(|program| program.cause == cause).collect();
        let program = of_cause[rng.usize(..of_cause.len())];
        let fill = |text: String, &(name, least, step, values): &Constant| {
            with_constant(&text, name, least + step * rng.u64(..values))
        };
        (program, program.drawn.iter().fold(program.text.to_owned(), fill))
    }

    /// Two sizes on which an edit of `text` is checked, drawn anew each time: what was computed beforehand, or is known of
    /// one size, does not help.
    pub(super) fn sizes(&self, text: &str) -> [u64; 2] {
        let size = constant(text, "SIZE").unwrap_or(1_000);
        [0, 1].map(|_| fastrand::u64(size / 5..size / 3))
    }
}

/// The line `const NAME: …` of a text, up to the value.
fn line_of<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let begins = format!("const {name}: ");
    text.lines().find(|line| line.starts_with(&begins)).and_then(|line| line.split_once(" = "))
}

/// The value of a constant.
fn constant(text: &str, name: &str) -> Option<u64> {
    line_of(text, name)?.1.trim_end_matches(';').replace('_', "").parse().ok()
}

/// The text with another value of a constant.
fn with_constant(text: &str, name: &str, value: u64) -> String {
    let Some((before, old)) = line_of(text, name) else { return text.to_owned() };
    text.replacen(&format!("{before} = {old}"), &format!("{before} = {};", grouped(value)), 1)
}

/// A number as Rust's source writes it: 1_234_567.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_program_and_all_are_drawn() {
        let mut seen = Vec::new();
        for seed in 0..200 {
            let (program, text) = Program::draw(seed);
            assert_eq!(Program::draw(seed).1, text);
            for &(name, least, step, values) in program.drawn {
                let value = constant(&text, name).expect("it is in the text");
                assert!(
                    (least..least + step * values).step_by(step as usize).any(|one| one == value),
                    "{name}"
                );
            }
            seen.push(program.text);
        }
        assert!(PROGRAMS.iter().all(|program| seen.contains(&program.text)));
    }

    #[test]
    fn texts_can_be_read_at_a_glance() {
        for Program { text, .. } in &PROGRAMS {
            let (lines, widest) = (text.lines().count(), text.lines().map(|line| line.chars().count()).max());
            assert!(lines <= 62 && widest <= Some(110), "{lines} lines, {widest:?} wide:\n{text}");
            assert!(!text.contains("//"), "a comment would give it away");
        }
    }

    #[test]
    fn numbers_are_grouped_as_in_source() {
        assert_eq!([7, 1_000, 1_234_567].map(grouped), ["7", "1_000", "1_234_567"]);
    }
}
