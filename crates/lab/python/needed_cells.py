"""Which cells of a notebook have to run before a cell can: those that define what it uses, and what those use.

Text that scripts begin with.
"""

import itertools
import re

# Words that name nothing, and what all cells use.
KEYWORDS = set("let mut fn pub async const static struct enum type trait impl for use std conpar rayon self".split())


def tags(cell):
    return set(cell["metadata"].get("tags", []))


def source(cell):
    return "".join(cell["source"])


def words(text):
    return set(re.findall(r"\w+", text)) - KEYWORDS


def used(text):
    """The words of a code that may name what other cells define: nothing in comments and strings, no parameters of closures."""
    text = re.sub(r'(?s)r#".*?"#|"[^"\n]*"|//[^\n]*', "", text)
    return words(text) - set(re.findall(r"(?<=\|)\w+(?=\|)", text))


def defined(cell):
    """The names that a cell defines for the cells after it, with some more words of the same lines."""
    names = set()
    if any(kind == "setup" or kind.startswith("compile-fail") for kind in tags(cell)):
        return names
    for line in source(cell).splitlines():
        found = re.match(r"(?:pub )?(?:async )?(let|fn|const|static|struct|enum|type|trait|impl|macro_rules!|use)\W", line)
        if found:
            # Up to the value; of an item, up to its arguments or its body.
            ends = {"use": ";", "let": "="}.get(found[1], "[=({]")
            names |= words(re.split(ends, line)[0])
    return names


def is_shown_or_expression(cell):
    return bool(tags(cell)) or not source(cell).rstrip().endswith((";", "}"))


def needed(before, text):
    """The codes to run, of the cells `before` that `text` needs."""
    names, cells = used(text), []
    for cell in reversed(before):
        if names & defined(cell):
            names |= used(source(cell))
            cells.insert(0, cell)
    codes = []
    # What nothing is shown of goes into one cell with its neighbours: each cell costs a run of the compiler.
    for is_shown, group in itertools.groupby(cells, key=is_shown_or_expression):
        codes += map(source, group) if is_shown else ["\n".join(map(source, group))]
    return codes
