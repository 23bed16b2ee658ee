"""Times the lab's kernel beside a plain evcxr kernel and a Python one, interleaved in one run.

argv: the checkout, evcxr_jupyter, the set-up cell, the number of rounds, the file for the JSON or nothing.

The same steps in each: start the kernel until it answers; run what a notebook begins with; draw a first figure; a first
variable; a figure again; an edited cell that computes. The figure is the same line through 100 points.
"""

import contextlib
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


class Kernel:
    def __init__(self, name, python):
        self.name, self.cells, self.config = name, CELLS[name], tempfile.mkdtemp(prefix="conpar-bench-")
        environment = dict(os.environ)
        if name == "lab":
            self.manager = KernelManager(kernel_name="rust")
        else:
            argv = [EVCXR, "--control_file"] if name == "plain evcxr" else [python, "-m", "ipykernel_launcher", "-f"]
            environment["EVCXR_CONFIG_DIR"] = self.config
            self.manager = KernelManager()
            interrupt = "message" if name == "plain evcxr" else "signal"
            self.manager._kernel_spec = KernelSpec(argv=[*argv, "{connection_file}"], interrupt_mode=interrupt)
        self.started = time.perf_counter()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.manager.start_kernel(env=environment, cwd=str(pathlib.Path(CHECKOUT) / "notebooks" / "en"), **quiet)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=600)
        self.ready = time.perf_counter() - self.started

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
        self.client.stop_channels()
        self.manager.shutdown_kernel()
        shutil.rmtree(self.config, ignore_errors=True)


FIGURE = ("image/png", "image/svg+xml", "text/html")


def measure(name, python):
    kernel = Kernel(name, python)
    try:
        kernel.run(kernel.cells["setup"])
        kernel.edited("plot", 0, FIGURE)
        first_figure = time.perf_counter() - kernel.started
        return {
            "ready": [kernel.ready],
            "first figure": [first_figure],
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


def breakdown():
    """Where a plot cell's time goes in the lab's kernel: its build is done again in the kernel's folder, in parts."""
    kernel = Kernel("lab", None)
    try:
        kernel.run(SETUP)
        kernel.edited("plot", 0)
        cell = statistics.median(kernel.edited("plot", number) for number in range(1, 6))
        message = statistics.median(kernel.run("// nothing to compile")[0] for _ in range(5))
        # The same code, timed from inside.
        code = "{ let start = std::time::Instant::now(); " + LAB_PLOT.replace("NUMBER", "6")
        code += '.evcxr_display(); println!("{}", start.elapsed().as_secs_f64()); }'
        running = float(re.search(r"[\d.e-]+", kernel.run(code)[1]["stdout"])[0])
        kernel.edited("plot", 7)
        shown = kernel.run('for (name, value) in std::env::vars() { println!("{name}={value}"); }')[1]["stdout"]
        kernel.edited("plot", 8)
        environment = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
        environment = {name: value for name, value in environment.items() if not name.startswith("EVCXR_IS")}
        folder = pathlib.Path(environment["EVCXR_TMPDIR"])
        environment |= {"CARGO_TARGET_DIR": "target", "CARGO_BUILD_BUILD_DIR": "target", "RUSTFLAGS": "-Cprefer-dynamic"}
        source = folder / "src" / "lib.rs"
        text = source.read_text()
        target = re.search(r"host: (\S+)", timed(["rustc", "-vV"], env=environment)[1].stdout)[1]
        build = ["cargo", "build", "--target", target, "--message-format=json"]
        wrapper, log = folder / "timed-linker", folder / "linker-seconds"
        wrapper.write_text(
            f"#!{sys.executable}\nimport subprocess, sys, time\nbefore = time.perf_counter()\n"
            f'code = subprocess.call(["cc", *sys.argv[1:]])\n'
            f'open({str(log)!r}, "a").write(f"{{time.perf_counter() - before}}\\n")\nsys.exit(code)\n'
        )
        wrapper.chmod(0o755)
        whole, compiling = [], []
        for number in range(10, 16):
            source.write_text(text.replace("8.0", f"{number}.0"))
            seconds, ended = timed([*build, "-v"], cwd=folder, env=environment)
            command = re.search(r"Running `(.*--crate-name ctx.*)`", ended.stderr)[1]
            command = re.sub(r"^(\w+=\S+ )+", "", command)
            whole.append(seconds)
            source.write_text(text.replace("8.0", f"{number}.5"))
            compiling.append(timed(["sh", "-c", command + f" -C linker='{wrapper}'"], cwd=folder.parent, env=environment)[0])
        linking = statistics.median(float(line) for line in log.read_text().split())
        whole, compiling = statistics.median(whole), statistics.median(compiling)
        return {
            "the whole cell": cell,
            "rustc, without linking": compiling - linking,
            "linking": linking,
            "cargo, around rustc": whole - compiling,
            "running: drawing and printing the figure": running,
            "messages: a cell that compiles nothing": message,
            "the rest: rust-analyzer, loading the cell's library": cell - whole - running - message,
        }
    finally:
        kernel.stop()


def seconds(values):
    middle = statistics.median(values)
    return f"{middle:.3f} ({min(values):.3f} to {max(values):.3f})"


def main():
    names = list(CELLS)
    print("making a throw-away Python environment with ipykernel and matplotlib", flush=True)
    results = {name: {step: [] for step in STEPS} for name in names}
    with python_environment() as python:
        for number in range(ROUNDS):
            for name in random.sample(names, len(names)):
                print(f"round {number + 1} of {ROUNDS}: {name} (load {os.getloadavg()[0]:.1f})", flush=True)
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
    parts = {}
    if pathlib.Path("/proc/self").exists():
        parts = breakdown()
        print("\nWhere a plot cell's time goes in the lab's kernel (medians, in ms; parts are timed one by one):")
        for part, value in parts.items():
            print(f"  {part:52}{value * 1e3:>8.1f}")
    if JSON:
        document = {"seconds": results, "ratios": ratios, "plot cell": parts, "cores": os.cpu_count()}
        pathlib.Path(JSON).write_text(json.dumps(document, indent=1) + "\n")
        print(f"\nWritten to {JSON}")


main()
