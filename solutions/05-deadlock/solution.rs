const MINE: &str = r#"use conpar::liveness::real::*;

fn main() {
    trials(|| {
        let forks: Vec<_> = (0..seats()).map(|n| Lock::new(format!("fork {n}"), ())).collect();
        thread::scope(|scope| {
            for n in 0..seats() {
                let (forks, me) = (&forks, Actor::new(format!("P{n}")));
                scope.spawn(move || {
                    let (left, right) = (n, (n + 1) % seats());
                    let (first, second) = (left.min(right), left.max(right));
                    let _first = me.lock(&forks[first]);
                    between(300);
                    let _second = me.lock(&forks[second]);
                    me.work(|| between(300));
                });
            }
        });
    });
}"#;
