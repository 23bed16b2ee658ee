"""Tests of the kernel itself, started, used and killed as Jupyter does it.

argv: the checkout, its workshop, the set-up cell, a filter. Each function `check_…` is a test; it fails by an exception,
and gives a text where it was skipped. Each outcome is told as one line of JSON.
"""

import concurrent.futures
import contextlib
import glob
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import traceback

import jsonschema
from jupyter_client.manager import KernelManager

CHECKOUT, WORKSHOP, SETUP, FILTER = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4]
# How long a clean-up may take before it counts as not done: far more than it needs, on the busiest machine.
PATIENCE_SECONDS = 60
# Tests side by side: nothing here is timed.
AT_ONCE = 2


class Kernel:
    """A running kernel, in a notebook's folder."""

    def __init__(self, checkout=CHECKOUT, command=None, folder=None, **options):
        self.manager = KernelManager(kernel_name="rust")
        if command:
            self.manager.kernel_spec.argv[0] = str(command)
        folder = folder or checkout / "notebooks" / "en"
        self.manager.start_kernel(cwd=str(folder), **options)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=600)

    def run(self, code):
        """The text that the cell printed and its value; an error in it is raised."""
        texts, errors = [], []

        def output(message):
            content = message["content"]
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                texts.append(content["text"])
            elif message["msg_type"] == "execute_result":
                texts.append(content["data"].get("text/plain", ""))
            elif message["msg_type"] == "error":
                errors.append(content["evalue"])

        self.client.execute_interactive(code, output_hook=output, timeout=600)
        assert not errors, f"{code}\n{errors}"
        return "".join(texts).strip()

    def refuses(self, code, words):
        """Runs what must not compile: the error says the words."""
        try:
            self.run(code)
        except AssertionError as error:
            assert words in str(error), error
        else:
            raise AssertionError(f"it compiled: {code}")

    @property
    def folder(self):
        return self.run('println!("{}", std::env::var("EVCXR_TMPDIR").unwrap());')

    @property
    def launcher(self):
        return self.manager.provisioner.process.pid


@contextlib.contextmanager
def kernel(**options):
    started = Kernel(**options)
    try:
        yield started
    finally:
        started.client.stop_channels()
        if started.manager.is_alive():
            started.manager.shutdown_kernel()


def processes_of(folder):
    """The processes that carry the kernel's folder in their environment."""
    wanted = f"EVCXR_TMPDIR={folder}".encode()
    found = []
    for entry in glob.glob("/proc/[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if wanted in pathlib.Path(entry).read_bytes().split(b"\0"):
                found.append(entry)
    return found


def wait_until(what, condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"after {PATIENCE_SECONDS} s still not: {what}"
        time.sleep(0.05)


def nothing_left(folder):
    """Waits until neither a process nor a file of the kernel is left."""
    wait_until(f"no process of {folder}", lambda: not processes_of(folder))
    home = pathlib.Path(folder).parent
    wait_until(f"no folder {home}", lambda: not home.exists() and not home.with_suffix(".lock").exists())


def check_cells_compile_like_a_release():
    with kernel() as one:
        assert one.run("cfg!(debug_assertions)") == "false"
        assert one.run("std::hint::black_box(255u8) + std::hint::black_box(1u8)") == "0", "overflow checks are on"


def check_variables_need_no_written_type():
    """evcxr keeps a variable only if rust-analyzer finds its type, and the kernel hides a part of std from that."""
    cells = [
        'let map = std::collections::HashMap::from([(1u8, "x".to_string())]);',
        "let squares = (0..10u64).map(|n| (n, n * n)).collect::<std::collections::VecDeque<_>>();",
        "let shared = std::sync::Arc::new(std::sync::Mutex::new(vec![0u32; 4]));",
        "let counters = [const { std::sync::atomic::AtomicU64::new(0) }; 8];",
        "let joined = std::thread::spawn(|| 3usize).join().unwrap();",
        "let words = \"a b\".split(' ').map(str::to_owned).collect::<std::collections::BTreeSet<String>>();",
        "let elapsed = std::time::Instant::now().elapsed();",
    ]
    with_conpar = [
        SETUP,
        "let halves = (0..10u64).into_par_iter().map(|n| n as f64 / 2.0).collect::<Vec<_>>();",
        "let (sender, receiver) = crossbeam::channel::bounded::<u64>(3);",
        "let lock = tokio::sync::Mutex::new(3);",
    ]
    # In a notebook of the checkout, and in a folder that the kernel has no prelude for.
    with kernel() as one, tempfile.TemporaryDirectory() as folder, kernel(folder=folder) as bare:
        for code in with_conpar + cells:
            one.run(code)
        for code in cells:
            bare.run(code)
        assert bare.run("joined + counters.len() + words.len()") == "13"


def check_a_build_is_done_again_only_while_nothing_but_the_cell_changes():
    with kernel() as one:
        one.run(SETUP)
        record = pathlib.Path(one.folder).parent / "build.json"
        if not record.exists():
            return "cargo has no stand-in on this system"
        written = record.stat().st_mtime_ns
        assert [one.run(f"{number} * 2") for number in (3, 4, 4)] == ["6", "8", "8"], "a cell's result is an older one's"
        assert record.stat().st_mtime_ns == written, "cargo was asked though only the cell changed"
        one.refuses("let wrong: u32 = \"text\";", "mismatched types")
        assert one.run('env!("CARGO_PKG_NAME")') == '"ctx"', "what only cargo tells rustc is missing"
        one.run(':dep fastrand = "2"')
        one.run("fastrand::seed(7);")
        assert record.stat().st_mtime_ns != written, "a new dependency is not a build done again"
        assert one.run("fastrand::u8(3..4)") == "3"


def check_a_misspelt_name_in_a_let_is_told_without_a_look_at_the_dependencies():
    """evcxr asks `cargo check` then, and cargo would check each dependency before the cell."""
    with kernel() as one:
        one.run(SETUP)
        one.refuses("let doubled = misspelt * 2;", "cannot find value `misspelt`")
        metadata = list((pathlib.Path(one.folder) / "target").rglob("libcrossbeam*.rmeta"))
        only_checked = [path.name for path in metadata if not path.with_suffix(".rlib").exists()]
        assert metadata and not only_checked, only_checked
        assert one.run("2 * 2") == "4"


def check_a_kernel_speaks_the_language_of_its_folder():
    with kernel(folder=CHECKOUT / "notebooks" / "pt-BR") as one:
        one.run(SETUP)
        claim = 'claim("S", &conpar::measure::Estimate { point: 2.0, low: 1.9, high: 2.1, level: 0.95 }).above(1.0)'
        assert "sustentada" in one.run(claim)
        child = 'child(r#"fn main() { println!("{}", conpar::language::language().tag()) }"#)?.run()?.stdout.text'
        assert "pt-BR" in one.run(child)
        one.run('set_language("en")?;')
        assert "supported" in one.run(claim) and "en" in one.run(child)


def check_three_kernels_at_once():
    with contextlib.ExitStack() as stack, concurrent.futures.ThreadPoolExecutor(3) as threads:
        kernels = [stack.enter_context(kernel()) for _ in range(3)]
        list(threads.map(lambda one: one.run(SETUP), kernels))
        list(threads.map(lambda pair: pair[1].run(f"let mine = {pair[0]}u64;"), enumerate(kernels)))
        code = "(0..=mine).into_par_iter().map(|n| n + 1).sum::<u64>()"
        assert list(threads.map(lambda one: one.run(code), kernels)) == ["1", "3", "6"]
        assert len({one.folder for one in kernels}) == 3, "two kernels share a folder"


def check_twenty_cells_leave_one_pool_and_one_runtime():
    threads = 'println!("{}", std::fs::read_dir("/proc/self/task").unwrap().count());'
    through_rayon = "println!(\"{}\", (0..1000u64).into_par_iter().filter(|n| n % 7 == ROUND % 7).count());"
    through_conpar = "println!(\"{}\", conpar::rayon::join(|| ROUND, || 2).0);"
    through_tokio = "let done = tokio::spawn(async { ROUND }).await.unwrap(); println!(\"{done}\");"
    with kernel() as one:
        one.run(SETUP)
        before = int(one.run(threads))
        for number in range(20):
            code = [through_rayon, through_conpar, through_tokio][number % 3]
            one.run(code.replace("ROUND", str(number)))
        cores = len(os.sched_getaffinity(0))
        after = int(one.run(threads))
        # A pool has a worker for each core, and so has a runtime.
        assert after <= before + 2 * cores, f"{before} threads before, {after} after, on {cores} cores"


def check_an_unknown_dependency_is_fetched():
    with kernel() as one:
        try:
            one.run(':dep fnv = "1"\nuse fnv::FnvHashSet;')
        except AssertionError as error:
            if any(sign in str(error) for sign in ("network", "resolve host", "download", "fetch")):
                return "no network"
            raise
        assert one.run("[3, 1, 3].into_iter().collect::<FnvHashSet<u8>>().len()") == "2"


def check_an_ended_kernel_leaves_nothing():
    with kernel() as one:
        folder = one.folder
    nothing_left(folder)


def check_bad_input_in_cells_is_answered_and_leaves_kernel_and_pool_usable():
    """Each of these is what a reader may type; the answer is text in the cell, not a panic of the kernel."""
    mistakes = {
        'speedup::<()>("nothing").measure()': "NoSerialArm",
        'speedup("no serial").rayon("sum", || 1).measure()': "NoSerialArm",
        'speedup("no parallel").serial(|| 1).measure()': "NoParallelArm",
        'sound().workers([0]).measure()': "ZeroWorkers",
        'sound().workers([1_000_000]).measure()': "TooManyWorkers",
        'speedup("").serial(|| 1).rayon("one", || 1).measure()': "EmptyName",
        'sound().budget(std::time::Duration::ZERO).measure()': "ZeroBudget",
        'sound().rayon("differs", || 2).measure()': "DifferentResults",
        'speedup("nan").serial(|| f64::NAN).rayon("nan", || f64::NAN).measure()': "NotComparable",
        'sound().rayon("panics", || (0..9).into_par_iter().map(|n| if n == 5 { panic!("boom") } else { 1 }).sum())'
        ".measure()": "Panicked",
    }
    with kernel() as one:
        one.run(SETUP)
        one.run(
            "fn sound<'a>() -> conpar::speedup::Speedup<'a, i32> {\n"
            '    speedup("sound").serial(|| 1).rayon("one", || 1).workers([1, 2])\n}'
        )
        for cell, error in mistakes.items():
            # Without `?` the result is shown as it is, and the words of the error are those that `?` would print.
            shown = one.run(f'println!("{{:?}} {{0}}", {cell}.expect_err("a mistake"));')
            assert error in shown, f"{cell}\nexpected {error}, got {shown}"
            printed = one.run(f"let unreached = {cell}?;")
            assert "unreached" not in printed, printed
        assert one.run("(0..10u64).into_par_iter().sum::<u64>()") == "45", "the pool is usable"
        # On a busy machine the experiment may have to say that it had too few rounds; it still answers.
        assert one.run("println!(\"{}\", sound().measure().map_or_else(|error| error.to_string(), |_| String::new()));") is not None


def check_a_trace_saved_by_a_cell_is_in_the_trace_event_format():
    """Threads, rayon jobs, tokio tasks and a child in one timeline, held against the schema of the format."""
    schema = json.loads((CHECKOUT / "crates" / "conpar" / "tests" / "trace-event.schema.json").read_text())
    program = (
        "use conpar::prelude::*; fn main() { let timeline = trace(\"child\", |recorder| {"
        " recorder.lane(0).computing(|| std::hint::black_box(conpar::workload::xorshift(100_000))); });"
        " println!(\"{}\", timeline.line()); }"
    )
    cells = [
        SETUP,
        "fn work() { std::hint::black_box(conpar::workload::xorshift(100_000)); }",
        f"const CHILD: &str = r#\"{program}\"#;",
        "let mut theirs = String::new();",
        """let ours = trace("all", |recorder| {
            std::thread::scope(|scope| _ = scope.spawn(|| recorder.lane(0).computing(work)));
            (1..9).into_par_iter().for_each(|job| recorder.lane(job).computing(work));
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
            runtime.block_on(async {
                let wait = async { tokio::time::sleep(std::time::Duration::from_millis(2)).await; work() };
                tokio::spawn(recorder.task(9, wait)).await.unwrap();
            });
            recorder.lane(10).waiting(|| theirs = child(CHILD).unwrap().run().unwrap().stdout.text);
        });""",
        "let all = ours.beside(Timeline::from_line(theirs.trim())?)?;",
    ]
    with tempfile.TemporaryDirectory() as folder, kernel() as one:
        for cell in cells:
            one.run(cell)
        saved = pathlib.Path(folder) / "trace.json"
        one.run(f'all.save_trace_events("{saved}")?;')
        document = json.loads(saved.read_text())
    jsonschema.validate(document, schema)
    phases = [event["ph"] for event in document["traceEvents"]]
    assert {"M", "X", "b", "e"} == set(phases), set(phases)
    assert len({event["pid"] for event in document["traceEvents"]}) == 2, "two processes"
    assert {f"task {number}" for number in range(1, 13)} <= {event["name"] for event in document["traceEvents"]}


def check_a_killed_launcher_leaves_nothing():
    with kernel() as one:
        folder = one.folder
        one.run('let child = std::process::Command::new("sleep").arg("3600").spawn().unwrap();')
        assert len(processes_of(folder)) >= 3, "evcxr, its cell process and the cell's child should be found"
        os.kill(one.launcher, signal.SIGKILL)
        nothing_left(folder)


def check_a_kernel_survives_a_conpar_that_does_not_compile():
    with elsewhere("broken") as (checkout, command, environment):
        source = checkout / "crates" / "conpar" / "src" / "lib.rs"
        source.write_text(source.read_text() + "\ncompile_error!(\"planted\");\n")
        with kernel(checkout=checkout, command=command, env=environment) as one:
            assert one.run("1 + 1") == "2"
            one.refuses(SETUP, "planted")


def check_a_path_with_spaces_and_accents_and_a_changed_source():
    """Both at once: each has conpar compiled anew, which takes a minute."""
    with elsewhere("é in a folder") as (checkout, command, environment):
        source = checkout / "crates" / "conpar" / "src" / "lib.rs"
        source.write_text(source.read_text() + "\n/// Planted.\npub fn planted() -> u32 {\n    7\n}\n")
        with kernel(checkout=checkout, command=command, env=environment) as one:
            one.run(SETUP)
            assert one.run("(0..10u64).into_par_iter().sum::<u64>()") == "45"
            assert one.run("conpar::planted()") == "7"


@contextlib.contextmanager
def elsewhere(name):
    """A copy of the checkout in another place, with a template: its path, its launcher, the environment for it."""
    with tempfile.TemporaryDirectory(prefix="conpar-test-") as folder:
        folder = pathlib.Path(folder).resolve()
        checkout = folder / name
        for part in ("crates", "notebooks/en"):
            shutil.copytree(CHECKOUT / part, checkout / part)
        for part in ("Cargo.toml", "Cargo.lock"):
            shutil.copy2(CHECKOUT / part, checkout / part)
        launcher = checkout / ".lab" / "bin" / "lab"
        launcher.parent.mkdir(parents=True)
        shutil.copy2(CHECKOUT / ".lab" / "bin" / "lab", launcher)
        environment = dict(os.environ, XDG_CACHE_HOME=str(folder / "cache"))
        environment.pop("CARGO_MANIFEST_DIR", None)
        # The copy has no evcxr_jupyter of its own: it finds this checkout's, where that was built.
        environment["PATH"] = f"{CHECKOUT / '.lab' / 'evcxr' / 'bin'}{os.pathsep}{environment['PATH']}"
        workshop = checkout / ".lab"
        if " " in name:
            workshop = folder / "cache" / "conpar" / fnv(str(checkout).encode())
        template = workshop / "template"
        shutil.copytree(WORKSHOP / "template", template)
        # The program of the kernel stays where it is; what names the crate names the copy's.
        stamp = json.loads((template / "stamp.json").read_text(encoding="utf-8"))
        pins = (template / "pins" / "Cargo.toml").read_text(encoding="utf-8")
        assert str(CHECKOUT) in pins and str(CHECKOUT) in stamp["settings"]
        stamp["settings"] = stamp["settings"].replace(str(CHECKOUT), str(checkout))
        (template / "stamp.json").write_text(json.dumps(stamp), encoding="utf-8")
        (template / "pins" / "Cargo.toml").write_text(pins.replace(str(CHECKOUT), str(checkout)), encoding="utf-8")
        yield checkout, launcher, environment


def fnv(name):
    """The launcher's name for a checkout whose path has a space (`stamp::hash`)."""
    value = 0xCBF29CE484222325
    for byte in len(name).to_bytes(8, "little") + name:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def attempt(check):
    name, test = check
    started = time.monotonic()
    try:
        skipped = test()
        outcome, detail = ("skipped", skipped) if skipped else ("passed", "")
    except Exception:
        outcome, detail = "failed", traceback.format_exc()
    told = json.dumps({"check": name, "outcome": outcome, "detail": detail})
    print(f"{told}\n         {time.monotonic() - started:.1f} s\n", end="", flush=True)


def main():
    # Those at the end build conpar anew: they begin first, so that none of them is left alone at the end.
    tests = [(name, test) for name, test in globals().items() if name.startswith("check_")][::-1]
    named = [("kernel: " + name.removeprefix("check_").replace("_", " "), test) for name, test in tests]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(attempt, [(name, test) for name, test in named if FILTER in name]))


main()
