//! One running kernel: its folder, its environment, its start and its end.
//!
//! Invariants:
//! * every kernel has a folder of its own, and no two processes of evcxr ever share one;
//! * a folder lives while the lock on its `.lock` file is held, and any launcher may remove it afterwards;
//! * all processes of a kernel carry the folder in `EVCXR_TMPDIR`: whoever removes it first ends them.

mod analysis;
mod atomics;
pub(crate) mod copy;
pub(crate) mod folder;
pub(crate) mod janitor;
pub(crate) mod launcher;
pub(crate) mod replay;
pub(crate) mod settings;
pub(crate) mod toolchain;
