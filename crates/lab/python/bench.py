"""Times the lab's kernel beside a plain evcxr kernel and a Python one, interleaved in one run.

argv: the checkout, evcxr_jupyter, the set-up cell, the number of rounds, the file for the JSON or nothing.

The same steps in each: start the kernel until it answers; run what a notebook begins with; draw a first figure; a first
variable; a figure again; an edited cell that computes. The figure is the same line through 100 points.
"""

import contextlib
import itertools
import json
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

CHECKOUT, EVCXR, SETUP, ROUNDS, JSON = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
# How often a step that is short is repeated in one kernel, each time with another number in the cell.
REPEATS = 3

PLAIN_SETUP = """\
:dep rayon = "1"
:dep crossbeam = "0.8"
:dep tokio = { version = "1", features = ["full"] }
:dep plotters = { version = "0.3", default-features = false, features = ["evcxr", "all_series", "all_elements", "full_palette"] }
use rayon::prelude::*;
use plotters::prelude::*;"""
PLAIN_PLOT = """\
evcxr_figure((740, 430), |root| {
    let mut chart = ChartBuilder::on(&root).caption("squares", ("sans-serif", 18)).margin(10)
        .x_label_area_size(40).y_label_area_size(60).build_cartesian_2d(0.0..100.0, 0.0..10_000.0)?;
    chart.configure_mesh().x_desc("x").y_desc("x²").draw()?;
    chart.draw_series(LineSeries::new((0..100).map(|x| (f64::from(x), f64::from(x * x) + NUMBER.0)), &BLUE))?;
    Ok(())
})"""
LAB_PLOT = 'chart("squares").x("x").y("x²").line("x²", (0..100).map(|x| (f64::from(x), f64::from(x * x) + NUMBER.0)))'
RAYON = 'println!("{}", (0..200_000_u64).into_par_iter().filter(|n| (n * n) % 7 == NUMBER).count());'
PYTHON_PLOT = """\
figure, axes = plt.subplots(figsize=(7.4, 4.3))
axes.plot(range(100), [x * x + NUMBER for x in range(100)])
axes.set(title="squares", xlabel="x", ylabel="x²")
plt.show()"""

CELLS = {
    "lab": {"setup": SETUP, "plot": LAB_PLOT, "let": "let first = 1;", "edit": RAYON},
    "plain evcxr": {"setup": PLAIN_SETUP, "plot": PLAIN_PLOT, "let": "let first = 1;", "edit": RAYON},
    "Python": {
        "setup": "%matplotlib inline\nimport matplotlib.pyplot as plt",
        "plot": PYTHON_PLOT,
        "let": "first = 1",
        "edit": "print(sum((n * n) % 7 == NUMBER for n in range(200_000)))",
    },
}
# Said below the table.
NOTE = """\
Ready: the kernel answers. First figure: ready, then what a notebook begins with (dependencies, imports), then a plot cell.
The plot cell draws the same line through 100 points: in plain evcxr with plotters in the cell, in Python with matplotlib.
The edited cell is rayon's `into_par_iter` in both Rust kernels; in Python it is the same count by a serial loop."""
# What is to be reached on a prepared machine.
TARGETS = [("first figure", "lab/plain", 1 / 5), ("plot", "lab/plain", 1 / 3), ("plot", "lab/Python", 3.0)]
STEPS = {
    "ready": "start until ready",
    "first figure": "start until the first figure",
    "let": "a first `let`",
    "plot": "a plot cell",
    "edit": "an edited cell with rayon code",
}


@contextlib.contextmanager
def python_environment():
    """A virtual environment with ipykernel and matplotlib, thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="conpar-bench-") as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = pathlib.Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python"
        packages = ["ipykernel", "matplotlib"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        yield str(python)


def readers_environment():
    """What a reader's shell has: `cargo lab` is run by cargo, whose variables a kernel started elsewhere does not get."""
    added = ("CARGO_MANIFEST", "CARGO_PKG", "DYLD_FALLBACK_LIBRARY_PATH", "LD_LIBRARY_PATH")
    return {name: value for name, value in os.environ.items() if name != "CARGO" and not name.startswith(added)}


class Kernel:
    """A running kernel of one of the three kinds, with a temporary folder of its own."""

    def __init__(self, name, python):
        self.name, self.cells, self.folder = name, CELLS[name], tempfile.mkdtemp(prefix="conpar-bench-")
        if name == "lab":
            environment = dict(os.environ)
            self.manager = KernelManager(kernel_name="rust")
        else:
            environment = readers_environment()
            argv = [EVCXR, "--control_file"] if name == "plain evcxr" else [python, "-m", "ipykernel_launcher", "-f"]
            # No configuration, and a build folder that nobody has used.
            environment |= {"EVCXR_CONFIG_DIR": self.folder, "TMPDIR": self.folder}
            self.manager = KernelManager()
            interrupt = "message" if name == "plain evcxr" else "signal"
            self.manager._kernel_spec = KernelSpec(argv=[*argv, "{connection_file}"], interrupt_mode=interrupt)
        try:
            self.start(environment)
        except BaseException:
            self.stop()
            raise

    def start(self, environment):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        folder = str(pathlib.Path(CHECKOUT) / "notebooks" / "en")
        before = time.perf_counter()
        self.manager.start_kernel(env=environment, cwd=folder, **quiet)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.kernel_info(reply=True, timeout=600)
        self.ready = time.perf_counter() - before
        # Outside the clock: jupyter_client waits here for 0.2 s of silence.
        self.client.wait_for_ready(timeout=600)

    def run(self, code, wanted=None):
        """The seconds that a cell took, from sending it to the kernel's being idle again; and its outputs by type."""
        shown, errors = {}, []

        def output(message):
            content = message["content"]
            if message["msg_type"] == "error":
                errors.append("\n".join(content["traceback"]))
            elif message["msg_type"] == "stream":
                shown[content["name"]] = shown.get(content["name"], "") + content["text"]
            shown.update(content.get("data", {}))

        before = time.perf_counter()
        self.client.execute_interactive(code, output_hook=output, timeout=600)
        seconds = time.perf_counter() - before
        assert not errors, f"{self.name}: {code}\n{errors[0]}"
        assert wanted is None or any(kind in shown for kind in wanted), f"{self.name} showed no figure: {shown}"
        return seconds, shown

    def edited(self, cell, number, wanted=None):
        return self.run(self.cells[cell].replace("NUMBER", str(number)), wanted)[0]

    def stop(self):
        if self.manager.has_kernel:
            self.manager.shutdown_kernel()
        if client := getattr(self, "client", None):
            client.stop_channels()
        shutil.rmtree(self.folder, ignore_errors=True)


FIGURE = ("image/png", "image/svg+xml", "text/html")


def measure(name, python):
    kernel = Kernel(name, python)
    try:
        begun = kernel.run(kernel.cells["setup"])[0]
        drawn = kernel.edited("plot", 0, FIGURE)
        return {
            "ready": [kernel.ready],
            "first figure": [kernel.ready + begun + drawn],
            "let": [kernel.run(kernel.cells["let"])[0]],
            "plot": [kernel.edited("plot", number, FIGURE) for number in range(1, REPEATS + 1)],
            "edit": [kernel.edited("edit", number) for number in range(REPEATS)],
        }
    finally:
        kernel.stop()


def timed(command, **options):
    before = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, **options)
    seconds = time.perf_counter() - before
    assert ended.returncode == 0, ended.stderr[-2000:]
    return seconds, ended


# Loads copies of a library, as evcxr does with each cell's; the first one's dependencies come with it.
LOADING = """
import ctypes, sys, time
for file in sys.argv[1:]:
    before = time.perf_counter()
    ctypes.CDLL(file)
    print(time.perf_counter() - before)
"""
# Stands between rustc and the linker.
TIMED_LINKER = """\
#!{python}
import subprocess, sys, time
before = time.perf_counter()
code = subprocess.call(["cc", *sys.argv[1:]])
open({log!r}, "a").write(f"{{time.perf_counter() - before}}\\n")
sys.exit(code)
"""


def build_again(kernel):
    """Builds the cell that the kernel ran last, in its folder and as evcxr does, in parts: seconds of each."""
    shown = kernel.run('for (name, value) in std::env::vars() { println!("{name}={value}"); }')[1]["stdout"]
    kernel.edited("plot", 8)
    environment = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    # RUSTC is for the kernel's rust-analyzer; to cargo evcxr names the real one.
    ours = ("EVCXR_IS", "RUSTC")
    environment = {name: value for name, value in environment.items() if not name.startswith(ours)}
    folder = pathlib.Path(environment["EVCXR_TMPDIR"])
    environment |= {"CARGO_TARGET_DIR": "target", "CARGO_BUILD_BUILD_DIR": "target", "RUSTFLAGS": "-Cprefer-dynamic"}
    source = folder / "src" / "lib.rs"
    text = source.read_text()
    target = re.search(r"host: (\S+)", timed(["rustc", "-vV"], env=environment)[1].stdout)[1]
    build = ["build", "--target", target, "--message-format=json"]
    # What evcxr calls as cargo, which does the build before again; and the real one, which says the command.
    cargo, real = "cargo", environment.get("CONPAR_CARGO", "cargo")
    linker, log = folder / "timed-linker", folder / "linker-seconds"
    linker.write_text(TIMED_LINKER.format(python=sys.executable, log=str(log)))
    linker.chmod(0o755)
    number = itertools.count(10)

    def edited(command, place):
        assert "8.0" in text, text
        source.write_text(text.replace("8.0", f"{next(number)}.5"))
        return timed(command, cwd=place, env=environment)

    said = edited([real, *build, "-v"], folder)[1].stderr
    command = re.sub(r"^(\w+=\S+ )+", "", re.search(r"Running `(.*--crate-name ctx.*)`", said)[1])
    ways = {
        "cargo": ([real, *build], folder),
        "building": ([cargo, *build], folder),
        "rustc": (["sh", "-c", command], folder.parent),
        "linking": (["sh", "-c", f"{command} -C linker='{linker}'"], folder.parent),
    }
    edited(*ways["building"])
    seconds = {way: [] for way in ways}
    for _ in range(12):
        for way in random.sample(list(ways), len(ways)):
            seconds[way].append(edited(*ways[way])[0])
    library = next((folder / "target" / target / "debug").glob("*ctx.*[!d]"))
    copies = [shutil.copy2(library, library.with_name(f"loaded_{number}{library.suffix}")) for number in range(6)]
    loading = timed([sys.executable, "-c", LOADING, *map(str, copies)], cwd=folder, env=environment)[1].stdout.split()
    middle = statistics.median
    linking = middle(float(line) for line in log.read_text().split())
    return {
        "building, by the command of the cell before": middle(seconds["building"]),
        "  of it rustc, without linking": middle(seconds["rustc"]) - linking,
        "  of it linking": linking,
        "  by cargo it would take": middle(seconds["cargo"]),
        "loading the cell's library": middle(float(seconds) for seconds in loading[1:]),
    }


def breakdown():
    """Where a plot cell's time goes in the lab's kernel: seconds of the whole and of its parts."""
    kernel = Kernel("lab", None)
    try:
        kernel.run(SETUP)
        kernel.edited("plot", 0)
        whole = statistics.median(kernel.edited("plot", number) for number in range(1, 8))
        message = statistics.median(kernel.run("// nothing to compile")[0] for _ in range(5))
        # The same code, timed from inside.
        code = "{ let start = std::time::Instant::now(); " + LAB_PLOT.replace("NUMBER", "9")
        code += '.evcxr_display(); println!("{}", start.elapsed().as_secs_f64()); }'
        running = float(re.search(r"[\d.e-]+", kernel.run(code)[1]["stdout"])[0])
        parts = build_again(kernel) | {
            "running: drawing and printing the figure": running,
            "messages: a cell that compiles nothing": message,
        }
        timed_parts = sum(seconds for part, seconds in parts.items() if not part.startswith(" "))
        rest = {"the rest: evcxr's own reading and rewriting of the cell": whole - timed_parts}
        return {"the whole cell": whole} | parts | rest
    finally:
        kernel.stop()


def seconds(values):
    middle = statistics.median(values)
    return f"{middle:.3f} ({min(values):.3f} to {max(values):.3f})"


def main():
    names = list(CELLS)
    print("making a throw-away Python environment with ipykernel and matplotlib", flush=True)
    results = {name: {step: [] for step in STEPS} for name in names}
    loads = []
    with python_environment() as python:
        for number in range(ROUNDS):
            for name in random.sample(names, len(names)):
                loads.append(os.getloadavg()[0] if hasattr(os, "getloadavg") else None)
                print(f"round {number + 1} of {ROUNDS}: {name} (load {loads[-1]})", flush=True)
                for step, values in measure(name, python).items():
                    results[name][step] += values
    print(f"\nSeconds: median (smallest to largest) of {ROUNDS} kernels each, interleaved in random order.")
    print(f"{'':32}" + "".join(f"{name:>26}" for name in names) + f"{'lab / plain':>13}{'lab / Python':>14}")
    ratios = {}
    for step, title in STEPS.items():
        lab, plain, other = (statistics.median(results[name][step]) for name in names)
        ratios[step] = {"lab/plain": lab / plain, "lab/Python": lab / other}
        row = "".join(f"{seconds(results[name][step]):>26}" for name in names)
        print(f"{title:32}{row}{lab / plain:>13.2f}{lab / other:>14.2f}")
    print(NOTE)
    for step, against, most in TARGETS:
        reached = "reached" if ratios[step][against] <= most else "not reached"
        print(f"target: {STEPS[step]}, {against}, at most {most:.2f}: {ratios[step][against]:.2f}, {reached}")
    parts = {}
    if pathlib.Path("/proc/self").exists():
        parts = breakdown()
        print("\nWhere a plot cell's time goes in the lab's kernel (medians in ms; its build is done again, part by part):")
        for part, value in parts.items():
            print(f"  {part:52}{value * 1e3:>8.1f}")
    if JSON:
        document = {"seconds": results, "ratios": ratios, "plot cell": parts, "cores": os.cpu_count(), "loads": loads}
        pathlib.Path(JSON).write_text(json.dumps(document, indent=1) + "\n")
        print(f"\nWritten to {JSON}")


main()
