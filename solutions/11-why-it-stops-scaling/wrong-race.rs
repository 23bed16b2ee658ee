// caught: "times of different results are not compared"
fn mine() -> u64 {
    let sum = AtomicU64::new(0);
    rayon::broadcast(|worker| {
        for n in share(NUMBERS, &worker) {
            sum.store(sum.load(Relaxed) + digit_sum(n), Relaxed);
        }
    });
    sum.into_inner()
}
