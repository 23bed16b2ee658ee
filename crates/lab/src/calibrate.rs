//! `cargo lab calibrate`: whether the instrument is right on this machine.
//!
//! The measuring is conpar's, in its example `calibrate`: this program does not depend on that crate.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Result};
use crate::places::Places;
use crate::process;

/// What was asked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    quick: bool,
    html: Option<PathBuf>,
    json: Option<PathBuf>,
}

/// Builds the example and runs it; `arguments` are what followed `calibrate`. It needs no set-up.
pub(crate) fn run(places: &Places, arguments: &[String]) -> Result<()> {
    let Options { quick, html, json } = parse(arguments)?;
    let folder = places.lab();
    std::fs::create_dir_all(&folder).map_err(Error::file("making the folder", &folder))?;
    let absolute = |file: &Path| std::path::absolute(file).map_err(Error::file("finding", file));
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--release", "--package", "conpar", "--example", "calibrate", "--"]);
    cargo.arg(html.map_or_else(|| Ok(places.calibration()), |file| absolute(&file))?);
    if quick {
        cargo.arg("--quick");
    }
    if let Some(json) = json {
        cargo.arg("--json").arg(absolute(&json)?);
    }
    println!("  the first time this builds conpar, which takes a minute or two");
    let shown = process::show(&cargo);
    let status = cargo.current_dir(places.root()).stdin(Stdio::null()).status();
    match status.map_err(process::starting(&shown))? {
        status if status.success() => Ok(()),
        status => Err(Error::Failed {
            command: "cargo lab calibrate".to_owned(),
            status,
            detail: "what it found stands above".to_owned(),
        }),
    }
}

fn parse(arguments: &[String]) -> Result<Options> {
    let mut options = Options::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut file = |what| {
            let given = arguments.next().filter(|file| !file.starts_with("--"));
            given.map(PathBuf::from).ok_or(Error::MissingArgument { command: "calibrate", what })
        };
        match argument.as_str() {
            "--quick" => options.quick = true,
            "--html" => options.html = Some(file("a file after --html")?),
            "--json" => options.json = Some(file("a file after --json")?),
            other => {
                let (command, given) = ("calibrate".to_owned(), other.to_owned());
                return Err(Error::UnexpectedArgument { command, given });
            }
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_and_nonsense_is_refused() {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parse(&[]).ok(), Some(Options::default()));
        let expected = Options { quick: true, html: Some("a.html".into()), json: Some("b.json".into()) };
        assert_eq!(parse(&words("--json b.json --quick --html a.html")).ok(), Some(expected));
        for nonsense in ["--json", "--html --quick", "fast"] {
            assert!(parse(&words(nonsense)).is_err(), "{nonsense}");
        }
    }
}
