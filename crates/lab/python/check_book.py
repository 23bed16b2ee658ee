"""The book, opened from its files in a real Chromium without a network: every page of both languages is read.

argv: the folder of the book, that of the executed copies, the browser; `--screenshots` to have some pages to look at, in
screenshots-book beside the book. Each test is told as one line of JSON.
"""

import json
import pathlib
import re
import shutil
import sys
import urllib.parse
from html.parser import HTMLParser

from playwright.sync_api import sync_playwright

from browsing import COLOURS, LOOK, attempt, launch

BOOK, EXECUTED, BROWSER = (pathlib.Path(argument) for argument in sys.argv[1:4])
SCREENSHOTS = BOOK.parent / "screenshots-book"
LANGUAGES = {"en": "en", "pt-BR": "pt"}
WIDTHS = (360, 768, 1280)
# Words of the chapters, in the language of each edition.
WANTED = {"en": "speedup", "pt-BR": "núcleo"}

# Text that is drawn, and its contrast to what it stands on (WCAG 2.2, 1.4.3); that of figures is for `LOOK`.
READABLE = "() => {" + COLOURS + """
  const over = (colour, below, opacity = 1) => {
    const [r, g, b, a = 1] = numbers(colour);
    return [r, g, b].map((c, i) => c * a * opacity + below[i] * (1 - a * opacity));
  };
  const chain = (element) => element ? [...chain(element.parentElement), element] : [];
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    const seen = element.checkVisibility({visibilityProperty: true, opacityProperty: true});
    if (!seen || !node.data.trim() || element.closest('svg, script, style, noscript')) continue;
    const style = getComputedStyle(element);
    let ground = [255, 255, 255], opacity = 1;
    for (const at of chain(element)) {
      ground = over(getComputedStyle(at).backgroundColor, ground);
      opacity *= Number(getComputedStyle(at).opacity);
    }
    const ratio = contrast(over(style.color, ground, opacity), ground);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const key = `${element.tagName} ${element.className} ${style.color} on ${ground.map(Math.round)}`;
    if (ratio < (large ? 3 : 4.5) && !found.has(key)) found.set(key, `${ratio.toFixed(2)} "${node.data.trim().slice(0, 30)}" ${key}`);
  }
  return [...found.values()];
}
"""

# What a reader who does not see a figure is told of it: what it shows, and the verdict: that of its caption, or where there is none
# (figures of the reader's own data) what came out in numbers.
UNTOLD = """
() => [...document.querySelectorAll('.conpar svg')].filter((svg) => {
  const caption = svg.closest('figure')?.querySelector('figcaption')?.textContent.trim();
  const label = svg.getAttribute('aria-label')?.trim();
  return !label || !(caption || /:.*\\d/.test(label));
}).map((svg) => svg.getAttribute('aria-label') || svg.outerHTML.slice(0, 80))
"""

# What makes the page scroll sideways, or all of its text within the page, as the theme has it on narrow screens.
TOO_WIDE = """
() => {
  const [page, wide] = [document.documentElement, document.documentElement.clientWidth];
  const holds = (at) => /auto|scroll|hidden/.test(getComputedStyle(at).overflowX);
  const held = (at) => at && !at.matches('body, article, .content') && (holds(at) || held(at.parentElement));
  const beyond = [...document.querySelectorAll('article *')]
    .filter((element) => element.getBoundingClientRect().right > wide + 1 && !held(element.parentElement))
    .map((element) => `${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 40)}`);
  return beyond.slice(0, 3).concat(page.scrollWidth > wide ? [`${page.scrollWidth} pixels`] : []);
}
"""


class Page(HTMLParser):
    """The links of a page and the places that links can lead to."""

    def __init__(self, path):
        super().__init__()
        self.links, self.sources, self.places, self.language = [], [], {""}, None
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "html":
            self.language = given.get("lang")
        if given.get("id"):
            self.places.add(given["id"])
        if tag in ("a", "link") and "href" in given:
            (self.links if tag == "a" else self.sources).append(given["href"])
        if tag in ("script", "img", "iframe", "source") and given.get("src"):
            self.sources.append(given["src"])


def pages():
    return {path.resolve(): Page(path) for path in sorted(BOOK.rglob("*.html"))}


def check_links(site):
    """Every link within the book leads to a page and a place that are there; every other is one that a browser can follow."""
    wrong, outside = [], set()
    for path, page in site.items():
        for link in [*page.links, *page.sources]:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc:
                outside.add(link)
                host = re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}|localhost:\d+", parts.netloc)
                sound = parts.scheme in ("http", "https") and host and not re.search(r"\s|[<>\"]", link)
                if not sound or link in page.sources:
                    wrong.append(f"{path.name}: {link}")
                continue
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            place = urllib.parse.unquote(parts.fragment)
            if not target.is_file() or (target in site and place not in site[target].places):
                wrong.append(f"{path.name}: {link}")
    assert not wrong, "\n".join(wrong)
    print(f"         {len(outside)} links lead out of the book; they are not followed", flush=True)


def check_languages(site):
    """Every page says its language, and its switch leads to the same chapter in the other one."""
    for path, page in site.items():
        edition = path.parent.name
        if edition not in LANGUAGES:
            continue
        assert page.language == edition, (path, page.language)
        for other in (language for language in LANGUAGES if language != edition and (BOOK / language).is_dir()):
            same = BOOK / other / path.name
            expected = f"../{other}/{path.name if same.is_file() else 'index.html'}"
            assert expected in page.links, (path, expected)


def check_chapters(site):
    """Every chapter has all its cells' code, all that they showed, and the way to open it live."""
    for path in (path for path in site if path.name[:2].isdigit()):
        text = path.read_text()
        notebook = json.loads((EXECUTED / path.parent.name / f"{path.stem}.ipynb").read_text())
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        shown = text.count('class="cell_input')
        assert shown == len(cells), f"{path.name}: {shown} of {len(cells)} code cells"
        assert f"notebooks/{path.parent.name}/{path.stem}.ipynb" in text and f"localhost:8888/lab/tree/{path.parent.name}/{path.stem}.ipynb" in text, path
        assert "vnd.conpar." not in text, path
        outputs = [output.get("data", {}).get("text/html", "") for cell in cells for output in cell["outputs"]]
        wanted = sum("".join(output).count('<div class="conpar"') for output in outputs)
        assert text.count('<div class="conpar"') == wanted, f"{path.name}: not {wanted} blocks"


def watched(browser, **options):
    """A page that has no network, and the list of what goes wrong in it."""
    context = browser.new_context(offline=True, **options)
    page, faults = context.new_page(), []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("requestfailed", lambda request: faults.append(f"not there: {request.url}"))
    root = BOOK.resolve().as_uri()

    def requested(request):
        if not request.url.startswith((root, "data:")):
            faults.append(f"outside: {request.url}")

    page.on("request", requested)
    return page, faults


def check_page(page, faults, path):
    """One page in both themes and at all widths."""
    faults.clear()
    problems = []
    page.goto(path.as_uri())
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.body.dataset.theme = theme; }", theme)
        problems += [f"{theme}: {one}" for one in page.evaluate(READABLE) + page.evaluate(LOOK)]
    problems += [f"figure without a verdict: {one}" for one in page.evaluate(UNTOLD)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        problems += [f"wider than {width}: {one}" for one in page.evaluate(TOO_WIDE)]
    assert not problems + faults, "\n".join(problems + faults)


def check_reading(page, faults, path):
    """A point says its values to pointer and keyboard; a slider moves its law."""
    page.goto(path.as_uri())
    # The last one is drawn over its neighbours.
    spot = page.locator(".conpar:has(.spot)").first.locator(".spot").last
    tip = spot.locator(".tip")

    def seen():
        return tip.evaluate("(tip) => getComputedStyle(tip).visibility") == "visible"

    spot.scroll_into_view_if_needed()
    assert not seen()
    spot.locator("> circle, > rect").first.hover()
    assert seen() and any(re.search(r"\d", line) for line in tip.locator("text").all_text_contents())
    page.mouse.move(0, 0)
    assert not seen()
    spot.focus()
    assert seen()
    block = page.locator(".conpar:has(.sliders):has(.law)").first
    slider, law = block.locator("input[type=range]").first, block.locator(".law")
    before = law.get_attribute("points"), block.locator("output").inner_text()
    if len(set(before[0].split())) == 1:
        # Executed on one core, where every law gives 1.
        return
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Home" if slider.input_value() == slider.get_attribute("max") else "End")
    after = law.get_attribute("points"), block.locator("output").inner_text()
    assert before != after, (before, after)
    assert not faults, faults


def check_search(page, faults, edition):
    """The search finds a word of the chapters, and its results lead to them."""
    page.goto((BOOK / edition / "index.html").resolve().as_uri())
    page.locator(".sidebar-search").fill(WANTED[edition])
    page.locator(".sidebar-search").press("Enter")
    found = page.locator("#search-results ul.search li a")
    found.first.wait_for(timeout=30_000)
    page.goto(found.first.evaluate("(link) => link.href"))
    assert WANTED[edition] in page.locator("article").inner_text().lower(), page.url
    assert not faults, faults


def check_start(browser, locale, edition):
    """The first page leads to the edition in the reader's language."""
    page, faults = watched(browser, locale=locale)
    page.goto((BOOK / "index.html").resolve().as_uri())
    page.wait_for_url(f"**/{edition}/index.html")
    assert not faults, faults
    page.context.close()


def check_theme(page, faults, path):
    """The button changes the theme, and figures follow it."""
    page.goto(path.as_uri())
    text = page.locator(".conpar svg text[fill='#333435' i]").first
    colours = set()
    for _ in range(3):
        page.locator(".theme-toggle:visible").first.click()
        colours.add(text.evaluate("(text) => getComputedStyle(text).fill"))
    assert len(colours) == 2, colours
    assert not faults, faults


def take_screenshots(browser, site):
    """The start page and three chapters, for a human to look at."""
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir(parents=True)
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 360)):
        page, _ = watched(browser, color_scheme=scheme, viewport={"width": width, "height": 900})
        for path in site:
            if path.parent.name in LANGUAGES and path.name.startswith(("index", "03", "09", "13")):
                page.goto(path.as_uri())
                page.screenshot(path=SCREENSHOTS / f"{path.parent.name}-{path.stem[:5]}-{scheme}-{width}.png", full_page=True)
        page.context.close()


def main():
    site = pages()
    attempt(("book: no link is broken or malformed", check_links), site)
    attempt(("book: every page has its other language", check_languages), site)
    attempt(("book: chapters show all cells, and how to open them live", check_chapters), site)
    with sync_playwright() as playwright:
        browser = launch(playwright, BROWSER)
        page, faults = watched(browser, viewport={"width": WIDTHS[-1], "height": 900})
        for path in (path for path in site if path.parent.name in LANGUAGES):
            attempt((f"book: {path.parent.name}/{path.stem} is sound in both themes and at all widths", check_page), page, faults, path)
        page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
        page.set_default_timeout(10_000)
        faults.clear()
        editions = [edition for edition in LANGUAGES if (BOOK / edition).is_dir()]
        for edition in editions:
            attempt((f"book: the search of {edition} finds a word", check_search), page, faults, edition)
        for path in (path for path in site if path.name.startswith("09")):
            attempt((f"book: {path.parent.name}: points say their values, a slider moves its law", check_reading), page, faults, path)
            attempt((f"book: {path.parent.name}: figures follow the theme's button", check_theme), page, faults, path)
        for locale, edition in (("en-GB", "en"), ("pt-PT", "pt-BR")):
            if edition in editions:
                attempt((f"book: a reader of {locale} starts in {edition}", check_start), browser, locale, edition)
        if "--screenshots" in sys.argv:
            take_screenshots(browser, site)
        browser.close()


main()
