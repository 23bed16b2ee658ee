//! What a cell process has open after demonstrations: as much as before. Alone in this file, because descriptors are counted
//! of the whole process.
#![cfg(target_os = "linux")]

use std::time::Duration;

use conpar::child::{child, holds};
use conpar::isolation::jobs;

#[test]
fn children_leave_no_descriptor_and_no_zombie() {
    let text = r#"use conpar::isolation::Log;
fn main() {
    let log = Log::begin(1);
    if std::env::args().count() > 1 { loop { std::thread::park() } }
    log.done(0, 0, 0);
}"#;
    let program = child(text).expect("it compiles");
    let round = || {
        let report = jobs("one job", &program).expect("a record");
        assert_eq!(report.share_done(), 1.0);
        let late = program.clone().arg("park").deadline(Duration::from_millis(50)).run().expect("it runs");
        assert!(!late.is_success());
        drop(program.clone().arg("park").start().expect("it starts"));
        drop(program.clone().arg("park").start().expect("it starts").kill());
    };
    round();
    let before = holds().expect("Linux tells");
    (0..5).for_each(|_| round());
    let after = holds().expect("Linux tells");
    assert_eq!(after, before);
}
