//! `cargo lab`: sets up, opens, tests and times the conpar notebooks.
//!
//! | module | subject |
//! |---|---|
//! | [`cli`] | the command line: what was asked |
//! | [`setup`] | the set-up: everything that is missing, in order |
//! | [`environment`] | the Python side: interpreter, packages |
//! | [`evcxr`] | the pinned Jupyter kernel for Rust |
//! | [`kernelspec`] | what Jupyter reads to start our kernel |
//! | [`template`] | the folder with the dependencies built, that each kernel starts from |
//! | [`kernel`] | one running kernel: its copy of the template, its start, its end |
//! | [`notebook`] | notebooks: their byte form, their translations, and running one |
//! | [`jupyter`] | opening JupyterLab |
//! | [`book`] | the site that shows what the chapters measured |
//! | [`test`], [`calibrate`], [`doctor`], [`clean`] | the commands of those names |
//! | [`places`], [`process`], [`progress`], [`stamp`], [`system`], [`error`] | what all of them stand on |
//!
//! Nothing here depends on the crate `conpar`: this program has to build first, and fast.

mod bench;
mod book;
mod calibrate;
mod clean;
mod cli;
mod doctor;
mod environment;
mod error;
mod evcxr;
mod jupyter;
mod kernel;
mod kernelspec;
mod notebook;
mod places;
mod process;
mod progress;
mod setup;
mod stamp;
mod system;
mod template;
mod test;

use std::process::ExitCode;

use cli::{Command, NotebooksAction};
use error::{Error, Result};
use places::Places;

fn main() -> ExitCode {
    let done = kernel::replay::stand_in().unwrap_or_else(|| {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        cli::parse(&arguments).and_then(run)
    });
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked; the exit code is a failure when a test failed or something is missing.
fn run(command: Command) -> Result<ExitCode> {
    if let Command::Help(topic) = command {
        println!("{}", cli::help(topic.as_deref()));
        return Ok(ExitCode::SUCCESS);
    }
    let places = Places::find()?;
    match command {
        Command::Open(options) => {
            // A language that is not there is told before minutes of set-up.
            let folder = jupyter::folder(&places, options.language.as_deref())?;
            let environment = setup::run(&places)?;
            jupyter::open(&places, &folder, &environment, &options)?;
        }
        Command::Setup { with } => {
            let environment = setup::run(&places)?;
            with.into_iter().try_for_each(|extra| extra.install(&places, &environment))?;
        }
        Command::Test { filter } => return test::run(&places, filter.as_deref()),
        Command::Run { notebook, output } => {
            if !notebook.is_file() {
                return Err(Error::NotThere { what: "the notebook", path: notebook });
            }
            let environment = setup::run(&places)?;
            let options = notebook::run::Options { output: output.as_deref(), core: None };
            let report = notebook::run::run(&environment, &notebook, options, &mut notebook::run::print)?;
            return Ok(if report.errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Book { output } => return book::run(&places, output.as_deref()),
        Command::Doctor => return doctor::run(&places),
        Command::Clean { force } => clean::run(&places, force)?,
        Command::Notebooks(NotebooksAction::Check) => {
            let mut done = ExitCode::SUCCESS;
            for path in places.all_notebooks()? {
                for problem in notebook::check(&places, &path)? {
                    eprintln!("{}: {problem}", places.name(&path));
                    done = ExitCode::FAILURE;
                }
            }
            return Ok(done);
        }
        Command::Notebooks(NotebooksAction::Fix) => notebook::format::fix_all(&places)?,
        Command::Notebooks(NotebooksAction::Copy) => notebook::translation::copy_all(&places)?,
        Command::Notebooks(NotebooksAction::Translated { notebook, cells }) => {
            notebook::translation::approve(&places, &notebook, &cells)?;
        }
        Command::Bench { arguments } => bench::run(&places, &arguments)?,
        Command::Calibrate { arguments } => calibrate::run(&places, &arguments)?,
        Command::Kernel { connection_file } => return kernel::launcher::run(&places, &connection_file),
        Command::Janitor { copy } => kernel::janitor::run(&copy),
        Command::Help(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}
