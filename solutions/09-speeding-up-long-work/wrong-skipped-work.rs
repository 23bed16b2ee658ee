// caught: "times of different results are not compared"
fn mine(workers: usize) -> usize {
    let part = N / workers as u64;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers as u64)
            .map(|worker| scope.spawn(move || primes(worker * part..(worker + 1) * part - 100)))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
