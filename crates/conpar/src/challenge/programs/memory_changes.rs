use std::sync::LazyLock;
use std::thread;

const SIZE: usize = 10_000_000;
const LIMIT: u32 = 500;

static SIGNAL: LazyLock<Vec<u32>> =
    LazyLock::new(|| (0..SIZE as u32).map(|n| n.wrapping_mul(2_654_435_761) % 1_009).collect());

fn differences(into: &mut [u32], signal: &[u32]) {
    into.iter_mut().zip(signal.windows(2)).for_each(|(into, pair)| *into = pair[0].abs_diff(pair[1]));
}

fn raise(values: &mut [u32]) {
    values.iter_mut().for_each(|value| *value = value.saturating_sub(LIMIT));
}

fn total(values: &[u32]) -> u64 {
    values.iter().map(|&value| u64::from(value)).sum()
}

fn serial(size: usize) -> u64 {
    let mut changes = vec![0; size - 1];
    differences(&mut changes, &SIGNAL[..size]);
    raise(&mut changes);
    total(&changes)
}

fn mine(size: usize, workers: usize) -> u64 {
    let mut changes = vec![0; size - 1];
    let part = changes.len().div_ceil(workers);
    thread::scope(|scope| {
        for (number, changes) in changes.chunks_mut(part).enumerate() {
            scope.spawn(move || differences(changes, &SIGNAL[number * part..size]));
        }
    });
    thread::scope(|scope| changes.chunks_mut(part).for_each(|part| _ = scope.spawn(|| raise(part))));
    thread::scope(|scope| {
        let threads: Vec<_> = changes.chunks(part).map(|part| scope.spawn(|| total(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

fn main() {
    conpar::challenge::measure(SIZE, serial, mine)
}
