// caught: "Who need not wait for whom?"
const MINE: &str = r#"use conpar::liveness::real::*;

fn main() {
    trials(|| {
        let forks: Vec<_> = (0..seats()).map(|n| Lock::new(format!("fork {n}"), ())).collect();
        let waiter = Lock::new("waiter", ());
        thread::scope(|scope| {
            for n in 0..seats() {
                let (forks, waiter, me) = (&forks, &waiter, Actor::new(format!("P{n}")));
                scope.spawn(move || {
                    let _turn = me.lock(waiter);
                    let _first = me.lock(&forks[n]);
                    let _second = me.lock(&forks[(n + 1) % seats()]);
                    me.work(|| between(300));
                });
            }
        });
    });
}"#;
