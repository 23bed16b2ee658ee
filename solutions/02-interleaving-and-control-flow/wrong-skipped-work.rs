// caught: "as many steps as the order"
async fn mine(number: usize, log: Log) {
    let mut lane = log.lane(number);
    for _ in 0..STEPS / 2 {
        step(&mut lane, SHORT);
        log.mark(number);
    }
    GiveWay::default().await;
}
