//! What runs in the child program: makes the hosts, starts MPI's own launcher, watches, and cleans up.
//!
//! The same executable has three roles. As the launcher it is given a [`Plan`]; inside of new namespaces it is started again
//! with it; and MPI's launcher calls it as the agent by which a host is reached.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::hosts::{Hosts, Kind, Wanted};
use super::job::Placed;
use super::lines::{FromLauncher, FromRank, Line, tell};
use super::namespaces::{self, Network};
use crate::language::{say, word};

/// What is to be done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) mpiexec: PathBuf,
    pub(super) executable: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) ranks: usize,
    pub(super) hosts: Hosts,
    pub(super) seconds: f64,
    pub(super) down: Option<(usize, f64)>,
}

/// The variable that makes this executable an agent: how it reaches a host.
pub(super) const REACH: &str = "CONPAR_REACH";

/// How an agent reaches hosts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Reach {
    /// Into the namespaces of a process: `(address, process)`.
    Namespaces(Vec<(String, u32)>),
    /// By ssh, with a configuration file.
    Ssh(Option<PathBuf>),
}

/// How often the launcher looks whether the job has ended: seldom, since each look takes a core from a rank.
const LOOK: Duration = Duration::from_millis(20);

/// The child's `main`.
pub fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(reach) = std::env::var(REACH).ok().and_then(|text| serde_json::from_str(&text).ok()) {
        return namespaces::reach(&reach, &arguments);
    }
    let Some(plan) = arguments.last().and_then(|text| serde_json::from_str::<Plan>(text).ok()) else {
        let reason = word!(en: "the launcher was given no plan", pt: "o lançador não recebeu nenhum plano");
        return tell(&FromLauncher::NotStarted { reason: reason.to_owned() });
    };
    if let Err(line) = launch(&plan) {
        tell(&line);
    }
}

fn launch(plan: &Plan) -> Result<(), FromLauncher> {
    let mut command = Command::new(&plan.mpiexec);
    let count = plan.hosts.count();
    let mut network = None;
    let loopback = |because: Option<String>| Kind::Loopback { hosts: count, because };
    let kind = match &plan.hosts.wanted {
        Wanted::OneMachine => Kind::OneMachine,
        Wanted::Loopback(_) => loopback(None),
        Wanted::Machines { names, .. } => Kind::Machines { names: names.clone() },
        Wanted::Isolated(_) => match Network::make(&plan.hosts) {
            Ok(made) => {
                network = Some(made);
                Kind::Isolated { hosts: count, megabits: plan.hosts.megabits }
            }
            // A limit, or a server, is asked for on purpose: without namespaces there is none.
            Err(because) if plan.hosts.by_ssh || plan.down.is_some() => {
                return Err(FromLauncher::NotStarted { reason: because });
            }
            Err(because) => loopback(Some(because)),
        },
    };
    tell(&FromLauncher::Hosts { kind: kind.clone() });
    let on_each = plan.ranks.div_ceil(count).to_string();
    match &kind {
        Kind::OneMachine => {
            command.args(["-launcher", "fork"]);
        }
        Kind::Loopback { hosts, .. } => {
            let addresses: Vec<String> = (0..*hosts).map(|host| format!("127.0.0.{}", host + 2)).collect();
            // Else ranks of one machine find one another's memory, whatever their addresses are.
            command.env("UCX_TLS", "tcp,self").args(["-launcher", "fork", "-ppn", &on_each]);
            command.args(["-hosts", &addresses.join(",")]);
        }
        Kind::Isolated { .. } | Kind::Machines { .. } => {
            let (reach, names) = match (&network, &plan.hosts.wanted) {
                (Some(network), _) => {
                    command.env("UCX_TLS", "tcp,self").args(["-iface", namespaces::BRIDGE]);
                    (network.reach(), network.addresses())
                }
                (None, Wanted::Machines { names, ssh_configuration }) => {
                    (Reach::Ssh(ssh_configuration.clone()), names.clone())
                }
                (None, _) => {
                    let reason = say!(en: "there is no host", pt: "não há hospedeiro");
                    return Err(FromLauncher::NotStarted { reason });
                }
            };
            if matches!(reach, Reach::Ssh(_)) {
                namespaces::bring(&reach, &names, &plan.executable)?;
            }
            let own = std::env::current_exe().map_err(not_started)?;
            command.env(REACH, serde_json::to_string(&reach).unwrap_or_default());
            command.args(["-launcher", "ssh", "-launcher-exec"]).arg(own);
            command.args(["-ppn", &on_each, "-hosts", &names.join(",")]);
        }
    }
    command.args(["-n", &plan.ranks.to_string()]).arg(&plan.executable).args(&plan.arguments);
    let started = Instant::now();
    let mut mpiexec = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(not_started)?;
    let ranks = pass_on(&mut mpiexec);
    let code = watch(plan, &mut mpiexec, network.as_ref(), &ranks, started);
    if let Some(network) = &network {
        network.traffic().into_iter().for_each(|traffic| tell(&FromLauncher::Traffic(traffic)));
    }
    tell(&FromLauncher::Ended { code, seconds: started.elapsed().as_secs_f64() });
    Ok(())
}

fn not_started(error: std::io::Error) -> FromLauncher {
    FromLauncher::NotStarted { reason: error.to_string() }
}

type Ranks = Arc<Mutex<Vec<Placed>>>;

/// Passes the job's lines on, and notes where its ranks are.
fn pass_on(mpiexec: &mut Child) -> (Ranks, Option<std::thread::JoinHandle<()>>) {
    let ranks = Ranks::default();
    let (seen, from) = (Arc::clone(&ranks), mpiexec.stdout.take());
    let thread = std::thread::spawn(move || {
        let Some(from) = from else { return };
        for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            if let Line::Rank(FromRank::Rank(placed)) = Line::read(&line) {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(placed);
            }
            let mut out = std::io::stdout().lock();
            let _ = writeln!(out, "{line}").and_then(|()| out.flush());
        }
    });
    (ranks, Some(thread))
}

/// Waits for the end of the job or its deadline, and gives its exit code.
fn watch(
    plan: &Plan,
    mpiexec: &mut Child,
    network: Option<&Network>,
    (ranks, thread): &(Ranks, Option<std::thread::JoinHandle<()>>),
    started: Instant,
) -> Option<i32> {
    let mut down = plan.down.zip(network);
    loop {
        let elapsed = started.elapsed().as_secs_f64();
        if let Some(((host, after), network)) = down
            && elapsed >= after
        {
            network.take_down(host);
            down = None;
        }
        match mpiexec.try_wait() {
            Ok(None) if elapsed < plan.seconds => std::thread::sleep(LOOK),
            Ok(None) => {
                let ranks = ranks.lock().unwrap_or_else(PoisonError::into_inner).clone();
                tell(&FromLauncher::Late { seen: seen(plan, &ranks, network) });
                let _ = mpiexec.kill();
                let _ = mpiexec.wait();
                return None;
            }
            Ok(Some(status)) => {
                // What was written last is still on its way.
                let until = Instant::now() + Duration::from_secs(1);
                while thread.as_ref().is_some_and(|thread| !thread.is_finished()) && Instant::now() < until {
                    std::thread::sleep(LOOK);
                }
                return status.code();
            }
            Err(_) => return None,
        }
    }
}

/// What can be seen of a job that does not end.
fn seen(plan: &Plan, ranks: &[Placed], network: Option<&Network>) -> Vec<String> {
    let mut seen = Vec::new();
    if ranks.len() < plan.ranks {
        let (started, all) = (ranks.len(), plan.ranks);
        seen.push(
            say!(en: "{started} of {all} ranks had started", pt: "{started} de {all} ranks tinham iniciado"),
        );
    }
    if let Some(network) = network {
        let is_down = |host| say!(en: "the link of {host} is down", pt: "o cabo de {host} está fora do ar");
        seen.extend(network.down().into_iter().map(is_down));
    }
    // The processes of separate machines are not to be seen from here.
    if !matches!(plan.hosts.wanted, Wanted::Machines { .. }) {
        for placed in ranks {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", placed.process)).unwrap_or_default();
            let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
            let name = say!(en: "rank {} on {}", pt: "rank {} em {}", placed.rank, placed.host);
            match state {
                Some('T' | 't') => seen.push(say!(en: "{name} is stopped", pt: "{name} está parado")),
                None | Some('Z') => seen.push(say!(en: "{name} is gone", pt: "{name} não existe mais")),
                Some(_) => {}
            }
        }
    }
    if seen.is_empty() {
        seen.push(say!(
            en: "all ranks run: they wait for one another, or need more time",
            pt: "todos os ranks executam: esperam uns pelos outros, ou precisam de mais tempo"
        ));
    }
    seen
}
