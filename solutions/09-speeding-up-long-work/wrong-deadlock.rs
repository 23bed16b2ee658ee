// caught: "If its threads wait for one another, it never will"
fn mine(workers: usize) -> usize {
    let part = N.div_ceil(workers as u64);
    let sum = std::sync::Mutex::new(0);
    let total = sum.lock().unwrap();
    std::thread::scope(|scope| {
        for worker in 0..workers as u64 {
            let sum = &sum;
            scope.spawn(move || *sum.lock().unwrap() += primes(worker * part..((worker + 1) * part).min(N)));
        }
    });
    *total
}
