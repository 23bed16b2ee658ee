"""Runs one notebook in the kernel `rust`.

argv: the notebook; the file for the executed copy, or nothing; the one core that the kernel may use, or nothing for all.

Tells each event as one line of JSON on standard output. A cell tagged `compile-fail:…` may fail and the run goes on;
any other error ends it.
"""

import json
import os
import re
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CLAIM = "application/vnd.conpar.claim+json"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Far above the slowest cell: only a deadlocked one is ever cut off.
CELL_TIMEOUT_SECONDS = 900


def tell(event, **fields):
    print(json.dumps({"event": event, **fields}, ensure_ascii=False), flush=True)


def error_text(outputs):
    """The text of all errors of a cell, as the page shows it, without colours; None when there is none."""
    errors = [output for output in outputs if output.output_type == "error"]
    texts = ["\n".join([error.evalue, *error.traceback]) for error in errors]
    return COLOURS.sub("", "\n".join(texts)) if texts else None


def claims(outputs):
    found = []
    for output in outputs:
        data = output.get("data", {}).get(CLAIM)
        if isinstance(data, str):
            data = json.loads(data)
        found.extend(data if isinstance(data, list) else [data] if data else [])
    return found


class Client(NotebookClient):
    """Tells what cells print while they run."""

    def output(self, outs, msg, display_id, cell_index):
        if msg["msg_type"] == "stream":
            tell("stream", text=msg["content"]["text"])
        return super().output(outs, msg, display_id, cell_index)


def run(client):
    started = time.monotonic()
    with client.setup_kernel():
        tell("ready", seconds=time.monotonic() - started)
        for index, cell in enumerate(client.nb.cells):
            if cell.cell_type != "code":
                continue
            tags = cell.metadata.get("tags", [])
            may_fail = any(tag.startswith("compile-fail:") for tag in tags)
            before = time.monotonic()
            try:
                client.allow_errors = may_fail
                client.execute_cell(cell, index)
            except CellExecutionError:
                pass
            seconds = time.monotonic() - before
            error = error_text(cell.outputs)
            shown = {
                "claims": claims(cell.outputs),
                "figure": any("<svg" in output.get("data", {}).get("text/html", "") for output in cell.outputs),
                "stderr": "".join(output.text for output in cell.outputs if output.get("name") == "stderr"),
            }
            tell("cell", id=cell.id, tags=tags, seconds=seconds, error=error, **shown)
            if error and not may_fail:
                break
    tell("done", seconds=time.monotonic() - started)


def main():
    source, target, core = sys.argv[1:4]
    if core and hasattr(os, "sched_setaffinity"):
        # The kernel is started from here, and inherits it.
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {allowed[int(core) % len(allowed)]})
    # What is run without a reader is no reader's prediction.
    os.environ.setdefault("CONPAR_PREDICTIONS", "off")
    notebook = nbformat.read(source, as_version=4)
    folder = os.path.dirname(source)
    client = Client(
        notebook,
        kernel_name="rust",
        timeout=CELL_TIMEOUT_SECONDS,
        startup_timeout=600,
        resources={"metadata": {"path": folder}},
    )
    try:
        run(client)
    except Exception as problem:  # a dead kernel, a timeout: told, not traced
        tell("broken", problem=f"{type(problem).__name__}: {problem}")
    finally:
        if target:
            nbformat.write(notebook, target)


main()
