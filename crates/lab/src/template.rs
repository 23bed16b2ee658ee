//! The template: a kernel's folder with all dependencies built, made once by a real evcxr, copied for each kernel.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::kernel::copy::{self, Compiles};
use crate::kernel::settings;
use crate::kernel::toolchain::Toolchain;
use crate::places::Places;
use crate::progress::Progress;
use crate::{process, stamp, system};

/// Drives evcxr through the kernel's own protocol.
const PREPARE: &str = include_str!("../python/prepare_template.py");

/// How many crates the set-up cell compiles, about (counted: 29).
const CRATES: u32 = 29;

/// What the template takes, in MB (measured: 130), with room for a kernel's copy.
const MEGABYTES: u64 = 500;

/// What the template was made from: its stamp, and all that the launcher needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Template {
    pub(crate) evcxr: PathBuf,
    pub(crate) toolchain: Toolchain,
    /// The manifests and the set-up cell.
    settings: String,
    /// [`stamp::sources`] of conpar and the locked versions.
    sources: String,
}

/// How a template stands to the checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    Fresh,
    /// cargo will notice in each kernel's copy, and compile what changed.
    SourcesChanged,
}

impl Template {
    /// The template that the set-up made, if it made one for this checkout's path and settings.
    pub(crate) fn load(places: &Places) -> Option<Template> {
        let text = std::fs::read_to_string(stamp_file(places)).ok()?;
        let template: Template = serde_json::from_str(&text).ok()?;
        let usable = template.settings == settings::fingerprint(places)
            && template.toolchain.sysroot.is_dir()
            && template.evcxr.is_file();
        usable.then_some(template)
    }

    /// Compares with the checkout's present sources.
    pub(crate) fn freshness(&self, places: &Places) -> Result<Freshness> {
        let same = self.sources == stamp::sources(places)?;
        Ok(if same { Freshness::Fresh } else { Freshness::SourcesChanged })
    }

    /// What a template made now would be made from.
    fn wanted(places: &Places, evcxr: PathBuf) -> Result<Template> {
        Ok(Template {
            evcxr,
            toolchain: Toolchain::find()?,
            settings: settings::fingerprint(places),
            sources: stamp::sources(places)?,
        })
    }
}

/// Says whether the template is made from exactly what is there now.
pub(crate) fn is_current(places: &Places, evcxr: PathBuf) -> Result<bool> {
    Ok(Template::load(places) == Some(Template::wanted(places, evcxr)?))
}

/// Makes the template, unless it is made from exactly what is there now.
pub(crate) fn make(places: &Places, environment: &Environment, evcxr: PathBuf) -> Result<()> {
    let wanted = Template::wanted(places, evcxr)?;
    let present = Template::load(places);
    if present.as_ref() == Some(&wanted) {
        return Ok(());
    }
    crate::setup::check_disk(places, MEGABYTES, "the kernel's template")?;
    system::check_compiler()?;
    let partial = places.template_in_the_making();
    // A template that was broken off goes on; one whose sources changed starts from what is built.
    if !partial.exists() && present.is_some_and(|present| present.toolchain == wanted.toolchain) {
        copy::template(&places.template(), &partial, Compiles::Conpar)?;
    }
    let _ = std::fs::remove_file(partial.join(STAMP));
    settings::write_workspace(places, &partial)?;
    settings::remove_prelude(&partial)?;
    let built = build(places, environment, &wanted);
    // rustc may take what it kept for newer than it is (see `kernel::copy`); then object files do not fit together.
    let is_unfit = matches!(&built, Err(Error::TemplateFailed { detail }) if detail.contains("linking with"));
    match is_unfit && forget(&incremental_of_conpar(&partial)?)? {
        true => build(places, environment, &wanted)?,
        false => built?,
    }
    clear_leftovers(&partial)?;
    let text = serde_json::to_string_pretty(&wanted)
        .map_err(|error| Error::TemplateFailed { detail: error.to_string() })?;
    stamp::write(&partial.join(STAMP), &text)?;
    replace(&places.template(), &partial)
}

/// Runs the set-up cell in a real evcxr, in the environment that the kernels will have.
fn build(places: &Places, environment: &Environment, wanted: &Template) -> Result<()> {
    let partial = places.template_in_the_making();
    let mut progress =
        Progress::start("kernel template", "compiling conpar and its dependencies", "crates", Some(CRATES));
    // Any chapter's folder: the set-up cell names conpar from there.
    let chapters = places.english();
    std::fs::create_dir_all(&chapters).map_err(Error::file("making the folder", &chapters))?;
    let connection_file = Path::new("{connection_file}");
    let kernel = settings::command(&wanted.evcxr, &wanted.toolchain, environment, &partial, connection_file);
    let mut python = environment.command();
    python.args(["-c", PREPARE, settings::SETUP_CELL]).arg(kernel.get_program()).args(kernel.get_args());
    for (name, value) in kernel.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    // A backtrace of evcxr would push what matters out of the error.
    python.current_dir(chapters).env("RUST_BACKTRACE", "0");
    process::run_counted("compiling the kernel's template", &mut python, |line| {
        if line.trim_start().starts_with("Compiling ") {
            progress.count();
        }
    })
    .map_err(|error| match error {
        Error::Failed { detail, .. } => Error::TemplateFailed { detail },
        other => other,
    })?;
    progress.finish();
    Ok(())
}

/// Puts `made` in the place of `old`, so that at no moment half a template is there.
fn replace(old: &Path, made: &Path) -> Result<()> {
    let aside = old.with_extension("old");
    let _ = std::fs::remove_dir_all(&aside);
    if old.exists() {
        std::fs::rename(old, &aside).map_err(Error::file("renaming", old))?;
    }
    std::fs::rename(made, old).map_err(Error::file("renaming", made))?;
    // A leftover is removed the next time.
    let _ = std::fs::remove_dir_all(&aside);
    Ok(())
}

/// Removes what no kernel needs: compiled cells, and what rustc kept for a conpar of other dependencies or flags.
fn clear_leftovers(partial: &Path) -> Result<()> {
    let target = settings::crate_folder(partial).join("target");
    for platform in crate::places::children(&target)?.iter().filter(|entry| entry.is_dir()) {
        for file in crate::places::children(&platform.join("debug"))? {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.contains("code_") && file.is_file() {
                std::fs::remove_file(&file).map_err(Error::file("removing", &file))?;
            }
        }
    }
    let mut kept = incremental_of_conpar(partial)?;
    kept.sort_by_key(|folder| std::fs::metadata(folder).and_then(|found| found.modified()).ok());
    kept.pop();
    forget(&kept).map(|_| ())
}

/// The folders in which rustc keeps what it needs to compile conpar again.
fn incremental_of_conpar(partial: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for platform in crate::places::children(&settings::crate_folder(partial).join("target"))? {
        found
            .extend(crate::places::children(&platform.join("debug").join("incremental")).unwrap_or_default());
    }
    found.retain(|folder| copy::is_incremental_of_conpar(folder));
    Ok(found)
}

/// Removes the folders. Whether there was one.
fn forget(folders: &[PathBuf]) -> Result<bool> {
    for folder in folders {
        std::fs::remove_dir_all(folder).map_err(Error::file("removing", folder))?;
    }
    Ok(!folders.is_empty())
}

const STAMP: &str = "stamp.json";

fn stamp_file(places: &Places) -> PathBuf {
    places.template().join(STAMP)
}
