// caught: "even one worker takes longer"
fn mine() -> u64 {
    let counters: Vec<CachePadded<AtomicU64>> = for_each_worker();
    add_up(|worker| &counters[worker]);
    counters.iter().map(|counter| counter.load(Relaxed)).sum()
}
