//! What the processor is called, and whether it is a real one.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// The processor's name and whether this is a virtual machine, each where the system tells.
pub(super) fn read() -> (Option<String>, Option<bool>) {
    let mut name = None;
    let mut hypervisor_flag = None;
    if let Ok(file) = File::open("/proc/cpuinfo") {
        // The first core's lines, up to the empty one: the kernel asks every core for its part, which takes time.
        for line in BufReader::new(file).lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
            match line.split_once(':').map(|(key, value)| (key.trim(), value.trim())) {
                Some(("model name", value)) => name = Some(value.to_owned()),
                Some(("flags", flags)) => hypervisor_flag = Some(has_hypervisor(flags)),
                _ => {}
            }
        }
    }
    let vendor = std::fs::read_to_string("/sys/class/dmi/id/sys_vendor").ok();
    let named =
        Path::new("/sys/hypervisor/type").exists() || Path::new("/proc/device-tree/hypervisor").exists();
    (name, is_virtual(hypervisor_flag, vendor.as_deref(), named))
}

/// x86 processors have a flag that hypervisors set for their guests.
fn has_hypervisor(flags: &str) -> bool {
    flags.split_whitespace().any(|flag| flag == "hypervisor")
}

/// A yes by any of them is a yes. A no is one only by the processor's own flag: no list of vendors is complete.
fn is_virtual(hypervisor_flag: Option<bool>, vendor: Option<&str>, named: bool) -> Option<bool> {
    /// What hypervisors write where a maker's name would stand (DMI, "System Manufacturer").
    const VENDORS: [&str; 9] = [
        "QEMU",
        "VMware",
        "innotek",
        "Xen",
        "Parallels",
        "Amazon EC2",
        "Google",
        "DigitalOcean",
        "OpenStack",
    ];
    let vendor = vendor.is_some_and(|vendor| VENDORS.iter().any(|known| vendor.starts_with(known)));
    if named || vendor || hypervisor_flag == Some(true) { Some(true) } else { hypervisor_flag }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hypervisor_is_told_by_flag_or_name_and_its_absence_by_the_flag_alone() {
        assert!(has_hypervisor("fpu vme hypervisor lahf_lm") && !has_hypervisor("fpu vme"));
        assert_eq!(is_virtual(Some(true), None, false), Some(true));
        assert_eq!(is_virtual(Some(false), Some("LENOVO\n"), false), Some(false));
        assert_eq!(is_virtual(None, Some("QEMU\n"), false), Some(true));
        assert_eq!(is_virtual(None, Some("LENOVO\n"), false), None);
        assert_eq!(is_virtual(None, None, true), Some(true));
    }
}
