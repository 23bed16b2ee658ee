// caught: "were to run once each"
fn mine(tasks: usize, task: &(dyn Fn(usize) + Sync)) {
    std::thread::scope(|scope| {
        scope.spawn(|| (0..tasks / 2 + 1).for_each(task));
        (tasks / 2..tasks).for_each(task);
    });
}
