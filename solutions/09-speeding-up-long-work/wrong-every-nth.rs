// caught: "one worker seems to do nearly all the work"
fn mine(workers: usize) -> usize {
    every_nth(workers)
}
