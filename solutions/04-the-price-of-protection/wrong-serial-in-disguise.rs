// caught: "they wait for one another" or "slower than one alone"
fn mine(workers: usize) -> [u64; 10] {
    let table = Mutex::new([0; 10]);
    on_threads(workers as u64, |number| {
        let mut table = table.lock().unwrap();
        for n in (number as u64..DIGITS).step_by(workers) {
            table[(work(n % 64) % 10) as usize] += 1;
        }
    });
    table.into_inner().unwrap()
}
