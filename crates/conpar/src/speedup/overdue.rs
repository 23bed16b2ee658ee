//! Says that a code does not come back. It runs in the reader's own process, where only the reader can end it.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::language::say;

/// How long one sample may take before it is said to: far more than any that is worth measuring.
const PATIENCE: Duration = Duration::from_secs(15);

/// Watches the samples of one experiment until it is dropped, from a thread that sleeps meanwhile.
pub(super) struct Overdue {
    sample: Arc<Mutex<(Instant, String)>>,
    watch: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Overdue {
    /// Where no thread can be started, nobody watches.
    pub(super) fn watch() -> Overdue {
        let sample = Arc::new(Mutex::new((Instant::now(), String::new())));
        let (end, ended) = channel();
        let watched = Arc::clone(&sample);
        let until_dropped = move || {
            let mut wait = PATIENCE;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let sample = watched.lock().unwrap_or_else(PoisonError::into_inner);
                wait = PATIENCE.saturating_sub(sample.0.elapsed());
                if wait.is_zero() {
                    println!("{}", told(&sample.1));
                    wait = 4 * PATIENCE;
                }
            }
        };
        let thread = std::thread::Builder::new().name("conpar-overdue".to_owned()).spawn(until_dropped);
        Overdue { sample, watch: thread.ok().map(|thread| (end, thread)) }
    }

    /// Notes that a sample begins of `arm` on so many workers.
    pub(super) fn begins(&self, arm: &str, workers: usize) {
        let mut sample = self.sample.lock().unwrap_or_else(PoisonError::into_inner);
        sample.0 = Instant::now();
        sample.1.clear();
        sample.1 += &format!("`{arm}` × {workers}");
    }
}

impl Drop for Overdue {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.watch.take() {
            drop(end);
            // It cannot have panicked with anything to be saved.
            let _ = thread.join();
        }
    }
}

fn told(sample: &str) -> String {
    say!(
        en: "{sample} has not come back for {} s. If its threads wait for one another, it never will. Interrupt the kernel \
             (■), then run the set-up cell and the cells you need.",
        pt: "{sample} não retorna há {} s. Se suas threads esperam umas pelas outras, nunca retornará. Interrompa o kernel \
             (■) e execute a célula de preparação e as células de que você precisa.",
        PATIENCE.as_secs()
    )
}
