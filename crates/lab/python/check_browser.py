"""JupyterLab as `cargo lab` opens it, in a real Chromium: every notebook is run, looked at in both themes, and a cell of
notebook 09 is edited and run again.

argv: the checkout, the lab program, the browser. Each test is told as one line of JSON. The notebooks are copies, and so
are Jupyter's settings; both are removed at the end. Screenshots of all figures go to target/screenshots.
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

from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

CHECKOUT, LAB, BROWSER = (pathlib.Path(argument) for argument in sys.argv[1:4])
SCREENSHOTS = CHECKOUT / "target" / "screenshots"
# All bounds are far above what is needed on the busiest machine: they end a hang, they measure nothing.
START_SECONDS, NOTEBOOK_SECONDS = 240, 600
BROWSER_FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]

# What is asked of every figure on the page. A text may touch its neighbour's box by a pixel, not more.
LOOK = """
() => [...document.querySelectorAll('.conpar svg')].flatMap((svg, number) => {
  const problems = [];
  const say = (what) => problems.push(`figure ${number + 1}: ${what}`);
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(at).backgroundColor);
      if (a > 0.99) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, two) => {
    const [light, dark] = [luminance(one), luminance(two)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = background(svg);
  const over = (colour) => {
    const [r, g, b, a = 1] = numbers(colour);
    return [r, g, b].map((c, i) => c * a + behind[i] * (1 - a));
  };
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].map((text) => ({
    words: text.textContent.trim(), box: text.getBoundingClientRect(), colour: getComputedStyle(text).fill,
    size: parseFloat(getComputedStyle(text).fontSize) * frame.width / svg.viewBox.baseVal.width,
  }));
  for (const { words, box, colour } of texts) {
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
      say(`"${words}" is cut`);
    if (contrast(over(colour), behind) < 4.5) say(`"${words}" is hard to read`);
  }
  texts.forEach((one, index) => texts.slice(index + 1).forEach((two) => {
    const wide = Math.min(one.box.right, two.box.right) - Math.max(one.box.left, two.box.left);
    const high = Math.min(one.box.bottom, two.box.bottom) - Math.max(one.box.top, two.box.top);
    if (wide > 1 && high > 2) say(`"${one.words}" and "${two.words}" overlap`);
  }));
  for (const mark of svg.querySelectorAll('circle')) {
    const style = getComputedStyle(mark);
    const colour = style.fill === 'none' ? style.stroke : style.fill;
    if (contrast(over(colour), behind) < 3) say(`a mark of colour ${colour} is hard to see`);
  }
  if (!svg.getAttribute('aria-label')) say('has no text alternative');
  return problems;
})
"""


def tell(check, outcome, detail=""):
    print(json.dumps({"check": check, "outcome": outcome, "detail": detail}), flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def copied_notebooks():
    """Copies beside the originals, so that `../../crates/conpar` means the same."""
    folder = CHECKOUT / "notebooks" / f"browser-test-{os.getpid()}"
    folder.mkdir()
    try:
        for notebook in sorted((CHECKOUT / "notebooks" / "en").glob("*.ipynb")):
            shutil.copy2(notebook, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def jupyterlab():
    """JupyterLab on a free port, with settings of its own; gives its address with the token."""
    with tempfile.TemporaryDirectory(prefix="conpar-browser-") as home:
        settings = pathlib.Path(home) / "settings"
        tracker = settings / "@jupyterlab" / "notebook-extension"
        tracker.mkdir(parents=True)
        # Without windowing all cells are in the page, and can be counted and looked at.
        (tracker / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
        news = settings / "@jupyterlab" / "apputils-extension"
        news.mkdir(parents=True)
        (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
        environment = dict(
            os.environ,
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
                server.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def wait_for_idle(page, restarted=False):
    """Until the kernel of the page's notebook does nothing. One that never answers is restarted once."""
    address, token = page.context.conpar_server
    name = page.url.split("/")[-1].split("?")[0]
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        answer = page.request.get(f"{address}/api/sessions", headers={"Authorization": f"token {token}"})
        states = [session["kernel"]["execution_state"] for session in answer.json() if session["path"].endswith(name)]
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
    """Runs all cells; no error; every cell tagged `measure` shows a figure; all figures are sound in both themes."""
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


def check_edit(page, name):
    """Changes a worker count in the cell that measures, runs the cell, and sees another figure."""
    source = json.loads((CHECKOUT / "notebooks" / "en" / name).read_text())
    ids = [cell["id"] for cell in source["cells"] if cell["cell_type"] == "code"]
    cell = page.locator(".jp-CodeCell").nth(ids.index("measure"))
    words = cell.locator(".conpar svg").first.locator("text")
    ticks = lambda: [text.strip() for text in words.all_text_contents()]
    before = ticks()
    assert "4" in before and "3" not in before, before
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
    while not ("3" in (after := ticks()) and "4" not in after):
        assert time.monotonic() < deadline, after
        time.sleep(0.2)
    wait_until_run(page)


def attempt(check, *arguments):
    started = time.monotonic()
    try:
        check[1](*arguments)
        tell(check[0], "passed")
    except Exception:
        tell(check[0], "failed", traceback.format_exc())
    print(f"         {time.monotonic() - started:.1f} s", flush=True)


def main():
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir(parents=True)
    flags = BROWSER_FLAGS + (["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else [])
    with copied_notebooks() as folder, jupyterlab() as (address, token), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=flags)
        for notebook in sorted(folder.glob("*.ipynb")):
            page = browser.new_page(viewport={"width": 1300, "height": 1000})
            page.context.conpar_server = (address, token)
            faults = []
            page.on("pageerror", lambda fault: faults.append(str(fault)))
            try:
                page.goto(f"{address}/lab/tree/{folder.name}/{notebook.name}?token={token}&reset")
                page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for(timeout=START_SECONDS * 1000)
                wait_for_idle(page)
            except Exception:
                tell(f"browser: {notebook.name} opens", "failed", traceback.format_exc())
                continue
            attempt((f"browser: {notebook.name} runs and its figures are sound", check_notebook), page, notebook.name)
            if notebook.name.startswith("09"):
                attempt(("browser: an edited cell of notebook 09 shows another figure", check_edit), page, notebook.name)
            tell(f"browser: {notebook.name} throws nothing", "failed" if faults else "passed", "\n".join(faults))
            page.close()
        browser.close()


main()
