// caught: "times of different results are not compared"
fn mine(workers: usize) -> [u64; 10] {
    let table = [const { AtomicU64::new(0) }; 10];
    on_threads(workers as u64, |number| {
        for n in (number as u64..DIGITS).step_by(workers) {
            let count = &table[(work(n % 64) % 10) as usize];
            count.store(count.load(Relaxed) + 1, Relaxed);
        }
    });
    table.map(AtomicU64::into_inner)
}
