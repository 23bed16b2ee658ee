"""What the checks in a real Chromium share: its start, what is asked of every figure, and how a test is told."""

import json
import os
import time
import traceback

FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]

# Of colours as a page tells them: their numbers, and the contrast of two (WCAG 2.2, "contrast ratio").
COLOURS = """
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, two) => {
    const [light, dark] = [luminance(one), luminance(two)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
"""

# What is asked of every figure on the page. A text may touch its neighbour's box by a pixel, not more. Grids and shades
# only guide the eye and are drawn at an opacity of at most 0.3; everything above it carries data.
LOOK = "() => {" + COLOURS + """
  return [...document.querySelectorAll('.conpar svg')].flatMap((svg, number) => {
  const problems = [];
  const say = (what) => problems.push(`figure ${number + 1}: ${what}`);
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(at).backgroundColor);
      if (a > 0.99) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const behind = background(svg);
  const over = (colour, opacity = 1, below = behind) => {
    const [r, g, b, alpha = 1] = numbers(colour);
    return [r, g, b].map((c, i) => c * alpha * opacity + below[i] * (1 - alpha * opacity));
  };
  const frame = svg.getBoundingClientRect();
  // What a point says is hidden until it is asked, and lies over the figure on purpose.
  const always = (element) => !element.closest('.spot');
  // What a text stands on: the page, and the boxes that were drawn below it before it.
  const under = (text, box) => {
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return [...svg.querySelectorAll('rect, polygon')].filter((shape) => {
      const at = shape.getBoundingClientRect();
      const earlier = shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
      return earlier && always(shape) && at.left <= x && x <= at.right && at.top <= y && y <= at.bottom;
    }).map((shape) => getComputedStyle(shape)).filter((style) => style.fill !== 'none')
      .reduce((below, style) => over(style.fill, Number(style.opacity), below), behind);
  };
  const texts = [...svg.querySelectorAll('text')].filter(always).map((text) => ({
    words: text.textContent.trim(), box: text.getBoundingClientRect(), colour: getComputedStyle(text).fill,
    ground: under(text, text.getBoundingClientRect()),
    size: parseFloat(getComputedStyle(text).fontSize) * frame.width / svg.viewBox.baseVal.width,
  }));
  for (const { words, box, colour, ground } of texts) {
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
      say(`"${words}" is cut`);
    if (contrast(over(colour, 1, ground), ground) < 4.5) say(`"${words}" is hard to read`);
  }
  texts.forEach((one, index) => texts.slice(index + 1).forEach((two) => {
    const wide = Math.min(one.box.right, two.box.right) - Math.max(one.box.left, two.box.left);
    const high = Math.min(one.box.bottom, two.box.bottom) - Math.max(one.box.top, two.box.top);
    if (wide > 1 && high > 2) say(`"${one.words}" and "${two.words}" overlap`);
  }));
  const faint = new Set();
  for (const mark of [...svg.querySelectorAll('circle, line, path, polygon, polyline, rect')].filter(always)) {
    const style = getComputedStyle(mark);
    const colour = style.fill === 'none' || mark.tagName === 'line' ? style.stroke : style.fill;
    const opacity = Number(style.opacity);
    if (colour !== 'none' && opacity > 0.3 && contrast(over(colour, opacity), behind) < 3)
      faint.add(`a ${mark.tagName} of colour ${colour} at opacity ${opacity} is hard to see`);
  }
  faint.forEach(say);
  if (!svg.getAttribute('aria-label')) say('has no text alternative');
  return problems;
})}
"""


def launch(playwright, program):
    """The browser at this path; root has no sandbox."""
    flags = FLAGS + (["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else [])
    return playwright.chromium.launch(executable_path=str(program), args=flags)


def tell(check, outcome, detail=""):
    print(json.dumps({"check": check, "outcome": outcome, "detail": detail}), flush=True)


def attempt(check, *arguments):
    started = time.monotonic()
    try:
        check[1](*arguments)
        tell(check[0], "passed")
    except Exception:
        tell(check[0], "failed", traceback.format_exc())
    print(f"         {time.monotonic() - started:.1f} s", flush=True)
