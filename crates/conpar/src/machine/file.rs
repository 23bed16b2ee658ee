//! A machine as a JSON file, to be kept or sent.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Machine;
use super::topology::MOST_CORES;
use crate::Error;

/// No machine's file is longer, in bytes: a thousand cores take some hundred thousand.
const LONGEST: u64 = 8 << 20;

/// No processor's name is longer, in bytes.
const LONGEST_NAME: usize = 256;

impl Machine {
    /// Writes the machine to a file as JSON. An older file of that name is replaced.
    ///
    /// # Errors
    ///
    /// [`Error::File`] where it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        save(self, path.as_ref())
    }

    /// Reads a machine that [`save`](Machine::save) wrote, here or on another computer.
    ///
    /// # Errors
    ///
    /// [`Error::File`] where the file cannot be read, [`Error::BadFile`] where what it holds is no machine.
    pub fn load(path: impl AsRef<Path>) -> Result<Machine, Error> {
        load(path.as_ref())
    }
}

fn save(machine: &Machine, path: &Path) -> Result<(), Error> {
    let failed = |reason: String| Error::File { action: "writing", path: path.display().to_string(), reason };
    let json = serde_json::to_string_pretty(machine).map_err(|error| failed(error.to_string()))?;
    std::fs::write(path, json + "\n").map_err(|error| failed(error.to_string()))
}

fn load(path: &Path) -> Result<Machine, Error> {
    let shown = || path.display().to_string();
    let failed =
        |error: std::io::Error| Error::File { action: "reading", path: shown(), reason: error.to_string() };
    let bad = |reason: String| Error::BadFile { path: shown(), what: "machine", reason };
    // Asked before it is opened: opening a pipe waits for somebody who writes.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(bad("it is no ordinary file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LONGEST {
        return Err(bad(format!("it is longer than {} MiB", LONGEST >> 20)));
    }
    let machine: Machine = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
    match contradiction(&machine) {
        Some(reason) => Err(bad(reason.to_owned())),
        None => Ok(machine),
    }
}

/// What in a file can be true of no machine.
fn contradiction(machine: &Machine) -> Option<&'static str> {
    let positive = |value: f64| value.is_finite() && value > 0.0;
    let ascending = |numbers: &[usize]| {
        numbers.windows(2).all(|pair| pair[0] < pair[1])
            && numbers.last().is_none_or(|&last| last < MOST_CORES)
    };
    let available = machine.available_cores;
    let numbers: Vec<usize> = machine.cores.iter().map(|core| core.number).collect();
    let of_core =
        |core: &super::Core| [core.physical, core.node].into_iter().flatten().all(|id| id < MOST_CORES);
    let checks = [
        (
            machine.processor.as_ref().is_none_or(|name| name.len() <= LONGEST_NAME),
            "the processor's name is too long",
        ),
        ((1..=MOST_CORES).contains(&available), "the number of available cores is out of range"),
        (machine.affinity.as_ref().is_none_or(|mask| ascending(mask)), "the affinity mask is in no order"),
        (
            machine.affinity.as_ref().is_none_or(|mask| mask.len() == available),
            "the affinity mask and the number of available cores contradict each other",
        ),
        (machine.quota.is_none_or(positive), "the quota is not a positive number"),
        (
            machine.effective_cores == super::effective(available, machine.quota),
            "the effective cores do not follow from the available ones and the quota",
        ),
        (ascending(&numbers), "the cores are in no order"),
        (machine.cores.iter().all(of_core), "a core's physical core or memory node is out of range"),
        (
            machine.caches.iter().all(|cache| cache.level > 0 && cache.bytes > 0 && ascending(&cache.cores)),
            "a cache has no level, no size, or its cores in no order",
        ),
        (
            machine.load.is_none_or(|load| load.last_minute.is_finite() && load.last_minute >= 0.0),
            "the load is not a number from 0 upwards",
        ),
        (positive(machine.clock.step) && positive(machine.clock.cost), "the clock's times are not positive"),
    ];
    checks.into_iter().find(|(holds, _)| !holds).map(|(_, reason)| reason)
}
