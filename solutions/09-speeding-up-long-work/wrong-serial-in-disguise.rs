// caught: "one worker seems to do nearly all the work"
fn mine(workers: usize) -> usize {
    let part = N.div_ceil(workers as u64);
    std::thread::scope(|scope| {
        (0..workers as u64)
            .map(|worker| scope.spawn(move || primes(worker * part..((worker + 1) * part).min(N))))
            .map(|thread| thread.join().unwrap())
            .sum()
    })
}
