"""Each exercise of each notebook, in the real kernel: as it stands, with plausible mistakes, and solved.

A folder of `solutions` belongs to each notebook with an exercise. Its files hold the items that replace those of the same
names in the exercise's cell: `solution.rs`, and `wrong-….rs`, whose first line quotes what the reader must be told, or one of
several such. `unsolved.txt` quotes it of the cell as it stands. argv: the checkout, the set-up cell, a filter. A test is told
as one line of JSON.
"""

import concurrent.futures
import contextlib
import json
import pathlib
import queue
import re
import sys
import time
import traceback

from jupyter_client.manager import KernelManager

from needed_cells import needed, source, tags

CHECKOUT, SETUP, FILTER = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
MIME = "application/vnd.conpar.exercise+json"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# How long a cell may take before it counts as wedged: what it starts has deadlines of its own, far below.
PATIENCE_SECONDS = 240
# How long the text of an error may be behind the end of its cell.
LATE_SECONDS = 5
# How often a verdict is asked for, where the machine is too noisy to give one.
TRIES = 4
# How many kernels start side by side, and run what comes before the exercise.
AT_ONCE = 2
# How many mistakes of each exercise are shown to be caught, at least.
MISTAKES = 3
# An item: a string of several lines, a line, or a block.
ITEM = re.compile(
    r'(?ms)^(?:async )?(?:fn|const|macro_rules!) (\w+)(?:[^\n]*r#".*?"#;$|[^\n]*[;}]$|.*?^\}$)\n*'
)


class Kernel:
    """A running kernel, in the folder of a notebook, that has run these codes."""

    def __init__(self, folder, codes):
        self.codes = codes
        self.manager = KernelManager(kernel_name="rust")
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=600)
        try:
            self.prepare()
        except Exception:
            self.close()
            raise

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()

    def run(self, code, words=None):
        """What a cell says: the exercise's verdict, if it came to one; all that the reader is told; whether it was compiled.

        A cell that says these words before it has ended would never end: it is interrupted, as the reader is told to.
        """
        verdict, told, compiled, stuck = None, [], True, False

        def hear(message):
            nonlocal verdict, compiled, stuck
            content = message["content"]
            if message["msg_type"] == "stream":
                told.append(content["text"])
                if words and content["name"] == "stdout" and any(word in content["text"] for word in words):
                    stuck = True
                    self.manager.interrupt_kernel()
            elif message["msg_type"] == "error":
                compiled = stuck
                told.append("\n".join([content["evalue"], *content["traceback"]]))
            elif exercise := content.get("data", {}).get(MIME):
                exercise = json.loads(exercise) if isinstance(exercise, str) else exercise
                verdict = exercise["verdict"]
                told.append(exercise["answer"])

        self.client.execute_interactive(code, output_hook=hear, timeout=PATIENCE_SECONDS)
        if stuck:
            self.prepare()
        elif verdict is None and not told:
            # An error's text takes a way of its own, and may be behind.
            with contextlib.suppress(queue.Empty):
                while not told:
                    hear(self.client.get_iopub_msg(timeout=LATE_SECONDS))
        return verdict, COLOURS.sub("", "\n".join(told)), compiled

    def prepare(self):
        for code in self.codes:
            _, told, compiled = self.run(code)
            needs(told)
            assert compiled, f"before the exercise: {told}"


class Skipped(Exception):
    """The reason why nothing can be said here."""


def needs(told):
    """Ends a test of what the set-up was not asked for: conpar's error names the command that adds it."""
    if missing := re.search(r"cargo lab setup --with \w+", told):
        raise Skipped(f"it needs `{missing[0]}`")


def replaced(cell, items):
    """The cell with these items in the place of those of the same names."""
    names = {item[1] for item in ITEM.finditer(items)}
    assert names, f"no item in: {items}"
    return items + "\n" + ITEM.sub(lambda item: "" if item[1] in names else item[0], cell)


def quoted(text):
    """The words in quotes on the first line, one of which the reader must be told."""
    found = re.findall(r'"([^"]+)"', text.partition("\n")[0])
    assert found, f"nothing in quotes on the first line of: {text}"
    return found


def judge(kernel, code, words):
    """Asks for the verdict on a code until there is the right one. Without `words` it has to be solved, else caught with them."""
    for _ in range(TRIES):
        verdict, told, compiled = kernel.run(code, words)
        needs(told)
        assert compiled, f"it does not compile: {told}"
        if words is None:
            assert verdict, f"not solved: {told}"
            if verdict == "supported":
                return told
        else:
            assert verdict != "supported", f"it passes, and is wrong: {told}"
            decided = verdict != "cannot tell" or "Cannot tell here." in told
            if decided and any(word in told for word in words):
                return told
    wanted = "that it is solved" if words is None else words
    assert verdict == "cannot tell", f"in {TRIES} tries the reader is not told {wanted}, but: {told}"
    raise Skipped(f"asked {TRIES} times: {told}")


def attempt(name, test):
    """Runs and tells one test."""
    if FILTER not in name:
        return
    started = time.monotonic()
    said, outcome, detail = "", "passed", ""
    try:
        said = test()
    except Skipped as reason:
        outcome, detail = "skipped", str(reason)
    except Exception:
        outcome, detail = "failed", traceback.format_exc()
    print(json.dumps({"check": name, "outcome": outcome, "detail": detail}), flush=True)
    print(f"         {time.monotonic() - started:.1f} s; {said or ''}", flush=True)


class Exercise:
    """The exercise of a notebook: the cell as it stands, with mistakes, solved; and the kernel that runs them."""

    def __init__(self, path):
        cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
        place = next(place for place, cell in enumerate(cells) if "exercise" in tags(cell))
        cell = source(cells[place])
        self.name, self.notebooks, self.folder = f"exercise of {path.stem}", path.parent, CHECKOUT / "solutions" / path.stem
        wrong = {file.stem: file.read_text() for file in sorted(self.folder.glob("wrong-*.rs"))}
        self.mistakes = len(wrong)
        self.variants = {"unsolved": (cell, quoted((self.folder / "unsolved.txt").read_text()))}
        self.variants |= {stem: (replaced(cell, text), quoted(text)) for stem, text in wrong.items()}
        self.variants["solution"] = (replaced(cell, (self.folder / "solution.rs").read_text()), None)
        self.before = needed(cells[:place], "\n".join(code for code, _ in self.variants.values()))
        self.kernel, self.fault = None, None

    def is_wanted(self):
        return any(FILTER in f"{self.name}: {stem}" for stem in self.variants)

    def open(self):
        try:
            self.kernel = Kernel(self.notebooks, [SETUP, *self.before])
        except Exception as fault:
            self.fault = fault

    def check(self):
        """Every variant is a test, and so is that there are enough of them."""
        attempt(f"{self.name}: its mistakes", self.has_enough)
        for stem, (code, words) in self.variants.items():
            attempt(f"{self.name}: {stem}", lambda: self.judge(code, words))
        if self.kernel:
            self.kernel.close()

    def has_enough(self):
        assert self.mistakes >= MISTAKES, f"{self.mistakes} in {self.folder}; at least {MISTAKES} have to be caught"

    def judge(self, code, words):
        if self.fault:
            raise self.fault
        return judge(self.kernel, code, words)


def exercises():
    """Those of all notebooks that have one. What cannot be read is a failed test, and no other's fault."""
    for path in sorted((CHECKOUT / "notebooks" / "en").glob("*.ipynb")):
        if '"exercise"' not in path.read_text():
            continue
        try:
            yield Exercise(path)
        except Exception:
            attempt(f"exercise of {path.stem}: its files", lambda: Exercise(path))


def main():
    wanted = [exercise for exercise in exercises() if exercise.is_wanted()]
    for first in range(0, len(wanted), AT_ONCE):
        together = wanted[first : first + AT_ONCE]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(Exercise.open, together))
        # What follows is measured, one after the other.
        for exercise in together:
            exercise.check()


main()
