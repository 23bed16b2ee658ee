// caught: "Pay it less often"
const MINE: &str = r#"use conpar_mpi::prelude::*;

fn main() {
    let universe = start();
    let world = universe.world();
    let numbers: Vec<f64> = (0..1_000).map(f64::from).collect();
    let mut sum = 0.0;
    for _ in rounds(&world, 20, 0.5) {
        let (added, time) = timed(&world, || {
            let mut received = vec![0.0; numbers.len()];
            for (numbers, received) in numbers.chunks(5).zip(received.chunks_mut(5)) {
                if world.rank() == 1 { world.process_at_rank(0).synchronous_send(numbers); }
                if world.rank() == 0 { world.process_at_rank(1).receive_into(received); }
            }
            received.iter().sum::<f64>()
        });
        if world.rank() == 0 { sum = added; report("send", 1.0, time); }
    }
    if world.rank() == 0 { result("sum", sum); }
}"#;
