"""Sphinx's settings for the book; build.py adds what differs between the languages.

Nothing is fetched by a page: formulas are MathML, which browsers draw without a script, and the theme has no fonts of its own.
"""

from docutils.nodes import SkipNode
from docutils.utils.math.latex2mathml import tex2mathml

project = "conpar"
extensions = ["myst_nb"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
# Executed by `cargo lab book`, in the real kernel.
nb_execution_mode = "off"
nb_merge_streams = True

html_theme = "furo"
html_static_path = ["book.css"]
html_css_files = ["book.css"]
# Both reach WCAG AAA for code.
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_math_renderer = "mathml"
html_copy_source = False
html_use_index = False
html_show_copyright = False
# A summary would be fetched from the page that was found, which a browser does not allow for files.
html_show_search_summary = False
templates_path = ["templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "languages.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
# evcxr's own commands (`:dep`) are not Rust: such a cell is coloured as far as it is. What chapters link to is in no list of them.
suppress_warnings = ["misc.highlighting_failure", "toc.not_included"]


def inline(translator, node):
    translator.body.append(tex2mathml(node.astext()))
    raise SkipNode


def block(translator, node):
    translator.body.append(f'<div class="math">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
