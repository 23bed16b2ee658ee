//! The Python packages: the `pip:` list of environment.yml, which is the only list of them.

use super::{Environment, read};
use crate::error::{Error, Result};
use crate::places::Places;
use crate::progress::Progress;
use crate::{process, stamp};

/// About how many packages pip downloads for JupyterLab 4.6 into an empty environment (measured: 91).
const DOWNLOADS: u32 = 90;

/// Fills the environment, unless it holds what the list says.
pub(crate) fn install(places: &Places, environment: &Environment) -> Result<()> {
    let wanted = stamp_text(places, environment)?;
    if stamp::matches(&places.environment_stamp(), &wanted) && missing(places, environment)?.is_empty() {
        return Ok(());
    }
    add(environment, "Python packages", &listed(places)?, Some(DOWNLOADS))?;
    stamp::write(&places.environment_stamp(), &wanted)
}

/// Installs `requirements`, which make about `downloads` downloads.
pub(super) fn add(
    environment: &Environment,
    what: &'static str,
    requirements: &[String],
    downloads: Option<u32>,
) -> Result<()> {
    let mut progress = Progress::start(what, &requirements.join(", "), "packages", downloads);
    let mut pip = environment.command();
    pip.args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]);
    // Its own retries make an offline failure take minutes.
    pip.args(["--retries", "2"]).args(requirements);
    process::run_counted("pip", &mut pip, |line| {
        if line.starts_with("Collecting ") {
            progress.count();
        }
    })
    .map_err(|error| match error {
        // What pip says last where the index could not be reached, after warnings that are long gone.
        Error::Failed { detail, .. } if detail.contains("(from versions: none)") => {
            Error::NoNetwork { what: "pip", detail }
        }
        other => other,
    })?;
    progress.finish();
    Ok(())
}

/// The listed packages that the environment lacks; all of them where it does not answer.
pub(crate) fn missing(places: &Places, environment: &Environment) -> Result<Vec<String>> {
    let requirements = listed(places)?;
    let code = "import sys, importlib.metadata as m\n\
                for name in sys.argv[1:]:\n    \
                    try: m.version(name)\n    \
                    except m.PackageNotFoundError: print(name)\n";
    let names = requirements.iter().map(|requirement| name(requirement));
    match process::output(environment.command().args(["-c", code]).args(names)) {
        Ok(said) => Ok(said.lines().map(str::to_owned).collect()),
        Err(_) => Ok(requirements),
    }
}

/// Which environment was filled with what.
fn stamp_text(places: &Places, environment: &Environment) -> Result<String> {
    Ok(format!("{}\n{}\n", environment.prefix.display(), listed(places)?.join("\n")))
}

/// The requirements in environment.yml, as pip reads them.
pub(crate) fn listed(places: &Places) -> Result<Vec<String>> {
    let file = places.environment_file();
    let found = pip_list(&read(&file)?);
    if found.is_empty() {
        let problem = "no `- pip:` list with packages was found".to_owned();
        return Err(Error::BadEnvironmentFile { path: file, problem });
    }
    Ok(found)
}

/// The items below `- pip:`: the one part of YAML that is needed here, one item a line.
fn pip_list(text: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().map(|line| line.split(" #").next().unwrap_or_default().trim_end());
    let Some(head) = lines.by_ref().find(|line| line.trim_start() == "- pip:") else { return Vec::new() };
    lines
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .take_while(|line| indent(line) > indent(head))
        .filter_map(|line| line.trim_start().strip_prefix("- "))
        .map(|item| item.trim().trim_matches(['"', '\'']).to_owned())
        .collect()
}

/// The package's name in a requirement: what stands before a version, an extra or a marker.
fn name(requirement: &str) -> &str {
    let end = requirement.find(['=', '<', '>', '~', '!', '[', ';', ' ']).unwrap_or(requirement.len());
    &requirement[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pip_list_ends_where_its_indent_ends() {
        let text = "name: conpar\ndependencies:\n  - python>=3.10\n  - pip\n  - pip:\n      # why\n      \
                    - jupyterlab~=4.6  # the page\n\n      - \"nbclient>=0.10\"\n  - rust\n";
        assert_eq!(pip_list(text), ["jupyterlab~=4.6", "nbclient>=0.10"]);
        assert!(pip_list("dependencies:\n  - pip\n").is_empty());
    }

    #[test]
    fn a_requirement_starts_with_its_name() {
        for (requirement, expected) in
            [("jupyterlab~=4.6", "jupyterlab"), ("a[b]>=1", "a"), ("plain", "plain")]
        {
            assert_eq!(name(requirement), expected);
        }
    }
}
