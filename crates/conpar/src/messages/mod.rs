//! Messages between threads: who sent what to whom, when it was offered, and when it arrived.
//!
//! The channel stays in the cell, whichever it is. Each participant writes its own record: a message says that it is
//! offered, that its send returned, that it was received. A message carries its sender and a number through the channel, so
//! that its two ends are brought together afterwards.
//!
//! ```
//! use conpar::prelude::*;
//! use crossbeam::channel;
//!
//! let talk = conversation("three messages", |talk| {
//!     let (to, from) = channel::bounded(0);
//!     let (alice, bob) = (talk.participant("alice"), talk.participant("bob"));
//!     std::thread::scope(|scope| {
//!         scope.spawn(move || (0..3).for_each(|n| alice.sent(to.send(alice.offer(n))).unwrap()));
//!         scope.spawn(move || from.iter().map(|message| bob.received(message)).sum::<i32>());
//!     });
//! });
//! assert_eq!(talk.latencies().len(), 3);
//! ```
//!
//! # What a record costs
//!
//! A message carries 8 bytes. Its three marks are three readings of the clock, and three entries in buffers that no other
//! thread touches: some 100 ns together. Nothing is locked and nothing is shared until a participant ends.
//!
//! | in a cell | what it does |
//! |---|---|
//! | [`conversation`] | records the messages of one run → [`Conversation`] |
//! | [`latencies`] | the experiment: how long messages are on their way, over values of a parameter → [`Latencies`] |
//! | [`growth`] | the experiment: programs whose queues may grow, and the memory that this takes → [`Grown`] |
//! | [`jobs`] | for the text of a child program: jobs that pass through threads, counted at both ends |

mod conversation;
mod experiment;
mod grown;
mod growth;
pub mod jobs;
mod latencies;
mod record;

pub use conversation::{Conversation, Lifeline, MOST_PARTICIPANTS, Missed, Receipt, Sent, Span};
pub use experiment::{MOST_ARMS, MOST_VALUES};
pub use grown::{Growing, Grown, MOST_POINTS};
pub use growth::{Growth, growth};
pub use jobs::{Tried, try_jobs};
pub use latencies::{Arm, Latencies, LatencyExperiment, Place, latencies};
pub use record::{Message, Participant, Talk, conversation};
