//! A Go program that takes part in a measurement.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::child::{Program, Server, go};
use crate::language::say;
use crate::recorded::{self, Curve};
use crate::{Error, machine};

/// How long Go's own threads look for more to do, and a little more.
const CALM: Duration = Duration::from_micros(500);

/// Builds the Go program `source`, whose `main` hands a function to `measure`, and starts it. Where there is no Go toolchain,
/// what was recorded of the experiment `name` stands in.
///
/// # Errors
///
/// Those of [`go`], but for [`Error::NoGo`]; [`Error::NoSuchRecord`]; [`Error::ChildFailed`] when the program does not greet.
pub fn goroutines(name: &str, source: &str) -> Result<Goroutines, Error> {
    let there = match go(source) {
        Ok(program) => There::Here(Box::new(Here::start(program)?)),
        Err(Error::NoGo) => {
            let record = recorded::Goroutines::load()?;
            There::Recorded(record.curve(name)?.clone(), record.about())
        }
        Err(error) => return Err(error),
    };
    Ok(Goroutines { name: name.to_owned(), there })
}

/// A Go program that answers, or what was recorded of one. See [`goroutines`].
#[derive(Debug)]
pub struct Goroutines {
    /// The name of the experiment.
    pub name: String,
    there: There,
}

#[derive(Debug)]
enum There {
    Here(Box<Here>),
    Recorded(Curve, String),
}

#[derive(Debug)]
struct Here {
    program: Program,
    server: Server,
    about: About,
}

/// What a Go program says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct About {
    go: String,
    gomaxprocs: u64,
    gomemlimit: u64,
}

impl About {
    pub(super) fn words(&self) -> String {
        let About { go, gomaxprocs, gomemlimit } = self;
        let limit = match *gomemlimit {
            // Go's own word for none: the largest number there is.
            none if none >= i64::MAX as u64 => say!(en: "none", pt: "nenhum"),
            bytes => format!("{:.2} GB", bytes as f64 / 1e9),
        };
        format!("{go}, GOMAXPROCS {gomaxprocs}, GOMEMLIMIT {limit}")
    }
}

/// An answer of `measure`.
#[derive(Deserialize)]
struct Answer {
    seconds: f64,
    value: u64,
}

impl Here {
    fn start(program: Program) -> Result<Here, Error> {
        let server = program.serve()?;
        let about = serde_json::from_str(server.greeting()).map_err(|_| Error::ChildFailed {
            what: say!(en: "the Go program", pt: "o programa em Go"),
            reason: say!(
                en: "`{}` is no greeting: its `main` has to call `measure`",
                pt: "`{}` não é uma saudação: seu `main` precisa chamar `measure`",
                server.greeting()
            ),
        })?;
        Ok(Here { program, server, about })
    }
}

impl Goroutines {
    /// The same program, started anew and bound to one core. Go then uses one thread at a time: `GOMAXPROCS` is 1.
    ///
    /// # Errors
    ///
    /// [`Error::NoAffinity`] where the system cannot bind a program; [`Error::ChildFailed`].
    pub fn on_one_core(self) -> Result<Goroutines, Error> {
        let there = match self.there {
            There::Here(here) => {
                let again = machine::on_one_core(|_| Here::start(here.program))??;
                There::Here(Box::new(again))
            }
            recorded => recorded,
        };
        Ok(Goroutines { there, ..self })
    }

    /// Which Go it is and with what it runs; or where and when it was recorded.
    pub fn about(&self) -> String {
        match &self.there {
            There::Here(here) => here.about.words(),
            There::Recorded(_, about) => about.clone(),
        }
    }

    /// How long it took to build; `None` where that was done before.
    pub fn built(&self) -> Option<Duration> {
        match &self.there {
            There::Here(here) => here.program.built().took,
            There::Recorded(..) => None,
        }
    }

    /// What was recorded, where there is no Go.
    pub fn recorded(&self) -> Option<&Curve> {
        match &self.there {
            There::Here(_) => None,
            There::Recorded(curve, _) => Some(curve),
        }
    }

    /// Lets the program run its function on `n` so many times: how long that took, and the last result.
    pub(crate) fn time(&self, n: u64, repeats: u32) -> Result<(Duration, u64), Error> {
        let There::Here(here) = &self.there else { return Err(Error::NoGo) };
        let text = here.server.ask(&format!("{n} {repeats}"))?;
        let failed = |reason: String| Error::ChildFailed { what: self.name.clone(), reason };
        let answer: Answer = serde_json::from_str(&text).map_err(|_| {
            failed(say!(
                en: "`{text}` is no answer: does the program print?",
                pt: "`{text}` não é uma resposta: o programa imprime alguma coisa?"
            ))
        })?;
        // The threads of its runtime fall asleep now, and disturb nobody's measurement. What it took it has told already.
        std::thread::sleep(CALM);
        let seconds =
            Duration::try_from_secs_f64(answer.seconds).map_err(|error| failed(error.to_string()))?;
        Ok((seconds, answer.value))
    }
}
