//! What a distributed program of a notebook is built with: [`mpi`] itself, and the few lines by which a rank tells the
//! notebook where it is and what it measured.
//!
//! Every message to the notebook is one line of JSON on the standard output: the launcher carries it from whichever host the
//! rank is on. All other lines are the program's own, and are shown as they are.

mod faults;
mod line;
mod timing;
mod watch;

pub use faults::{kill_me, stop_me};
pub use line::{Line, Rank, progress, report, result, start};
pub use mpi;
pub use timing::{Rounds, Timing, busy, cpu_seconds, rounds, sent, timed};

/// What a program brings in: `use conpar_mpi::prelude::*;`.
pub mod prelude {
    pub use crate::{busy, kill_me, progress, report, result, rounds, sent, start, stop_me, timed};
    pub use mpi;
    pub use mpi::collective::SystemOperation;
    pub use mpi::point_to_point as p2p;
    pub use mpi::traits::*;
}
