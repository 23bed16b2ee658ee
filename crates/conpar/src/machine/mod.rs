//! What this computer offers.
/// The logical cores that this process may use.
pub fn available_cores() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}
/// The same, or less where a CPU quota gives less.
pub fn effective_cores() -> f64 {
    available_cores() as f64
}
