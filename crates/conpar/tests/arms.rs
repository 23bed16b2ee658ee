//! All ways of all workloads of `benches/arms` give equal results: serial, rayon, scoped threads, and C with OpenMP.

#[path = "../benches/arms/arms.rs"]
#[allow(dead_code, reason = "the side-by-side program uses the rest")]
mod arms;
#[path = "../benches/arms/openmp.rs"]
#[allow(dead_code, reason = "the side-by-side program uses the rest")]
mod openmp;
#[path = "../benches/arms/workloads/mod.rs"]
mod workloads;

use std::convert::Infallible;

use arms::{Arm, Arms};
use openmp::OpenMp;
use workloads::{NAMES, Size, Visit, Workload, visit};

struct Equal<'a>(&'a Arms);

impl Visit for Equal<'_> {
    type Error = Infallible;

    fn visit<W: Workload>(&mut self, work: W) -> Result<(), Infallible> {
        let mut serial = work.blank();
        self.0.run(Arm::Serial, &work, &mut serial);
        assert_ne!(serial, work.blank(), "{}: the serial code computes something", W::NAME);
        assert_eq!(self.0.different(&work), [], "{}: these differ from serial", W::NAME);
        Ok(())
    }
}

#[test]
fn all_ways_give_equal_results() {
    let c = OpenMp::compile().inspect_err(|reason| eprintln!("skipped: {reason}")).ok();
    let arms = Arms::new(&[1, 2, 3], c).expect("pools");
    for name in NAMES {
        let Ok(()) = visit(name, Size::Small, &mut Equal(&arms));
    }
}
