//! What rust-analyzer reads of the standard library. evcxr asks it in each cell for the types of the cell's variables.
//!
//! Before it answers, it reads and resolves all of `core`, `alloc` and `std`, on one core: most of a kernel's start. Two
//! things in that are for nothing:
//!
//! - The vector instructions, `core::arch` and the unstable `core::simd`, are 27 MB of 52 and over a fifth of the time. A
//!   variable of such a type needs its type written out; all others are found as before.
//! - evcxr begins with an empty crate, and loads everything again once the prelude has named its dependencies.
//!
//! rust-analyzer finds the library by `rustc --print sysroot`, and `rustc` by the variable `RUSTC`, which nothing else
//! here listens to: evcxr names its own to cargo. So that variable names a script that answers this one question, with a
//! sysroot without sources at first, and then with one whose sources are links to the real ones, but for these.
//!
//! Medians of 3 on 2 cores: ready 5.3 s without, 3.9 s with; a first `let` 2.8 s without, 2.0 s with.

use std::path::{Path, PathBuf};

use super::settings;
use super::toolchain::Toolchain;
use crate::error::{Error, Result};
use crate::{places, process, system};

/// Below a sysroot: the sources of the standard library, where the component `rust-src` puts them.
const LIBRARY: &str = "lib/rustlib/src/rust/library";

/// Below [`LIBRARY`]: the files by which `core` includes the vector instructions, and what stands in them here.
const EMPTIED: [(&str, &str); 2] = [
    ("stdarch/crates/core_arch/src/mod.rs", ""),
    ("portable-simd/crates/core_simd/src/mod.rs", "pub mod simd {}\n"),
];

/// Not linked. Without the manifest rust-analyzer knows the library's crates by their names, as well as with it; with it,
/// cargo would ask the network for crates that only the library's own building needs.
const LEFT_OUT: [&str; 5] = ["Cargo.toml", "stdarch", "portable-simd", "coretests", "alloctests"];

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
    for (file, text) in EMPTIED {
        settings::write(&lean.join(LIBRARY).join(file), text)?;
    }
    settings::write(&home(folder).join("version"), &toolchain.version)?;
    let script_text = answers(&toolchain.sysroot, &home(folder), &settings::configuration(folder));
    system::write_script(&script(folder), &script_text)
}

/// The script, if it was prepared.
pub(super) fn rustc(folder: &Path) -> Option<PathBuf> {
    Some(script(folder)).filter(|script| script.exists())
}

/// Stands in for `rustc`, which rust-analyzer starts in the folder of evcxr's crate: there `Cargo.toml` tells whether the
/// prelude has named conpar yet. A kernel without a prelude may never load anything again.
///
/// cargo asks for the version in each of its runs, and starting rustc for it takes longer than `cat`.
fn answers(real: &Path, home: &Path, configuration: &Path) -> String {
    let [real, empty, lean, version, configuration] =
        [real, &home.join("empty"), &home.join("lean"), &home.join("version"), configuration]
            .map(process::quote);
    format!(
        "#!/bin/sh\n\
         case \"$*\" in\n\
         -vV) cat {version} && echo ;;\n\
         '--print sysroot')\n\
         if grep -q prelude {configuration} && ! grep -q '^conpar' Cargo.toml; then echo {empty}; else echo {lean}; fi ;;\n\
         *) exec {real}/bin/rustc \"$@\" ;;\n\
         esac\n"
    )
}

fn home(folder: &Path) -> PathBuf {
    folder.join("analysis")
}

fn script(folder: &Path) -> PathBuf {
    home(folder).join("rustc")
}
