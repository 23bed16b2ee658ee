//! What every result has in common: it shows itself, and it can be kept as picture and as data.

use std::path::Path;

use serde::Serialize;

use super::{Block, Table};
use crate::Error;
use crate::language::word;
use crate::plot::{self, Saved};

/// A result that a cell shows and that can be saved.
///
/// ```
/// use conpar::prelude::*;
///
/// # let folder = std::env::temp_dir().join(format!("conpar-shown-{}", std::process::id()));
/// # std::fs::create_dir(&folder).unwrap();
/// let squares = chart("squares").x("x").y("x²").line("x²", (0..9).map(|x| (f64::from(x), f64::from(x * x))));
/// squares.save_svg(folder.join("squares.svg"))?;
/// let saved = squares.save_csv(folder.join("squares.csv"))?;
/// assert!(std::fs::read_to_string(saved.path).unwrap().starts_with("line,x,y\n"));
/// # std::fs::remove_dir_all(folder).unwrap();
/// # Ok::<(), conpar::Error>(())
/// ```
pub trait Shown: Serialize {
    /// The figures, what they say in words, and the numbers behind them.
    fn block(&self) -> Block;

    /// The data with a column for each quantity, in SI units and full precision.
    fn columns(&self) -> Table;

    /// Saves the figures, one under the other, as a picture that stands alone: on white, in the colours of a light page.
    ///
    /// # Errors
    ///
    /// [`Error::CannotWrite`], with what to do; what keeps the figure from being drawn.
    fn save_svg(&self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        plot::write(path.as_ref(), self.block().svg()?.as_bytes())
    }

    /// Saves the same picture as [`save_svg`](Shown::save_svg) in pixels, two for each of the figure's. Its letters are
    /// Latin and Greek; a name in another script shows as boxes.
    ///
    /// # Errors
    ///
    /// As [`save_svg`](Shown::save_svg).
    fn save_png(&self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        plot::write(path.as_ref(), &plot::png(&self.block().svg()?)?)
    }

    /// Saves the whole result, to be [loaded](super::Loaded::load) and drawn again.
    ///
    /// # Errors
    ///
    /// [`Error::CannotWrite`], with what to do.
    fn save_json(&self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        let path = path.as_ref();
        let file = Written { format: FORMAT, version: VERSION, result: self };
        let json = serde_json::to_string_pretty(&file).map_err(|error| Error::CannotWrite {
            path: path.to_owned(),
            reason: error.to_string(),
            advice: word!(en: "The result holds what JSON cannot", pt: "O resultado contém o que JSON não pode conter"),
        })?;
        plot::write(path, (json + "\n").as_bytes())
    }

    /// Saves the data as comma-separated values (RFC 4180), with a heading.
    ///
    /// # Errors
    ///
    /// [`Error::CannotWrite`], with what to do.
    fn save_csv(&self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        plot::write(path.as_ref(), self.columns().csv().as_bytes())
    }
}

/// What a saved file begins with: docs/results.md describes the rest.
pub(super) const FORMAT: &str = "conpar";
/// The version of what is saved, raised when an older conpar could not read it.
pub(super) const VERSION: u64 = 1;

#[derive(Serialize)]
struct Written<'r, R: Serialize + ?Sized> {
    format: &'static str,
    version: u64,
    #[serde(flatten)]
    result: &'r R,
}

impl Saved {
    /// Shows where the file is, as the result of a cell.
    pub fn evcxr_display(&self) {
        println!("{self}");
    }
}

/// One way to look at a result; the data that it saves as JSON is the result itself.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct View<T> {
    result: T,
    #[serde(skip)]
    look: fn(&T) -> Block,
}

impl<T: Shown> View<T> {
    pub(super) fn new(result: T, look: fn(&T) -> Block) -> View<T> {
        View { result, look }
    }

    /// Shows the view in a cell.
    pub fn evcxr_display(&self) {
        self.block().emit();
    }
}

impl<T: Shown> Shown for View<T> {
    fn block(&self) -> Block {
        (self.look)(&self.result)
    }

    fn columns(&self) -> Table {
        self.result.columns()
    }
}
