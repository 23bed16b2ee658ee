// caught: "had not ended after"
async fn mine() -> u64 {
    let mut found = 0;
    for numbers in REQUESTS {
        let (done, result) = std::sync::mpsc::channel();
        tokio::spawn(async move { done.send(answer(numbers)) });
        found += result.recv().unwrap();
    }
    found
}
