"""HTML pages as a headless Chromium shows them, with the words and their boxes as its DOM places them."""

from __future__ import annotations

import html
import json
import re
import tempfile
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Final

from headroom.evals.offline.fetching import MissingTool, program, run
from headroom.evals.offline.pages import Word
from headroom.evals.offline.pdfs import Scan
from headroom_core.image.header import read_header

__all__ = ["Lettering", "Screen", "photograph"]


@dataclass(frozen=True, slots=True)
class Screen:
    """A browser window.

    Attributes:
        width: In CSS pixels.
        height: In CSS pixels.
        density: Pixels of the picture per CSS pixel.
        scrolled: How far down the page is shown, as a share of what there is to scroll.
    """

    width: int
    height: int
    density: float = 1.0
    scrolled: float = 0.0


@dataclass(frozen=True, slots=True)
class Lettering:
    """How a page in another script is shown, and where its words end.

    Attributes:
        language: Tag of its language, e.g. `ja`.
        family: The family of fonts that it is set in.
        fonts: A folder of a user's data with these fonts below `fonts`.
        joined: There are no spaces between words: they are cut as the browser finds them, into pieces of a few letters.
    """

    language: str
    family: str
    fonts: Path
    joined: bool = False


_PROBE: Final = """
<script>addEventListener("load", () => {
  const W = %(width)d, H = %(height)d, tall = document.documentElement.scrollHeight;
  document.documentElement.style.scrollBehavior = "auto";
  document.body.style.marginTop = -Math.round(Math.max(0, tall - H) * %(scrolled)f) + "px";
  document.documentElement.style.overflow = "hidden";
  const JOINED = "%(joined)s", LEAST = 4;
  const pieces = (text) => {
    const runs = [...text.matchAll(/\\S+/g)].map((run) => [run.index, run[0]]);
    if (!JOINED) return runs;
    const cut = [], words = new Intl.Segmenter(JOINED, {granularity: "word"});
    for (const [at, run] of runs) {
      let start = 0, piece = "";
      const close = () => { if (piece) cut.push([at + start, piece]); piece = ""; };
      for (const {segment, index, isWordLike} of words.segment(run)) {
        if (!piece) start = index;
        if (!isWordLike) { close(); cut.push([at + index, segment]); continue; }
        piece += segment;
        if (piece.length >= LEAST) close();
      }
      close();
    }
    return cut;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node; node = walker.nextNode();) {
    const style = getComputedStyle(node.parentElement), range = document.createRange();
    if (style.visibility != "visible" || /^(SCRIPT|STYLE|NOSCRIPT)$/.test(node.parentElement.tagName)) continue;
    for (const [at, word] of pieces(node.data)) {
      range.setStart(node, at); range.setEnd(node, at + word.length);
      const boxes = range.getClientRects();
      if (boxes.length != 1) continue;
      const b = boxes[0];
      if (b.width < 1 || b.right <= 0 || b.left >= W || b.bottom <= 0 || b.top >= H) continue;
      const top = document.elementFromPoint((b.left + b.right) / 2, (b.top + b.bottom) / 2);
      const whole = b.left >= 0 && b.right <= W && b.top >= 0 && b.bottom <= H;
      const shown = whole && top != null && (top.contains(node) || node.parentElement.contains(top));
      found.push([word, b.left, b.top, b.right, b.bottom, parseFloat(style.fontSize), shown]);
    }
  }
  const out = document.createElement("template");
  out.id = "headroom-words"; out.setAttribute("data-words", JSON.stringify(found)); document.head.append(out);
})</script>
"""
_WORDS: Final = re.compile(r'id="headroom-words" data-words="([^"]*)"')
_OPTIONS: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=4000")
_BARS: Final = 200
"""CSS pixels by which the window that answers is taller than the picture: a headless window is less high than told."""


def photograph(source: Path | str, screen: Screen, letters: Lettering | None = None) -> Scan:
    """Show an HTML file, or the text of one, in a window and take its picture.

    Args:
        source: The file, or the text.
        screen: The window.
        letters: For another script than the Latin one: its fonts and how its words are found.

    Raises:
        MissingTool: There is no Chromium, or it does not render the page.
    """
    with tempfile.TemporaryDirectory() as scratch:
        beside = source.parent if isinstance(source, Path) else Path(scratch)
        text = source.read_text("utf-8", "replace") if isinstance(source, Path) else source
        page = beside / "headroom-page.html"
        joined = letters.language if letters is not None and letters.joined else ""
        shape = {"width": screen.width, "height": screen.height, "scrolled": screen.scrolled, "joined": joined}
        probe = _PROBE % shape + _set_in(letters)
        try:
            page.write_text(text + probe, "utf-8")
            return _taken(page, screen, Path(scratch), letters)
        finally:
            page.unlink(missing_ok=True)


def _set_in(letters: Lettering | None) -> str:
    family = "" if letters is None else f"font-family: '{letters.family}', 'Noto Sans', sans-serif !important"
    return family and f"<style>body, body * {{{family}}}</style>"


def _taken(page: Path, screen: Screen, scratch: Path, letters: Lettering | None) -> Scan:
    browser, address = program("chromium", "chromium"), page.as_uri()
    shared = [browser, *_OPTIONS, f"--user-data-dir={scratch}", f"--force-device-scale-factor={screen.density}"]
    window = f"--window-size={screen.width},{screen.height}"
    fonts = None if letters is None else {"XDG_DATA_HOME": str(letters.fonts)}
    run([*shared, window, f"--screenshot={scratch / 'page.png'}", address], environment=fonts)
    taller = f"--window-size={screen.width},{screen.height + _BARS}"
    told = _WORDS.search(run([*shared, taller, "--dump-dom", address], environment=fonts).decode("utf-8"))
    if told is None:
        raise MissingTool(f"Chromium did not say where the words of {page.parent.name} stand")
    picture = (scratch / "page.png").read_bytes()
    words = tuple(_word(*found, density=screen.density) for found in json.loads(html.unescape(told[1])))
    return picture, read_header(picture).size, words


def _word(
    text: str, left: float, top: float, right: float, bottom: float, em: float, shown: bool, *, density: float
) -> Word:
    box = (floor(left * density), floor(top * density), ceil(right * density), ceil(bottom * density))
    return Word(text, box, round(em * density, 2), shown)
