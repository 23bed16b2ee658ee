"""The book: a site of each language from the executed copies of its chapters.

argv: the checkout, the folder of the executed copies, the folder of the book, what compiled the cells.

A chapter that was not executed has no page. Every page has a switch to the same chapter in the other language, and says when it was
executed and how it is opened live.
"""

import concurrent.futures
import datetime
import itertools
import json
import multiprocessing
import pathlib
import re
import shutil
import string
import sys
import tempfile

import nbformat
from sphinx.application import Sphinx

CHECKOUT, EXECUTED, BOOK = (pathlib.Path(argument) for argument in sys.argv[1:4])
COMPILED_WITH = sys.argv[4]
HERE = pathlib.Path(__file__).parent
# Verdicts for tests: what they say, captions say too.
VERDICTS = "application/vnd.conpar."
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")

# What the book says beside the chapters. `theme`: what the theme says in English whatever the language.
WORDS = {
    "en": {
        "name": "English",
        "read": "Read in English",
        "sphinx": "en",
        "readme": "README.md",
        "languages": "Languages",
        "intro": "A laboratory for concurrency and parallelism: notebooks in Rust, in which every claim is measured live. This book "
        "shows what they measured on one machine. Open them on yours, edit a cell, and see the figures change.",
        "chapters": "Chapters",
        "head": ("#", "chapter", "the question"),
        "machine": "The machine that this book was run on",
        "run": "Executed on {date} with {versions}.",
        "none": "Chapter 00 was not executed for this book.",
        "live": "Executed on {date}. To change it and run it on your machine: `cargo lab`, then open `{path}`. "
        "While `cargo lab` runs, [this link opens it]({address}).",
        "theme": {},
    },
    "pt-BR": {
        "name": "Português",
        "read": "Ler em português",
        "sphinx": "pt_BR",
        "readme": "README.pt-BR.md",
        "languages": "Idiomas",
        "intro": "Um laboratório de concorrência e paralelismo: notebooks em Rust, em que toda afirmação é medida ao vivo. Este livro "
        "mostra o que eles mediram em uma máquina. Abra-os na sua, edite uma célula e veja mudar as figuras.",
        "chapters": "Capítulos",
        "head": ("nº", "capítulo", "a pergunta"),
        "machine": "A máquina em que este livro foi executado",
        "run": "Executado em {date} com {versions}.",
        "none": "O capítulo 00 não foi executado para este livro.",
        "live": "Executado em {date}. Para mudá-lo e executá-lo na sua máquina: `cargo lab`, e abra `{path}`. "
        "Enquanto o `cargo lab` roda, [este link o abre]({address}).",
        "theme": {
            "Toggle site navigation sidebar": "Mostrar ou esconder os capítulos",
            "Toggle table of contents sidebar": "Mostrar ou esconder as seções da página",
            "Toggle Light / Dark / Auto color theme": "Mudar o tema: claro, escuro ou o do sistema",
            "Skip to content": "Ir para o conteúdo",
            "Back to top": "Voltar ao topo",
            "On this page": "Nesta página",
            "<title>Contents</title>": "<title>Seções</title>",
            '<div class="title">Home</div>': '<div class="title">Início</div>',
            "<span>Next</span>": "<span>Próximo</span>",
            "<span>Previous</span>": "<span>Anterior</span>",
            "Made with <a": "Feito com <a",
            """and <a class="muted-link" href="https://pradyunsg.me">@pradyunsg</a>'s""": "e",
        },
    },
}


def chapters(language):
    """The executed chapters of a language, by name."""
    return {path.stem: nbformat.read(path, as_version=4) for path in sorted((EXECUTED / language).glob("*.ipynb"))}


def executed_on(notebook):
    """The day on which the first cell was started."""
    timings = (cell.metadata.get("execution", {}).get("iopub.execute_input") for cell in notebook.cells)
    started = next((time for time in timings if time), None)
    return datetime.datetime.fromisoformat(started.replace("Z", "+00:00")).date().isoformat() if started else "?"


def versions():
    """What the cells were compiled and run with."""
    lock = (CHECKOUT / "Cargo.lock").read_text()
    locked = re.findall(r'name = "(conpar|rayon|crossbeam|tokio)"\nversion = "([^"]+)"', lock)
    return ", ".join([COMPILED_WITH, *(f"{name} {version}" for name, version in sorted(locked))])


def readable(text, pages, files):
    """Links lead to what is in the book: a chapter without a page is only named, a file of the checkout comes along in `files`."""

    def link(found):
        words, target = found.groups()
        if target.startswith("../"):
            source = (CHECKOUT / "notebooks" / "en" / target).resolve()
            files.mkdir(exist_ok=True)
            shutil.copy2(source, files)
            return f"[{words}](files/{source.name})"
        path = target.split("#")[0]
        return words if path.endswith(".ipynb") and path.removesuffix(".ipynb") not in pages else found[0]

    return LINK.sub(link, text)


def chapter(notebook, name, language, pages, files):
    """The notebook as the book shows it."""
    words = WORDS[language]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = readable(cell.source, pages, files)
            continue
        for output in cell.outputs:
            data = output.get("data", {})
            for kind in [kind for kind in data if kind.startswith(VERDICTS)]:
                del data[kind]
        cell.outputs = [output for output in cell.outputs if output.get("data") != {}]
    path = f"notebooks/{language}/{name}.ipynb"
    address = f"http://localhost:8888/lab/tree/{language}/{name}.ipynb"
    live = words["live"].format(date=executed_on(notebook), path=path, address=address)
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(f"```{{container}} edition\n{live}\n```"))
    return notebook


def machine_card(pages):
    """What chapter 00 says of the machine, as HTML; None where it was not executed."""
    for name, notebook in pages.items():
        if name.startswith("00"):
            cell = next(cell for cell in notebook.cells if cell.id == "core-map")
            return next((output.data["text/html"] for output in cell.outputs if "text/html" in output.get("data", {})), None)


def start_page(language, pages):
    words = WORDS[language]
    readme = (CHECKOUT / words["readme"]).read_text()
    rows = re.findall(rf"^\| (\d\d) \| \[([^\]]+)\]\(notebooks/{language}/([^)]+)\.ipynb\) \| (.+) \|$", readme, re.MULTILINE)
    table = [words["head"], (":--",) * 3]
    for number, title, name, question in rows:
        table.append((number, f"[{title}]({name}.ipynb)" if name in pages else title, question))
    contents = [f"{number} · {title} <{name}>" for number, title, name, _ in rows if name in pages]
    first = next(iter(pages.values()))
    card = machine_card(pages)
    run = words["run"].format(date=executed_on(first), versions=versions())
    parts = [
        "# conpar",
        words["intro"],
        f"## {words['chapters']}",
        "\n".join(f"| {' | '.join(row)} |" for row in table),
        "\n".join(["```{toctree}", ":hidden:", "", *contents, "```"]),
        f"## {words['machine']}",
        run,
        "\n".join(["```{raw} html", card, "```"]) if card else words["none"],
    ]
    return "\n\n".join(parts) + "\n"


def build(language, editions):
    words, pages = WORDS[language], editions[language]
    target = BOOK / language
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="conpar-book-") as folder:
        source = pathlib.Path(folder) / "source"
        source.mkdir()
        (source / "index.md").write_text(start_page(language, pages))
        for name, notebook in pages.items():
            page = chapter(notebook, name, language, pages, source / "files")
            nbformat.write(page, source / f"{name}.ipynb")
        listed = [(other, WORDS[other]["name"], ["index", "search", *editions[other]]) for other in editions]
        settings = {
            "language": words["sphinx"],
            "html_title": "conpar",
            "html_context": {"edition": language, "editions": listed, "languages_label": words["languages"]},
        }
        application = Sphinx(
            source, HERE, target, pathlib.Path(folder) / "doctrees", "html", settings,
            status=None, warning=sys.stdout, warningiserror=False,
        )
        application.build()
    seen = set()
    for page in target.glob("*.html"):
        text = page.read_text()
        for english, translated in words["theme"].items():
            seen.update([english] if english in text else [])
            text = text.replace(english, translated)
        page.write_text(text)
    if unseen := words["theme"].keys() - seen:
        # Another version of the theme: it may say this in other words now.
        print(f"  not found in the pages, so perhaps not translated: {', '.join(sorted(unseen))}")
    # What only Sphinx wants to find again.
    for left in (".buildinfo", "objects.inv"):
        (target / left).unlink(missing_ok=True)
    print(f"  {words['name']}: {len(pages)} chapters", flush=True)
    return application.statuscode


def main():
    editions = {language: pages for language in WORDS if (pages := chapters(language))}
    if not editions:
        sys.exit(f"no executed notebook in {EXECUTED}")
    BOOK.mkdir(parents=True, exist_ok=True)
    # A process for each: what Sphinx registers, and the words of its language, are global.
    with concurrent.futures.ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        codes = list(pool.map(build, editions, itertools.repeat(editions)))
    link = '<p><a href="{0}/index.html" hreflang="{0}" lang="{0}">{1}</a></p>'
    links = [link.format(language, WORDS[language]["read"]) for language in editions]
    first = string.Template((HERE / "index.html").read_text())
    (BOOK / "index.html").write_text(first.substitute(links="\n".join(links), editions=json.dumps(list(editions))))
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
