//! The hosts that ranks run on.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::language::say;

/// Which hosts a job is to run on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hosts {
    pub(super) wanted: Wanted,
    /// What each isolated host's link carries, in megabits a second; `None` is without a limit.
    pub(super) megabits: Option<f64>,
    /// Whether isolated hosts are reached by ssh, as machines are.
    pub(super) by_ssh: bool,
}

/// The kind asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Wanted {
    OneMachine,
    Isolated(usize),
    Loopback(usize),
    Machines { names: Vec<String>, ssh_configuration: Option<PathBuf> },
}

/// What the hosts of a job really were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One machine: ranks exchange messages through shared memory.
    OneMachine,
    /// Network namespaces of one machine, each with an interface and an address of its own. No separate hardware: they share
    /// its cores and its memory.
    Isolated {
        /// How many.
        hosts: usize,
        /// What each link is limited to, in megabits a second.
        megabits: Option<f64>,
    },
    /// Loopback addresses of one machine: messages go through TCP and leave nothing.
    Loopback {
        /// How many.
        hosts: usize,
        /// Why there are no namespaces, where they were asked for.
        because: Option<String>,
    },
    /// Separate machines, reached by ssh.
    Machines {
        /// Their names.
        names: Vec<String>,
    },
}

/// The most hosts in namespaces: each has an interface on one bridge.
pub(super) const MOST_HOSTS: usize = 16;

impl Hosts {
    /// This machine: messages go through shared memory.
    #[must_use]
    pub fn one_machine() -> Hosts {
        Hosts::new(Wanted::OneMachine)
    }

    /// Hosts on this machine in network namespaces, each with an interface and an address of its own. Where the system
    /// refuses namespaces, they become loopback addresses, and the job says so and why.
    #[must_use]
    pub fn isolated(hosts: usize) -> Hosts {
        Hosts::new(Wanted::Isolated(hosts))
    }

    /// Loopback addresses of this machine.
    #[must_use]
    pub fn loopback(hosts: usize) -> Hosts {
        Hosts::new(Wanted::Loopback(hosts))
    }

    /// Separate machines, one name a line of `hosts`, reached by `ssh` without a password. Each has this checkout under the
    /// same path, with `cargo lab setup --with mpi` done; the program itself is copied to them. Lines that begin with `#`
    /// count nothing.
    #[must_use]
    pub fn machines(hosts: &str) -> Hosts {
        let lines = hosts.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Hosts::new(Wanted::Machines { names: lines.map(str::to_owned).collect(), ssh_configuration: None })
    }

    /// The configuration file that `ssh` uses in the place of the reader's own.
    #[must_use]
    pub fn ssh_configuration(mut self, file: impl Into<PathBuf>) -> Hosts {
        if let Wanted::Machines { ssh_configuration, .. } = &mut self.wanted {
            *ssh_configuration = Some(file.into());
        }
        self
    }

    /// Limits the link of each isolated host, in megabits a second, by the token bucket of Linux (`tc tbf`).
    #[must_use]
    pub fn megabits(mut self, megabits: f64) -> Hosts {
        self.megabits = Some(megabits);
        self
    }

    /// Reaches isolated hosts by `ssh`, through a server on each of them: what separate machines need can so be tried without
    /// any. It takes root and `sshd`.
    #[must_use]
    pub fn by_ssh(mut self) -> Hosts {
        self.by_ssh = true;
        self
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        match &self.wanted {
            Wanted::OneMachine => 1,
            Wanted::Isolated(hosts) | Wanted::Loopback(hosts) => *hosts,
            Wanted::Machines { names, .. } => names.len(),
        }
    }

    fn new(wanted: Wanted) -> Hosts {
        Hosts { wanted, megabits: None, by_ssh: false }
    }
}

impl Kind {
    /// What they are, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Kind::OneMachine => {
                say!(en: "one machine, shared memory", pt: "uma só máquina, memória compartilhada")
            }
            Kind::Isolated { hosts, megabits } => {
                let link = megabits.map_or(
                    String::new(),
                    |megabits| say!(en: ", links of {megabits} Mbit/s", pt: ", cabos de {megabits} Mbit/s"),
                );
                say!(
                    en: "{hosts} isolated hosts on this one machine{link}",
                    pt: "{hosts} hospedeiros isolados nesta mesma máquina{link}"
                )
            }
            Kind::Loopback { hosts, because } => {
                let why = because.as_ref().map_or(
                    String::new(),
                    |why| say!(en: " (no namespaces: {why})", pt: " (sem namespaces: {why})"),
                );
                say!(
                    en: "{hosts} loopback addresses of this one machine{why}",
                    pt: "{hosts} endereços de loopback desta mesma máquina{why}"
                )
            }
            Kind::Machines { names } => {
                say!(en: "{} separate machines", pt: "{} máquinas separadas", names.len())
            }
        }
    }
}
