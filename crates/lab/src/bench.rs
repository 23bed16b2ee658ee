//! `cargo lab bench`: the lab's kernel beside a plain evcxr kernel and a Python one.

use std::path::PathBuf;
use std::process::Stdio;

use crate::error::{Error, Result};
use crate::kernel::settings::SETUP_CELL;
use crate::places::Places;
use crate::{evcxr, process, setup};

/// Starts the kernels, times their cells and prints the tables.
const SCRIPT: &str = include_str!("../python/bench.py");

/// How many kernels of each kind are started. A plain evcxr kernel takes half a minute to its first figure.
const ROUNDS: u32 = 3;

/// Sets up, then runs the benchmark; `arguments` are what followed `bench`.
pub(crate) fn run(places: &Places, arguments: &[String]) -> Result<()> {
    let (rounds, json) = parse(arguments)?;
    let environment = setup::run(places)?;
    let program = evcxr::find(places).ok_or(Error::NotSetUp { what: "evcxr_jupyter" })?;
    let mut python = environment.command();
    python.args(["-c", SCRIPT]).arg(places.root()).arg(program).arg(SETUP_CELL);
    python.arg(rounds.to_string()).arg(json.unwrap_or_default()).stdin(Stdio::null());
    let status = python.status().map_err(process::starting("the benchmark"))?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::Failed { command: "cargo lab bench".to_owned(), status, detail: String::new() }),
    }
}

fn parse(arguments: &[String]) -> Result<(u32, Option<PathBuf>)> {
    let (mut rounds, mut json) = (ROUNDS, None);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let unexpected =
            |given: &str| Error::UnexpectedArgument { command: "bench".to_owned(), given: given.to_owned() };
        let mut value = |what| arguments.next().ok_or(Error::MissingArgument { command: "bench", what });
        match argument.as_str() {
            "--rounds" => {
                let given = value("a number of rounds after --rounds")?;
                rounds = given.parse().ok().filter(|&rounds| rounds > 0).ok_or_else(|| unexpected(given))?;
            }
            "--json" => json = Some(value("a file after --json")?.into()),
            _ => return Err(unexpected(argument)),
        }
    }
    Ok((rounds, json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_and_file_are_read_and_nonsense_is_refused() {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parse(&words("")).ok(), Some((ROUNDS, None)));
        assert_eq!(parse(&words("--rounds 5 --json a.json")).ok(), Some((5, Some("a.json".into()))));
        for nonsense in ["--rounds", "--rounds 0", "--rounds many", "--json", "fast"] {
            assert!(parse(&words(nonsense)).is_err(), "{nonsense}");
        }
    }
}
