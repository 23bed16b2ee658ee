"""JupyterLab as `cargo lab` opens it, in a real Chromium: every notebook is looked at in both themes. Some are run there, and a
cell of notebook 09 is edited and run again; of the others it opens the copy that was executed by the test before, if there is one.

argv: the checkout, the lab program, the browser, the folder of the executed copies, a filter of the notebooks. Each test is told as
one line of JSON. The notebooks are copies, and so are Jupyter's settings; both are removed at the end. Screenshots of all figures go
to target/screenshots.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

import nbformat
import psutil
from nbformat.sign import NotebookNotary
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

from browsing import LOOK, attempt, launch, tell

CHECKOUT, LAB, BROWSER, EXECUTED = (pathlib.Path(argument) for argument in sys.argv[1:5])
FILTER = sys.argv[5]
SCREENSHOTS = CHECKOUT / "target" / "screenshots"
# All bounds are far above what is needed on the busiest machine: they end a hang, they measure nothing.
START_SECONDS, NOTEBOOK_SECONDS, END_SECONDS = 240, 600, 60
# Always run in the browser: the first that a reader runs, and the one whose cells are edited here.
RUN_HERE = ("00", "09")
# High enough for the tallest block: a screenshot of a part that is scrolled away would show what lies over it.
VIEWPORT = {"width": 1300, "height": 1600}



def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def was_executed(name):
    return not name.startswith(RUN_HERE) and (EXECUTED / name).exists()


@contextlib.contextmanager
def copied_notebooks():
    """Copies beside the originals, so that `../../crates/conpar` means the same."""
    for left in (CHECKOUT / "notebooks").glob("browser-test-*"):
        # Of a test that was killed.
        if not psutil.pid_exists(int(left.name.rsplit("-", 1)[1])):
            shutil.rmtree(left, ignore_errors=True)
    folder = CHECKOUT / "notebooks" / f"browser-test-{os.getpid()}"
    folder.mkdir()
    try:
        for notebook in sorted((CHECKOUT / "notebooks" / "en").glob("*.ipynb")):
            shutil.copy2(EXECUTED / notebook.name if was_executed(notebook.name) else notebook, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def trust(folder, data):
    """Signs the executed copies, as Jupyter does with what its user has run: it shows only text of outputs without a signature."""
    notary = NotebookNotary(data_dir=data)
    for notebook in folder.glob("*.ipynb"):
        notary.sign(nbformat.read(notebook, as_version=4))


@contextlib.contextmanager
def jupyterlab(folder):
    """JupyterLab on a free port, with settings of its own, that trusts the notebooks; gives its address with the token."""
    with tempfile.TemporaryDirectory(prefix="conpar-browser-") as home:
        settings = pathlib.Path(home) / "settings"
        tracker = settings / "@jupyterlab" / "notebook-extension"
        tracker.mkdir(parents=True)
        # Without windowing all cells are in the page, and can be counted and looked at.
        (tracker / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
        data = pathlib.Path(home) / "data"
        data.mkdir()
        trust(folder, str(data))
        environment = dict(
            os.environ,
            JUPYTER_DATA_DIR=str(data),
            JUPYTERLAB_SETTINGS_DIR=str(settings),
            JUPYTERLAB_WORKSPACES_DIR=str(pathlib.Path(home) / "workspaces"),
        )
        log = pathlib.Path(home) / "log"
        port = free_port()
        with log.open("wb") as output:
            server = subprocess.Popen(
                [LAB, "--no-browser", "--port", str(port)],
                cwd=CHECKOUT, env=environment, stdout=output, stderr=output, start_new_session=True,
            )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not (found := re.search(rf"http://127\.0\.0\.1:{port}/lab\S*token=(\w+)", log.read_text())):
                assert server.poll() is None and time.monotonic() < deadline, log.read_text()[-2000:]
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}", found[1]
        finally:
            # Twice, as a reader presses Ctrl-C twice: once to ask, once to mean it. Jupyter then ends its kernels.
            for _ in range(2):
                with contextlib.suppress(ProcessLookupError):
                    server.send_signal(signal.SIGINT)
                time.sleep(0.5)
            try:
                server.wait(timeout=END_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def sessions(page):
    """The address of the server's sessions, what allows to ask there, and the sessions of the page's notebook."""
    address, token = page.context.conpar_server
    address, headers = f"{address}/api/sessions", {"Authorization": f"token {token}"}
    name = page.url.split("/")[-1].split("?")[0]
    found = page.request.get(address, headers=headers).json()
    return address, headers, [session for session in found if session["path"].endswith(name)]


def end_kernel(page):
    """Ends the kernel of the page's notebook, so that kernels that nobody needs any more do not pile up."""
    address, headers, found = sessions(page)
    for session in found:
        page.request.delete(f"{address}/{session['id']}", headers=headers)


def wait_for_idle(page, restarted=False):
    """Until the kernel of the page's notebook does nothing. One that never answers is restarted once."""
    name = page.url.split("/")[-1].split("?")[0]
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        states = [session["kernel"]["execution_state"] for session in sessions(page)[2]]
        if states == ["idle"]:
            return
        time.sleep(0.2)
    assert not restarted, f"the kernel of {name} does not answer"
    print(f"   the kernel of {name} did not answer within {START_SECONDS} s and is restarted", flush=True)
    menu(page, "Kernel", "Restart Kernel…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    wait_for_idle(page, restarted=True)


def menu(page, *path):
    page.get_by_role("menuitem", name=path[0], exact=True).first.click()
    for entry in path[1:]:
        page.locator(".lm-Menu-item", has=page.get_by_text(entry, exact=True)).last.click()


def run_all(page):
    """Runs all cells. JupyterLab drops the command while it still connects to an idle kernel; then it is given again."""
    for _ in range(10):
        menu(page, "Run", "Run All Cells")
        with contextlib.suppress(PlaywrightTimeout):
            page.wait_for_function(
                "() => /[*\\d]/.test(document.querySelector('.jp-CodeCell .jp-InputArea-prompt').textContent)",
                timeout=5_000,
            )
            break
    wait_until_run(page)


def wait_until_run(page):
    """Until no cell is waiting or running any more."""
    page.wait_for_function(
        """() => {
            const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')].map((p) => p.textContent);
            return prompts.length > 0 && prompts.every((prompt) => /\\[\\d+\\]/.test(prompt));
        }""",
        timeout=NOTEBOOK_SECONDS * 1000,
    )

def theme(page, name):
    menu(page, "Settings", "Theme", name)
    light = "true" if name == "JupyterLab Light" else "false"
    page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'", timeout=30_000)
    time.sleep(0.5)


def check_notebook(page, name):
    """All cells are run; no error; every cell tagged `measure` shows a figure; all figures are sound in both themes."""
    if was_executed(name):
        wait_until_run(page)
    else:
        wait_for_idle(page)
        run_all(page)
    errors = page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"]')
    assert errors.count() == 0, errors.all_inner_texts()
    source = json.loads((CHECKOUT / "notebooks" / "en" / name).read_text())
    wanted = sum("measure" in cell["metadata"].get("tags", []) for cell in source["cells"])
    blocks = page.locator(".conpar:has(svg)")
    assert blocks.count() >= wanted, f"{blocks.count()} figures, at least {wanted} expected"
    for shade in ("JupyterLab Dark", "JupyterLab Light"):
        theme(page, shade)
        problems = page.evaluate(LOOK)
        for number, block in enumerate(blocks.all(), 1):
            block.scroll_into_view_if_needed()
            block.screenshot(path=SCREENSHOTS / f"{name[:2]}-{number:02}-{shade.split()[1].lower()}.png")
        assert not problems, f"{shade}: " + "; ".join(problems)


def code_cell(page, name, identifier):
    source = json.loads((CHECKOUT / "notebooks" / "en" / name).read_text())
    ids = [cell["id"] for cell in source["cells"] if cell["cell_type"] == "code"]
    return page.locator(".jp-CodeCell").nth(ids.index(identifier))


def check_points(page, name):
    """A point says its values to the pointer and to the keyboard, and only while it is asked."""
    cell = code_cell(page, name, "measure")
    one, two = (cell.locator(f'.spot[aria-label^="par_iter, {workers}"]') for workers in ("1 worker,", "2 workers,"))

    def seen(spot):
        return spot.locator(".tip").evaluate("(tip) => getComputedStyle(tip).visibility") == "visible"

    one.scroll_into_view_if_needed()
    assert not seen(one) and not seen(two)
    one.locator("> circle").hover()
    assert seen(one) and not seen(two)
    words = one.locator(".tip text").all_text_contents()
    assert words[0] == "par_iter, 1 worker" and words[1].startswith("speedup "), words
    assert any("samples clean" in line for line in words), words
    cell.screenshot(path=SCREENSHOTS / f"{name[:2]}-point.png")
    page.mouse.move(0, 0)
    one.focus()
    page.keyboard.press("Tab")
    assert seen(two) and not seen(one)
    two.evaluate("(spot) => spot.blur()")
    assert not seen(two)


def check_slider(page, name):
    """The slider moves its curve and what is said of it, by keyboard and pointer; again after the cell is run again."""
    cell = code_cell(page, name, "slider")
    slider, curve = cell.locator("input[type=range]"), cell.locator(".law")

    def state():
        return curve.get_attribute("points"), cell.locator("output").inner_text(), slider.input_value()

    for _ in range(2):
        assert (slider.count(), curve.count()) == (1, 1), (slider.count(), curve.count())
        start = state()
        slider.scroll_into_view_if_needed()
        slider.dispatch_event("input")
        # Kernel and page draw and word the same law: what the kernel sent is what the page makes of it, but for rounding.
        assert state()[1:] == start[1:], (start, state())
        for sent, made in zip(start[0].split(), state()[0].split(), strict=True):
            assert all(abs(float(a) - float(b)) < 0.2 for a, b in zip(sent.split(","), made.split(","))), (sent, made)
        slider.focus()
        page.keyboard.press("End")
        points, said, value = state()
        assert float(value) == 1 and "gives 1.00." in said, (said, value)
        # On one core all points of the curve are one.
        assert points != start[0] or len(os.sched_getaffinity(0)) == 1, points
        page.keyboard.press("ArrowDown")
        assert state()[2] == "0.999", state()
        box = slider.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
        assert 0.1 < float(state()[2]) < 0.4 and state()[1] != said, state()
        run_again(page, cell)


def check_sliders(page, name):
    """Several sliders move one curve; kernel and page draw and word the same."""
    cell = code_cell(page, name, "checkpoints")
    sliders, curve, said = cell.locator("input[type=range]"), cell.locator(".law"), cell.locator("output")
    start = curve.get_attribute("points"), said.inner_text()
    sliders.first.scroll_into_view_if_needed()
    sliders.first.dispatch_event("input")
    assert said.inner_text() == start[1], (start[1], said.inner_text())
    for sent, made in zip(start[0].split(), curve.get_attribute("points").split(), strict=True):
        assert all(abs(float(a) - float(b)) < 0.2 for a, b in zip(sent.split(","), made.split(","))), (sent, made)
    for slider in sliders.all():
        before = curve.get_attribute("points"), said.inner_text()
        slider.focus()
        page.keyboard.press("ArrowLeft")
        after = curve.get_attribute("points"), said.inner_text()
        assert before[0] != after[0] and before[1] != after[1], (before, after)


def run_again(page, cell):
    """Runs one cell again and waits for it."""
    prompt = cell.locator(".jp-InputArea-prompt")
    before = prompt.inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    deadline = time.monotonic() + NOTEBOOK_SECONDS
    while prompt.inner_text() == before or "*" in prompt.inner_text():
        assert time.monotonic() < deadline, prompt.inner_text()
        time.sleep(0.1)


def check_edit(page, name):
    """Changes a worker count in the cell that measures, runs the cell, and sees another figure and another table."""
    cell = code_cell(page, name, "measure")

    def shown():
        """The figure's markup, its texts, and the worker counts in the table; empty while there is no figure."""
        figure = cell.locator(".conpar svg")
        if figure.count() == 0:
            return "", [], set()
        texts = [text.strip() for text in figure.first.locator("text").all_text_contents()]
        workers = set(cell.locator(".conpar tbody td:nth-child(2)").all_text_contents())
        return figure.first.inner_html(), texts, workers

    before, ticks, workers = shown()
    assert "4" in ticks and "3" not in ticks, ticks
    assert workers == {"1", "2", "4"}, workers
    cell.locator(".cm-line", has_text=".workers([1, 2, 4])").click()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    page.keyboard.type("3")
    edited = cell.locator(".cm-content").inner_text()
    assert ".workers([1, 2, 3])" in edited, edited
    page.keyboard.press("Control+Enter")
    deadline = time.monotonic() + NOTEBOOK_SECONDS
    # The old figure stays until the cell's first line arrives.
    while "3" not in shown()[1]:
        assert time.monotonic() < deadline, shown()[1]
        time.sleep(0.2)
    wait_until_run(page)
    after, ticks, workers = shown()
    assert after != before and "4" not in ticks, ticks
    assert workers == {"1", "2", "3"}, workers


def faults_of(page):
    """A list that grows by what the page throws, and by the errors that a script in an output would log.

    JupyterLab's own scripts log errors too, as for a feature that is not installed; those lie in files of their own.
    """
    faults = []

    def console(message):
        if message.type == "error" and ("/lab/tree/" in message.location["url"] or not message.location["url"]):
            faults.append(message.text)

    page.on("console", console)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    return faults


def check_nothing_is_left(processes):
    """Waits until all processes have ended: JupyterLab, its kernels, what they started, the browser."""
    assert processes, "none was seen while JupyterLab ran"

    def alive():
        # One that has ended but whose parent has not asked for it is gone, too.
        for one in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                if one.is_running() and one.status() != psutil.STATUS_ZOMBIE:
                    yield one

    deadline = time.monotonic() + END_SECONDS
    while left := list(alive()):
        assert time.monotonic() < deadline, left
        time.sleep(0.2)


def check_page(page, address, token, notebook):
    """Opens a notebook in the page, and makes all its checks."""
    page.context.conpar_server = (address, token)
    faults = faults_of(page)
    name = notebook.name
    try:
        page.goto(f"{address}/lab/tree/{notebook.parent.name}/{name}?token={token}&reset")
        page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for(timeout=START_SECONDS * 1000)
    except Exception:
        tell(f"browser: {name} opens", "failed", traceback.format_exc())
        return
    does = "shows what was executed" if was_executed(name) else "runs"
    attempt((f"browser: {name} {does} and its figures are sound", check_notebook), page, name)
    if name.startswith("09"):
        attempt(("browser: points say their values", check_points), page, name)
        attempt(("browser: a slider moves its law", check_slider), page, name)
        attempt(("browser: an edited cell of notebook 09 shows another figure", check_edit), page, name)
    if name.startswith("13") and page.locator(".law").count() > 0:
        attempt(("browser: sliders move the checkpoints' curve", check_sliders), page, name)
    tell(f"browser: {name} throws nothing", "failed" if faults else "passed", "\n".join(faults))


def main():
    # So that being ended, too, cleans up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir(parents=True)
    started = []
    with copied_notebooks() as folder, jupyterlab(folder) as (address, token), sync_playwright() as playwright:
        browser = launch(playwright, BROWSER)
        notebooks = [path for path in sorted(folder.glob("*.ipynb")) if FILTER in f"browser: {path.name}"]
        for notebook in notebooks:
            page = browser.new_page(viewport=VIEWPORT)
            check_page(page, address, token, notebook)
            started = list({*started, *psutil.Process().children(recursive=True)})
            # The last one's kernel still runs when JupyterLab is told to end.
            if notebook != notebooks[-1]:
                end_kernel(page)
            page.close()
        browser.close()
    attempt(("browser: no process is left", check_nothing_is_left), started)


main()
