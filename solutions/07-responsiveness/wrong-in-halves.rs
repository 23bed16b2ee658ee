// caught: "better, but the longest piece of work"
async fn mine() -> u64 {
    let mut found = 0;
    for numbers in REQUESTS {
        let half = 1_000_000 + numbers / 2;
        found += primes(1_000_000..half);
        yield_now().await;
        found += primes(half..1_000_000 + numbers);
        yield_now().await;
    }
    found
}
