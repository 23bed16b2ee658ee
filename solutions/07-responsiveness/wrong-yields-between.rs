// caught: "from one `.await` to the next"
async fn mine() -> u64 {
    let mut found = 0;
    for numbers in REQUESTS {
        found += answer(numbers);
        for _ in 0..100 {
            yield_now().await;
        }
    }
    found
}
