async fn mine(number: usize, log: Log) {
    let mut lane = log.lane(number);
    for done in 1..=STEPS {
        step(&mut lane, SHORT);
        log.mark(number);
        if done % 2 == 0 {
            GiveWay::default().await;
        }
    }
}
