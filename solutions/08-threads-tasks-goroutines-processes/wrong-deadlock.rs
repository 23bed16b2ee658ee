// caught: "It did not come to its end"
const MINE: &str = r#"use conpar::{prelude::*, units::Gauge};
use std::{hint::black_box, sync::Arc};
use tokio::{runtime::Builder, sync::Semaphore};

fn main() {
    Builder::new_current_thread().build().unwrap().block_on(async {
        let (gauge, gate) = (Gauge::start(), Arc::new(Semaphore::new(0)));
        let clients = gauge.fill_tasks(|number, here| {
            let gate = gate.clone();
            Ok(tokio::spawn(async move {
                let sum = {
                    let request = [number as u8; 4096];
                    black_box(&request).iter().map(|&byte| u64::from(byte)).sum::<u64>()
                };
                here.now();
                let reply = u64::from(gate.acquire().await.is_ok());
                sum + reply
            }))
        });
        let clients = clients.await;
        let mut sum = 0;
        for client in clients {
            sum += client.await.unwrap();
        }
        gauge.result(sum);
    });
}"#;
