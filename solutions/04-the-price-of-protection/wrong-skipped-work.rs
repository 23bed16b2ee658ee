// caught: "times of different results are not compared"
fn mine(workers: usize) -> [u64; 10] {
    let table = Mutex::new([0; 10]);
    on_threads(workers as u64, |number| {
        let mut own = [0; 10];
        for n in (number as u64 + 1..DIGITS).step_by(workers) {
            own[(work(n % 64) % 10) as usize] += 1;
        }
        let mut table = table.lock().unwrap();
        table.iter_mut().zip(own).for_each(|(all, own)| *all += own);
    });
    table.into_inner().unwrap()
}
