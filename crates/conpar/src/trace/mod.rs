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

mod lane;
mod timeline;

pub use lane::{Lane, Recorder, trace};
pub use timeline::{Activity, Span, Timeline};
