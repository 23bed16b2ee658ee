//! `cargo lab doctor`: what is there, what is missing, and the command that mends each.

use std::process::{Command, ExitCode};

use crate::environment::extras::Extra;
use crate::environment::{Environment, Kind, packages, python};
use crate::error::{Error, Result};
use crate::kernel::folder;
use crate::kernel::toolchain::Toolchain;
use crate::places::Places;
use crate::template::{self, Template};
use crate::{evcxr, kernelspec, process, system};

/// The oldest Rust, as in the workspace's manifest.
pub(crate) const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// What a full set-up takes at most while evcxr_jupyter is built, in MB: that build, Python, the template.
const MEGABYTES: u64 = 3_000;

/// One thing that conpar needs.
struct Finding {
    thing: &'static str,
    /// What was found, or the command that mends it.
    state: std::result::Result<String, String>,
}

/// Prints the table; fails when something is missing. Changes nothing.
pub(crate) fn run(places: &Places) -> Result<ExitCode> {
    let environment = Environment::locate(places);
    let findings = [
        finding("Rust", rust()),
        finding("C compiler", compiler()),
        finding("Python", base_python(&environment)),
        finding("Python environment", environment_state(&environment)),
        finding("Python packages", package_state(places, &environment)),
        finding("evcxr_jupyter", evcxr_state(places)),
        finding("kernelspec", kernelspec_state(places, &environment)),
        finding("kernel template", template_state(places)),
        finding("disk", disk(places)),
    ];
    for Finding { thing, state } in &findings {
        match state {
            Ok(found) => println!("ok       {thing:<19} {found}"),
            Err(mend) => {
                println!("MISSING  {thing:<19} {}", mend.replace('\n', "\n                             "))
            }
        }
    }
    for extra in Extra::ALL {
        let found = extra.state(places, &environment);
        let mend = format!(
            "not there; only {} needs it: `cargo lab setup --with {}`",
            extra.purpose(),
            extra.name()
        );
        println!("         {:<19} {}", extra.name(), found.unwrap_or(mend));
    }
    println!("         {:<19} {} running", "kernels", folder::live(places)?);
    println!("         {:<19} not checked: only the set-up and a new `:dep` need it", "network");
    let missing = findings.iter().filter(|finding| finding.state.is_err()).count();
    println!(
        "\n{}",
        if missing == 0 { "All is there: `cargo lab`".to_owned() } else { format!("{missing} missing") }
    );
    Ok(if missing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn finding(thing: &'static str, state: Result<String>) -> Finding {
    Finding { thing, state: state.map_err(|error| error.to_string()) }
}

fn rust() -> Result<String> {
    let toolchain = Toolchain::find()?;
    let release = release(&toolchain);
    if numbers(release) < numbers(RUST) {
        return Err(Error::OldRust { found: release.to_owned(), needed: RUST });
    }
    Ok(format!("{release} in {}", toolchain.sysroot.display()))
}

fn release(toolchain: &Toolchain) -> &str {
    toolchain.version.lines().find_map(|line| line.strip_prefix("release: ")).unwrap_or_default()
}

/// The first two numbers of a version.
fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).take(2).filter_map(|number| number.parse().ok()).collect()
}

/// Which newer Rust than the one that the code is linted with there is here, if it is newer.
pub(crate) fn newer_rust() -> Result<Option<String>> {
    let toolchain = Toolchain::find()?;
    let release = release(&toolchain);
    Ok((numbers(release) > numbers(RUST)).then(|| release.to_owned()))
}

fn compiler() -> Result<String> {
    system::check_compiler()?;
    let said =
        process::output(Command::new("cc").arg("--version")).unwrap_or_else(|_| "rustc's own choice".into());
    Ok(said.lines().next().unwrap_or_default().to_owned())
}

/// The Python that the environment is, or would be, made with.
fn base_python(environment: &Environment) -> Result<String> {
    if environment.python().is_file() {
        return Ok(python::check_version(&environment.python())?.display().to_string());
    }
    let base = python::find()?;
    python::check_venv(&base)?;
    Ok(base.display().to_string())
}

fn environment_state(environment: &Environment) -> Result<String> {
    if !environment.python().is_file() {
        return Err(Error::NotSetUp { what: "the environment" });
    }
    let kind = if environment.kind == Kind::Conda { "conda" } else { "virtual" };
    Ok(format!("{kind}, {}", environment.prefix.display()))
}

fn package_state(places: &Places, environment: &Environment) -> Result<String> {
    match packages::missing(places, environment)?.as_slice() {
        [] => Ok(packages::listed(places)?.join(", ")),
        missing => Err(Error::MissingPackages { names: missing.join(", ") }),
    }
}

fn evcxr_state(places: &Places) -> Result<String> {
    let found = evcxr::find(places).ok_or(Error::NotSetUp { what: "evcxr_jupyter 0.22.0" })?;
    Ok(format!("{} in {}", evcxr::VERSION, found.display()))
}

fn kernelspec_state(places: &Places, environment: &Environment) -> Result<String> {
    if !kernelspec::is_installed(places, environment) {
        return Err(Error::NotSetUp { what: "the kernelspec" });
    }
    Ok(format!("`{}` in {}", kernelspec::NAME, environment.kernels().display()))
}

fn template_state(places: &Places) -> Result<String> {
    let evcxr = evcxr::find(places).unwrap_or_default();
    match Template::load(places) {
        None => Err(Error::NotSetUp { what: "the template" }),
        Some(_) if template::is_current(places, evcxr)? => {
            Ok(format!("fresh, {}", places.template().display()))
        }
        Some(_) => Ok("older than conpar's sources: kernels start slower until `cargo lab setup`".to_owned()),
    }
}

fn disk(places: &Places) -> Result<String> {
    let needed = if Template::load(places).is_some() { 500 } else { MEGABYTES };
    crate::setup::check_disk(places, needed, "the set-up")?;
    Ok(system::free_megabytes(places.root()).map_or("not known".to_owned(), |free| format!("{free} MB free")))
}
