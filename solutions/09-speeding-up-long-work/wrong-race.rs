// caught: "times of different results are not compared"
fn mine(workers: usize) -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    let (next, found) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| loop {
                let start = next.load(Relaxed);
                next.store(start + 10, Relaxed);
                if start >= N as usize {
                    break;
                }
                found.fetch_add(primes(start as u64..start as u64 + 10), Relaxed);
            });
        }
    });
    found.into_inner()
}
