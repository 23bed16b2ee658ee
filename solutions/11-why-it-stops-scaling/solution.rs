fn mine() -> u64 {
    rayon::broadcast(|worker| total(share(NUMBERS, &worker))).into_iter().sum()
}
