//! Hosts on one machine: namespaces with a link each to one bridge; and how a host is reached.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::hosts::Hosts;
use super::job::Traffic;
use super::launcher::Reach;
use super::lines::FromLauncher;
use crate::language::{say, word};

/// The bridge that all links end at.
pub(super) const BRIDGE: &str = "conpar0";

/// The variable that says that the launcher is in namespaces of its own.
const INSIDE: &str = "CONPAR_INSIDE";

/// What a host does: memory that it shares with nobody, a name of its own, then nothing until its input ends.
///
/// The file with the name belongs to root, and stays closed to a user who is root only within the namespaces; the command
/// asks the system, which lets both.
const HOST: &str = "mount --make-rprivate / && mount -t tmpfs tmpfs /dev/shm && hostname \"$1\" && echo ready && \
                    exec cat > /dev/null";

/// Where `ip`, `tc` and `hostname` may lie besides the search path: Debian leaves these out of that of ordinary users.
const FOR_ROOT: &str = "/usr/sbin:/sbin";

/// The private network of the hosts (RFC 1918): nothing else is connected to it.
fn address(host: usize) -> String {
    format!("10.77.0.{}", host + 1)
}

/// Some hosts. When this is dropped they are gone, and their links with them.
pub(super) struct Network {
    hosts: Vec<Child>,
    before: Vec<[u64; 2]>,
    ssh: Option<PathBuf>,
}

impl Network {
    /// Makes the hosts. The first call starts this executable again, in namespaces of its own, and does not return; where
    /// that is refused it says why.
    pub(super) fn make(wanted: &Hosts) -> Result<Network, String> {
        if std::env::var_os(INSIDE).is_none() {
            return Err(enter(wanted.by_ssh));
        }
        let mut setup = format!("link set {BRIDGE} up\naddr add 10.77.0.254/24 dev {BRIDGE}\n");
        let mut network = Network { hosts: Vec::new(), before: Vec::new(), ssh: None };
        for host in 0..wanted.count() {
            let mut namespace = Command::new("unshare");
            namespace.args([
                "--net",
                "--uts",
                "--ipc",
                "--mount",
                "sh",
                "-c",
                HOST,
                "sh",
                &format!("host{}", host + 1),
            ]);
            let holder = namespace.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
            let mut holder = holder.map_err(|error| format!("`unshare`: {error}"))?;
            let mut said = String::new();
            if let Some(out) = holder.stdout.take() {
                let _ = BufReader::new(out).read_line(&mut said);
            }
            let (number, process) = (host + 1, holder.id());
            network.hosts.push(holder);
            if said.trim() != "ready" {
                return Err(say!(en: "host {number} did not start", pt: "o hospedeiro {number} não iniciou"));
            }
            setup += &format!(
                "link add name veth{number} type veth peer name eth0 netns {process}\n\
                 link set veth{number} master {BRIDGE}\nlink set veth{number} up\n"
            );
        }
        ip(&mut Command::new("ip"), &setup)?;
        for (host, holder) in network.hosts.iter().enumerate() {
            let inside =
                format!("link set lo up\naddr add {}/24 dev eth0\nlink set eth0 up\n", address(host));
            let process = holder.id().to_string();
            ip(Command::new("nsenter").args(["-t", &process, "-n", "ip"]), &inside)?;
            if let Some(megabits) = wanted.megabits {
                limit(&process, megabits)?;
            }
        }
        if wanted.by_ssh {
            network.ssh = Some(serve(&network.hosts)?);
        }
        network.before = network.counters();
        Ok(network)
    }

    pub(super) fn addresses(&self) -> Vec<String> {
        (0..self.hosts.len()).map(address).collect()
    }

    pub(super) fn reach(&self) -> Reach {
        match &self.ssh {
            Some(configuration) => Reach::Ssh(Some(configuration.clone())),
            None => Reach::Namespaces(
                self.addresses().into_iter().zip(self.hosts.iter().map(Child::id)).collect(),
            ),
        }
    }

    /// What went over each host's interface since it was made.
    pub(super) fn traffic(&self) -> Vec<Traffic> {
        let counted = self.counters().into_iter().zip(&self.before).enumerate();
        counted
            .map(|(host, ([received, sent], before))| Traffic {
                host: format!("host{}", host + 1),
                address: address(host),
                sent: sent - before[1],
                received: received - before[0],
            })
            .collect()
    }

    /// Bytes received and sent by each host's interface (proc(5), `/proc/PID/net/dev`: the first and the ninth column).
    fn counters(&self) -> Vec<[u64; 2]> {
        let read = |host: &Child| {
            let text = std::fs::read_to_string(format!("/proc/{}/net/dev", host.id())).unwrap_or_default();
            let line = text.lines().find_map(|line| line.trim_start().strip_prefix("eth0:"));
            let columns: Vec<u64> =
                line.unwrap_or_default().split_whitespace().filter_map(|word| word.parse().ok()).collect();
            [columns.first().copied().unwrap_or(0), columns.get(8).copied().unwrap_or(0)]
        };
        self.hosts.iter().map(read).collect()
    }

    pub(super) fn take_down(&self, host: usize) {
        let _ = ip(&mut Command::new("ip"), &format!("link set veth{} down\n", host + 1));
    }

    /// The hosts whose link is down.
    pub(super) fn down(&self) -> Vec<String> {
        let is_down = |host: &usize| {
            let shown =
                Command::new("ip").args(["-o", "link", "show", "dev", &format!("veth{}", host + 1)]).output();
            shown.is_ok_and(|shown| String::from_utf8_lossy(&shown.stdout).contains("state DOWN"))
        };
        (0..self.hosts.len()).filter(is_down).map(|host| format!("host{}", host + 1)).collect()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for host in &mut self.hosts {
            let _ = host.kill();
            let _ = host.wait();
        }
        if let Some(folder) = self.ssh.as_deref().and_then(Path::parent) {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Becomes the same program in namespaces of its own; comes back with the reason where that is refused.
fn enter(as_root: bool) -> String {
    // A server that lets users in needs more than the one user that an unprivileged namespace has.
    let ways: [&[&str]; 2] = [&["--user", "--map-root-user"], &[]];
    let refused = word!(en: "the system refuses them", pt: "o sistema os recusa");
    let mut reason = refused.to_owned();
    for way in ways.into_iter().skip(usize::from(as_root)) {
        let mut unshare = Command::new("unshare");
        unshare.args(way).args(["--net", "--mount", "--uts", "--ipc"]);
        // The bridge is made first: a system may have namespaces and no bridges. Where a host cannot be made later, what is
        // left are loopback addresses, in a namespace whose loopback interface begins switched off.
        let first = format!(
            "PATH=\"$PATH:{FOR_ROOT}\"; ip link set lo up && ip link add name {BRIDGE} type bridge || exit 1; \
             [ \"$1\" = probe ] && exit 0; exec \"$@\""
        );
        let arguments = |command: &mut Command| {
            command.args(["sh", "-c", &first, "sh"]);
        };
        let mut probe = Command::new("unshare");
        probe.args(way).args(["--net", "--mount", "--uts", "--ipc"]);
        arguments(&mut probe);
        match probe.arg("probe").stdin(Stdio::null()).output() {
            Ok(output) if output.status.success() => {
                arguments(&mut unshare);
                let Ok(own) = std::env::current_exe() else { return reason };
                unshare.arg(own).args(std::env::args_os().skip(1)).env(INSIDE, "1");
                return unshare.exec().to_string();
            }
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                reason = said.trim().lines().last().unwrap_or(refused).to_owned();
            }
            Err(error) => reason = format!("`unshare`: {error}"),
        }
    }
    reason
}

/// Gives `ip` several commands at once.
fn ip(command: &mut Command, commands: &str) -> Result<(), String> {
    let refused = |error: std::io::Error| format!("`ip`: {error}");
    command.args(["-batch", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut ip = command.spawn().map_err(refused)?;
    if let Some(mut input) = ip.stdin.take() {
        input.write_all(commands.as_bytes()).map_err(refused)?;
    }
    let output = ip.wait_with_output().map_err(refused)?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ")),
    }
}

/// What the bucket holds, in seconds of the rate, and at least in bytes: three of Ethernet's frames.
const BUCKET: f64 = 1e-4;
const LEAST_BUCKET: f64 = 4_542.0;

/// Limits what a host sends (tc-tbf(8)). The bucket, which goes through at once after a pause, is small: it fills again while
/// the other side answers, and what fits into it is not limited at all.
fn limit(process: &str, megabits: f64) -> Result<(), String> {
    let rate = format!("{:.0}kbit", megabits * 1e3);
    let bucket = format!("{:.0}", (megabits * 1e6 / 8.0 * BUCKET).max(LEAST_BUCKET));
    let mut tc = Command::new("nsenter");
    tc.args(["-t", process, "-n", "tc", "qdisc", "add", "dev", "eth0", "root", "tbf"]);
    tc.args(["rate", &rate, "burst", &bucket, "latency", "100ms"]);
    let output = tc.output().map_err(|error| format!("`tc`: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("`tc`: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}

/// Starts a server on each host, with a key made for this job, and gives the configuration to reach them with.
fn serve(hosts: &[Child]) -> Result<PathBuf, String> {
    let folder = std::env::temp_dir().join(format!("conpar-ssh-{}", std::process::id()));
    let (key, server) = (folder.join("key"), folder.join("server"));
    let refused = |error: std::io::Error| format!("`{}`: {error}", folder.display());
    std::fs::create_dir_all(&folder).map_err(refused)?;
    let keygen = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).output();
    if !keygen.is_ok_and(|output| output.status.success()) {
        return Err(say!(en: "`ssh-keygen` made no key", pt: "`ssh-keygen` não fez chave alguma"));
    }
    let public = std::fs::read_to_string(key.with_extension("pub")).map_err(refused)?;
    std::fs::write(folder.join("authorized"), &public).map_err(refused)?;
    let text = format!(
        "HostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n\
         PidFile none\nPermitRootLogin yes\nAcceptEnv *\n",
        key.display(),
        folder.join("authorized").display()
    );
    std::fs::write(&server, text).map_err(refused)?;
    let configuration = folder.join("configuration");
    let known: String = (0..hosts.len()).map(|host| format!("{} {public}", address(host))).collect();
    std::fs::write(folder.join("known"), known).map_err(refused)?;
    let text = format!(
        "Host *\n IdentityFile {}\n IdentitiesOnly yes\n UserKnownHostsFile {}\n SendEnv UCX_*\n",
        key.display(),
        folder.join("known").display()
    );
    std::fs::write(&configuration, text).map_err(refused)?;
    for host in hosts {
        // The server leaves the folder for separated privileges to the system, which makes it when it starts.
        let run = format!("mkdir -p /run/sshd && exec /usr/sbin/sshd -f '{}'", server.display());
        let mut sshd = Command::new("nsenter");
        sshd.args(["-t", &host.id().to_string(), "-n", "-u", "-i", "-m", "--", "sh", "-c", &run]);
        let output = sshd.output().map_err(|error| format!("`nsenter`: {error}"))?;
        if !output.status.success() {
            return Err(format!("`sshd`: {}", String::from_utf8_lossy(&output.stderr).trim()));
        }
    }
    Ok(configuration)
}

fn ssh(configuration: Option<&Path>, host: &str) -> Command {
    let mut ssh = Command::new("ssh");
    ssh.args(["-o", "BatchMode=yes", "-o", "ConnectTimeout=5"]);
    if let Some(configuration) = configuration {
        ssh.arg("-F").arg(configuration);
    }
    ssh.arg(host);
    ssh
}

/// The agent: runs the command, whose first word is the host, there. Does not return unless that fails.
pub(super) fn reach(reach: &Reach, arguments: &[String]) {
    // MPICH puts an option of ssh first.
    let options = arguments.iter().take_while(|word| word.starts_with('-')).count();
    let Some((host, words)) = arguments[options..].split_first() else { return };
    let command = words.join(" ");
    let error = match reach {
        Reach::Ssh(configuration) => ssh(configuration.as_deref(), host).arg(command).exec().to_string(),
        Reach::Namespaces(hosts) => match hosts.iter().find(|(address, _)| address == host) {
            Some((_, process)) => {
                let mut enter = Command::new("nsenter");
                enter.args(["-t", &process.to_string(), "-n", "-u", "-i", "-m", "--", "sh", "-c", &command]);
                enter.exec().to_string()
            }
            None => say!(en: "there is no such host", pt: "não há tal hospedeiro"),
        },
    };
    eprintln!("{host}: {error}");
    std::process::exit(1);
}

/// Brings the program to each host; says which one does not answer.
pub(super) fn bring(reach: &Reach, hosts: &[String], program: &Path) -> Result<(), FromLauncher> {
    let Reach::Ssh(configuration) = reach else { return Ok(()) };
    for host in hosts {
        let no_host = |reason: String| FromLauncher::NoHost { host: host.clone(), reason };
        let failed = |error: std::io::Error| no_host(error.to_string());
        let (folder, file) = (program.parent().unwrap_or(program).display(), program.display());
        let copy = format!(
            "mkdir -p '{folder}' && cat > '{file}.new' && chmod +x '{file}.new' && mv '{file}.new' '{file}'"
        );
        let input = std::fs::File::open(program).map_err(failed)?;
        let output = ssh(configuration.as_deref(), host).arg(copy).stdin(input).output().map_err(failed)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let silence = word!(en: "no answer", pt: "nenhuma resposta");
            return Err(no_host(said.trim().lines().last().unwrap_or(silence).to_owned()));
        }
    }
    Ok(())
}
