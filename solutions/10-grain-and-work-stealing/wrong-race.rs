// caught: "times of different results are not compared"
fn mine(workers: usize) -> u64 {
    let next = AtomicUsize::new(0);
    on_workers(workers, |_| {
        let mut sum = 0;
        loop {
            let start = next.load(Relaxed);
            if start >= ROWS {
                return sum;
            }
            next.store(start + 4, Relaxed);
            sum += rows(start..(start + 4).min(ROWS));
        }
    })
}
