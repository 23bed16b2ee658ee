// caught: "from one `.await` to the next"
async fn mine() -> u64 {
    let mut found = 0;
    for numbers in REQUESTS {
        found += std::thread::spawn(move || answer(numbers)).join().unwrap();
        yield_now().await;
    }
    found
}
