async fn mine() -> u64 {
    let mut found = 0;
    for numbers in REQUESTS {
        found += match numbers {
            JOB => spawn_blocking(move || answer(numbers)).await.unwrap(),
            few => answer(few),
        };
    }
    found
}
