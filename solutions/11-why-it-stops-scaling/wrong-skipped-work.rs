// caught: "times of different results are not compared"
fn mine() -> u64 {
    let sums = rayon::broadcast(|worker| total(share(NUMBERS - 1, &worker)));
    sums.into_iter().sum()
}
