// caught: "delays beside different work are not compared"
async fn mine() -> u64 {
    let mut found = 0;
    for numbers in REQUESTS {
        if numbers < JOB {
            found += answer(numbers);
        }
        yield_now().await;
    }
    found
}
