//! Who ran what, on which core, when.
//!
//! Each task records into a [`Lane`] of its own, so recording takes no lock and no shared cache line; the lanes come
//! together in the [`Recorder`] when they end. What comes out is a [`Timeline`], plain data.
//!
//! ```
//! use conpar::trace::trace;
//!
//! let timeline = trace("two sums", |recorder| {
//!     std::thread::scope(|scope| {
//!         for number in 0..2 {
//!             scope.spawn(move || recorder.lane(number).computing(|| (0..1_000_000_u64).sum::<u64>()));
//!         }
//!     });
//! });
//! assert_eq!(timeline.lanes, 2);
//! ```
//!
//! | what runs | how it is recorded |
//! |---|---|
//! | a thread | `lane.computing(\|\| …)`, `lane.waiting(\|\| …)` |
//! | a rayon job | the same: a lane for each job, as the first argument of `map_init` |
//! | a tokio task | `tokio::spawn(recorder.task(number, async { … }))`: each poll is computing, each `.await` that suspends is waiting until the task is woken |
//! | a process | it traces itself and prints [`Timeline::line`]; [`Timeline::from_line`] and [`Timeline::beside`] bring it into the parent's timeline |
//!
//! # What an event costs
//!
//! A span is two events, its start and its end. Each reads the clock (some 20 ns) and the number of the core (some 2 ns).
//! The thread's CPU time, which tells whether it was interrupted, is a call of the system (some 400 ns): it is read for
//! pieces from 50 µs on only. `harness_cost` measures it.

mod events;
mod lane;
mod recorder;
mod task;
mod timeline;

pub use lane::Lane;
pub use recorder::{Recorder, trace};
pub use task::Task;
pub use timeline::{Activity, Clock, Span, Timeline, Worker};
