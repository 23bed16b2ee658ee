// caught: "times of different results are not compared"
fn mine(workers: usize) -> u64 {
    let sum = std::sync::atomic::AtomicU64::new(0);
    on_workers(workers, |worker| {
        for row in (worker..ROWS).step_by(workers) {
            sum.store(sum.load(Relaxed) + rows(row..row + 1), Relaxed);
        }
        0
    });
    sum.into_inner()
}
