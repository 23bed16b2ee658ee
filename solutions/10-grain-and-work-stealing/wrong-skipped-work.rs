// caught: "times of different results are not compared"
fn mine(workers: usize) -> u64 {
    let part = ROWS / 2 / workers;
    on_workers(workers, |worker| rows(worker * part..(worker + 1) * part))
}
