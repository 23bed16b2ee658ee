//! Progress of long steps, as appended lines: they read the same in a terminal, in CI and in a file.

use std::time::{Duration, Instant};

/// At most one line in this time: often enough to see life, rare enough to read afterwards.
const PAUSE: Duration = Duration::from_secs(5);

/// One long step that is counted.
pub(crate) struct Progress {
    step: &'static str,
    /// What is counted: "crates", "packages".
    unit: &'static str,
    /// How many there will be, about; `None` where nobody knows.
    total: Option<u32>,
    done: u32,
    started: Instant,
    last_line: Instant,
}

impl Progress {
    /// Says that the step begins, and why it may take long.
    pub(crate) fn start(step: &'static str, note: &str, unit: &'static str, total: Option<u32>) -> Progress {
        println!("  {step}: {note}");
        let now = Instant::now();
        Progress { step, unit, total, done: 0, started: now, last_line: now }
    }

    /// Counts one more, and prints a line if the last one is old enough.
    pub(crate) fn count(&mut self) {
        self.done += 1;
        if self.last_line.elapsed() >= PAUSE {
            self.last_line = Instant::now();
            let of =
                self.total.map(|total| format!(" of about {}", total.max(self.done))).unwrap_or_default();
            println!(
                "  {}: {}{of} {}, {}",
                self.step,
                self.done,
                self.unit,
                duration(self.started.elapsed())
            );
        }
    }

    /// Says that the step is done.
    pub(crate) fn finish(self) {
        println!("  {}: done in {}", self.step, duration(self.started.elapsed()));
    }
}

/// "3 min 10 s", "41 s" or "0.3 s".
pub(crate) fn duration(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(Duration::from_millis(340)), "0.3 s");
        assert_eq!(duration(Duration::from_secs(41)), "41 s");
        assert_eq!(duration(Duration::from_secs(190)), "3 min 10 s");
    }
}
