// caught: "the work pays for it"
async fn mine() -> u64 {
    let mut found = 0;
    for numbers in REQUESTS {
        for start in (1_000_000..1_000_000 + numbers).step_by(40) {
            found += spawn_blocking(move || primes(start..(start + 40).min(1_000_000 + numbers))).await.unwrap();
        }
    }
    found
}
