//! What rust-analyzer reads of the standard library. evcxr asks it in each cell for the types of the cell's variables.
//!
//! Before it answers, it reads and resolves all of `core`, `alloc` and `std`, on one core: most of a kernel's start. Two
//! things in that are for nothing:
//!
//! - `core::arch`, the processors' vector instructions, is 27 MB of 52 and over a fifth of the time. A variable of such a
//!   type needs its type written out; all others are found as before.
//! - evcxr begins with an empty crate, and loads everything again once the prelude has named its dependencies.
//!
//! rust-analyzer finds the library by `rustc --print sysroot`, and `rustc` by the variable `RUSTC`, which nothing else
//! here listens to: evcxr names its own to cargo. So that variable names a script that answers this one question, with a
//! sysroot without sources at first, and then with one whose sources are links to the real ones, but for `core::arch`.
//!
//! Medians of 3 on 2 cores: ready 5.3 s without, 3.9 s with; a first `let` 2.8 s without, 2.0 s with.

use std::path::{Path, PathBuf};

use super::settings;
use super::toolchain::Toolchain;
use crate::error::{Error, Result};
use crate::{places, process, system};

/// Below a sysroot: the sources of the standard library, where the component `rust-src` puts them.
const LIBRARY: &str = "lib/rustlib/src/rust/library";

/// Below [`LIBRARY`]: the crate whose sources `core` includes as `core::arch`.
const ARCH: &str = "stdarch/crates/core_arch/src/mod.rs";

/// Not linked. Without the manifest rust-analyzer knows the library's crates by their names, as well as with it; with it,
/// cargo would ask the network for crates that only the library's own building needs.
const LEFT_OUT: [&str; 4] = ["Cargo.toml", "stdarch", "coretests", "alloctests"];

/// The variable by which rust-analyzer finds `rustc`.
pub(super) const VARIABLE: &str = "RUSTC";

/// Prepares both sysroots in the kernel's `folder`. Where the system has no links or scripts, or the toolchain no sources,
/// it prepares nothing, and rust-analyzer reads what it finds by itself.
pub(super) fn prepare(folder: &Path, toolchain: &Toolchain) -> Result<()> {
    let real = toolchain.sysroot.join(LIBRARY);
    let (empty, lean) = (home(folder).join("empty"), home(folder).join("lean"));
    if !system::HAS_SCRIPTS || !real.join("core").is_dir() {
        return Ok(());
    }
    for sysroot in [&empty, &lean] {
        let library = sysroot.join(LIBRARY);
        std::fs::create_dir_all(&library).map_err(Error::file("making the folder", &library))?;
        system::link(&toolchain.sysroot.join("bin"), &sysroot.join("bin"))?;
    }
    for source in places::children(&real)? {
        let name = source.file_name().unwrap_or_default();
        if !LEFT_OUT.iter().any(|left_out| name == *left_out) {
            system::link(&source, &lean.join(LIBRARY).join(name))?;
        }
    }
    let arch = lean.join(LIBRARY).join(ARCH);
    settings::write(&arch, "")?;
    let script_text = answers(&toolchain.sysroot, &empty, &lean, &settings::configuration(folder));
    system::write_script(&script(folder), &script_text)
}

/// The script, if it was prepared.
pub(super) fn rustc(folder: &Path) -> Option<PathBuf> {
    Some(script(folder)).filter(|script| script.exists())
}

/// Stands in for `rustc`, which rust-analyzer starts in the folder of evcxr's crate: there `Cargo.toml` tells whether the
/// prelude has named conpar yet. A kernel without a prelude may never load anything again.
fn answers(real: &Path, empty: &Path, lean: &Path, configuration: &Path) -> String {
    format!(
        "#!/bin/sh\n\
         if [ \"$*\" != '--print sysroot' ]; then exec {}/bin/rustc \"$@\"; fi\n\
         if grep -q prelude {} && ! grep -q '^conpar' Cargo.toml; then echo {}; else echo {}; fi\n",
        process::quote(real),
        process::quote(configuration),
        process::quote(empty),
        process::quote(lean),
    )
}

fn home(folder: &Path) -> PathBuf {
    folder.join("analysis")
}

fn script(folder: &Path) -> PathBuf {
    home(folder).join("rustc")
}
