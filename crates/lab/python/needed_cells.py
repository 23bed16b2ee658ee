"""Which cells of a notebook have to run before a cell can: those that define what it uses, and what those use."""

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
    """The words of a code that may name what other cells define: no comments, fields, methods, variables of blocks."""
    text = re.sub(r'(?s)r#".*?"#|//[^\n]*', "", text)
    # Of a string, what it formats.
    text = re.sub(r'"[^"\n]*"', lambda string: " ".join(re.findall(r"\{(\w+)", string[0])), text)
    text = re.sub(r"(?<!\.)\.\w+", "", text)
    own = re.findall(r"(?<=\|)\w+(?=\|)", text) + re.findall(r"(?m)^\s+let (?:mut )?(\w+)", text)
    return words(text) - set(own)


def defined(cell):
    """The names that a cell defines for the cells after it."""
    names = set()
    if any(kind == "setup" or kind.startswith("compile-fail") for kind in tags(cell)):
        return names
    for line in source(cell).splitlines():
        found = re.match(r"(?:pub )?(?:async )?(let|fn|const|static|struct|enum|type|trait|impl|macro_rules!|use)\b(.*)", line)
        if not found:
            continue
        kind, rest = found.groups()
        if kind == "let":
            # A pattern, without the type of what it matches.
            names |= words(re.split("[=:]", rest)[0])
        elif kind == "use":
            # The ends of the paths.
            names |= words(" ".join(re.findall(r"\w+(?=\s*[,};])", rest)))
        elif kind == "impl":
            names |= set(re.findall(r"\w+", re.split("{", rest)[0])[-1:])
        else:
            names |= set(re.findall(r"\w+", rest)[:1])
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
