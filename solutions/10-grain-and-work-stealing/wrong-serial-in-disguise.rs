// caught: "one worker seems to do nearly all the work"
fn mine(workers: usize) -> u64 {
    let turn = std::sync::Mutex::new(0);
    on_workers(workers, |_| {
        let mut sum = 0;
        loop {
            let mut start = turn.lock().unwrap();
            if *start >= ROWS {
                return sum;
            }
            sum += rows(*start..(*start + 4).min(ROWS));
            *start += 4;
        }
    })
}
