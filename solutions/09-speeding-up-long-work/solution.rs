fn mine(workers: usize) -> usize {
    let next = std::sync::atomic::AtomicU64::new(0);
    let starts = || std::iter::from_fn(|| {
        Some(next.fetch_add(1_000, std::sync::atomic::Ordering::Relaxed)).filter(|&start| start < N)
    });
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|_| scope.spawn(|| starts().map(|start| primes(start..(start + 1_000).min(N))).sum::<usize>()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
