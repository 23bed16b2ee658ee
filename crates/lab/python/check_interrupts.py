"""Each demonstration of each notebook is interrupted in its middle, in the real kernel.

An interrupt ends the process that runs the cells. Afterwards no process that a cell started may be alive, and running the
set-up cell again has to be enough to go on. argv: the checkout, the set-up cell, a filter. A test is told as one line of JSON.
"""

import collections
import concurrent.futures
import contextlib
import glob
import json
import pathlib
import queue
import sys
import time
import traceback

from jupyter_client.manager import KernelManager

from needed_cells import needed, source, tags

CHECKOUT, SETUP, FILTER = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
# How long a thing may take before it counts as wedged: far more than it needs, on the busiest machine.
PATIENCE_SECONDS = 120
# What is broken off, and what only serves it.
DEMONSTRATIONS = {"measure", "exercise"}
# Longer than a cell takes to be compiled, shorter than a measurement. A cell that has ended by then is broken off earlier.
MIDDLE_SECONDS = 1.6
# Notebooks side by side: nothing here is timed, and while one waits for its middle the others compile.
AT_ONCE = 3


class Sent:
    """A cell that was sent to the kernel, and what has come back of it."""

    def __init__(self, client, message):
        self.client, self.message = client, message
        self.errors, self.replied, self.idle = [], False, False

    def ended(self, seconds):
        """Listens until the cell has ended, for so long at most; whether it has."""
        deadline = time.monotonic() + seconds
        while not (self.replied and self.idle):
            if time.monotonic() > deadline:
                return False
            with contextlib.suppress(queue.Empty):
                reply = self.client.get_shell_msg(timeout=0.01)
                self.replied |= self.is_answered_by(reply)
            with contextlib.suppress(queue.Empty):
                while True:
                    heard = self.client.get_iopub_msg(timeout=0.01)
                    if not self.is_answered_by(heard):
                        continue
                    if heard["msg_type"] == "error":
                        self.errors.append(heard["content"]["evalue"])
                    self.idle |= heard["msg_type"] == "status" and heard["content"]["execution_state"] == "idle"
        return True

    def is_answered_by(self, heard):
        return heard["parent_header"].get("msg_id") == self.message


class Notebook:
    """A running kernel, and the cells of a notebook."""

    def __init__(self, path):
        self.cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
        self.manager = KernelManager(kernel_name="rust")
        self.manager.start_kernel(cwd=str(path.parent))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=600)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()

    def send(self, code):
        return Sent(self.client, self.client.execute(code))

    def run(self, code):
        """The texts of the errors of a cell, empty where it ended well."""
        sent = self.send(code)
        assert sent.ended(PATIENCE_SECONDS), f"not ended after {PATIENCE_SECONDS} s: {code}"
        return sent.errors

    def set_up(self):
        errors = self.run(SETUP)
        assert not errors, f"the set-up cell: {errors}"

    def processes(self):
        """The names of the processes that belong to the kernel, each as often as it runs."""
        found = collections.Counter()
        folder = f"EVCXR_TMPDIR={self.folder}".encode()
        for environment in glob.glob("/proc/[0-9]*/environ"):
            with contextlib.suppress(OSError):
                process = pathlib.Path(environment).parent
                if folder in (process / "environ").read_bytes().split(b"\0"):
                    found[(process / "exe").readlink().name] += 1
        return found

    @property
    def folder(self):
        """The kernel's own folder, from the environment of one of its processes."""
        if not hasattr(self, "_folder"):
            launcher = self.manager.provisioner.process.pid
            for children in glob.glob(f"/proc/{launcher}/task/*/children"):
                for child in pathlib.Path(children).read_text().split():
                    for variable in pathlib.Path(f"/proc/{child}/environ").read_bytes().split(b"\0"):
                        if variable.startswith(b"EVCXR_TMPDIR="):
                            self._folder = variable.decode().partition("=")[2]
        return self._folder

    def demonstrations(self):
        return [cell for cell in self.cells if DEMONSTRATIONS & tags(cell)]

    def prepare(self, wanted):
        """Runs the cells before it that it needs; demonstrations only where they are among them."""
        for code in needed(self.cells[: self.cells.index(wanted)], source(wanted)):
            errors = self.run(code)
            assert not errors, f"before {wanted['id']}: {errors}"

    def break_off(self, cell):
        """Interrupts the cell while it runs; whether it was broken off, or too short for that."""
        code, middle = source(cell), MIDDLE_SECONDS
        for _ in range(4):
            sent = self.send(code)
            if not sent.ended(middle):
                self.manager.interrupt_kernel()
                assert sent.ended(PATIENCE_SECONDS), f"{cell['id']}: not ended {PATIENCE_SECONDS} s after the interrupt"
                if sent.errors:
                    return True
                # It ended while the interrupt was on its way, which then met the process between two cells. The next cell
                # is told so.
                self.run(SETUP)
                self.set_up()
                self.prepare(cell)
            assert not sent.errors, f"{cell['id']}: {sent.errors}"
            middle /= 2
        return False


def check(path):
    """Breaks off every demonstration; gives how many were, and how many are too short for that."""
    notebook = Notebook(path)
    try:
        notebook.set_up()
        before = notebook.processes()
        broken, short = 0, []
        for cell in notebook.demonstrations():
            notebook.prepare(cell)
            if not notebook.break_off(cell):
                short.append(cell["id"])
                continue
            broken += 1
            notebook.set_up()
            deadline = time.monotonic() + PATIENCE_SECONDS
            while left := notebook.processes() - before:
                assert time.monotonic() < deadline, f"{cell['id']}: left running: {dict(left)}"
                time.sleep(0.05)
        assert broken, "no demonstration was long enough to be interrupted"
        return f"{broken} interrupted" + (f", too short for it: {', '.join(short)}" if short else "")
    finally:
        notebook.close()


def attempt(path):
    name = f"notebooks/en/{path.name} interrupted"
    if FILTER not in name:
        return
    started = time.monotonic()
    try:
        said = check(path)
        outcome, detail = "passed", ""
    except Exception:
        said, outcome, detail = "", "failed", traceback.format_exc()
    told = json.dumps({"check": name, "outcome": outcome, "detail": detail})
    print(f"{told}\n         {time.monotonic() - started:.1f} s; {said}\n", end="", flush=True)


def main():
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        # The later chapters take the longest.
        list(threads.map(attempt, sorted((CHECKOUT / "notebooks" / "en").glob("*.ipynb"), reverse=True)))


main()
