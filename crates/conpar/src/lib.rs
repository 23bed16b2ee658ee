//! Measures and draws concurrency and parallelism, live, on the cores of whoever runs the cell.
//!
//! A cell of a conpar notebook holds the concurrent code itself, written with [`rayon`], [`crossbeam`], [`tokio`] or
//! `std`; this crate times it, traces it and draws what came out.
//!
//! | module | what is there |
//! |---|---|
//! | [`machine`] | what this computer offers: cores, caches, affinity, quota |
//! | [`measure`] | clock, rounds, clean samples, bootstrap intervals: knows nothing of plots |
//! | [`model`] | Amdahl, Gustafson, Karp–Flatt, the universal scalability law: fits, and when they are refused |
//! | [`speedup`] | the experiment: arms × worker counts → [`Scaling`](speedup::Scaling) |
//! | [`schedule`] | a simulation: task times measured here × schedulers × up to 64 workers → [`Simulated`](schedule::Simulated) |
//! | [`units`] | threads, tasks, coroutines, goroutines, processes: Go programs as arms, and the memory of what waits → [`Resident`](units::Resident) |
//! | [`sweep`] | the experiment: arms × values of any one parameter → [`Swept`](sweep::Swept) |
//! | [`trace`] | who ran what, on which core, when → [`Timeline`](trace::Timeline) |
//! | [`race`] | the experiment: a million races, and how often each outcome was seen → [`Observed`](race::Observed) |
//! | [`isolation`] | jobs done by workers that may die, threads or processes → [`JobReport`](isolation::JobReport) |
//! | [`transport`] | what a message to another process costs, and from which payload on its help pays → [`Transports`](transport::Transports) |
//! | [`interleaving`] | what a program can do: every order of its steps, every execution → [`Explored`](interleaving::Explored) |
//! | [`fairness`] | the experiment: whose turns they were, when all workers want the same → [`Served`](fairness::Served) |
//! | [`messages`] | messages between threads: one conversation, or how long they are on their way → [`Conversation`](messages::Conversation), [`Latencies`](messages::Latencies) |
//! | [`responsiveness`] | the experiment: how late a heartbeat comes beside heavy work, and how fast that goes → [`Responded`](responsiveness::Responded) |
//! | [`orders`] | the experiment: the same tasks run many times, and in which orders their steps came → [`Ordered`](orders::Ordered) |
//! | [`overlap`] | the experiment: tasks at once, waiting and computing, on one core and on all |
//! | [`calibration`] | whether the instrument finds what is known: planted truth, competing load, equal arms, its own cost |
//! | [`challenge`] | programs that the reader has not seen: predicted, diagnosed, mended, judged by measuring |
//! | [`child`] | programs of the reader's own in processes of their own, under a deadline |
//! | [`liveness`] | deadlock, livelock, starvation: how often, who waits for whom, in which order of steps |
//! | [`ranks`] | distributed programs on ranks and hosts, with MPI → [`Job`](ranks::Job); the alpha-beta model; thousands of ranks, simulated |
//! | [`recorded`] | curves that were measured elsewhere, with their sources |
//! | [`prediction`] | a reader's prediction, held against what was measured; the journal of all of them → [`Journal`](prediction::Journal) |
//! | [`workload`] | work to measure |
//! | [`language`] | in which language figures, verdicts and errors speak |
//! | [`plot`] | results → figures; measures nothing |
//! | [`notebook`] | showing a result in a cell, progress lines, claims |
//!
//! Data flows one way, down this table. A result is plain data: it can be saved, loaded and plotted again without
//! measuring.
//!
//! # Example
//!
//! ```
//! use conpar::prelude::*;
//! use rayon::prelude::*;
//!
//! let numbers: Vec<u64> = (0..100_000).collect();
//! let scaling = speedup("sum of squares")
//!     .serial(|| numbers.iter().map(|n| n * n).sum::<u64>())
//!     .rayon("par_iter", || numbers.par_iter().map(|n| n * n).sum::<u64>())
//!     .budget(std::time::Duration::from_millis(200))
//!     .measure()?;
//! assert!(scaling.points().count() >= 1);
//! # Ok::<(), conpar::Error>(())
//! ```
//!
//! # One pool for all cells
//!
//! The crate is built as a dylib and re-exports rayon, crossbeam, tokio, plotters and what else cells use. A cell is a shared object of its
//! own; through the one dylib all cells of a kernel share one rayon pool and one set of tokio's statics.

pub mod calibration;
pub mod challenge;
pub mod child;
pub mod error;
pub mod fairness;
pub mod interleaving;
pub mod isolation;
pub mod language;
pub mod liveness;
pub mod machine;
pub mod measure;
pub mod messages;
pub mod model;
pub mod notebook;
pub mod orders;
pub mod overlap;
pub mod plot;
pub mod prediction;
pub mod prelude;
pub mod race;
pub mod ranks;
pub mod recorded;
pub mod responsiveness;
pub mod schedule;
pub mod speedup;
pub mod sweep;
pub mod trace;
pub mod transport;
pub mod units;
pub mod workload;

pub use corosensei;
pub use crossbeam;
pub use error::Error;
pub use hdrhistogram;
pub use loom;
pub use parking_lot;
pub use plotters;
pub use rayon;
pub use shuttle;
pub use tokio;
