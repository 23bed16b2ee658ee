// caught: "a thread too many"
fn mine(tasks: usize, task: &(dyn Fn(usize) + Sync)) {
    std::thread::scope(|scope| {
        for number in 0..tasks {
            scope.spawn(move || task(number));
        }
    });
}
