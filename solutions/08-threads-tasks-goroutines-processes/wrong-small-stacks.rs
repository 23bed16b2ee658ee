// caught: "each client has a thread"
const MINE: &str = r#"use conpar::{prelude::*, units::Gauge};
use std::{hint::black_box, sync::{Arc, Condvar, Mutex}, thread};

fn main() {
    let (gauge, gate) = (Gauge::start(), Arc::new((Mutex::new(0), Condvar::new())));
    let clients = gauge.fill(|number, here| {
        let gate = gate.clone();
        thread::Builder::new().stack_size(16 << 10).spawn(move || {
            let request = [number as u8; 4096];
            here.now();
            let reply = *gate.1.wait_while(gate.0.lock().unwrap(), |open| *open == 0).unwrap();
            black_box(&request).iter().map(|&byte| u64::from(byte)).sum::<u64>() + reply
        })
    });
    *gate.0.lock().unwrap() = 1;
    gate.1.notify_all();
    gauge.result(clients.into_iter().map(|client| client.join().unwrap()).sum());
}"#;
