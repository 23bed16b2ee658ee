//! A [`Machine`] in a cell.

use super::Block;
use crate::machine::Machine;

impl Machine {
    /// Shows in a cell what this machine has, and what it can therefore show.
    pub fn evcxr_display(&self) {
        Block { caption: self.caption(), ..Block::default() }.emit();
    }

    fn caption(&self) -> String {
        let cores = match self.available_cores {
            1 => "1 core".to_owned(),
            count => format!("{count} cores"),
        };
        let processor = self.processor.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
        let mut caption = format!("This kernel may use {cores}{processor}");
        if self.effective_cores < self.available_cores as f64 {
            caption += &format!(", of which a quota gives it the time of {}", self.effective_cores);
        }
        caption += ".";
        if self.effective_cores < 2.0 {
            caption += " That is enough to show concurrency. To show parallelism it takes two.";
        }
        caption
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Clock;

    #[test]
    fn a_quota_and_a_single_core_are_said() {
        let machine = |available_cores, effective_cores| Machine {
            processor: None,
            virtual_machine: None,
            cores: Vec::new(),
            caches: Vec::new(),
            affinity: None,
            available_cores,
            quota: None,
            effective_cores,
            load: None,
            clock: Clock { step: 1e-9, cost: 2e-8 },
        };
        assert_eq!(machine(4, 4.0).caption(), "This kernel may use 4 cores.");
        assert!(machine(4, 1.5).caption().contains("a quota gives it the time of 1.5"));
        assert!(machine(1, 1.0).caption().starts_with("This kernel may use 1 core. That is enough"));
    }
}
