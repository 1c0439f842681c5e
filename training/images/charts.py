"""Charts drawn by matplotlib, with the true height of every text."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from words import WORDS


def charts(count: int, _packages: Path) -> Iterator[tuple[str, Image.Image, dict[str, Any]]]:
    """Charts by matplotlib, in its styles and sizes."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    forms = (_bars, _curves, _scatter, _pie, _histogram, _heat, _boxes, _areas, _diagram, _panels)
    styles = ("default", "ggplot", "dark_background", "bmh", "seaborn-v0_8-whitegrid", "fivethirtyeight", "grayscale")
    for number in range(count):
        choose = random.Random(1000 + number)
        with plt.style.context(styles[number % len(styles)]):
            figure = plt.figure(
                figsize=(choose.uniform(4, 10), choose.uniform(3, 7)), dpi=choose.choice((72, 100, 130, 160))
            )
            forms[number % len(forms)](figure, choose)
            out = BytesIO()
            figure.savefig(out, format="png")
            heights = _drawn_heights(figure)
            plt.close(figure)
        yield f"{forms[number % len(forms)].__name__} {number}", Image.open(out).convert("RGB"), {"heights": heights}


def _drawn_heights(figure: Any) -> list[tuple[float, int]]:
    from matplotlib.text import Text

    heights: dict[float, int] = {}
    for text in figure.findobj(Text):
        characters = len("".join(text.get_text().split()))
        if text.get_visible() and characters:
            em = round(text.get_fontsize() * figure.dpi / 72, 2)
            heights[em] = heights.get(em, 0) + characters
    return sorted(heights.items())


def _bars(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    labels = choose.sample(WORDS, choose.randint(3, 9))
    for shift in range(choose.randint(1, 3)):
        axes.bar([place + 0.25 * shift for place in range(len(labels))], [choose.random() for _ in labels], 0.25)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_title(" ".join(choose.sample(WORDS, 4)).title())


def _curves(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    for _ in range(choose.randint(1, 6)):
        phase, pace = choose.uniform(0, 6), choose.uniform(0.2, 2)
        axes.plot([math.sin(phase + pace * x / 10) * x**0.3 for x in range(100)], label=choose.choice(WORDS))
    axes.legend()
    axes.grid(choose.random() < 0.6)
    axes.set_xlabel("time (s)")
    axes.set_ylabel(choose.choice(WORDS))


def _scatter(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    for _ in range(choose.randint(1, 4)):
        across, up = choose.uniform(0, 9), choose.uniform(0, 9)
        points = [(choose.gauss(across, 1), choose.gauss(up, 2)) for _ in range(choose.choice((40, 400)))]
        axes.scatter(*zip(*points, strict=True), s=choose.uniform(4, 40), alpha=0.6)
    axes.set_title(choose.choice(WORDS))


def _pie(figure: Any, choose: random.Random) -> None:
    labels = choose.sample(WORDS, choose.randint(3, 7))
    figure.subplots().pie([choose.random() + 0.1 for _ in labels], labels=labels, autopct="%1.1f%%")


def _histogram(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    axes.hist([choose.gauss(0, 1) for _ in range(3000)], bins=choose.randint(10, 60))
    axes.set_ylabel("count")


def _heat(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    side = choose.randint(4, 10)
    cells = [[choose.random() for _ in range(side)] for _ in range(side)]
    figure.colorbar(axes.imshow(cells, cmap=choose.choice(("viridis", "magma", "coolwarm"))))
    for row in range(side):
        for column in range(side):
            axes.text(column, row, f"{cells[row][column]:.2f}", ha="center", va="center", fontsize=7)


def _boxes(figure: Any, choose: random.Random) -> None:
    figure.subplots().boxplot([[choose.gauss(m, 1 + m / 4) for _ in range(60)] for m in range(choose.randint(3, 8))])


def _areas(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    series = [[abs(choose.gauss(3, 1)) for _ in range(30)] for _ in range(4)]
    axes.stackplot(range(30), series, labels=choose.sample(WORDS, 4))
    axes.legend(loc="upper left")


def _diagram(figure: Any, choose: random.Random) -> None:
    axes = figure.subplots()
    axes.axis("off")
    places = [(column * 3, row * 2) for column in range(3) for row in range(3)]
    for (left, low), word in zip(places, choose.sample(WORDS, 9), strict=True):
        axes.text(left, low, word, ha="center", va="center", bbox={"boxstyle": "round", "fc": choose.choice("wyc")})
    for _ in range(7):
        start, end = choose.sample(places, 2)
        axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "shrinkA": 20, "shrinkB": 20})
    axes.set_xlim(-2, 8)
    axes.set_ylim(-1, 5)


def _panels(figure: Any, choose: random.Random) -> None:
    for axes in figure.subplots(2, 2).flat:
        axes.plot([choose.random() for _ in range(40)], ".-")
        axes.set_title(choose.choice(WORDS), fontsize=8)
