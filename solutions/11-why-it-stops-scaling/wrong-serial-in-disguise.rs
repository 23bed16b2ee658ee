// caught: "one worker seems to do nearly all the work"
fn mine() -> u64 {
    let sums = rayon::broadcast(|worker| if worker.index() == 0 { total(0..NUMBERS) } else { 0 });
    sums.into_iter().sum()
}
