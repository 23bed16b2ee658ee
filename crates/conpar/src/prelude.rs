//! What a notebook's set-up cell brings in: `use conpar::prelude::*;`.

pub use crate::calibration::harness_cost;
pub use crate::challenge::{Cause, challenge, surprise};
pub use crate::child::{child, go, tell};
pub use crate::fairness::{Served, fairness};
pub use crate::interleaving::{Explored, every_execution, every_order, random_orders};
pub use crate::isolation::{JobReport, jobs};
pub use crate::language::set_language;
pub use crate::liveness::{check, classify, replay, survival};
pub use crate::machine::{Needs, limits, on_one_core, this_machine};
pub use crate::messages::{Conversation, Message, Participant, Talk, conversation, growth, latencies};
pub use crate::notebook::{
    Claim, Claims, Loaded, Shown, claim, clients_exercise, compare_files, message_exercise,
    philosophers_exercise, pipeline_exercise, pool_exercise, prediction, report_card,
};
pub use crate::orders::{Log, Ordered, orders};
pub use crate::overlap::overlap;
pub use crate::plot::{agreement, bars, chart, compare, histogram, ladder};
pub use crate::prediction::my_predictions;
pub use crate::race::{Observed, race};
pub use crate::ranks::{Hosts, Job, ranks};
pub use crate::recorded::recorded;
pub use crate::responsiveness::{Pulse, Responded, responsiveness};
pub use crate::schedule::Scheduler::{self, Cyclic, Dynamic, Guided, Join, Static, Stealing};
pub use crate::schedule::{Costs, Simulated, Tasks, costs_here, simulate, task_times};
pub use crate::source;
pub use crate::speedup::{Scaling, speedup, weak_scaling};
pub use crate::sweep::{Swept, sweep};
pub use crate::trace::{Lane, Recorder, Timeline, trace};
pub use crate::transport::{Payoff, Transports, transports};
pub use crate::units::{Goroutines, goroutines, memory};
pub use crate::{corosensei, crossbeam, hdrhistogram, loom, parking_lot, plotters, rayon, shuttle, tokio};
