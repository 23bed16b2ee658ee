// caught: "the scheduler of the system decides"
async fn mine(number: usize, log: Log) {
    let steps = std::thread::spawn(move || {
        let mut lane = log.lane(number);
        for _ in 0..STEPS {
            step(&mut lane, SHORT);
            log.mark(number);
        }
    });
    while !steps.is_finished() {
        GiveWay::default().await;
    }
}
