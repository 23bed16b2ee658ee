//! The command line: what was asked, and the help texts.

use std::path::PathBuf;

use crate::environment::extras::Extra;
use crate::error::{Error, Result};

/// What was asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Set up what is missing, then open JupyterLab.
    Open(OpenOptions),
    Setup {
        with: Vec<Extra>,
    },
    Test {
        filter: Option<String>,
    },
    Run {
        notebook: PathBuf,
        output: Option<PathBuf>,
    },
    Book {
        output: Option<PathBuf>,
    },
    /// The arguments after `bench`, which that module reads.
    Bench {
        arguments: Vec<String>,
    },
    /// The arguments after `calibrate`, which that module reads.
    Calibrate {
        arguments: Vec<String>,
    },
    Doctor,
    Clean {
        force: bool,
    },
    Notebooks(NotebooksAction),
    /// Hidden: what the kernelspec starts.
    Kernel {
        connection_file: PathBuf,
    },
    /// Hidden: what a launcher starts to clean up behind it.
    Janitor {
        copy: PathBuf,
    },
    Help(Option<String>),
}

/// How JupyterLab is opened.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct OpenOptions {
    /// The port that must be used; without it Jupyter takes a free one from 8888 on.
    pub(crate) port: Option<u16>,
    pub(crate) no_browser: bool,
    /// The folder within notebooks/ that is opened; without it all of them.
    pub(crate) language: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotebooksAction {
    Check,
    Fix,
    /// Code and tags go from the English chapters to their translations.
    Copy,
    /// The prose cells of these ids, or all, translate the English text of today.
    Translated {
        notebook: PathBuf,
        cells: Vec<String>,
    },
}

/// The commands that a reader may type, each with its help: usage first.
const HELP: [(&str, &str); 9] = [
    (
        "setup",
        "cargo lab setup [--with go] [--with mpi] [--with book]\n\nSets up what is missing. A second call takes seconds and changes nothing. \
         --with go adds a Go toolchain (75 MB to download) for chapter 08, unless one is on the PATH. --with mpi adds MPICH \
         and libclang (30 MB to download) and builds conpar-mpi, for chapter 13. --with book adds Sphinx for \
         `cargo lab book`, which else adds it itself.",
    ),
    (
        "test",
        "cargo lab test [FILTER]\n\nRuns all the tests: format, lints, the crates', the notebooks' byte form, the \
         kernel's own, and every notebook in the real kernel. FILTER keeps the tests whose name contains it. Ends with \
         a line `N passed, N failed`.",
    ),
    (
        "run",
        "cargo lab run NOTEBOOK [--output FILE]\n\nRuns one notebook without a browser, prints each cell's time, and \
         writes the executed copy to FILE. The notebook itself is never written.",
    ),
    (
        "book",
        "cargo lab book [--output DIR]\n\nExecutes each notebook that was not yet executed as it now stands, in each language, and \
         builds a site of what they showed into DIR, target/book without one. Open its index.html: it needs no server and no \
         network. Installs Sphinx at its first use. All notebooks take some 20 minutes; close other programs first.",
    ),
    (
        "bench",
        "cargo lab bench [--rounds N] [--json FILE]\n\nTimes the lab's kernel beside a plain evcxr kernel and a Python one, \
         in one run of some minutes, and says where the time of a plot cell goes. Close other programs first.",
    ),
    (
        "calibrate",
        "cargo lab calibrate [--quick] [--html FILE] [--json FILE]\n\nMeasures on this machine what is known beforehand: work \
         with planted serial fractions, the machine's ceiling beside competing processes, two arms with the same code, and \
         what the instrument itself costs. Takes some two minutes (--quick: half a minute), prints what came out, and writes \
         it with its figures as a page to FILE, .lab/calibration.html without one. Close other programs first.",
    ),
    ("doctor", "cargo lab doctor\n\nSays what is there, what is missing, and the command that mends each."),
    (
        "clean",
        "cargo lab clean [--force]\n\nRemoves what the set-up made. Refuses while kernels run, unless --force is given.",
    ),
    (
        "notebooks",
        "cargo lab notebooks check|fix|copy|translated NOTEBOOK [CELL]...\n\ncheck: every notebook has the canonical byte form \
         (no outputs, sorted keys, meaningful cell ids, known tags), and every translation the code of its English chapter \
         and prose that translates the text of today. fix: writes that form. copy: copies code and tags from each English \
         chapter to its translations, by cell id. translated: writes down that the prose cells named, or all, translate the \
         English text of today.",
    ),
];

/// Reads the arguments after `cargo lab`.
pub(crate) fn parse(arguments: &[String]) -> Result<Command> {
    let wants_help = |rest: &[String]| rest.iter().any(|argument| argument == "--help" || argument == "-h");
    let Some(first) = arguments.first() else { return Ok(Command::Open(OpenOptions::default())) };
    let rest = &arguments[1..];
    if HELP.iter().any(|(name, _)| name == first) && wants_help(rest) {
        return Ok(Command::Help(Some(first.clone())));
    }
    match first.as_str() {
        "--help" | "-h" | "help" => Ok(Command::Help(rest.first().cloned())),
        "setup" => parse_setup(rest),
        "test" => at_most_one(first, rest).map(|filter| Command::Test { filter }),
        "run" => parse_run(rest),
        "book" => parse_book(rest),
        "bench" => Ok(Command::Bench { arguments: rest.to_vec() }),
        "calibrate" => Ok(Command::Calibrate { arguments: rest.to_vec() }),
        "doctor" => none(first, rest).map(|()| Command::Doctor),
        "clean" => match rest {
            [] => Ok(Command::Clean { force: false }),
            [force] if force == "--force" => Ok(Command::Clean { force: true }),
            [other, ..] => Err(unexpected(first, other)),
        },
        "notebooks" => parse_notebooks(rest).map(Command::Notebooks),
        "kernel" => match rest {
            [file] => Ok(Command::Kernel { connection_file: file.into() }),
            _ => Err(Error::MissingArgument { command: "kernel", what: "the connection file" }),
        },
        "janitor" => match rest {
            [copy] => Ok(Command::Janitor { copy: copy.into() }),
            _ => Err(Error::MissingArgument { command: "janitor", what: "the kernel's folder" }),
        },
        option if option.starts_with('-') => parse_open(arguments),
        unknown => Err(Error::UnknownCommand { given: unknown.to_owned(), nearest: nearest(unknown) }),
    }
}

/// The help for one command, or for all.
pub(crate) fn help(topic: Option<&str>) -> String {
    if let Some((_, text)) = HELP.iter().find(|(name, _)| Some(*name) == topic) {
        return (*text).to_owned();
    }
    let mut text = String::from(
        "cargo lab [--language LANGUAGE] [--port N] [--no-browser]\n\nSets up what is missing, then opens JupyterLab on \
         notebooks/, or on the folder of one language in it: en, pt-BR.\n\n\
         Other commands (`cargo lab COMMAND --help` says more):\n",
    );
    for (_, help) in HELP {
        let usage = help.lines().next().unwrap_or_default();
        text.push_str(&format!("  {usage}\n"));
    }
    text
}

fn parse_setup(rest: &[String]) -> Result<Command> {
    let mut with = Vec::new();
    let mut rest = rest.iter();
    while let Some(argument) = rest.next() {
        let name = match argument.split_once('=').unwrap_or((argument, "")) {
            ("--with", "") => rest.next().map_or("", String::as_str),
            ("--with", name) => name,
            _ => return Err(unexpected("setup", argument)),
        };
        with.push(Extra::named(name).ok_or_else(|| Error::UnknownExtra { given: name.to_owned() })?);
    }
    Ok(Command::Setup { with })
}

fn parse_open(arguments: &[String]) -> Result<Command> {
    let mut options = OpenOptions::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.split_once('=').unwrap_or((argument, "")) {
            ("--no-browser", "") => options.no_browser = true,
            ("--language", "") => {
                let missing = Error::MissingArgument { command: "--language", what: "a language" };
                options.language = Some(arguments.next().ok_or(missing)?.clone());
            }
            ("--language", given) => options.language = Some(given.to_owned()),
            ("--port", "") => options.port = Some(port(arguments.next().map_or("", String::as_str))?),
            ("--port", given) => options.port = Some(port(given)?),
            _ => return Err(unexpected("", argument)),
        }
    }
    Ok(Command::Open(options))
}

fn port(given: &str) -> Result<u16> {
    match given.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(Error::BadPort { given: given.to_owned() }),
    }
}

fn parse_run(rest: &[String]) -> Result<Command> {
    let (mut notebook, mut output) = (None, None);
    let mut rest = rest.iter();
    while let Some(argument) = rest.next() {
        match argument.split_once('=').unwrap_or((argument, "")) {
            ("--output", "") => {
                let file =
                    rest.next().ok_or(Error::MissingArgument { command: "run --output", what: "a file" })?;
                output = Some(file.into());
            }
            ("--output", file) => output = Some(file.into()),
            _ if argument.starts_with('-') || notebook.is_some() => return Err(unexpected("run", argument)),
            _ => notebook = Some(PathBuf::from(argument)),
        }
    }
    let notebook = notebook.ok_or(Error::MissingArgument { command: "run", what: "a notebook" })?;
    Ok(Command::Run { notebook, output })
}

fn parse_book(rest: &[String]) -> Result<Command> {
    let missing = Error::MissingArgument { command: "book --output", what: "a folder" };
    let output = match rest {
        [] => None,
        [option] if option == "--output" => return Err(missing),
        [option, folder] if option == "--output" => Some(folder.as_str()),
        [argument] => Some(argument.strip_prefix("--output=").ok_or_else(|| unexpected("book", argument))?),
        [first, ..] => return Err(unexpected("book", first)),
    };
    match output {
        Some("") => Err(missing),
        output => Ok(Command::Book { output: output.map(PathBuf::from) }),
    }
}

fn parse_notebooks(rest: &[String]) -> Result<NotebooksAction> {
    let Some((action, rest)) = rest.split_first() else {
        return Err(Error::MissingArgument { command: "notebooks", what: "check, fix, copy or translated" });
    };
    match (action.as_str(), rest) {
        ("check", _) => none("notebooks check", rest).map(|()| NotebooksAction::Check),
        ("fix", _) => none("notebooks fix", rest).map(|()| NotebooksAction::Fix),
        ("copy", _) => none("notebooks copy", rest).map(|()| NotebooksAction::Copy),
        ("translated", [notebook, cells @ ..]) => {
            Ok(NotebooksAction::Translated { notebook: notebook.into(), cells: cells.to_vec() })
        }
        ("translated", []) => {
            Err(Error::MissingArgument { command: "notebooks translated", what: "a notebook" })
        }
        _ => Err(unexpected("notebooks", action)),
    }
}

fn none(command: &str, rest: &[String]) -> Result<()> {
    rest.first().map_or(Ok(()), |other| Err(unexpected(command, other)))
}

fn at_most_one(command: &str, rest: &[String]) -> Result<Option<String>> {
    none(command, rest.get(1..).unwrap_or_default())?;
    Ok(rest.first().cloned())
}

fn unexpected(command: &str, argument: &str) -> Error {
    Error::UnexpectedArgument { command: command.to_owned(), given: argument.to_owned() }
}

/// The command with the smallest edit distance to `given`.
fn nearest(given: &str) -> &'static str {
    HELP.iter().map(|(name, _)| *name).min_by_key(|name| edit_distance(given, name)).unwrap_or("setup")
}

/// Levenshtein distance, row by row.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_open_jupyter() {
        let expected = Command::Open(OpenOptions { port: Some(9000), no_browser: true, language: None });
        assert_eq!(parse(&words("--port 9000 --no-browser")).ok(), Some(expected));
        let expected = Command::Open(OpenOptions { port: Some(9000), no_browser: false, language: None });
        assert_eq!(parse(&words("--port=9000")).ok(), Some(expected));
        for line in ["--language pt-BR", "--language=pt-BR"] {
            let language = Some("pt-BR".to_owned());
            let expected = Command::Open(OpenOptions { language, ..OpenOptions::default() });
            assert_eq!(parse(&words(line)).ok(), Some(expected), "{line}");
        }
        assert!(matches!(parse(&words("--language")), Err(Error::MissingArgument { .. })));
        assert!(matches!(parse(&words("--port 0")), Err(Error::BadPort { .. })));
        assert!(matches!(parse(&words("--port")), Err(Error::BadPort { .. })));
    }

    #[test]
    fn an_unknown_command_names_the_nearest() {
        for (given, expected) in
            [("docter", "doctor"), ("tset", "test"), ("setpu", "setup"), ("cleen", "clean")]
        {
            match parse(&words(given)) {
                Err(Error::UnknownCommand { nearest, .. }) => assert_eq!(nearest, expected),
                other => panic!("{given}: {other:?}"),
            }
        }
    }

    #[test]
    fn run_reads_the_output_on_either_side() {
        for line in ["run a.ipynb --output b.ipynb", "run --output=b.ipynb a.ipynb"] {
            let expected = Command::Run { notebook: "a.ipynb".into(), output: Some("b.ipynb".into()) };
            assert_eq!(parse(&words(line)).ok(), Some(expected), "{line}");
        }
        assert!(parse(&words("run")).is_err());
        assert!(parse(&words("run a b")).is_err());
        assert!(parse(&words("setup now")).is_err());
    }

    #[test]
    fn the_book_goes_where_it_is_told() {
        assert_eq!(parse(&words("book")).ok(), Some(Command::Book { output: None }));
        for line in ["book --output a", "book --output=a"] {
            assert_eq!(parse(&words(line)).ok(), Some(Command::Book { output: Some("a".into()) }), "{line}");
        }
        for line in ["book a", "book --output", "book --output=", "book --output a b"] {
            assert!(parse(&words(line)).is_err(), "{line}");
        }
    }

    #[test]
    fn a_translation_is_approved_by_cell() {
        let translated = |cells: &[&str]| {
            let cells = cells.iter().map(|&cell| cell.to_owned()).collect();
            Command::Notebooks(NotebooksAction::Translated { notebook: "a.ipynb".into(), cells })
        };
        assert_eq!(parse(&words("notebooks translated a.ipynb")).ok(), Some(translated(&[])));
        assert_eq!(
            parse(&words("notebooks translated a.ipynb why title")).ok(),
            Some(translated(&["why", "title"]))
        );
        assert_eq!(parse(&words("notebooks copy")).ok(), Some(Command::Notebooks(NotebooksAction::Copy)));
        for line in
            ["notebooks", "notebooks translated", "notebooks copy a.ipynb", "notebooks translate a.ipynb"]
        {
            assert!(parse(&words(line)).is_err(), "{line}");
        }
    }

    #[test]
    fn setup_adds_what_it_is_asked_for() {
        assert_eq!(parse(&words("setup")).ok(), Some(Command::Setup { with: Vec::new() }));
        for line in ["setup --with go", "setup --with=go"] {
            assert_eq!(parse(&words(line)).ok(), Some(Command::Setup { with: vec![Extra::Go] }), "{line}");
        }
        for line in ["setup --with", "setup --with fortran"] {
            assert!(matches!(parse(&words(line)), Err(Error::UnknownExtra { .. })), "{line}");
        }
    }

    #[test]
    fn every_command_has_help() {
        for (name, text) in HELP {
            assert_eq!(
                parse(&words(&format!("{name} --help"))).ok(),
                Some(Command::Help(Some(name.to_owned())))
            );
            assert!(help(Some(name)).starts_with(&format!("cargo lab {name}")), "{text}");
        }
    }
}
