// caught: "were to run once each"
fn mine(tasks: usize, task: &(dyn Fn(usize) + Sync)) {
    std::thread::scope(|scope| {
        scope.spawn(|| task(0));
        (2..tasks).for_each(task);
    });
}
