"""Pages photographed in a headless Chromium, and the choices that depend on a name alone."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image

Entry = dict[str, Any]
_WALK = """() => {
  const heights = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.textContent.replace(/\\s/g, '');
    if (!text || !node.parentElement) continue;
    const style = getComputedStyle(node.parentElement);
    if (style.visibility === 'hidden' || style.display === 'none' || style.opacity === '0') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let all = 0, shown = 0;
    for (const box of range.getClientRects()) {
      all += box.width;
      const inside = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
      const on = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
      if (inside && on && (on === node.parentElement || node.parentElement.contains(on) || on.contains(node)))
        shown += box.width;
    }
    if (all <= 0 || shown <= 0) continue;
    const em = (parseFloat(style.fontSize) * devicePixelRatio).toFixed(2);
    heights[em] = (heights[em] || 0) + Math.round(text.length * shown / all);
  }
  return Object.entries(heights).map(([em, count]) => [parseFloat(em), count]).sort((a, b) => a[0] - b[0]);
}"""
SCREENS = ((1280, 800, 1.0), (1366, 768, 1.0), (1920, 1080, 1.0), (1024, 768, 1.0), (390, 780, 2.0), (1200, 900, 1.5))


def shots(pages: Iterator[tuple[str, str]], count: int) -> Iterator[tuple[str, Image.Image, Entry]]:
    """Photograph pages in a headless Chromium, at varied screens and places of the page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for _, (origin, address) in zip(range(count), pages, strict=False):
            choose = facts_of(origin)
            width, height, ratio = choose.choice(SCREENS)
            dark = choose.random() < 0.25
            page = browser.new_page(
                viewport={"width": width, "height": height},
                device_scale_factor=ratio,
                color_scheme="dark" if dark else "light",
                java_script_enabled=True,
            )
            page.goto(address)
            bottom = page.evaluate("document.documentElement.scrollHeight")
            page.evaluate(f"scrollTo(0, {choose.randrange(max(1, bottom - height))})")
            image = Image.open(BytesIO(page.screenshot())).convert("RGB")
            yield origin, image, {"heights": page.evaluate(_WALK), "screen": [width, height, ratio]}
            page.close()
        browser.close()


def facts_of(name: str) -> random.Random:
    """The choices that are made for a picture, the same each time."""
    return random.Random(digest(name))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
