"""Lines are written down in the order in which a person reads them."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from headroom_core.image.reading import ReadLine
from headroom_core.image.reading.layout import laid_out

LEFT = (
    "It was the best of times, it was",
    "the worst of times, it was the",
    "age of wisdom, it was the age of",
    "foolishness, it was the epoch",
    "of belief, it was the epoch of",
)
RIGHT = (
    "incredulity, it was the season of",
    "Light, it was the season of",
    "Darkness, it was the spring of",
    "hope, it was the winter of",
    "despair, we had everything before",
)


def segment(left: int, top: int, text: str, em: float = 20.0, letter: float = 10.0) -> ReadLine:
    return ReadLine(text, (left, top, left + round(letter * len(text)), top + 24), 0.99, em)


def shuffled(*lines: ReadLine) -> list[ReadLine]:
    mixed = list(lines)
    random.Random(5).shuffle(mixed)
    return mixed


def test_columns_are_read_one_after_another_and_a_title_above_both_comes_first() -> None:
    lines = [segment(40, 10, "A Tale of Two Cities, the first book, the first chapter of it")]
    lines += [segment(40, 80 + 30 * i, text) for i, text in enumerate(LEFT)]
    lines += [segment(420, 80 + 30 * i, text) for i, text in enumerate(RIGHT)]
    lines += [segment(40, 300, "A footer that runs from the left of the page to its right edge")]
    layout = laid_out(shuffled(*lines))
    words = [line for line in layout.lines if line]
    assert words == [lines[0].text, *LEFT, *RIGHT, lines[-1].text]
    assert layout.resolved


def test_three_columns_are_read_from_the_left() -> None:
    lines = [
        segment(20 + 380 * c, 40 + 30 * i + 7 * c, f"column {c} of the page, its line {i:02}")
        for c in range(3)
        for i in range(6)
    ]
    assert [line for line in laid_out(shuffled(*lines)).lines if line] == [line.text for line in lines]


def test_aligned_cells_become_a_markdown_table() -> None:
    rows = [("Item", "Qty", "Total"), ("Bolts", "21", "527.31"), ("Wire | red", "4", "49.04"), ("Nuts", "", "376.20")]
    lines = [
        segment(left, 40 + 34 * r, cell)
        for r, row in enumerate(rows)
        for left, cell in zip((20, 240, 360), row, strict=True)
        if cell
    ]
    layout = laid_out(shuffled(*lines))
    assert layout.lines == (
        "| Item | Qty | Total |",
        "|---|---|---|",
        "| Bolts | 21 | 527.31 |",
        "| Wire \\| red | 4 | 49.04 |",
        "| Nuts |  | 376.20 |",
    )
    assert layout.resolved


def test_right_aligned_figures_stay_in_their_column() -> None:
    figures = [("Region", "Q1", "Q2"), ("North", "5", "12,345"), ("South", "1,204", "7"), ("East", "88", "910")]
    lines = [
        segment(right - 10 * len(cell), 40 + 34 * r, cell)
        for r, row in enumerate(figures)
        for right, cell in zip((80, 300, 480), row, strict=True)
    ]
    assert laid_out(shuffled(*lines)).lines[2:] == tuple("| " + " | ".join(row) + " |" for row in figures[1:])


def test_a_form_keeps_each_value_beside_its_label() -> None:
    fields = [
        ("First name:", "Marta"),
        ("Street:", "Lindenweg 42"),
        ("City:", "Kiel"),
        ("Telephone:", "+49 431 5550 172"),
    ]
    lines = [
        segment(left, 40 + 40 * r, text)
        for r, row in enumerate(fields)
        for left, text in zip((20, 260), row, strict=True)
    ]
    assert laid_out(shuffled(*lines)).lines == tuple(f"{label} {value}" for label, value in fields)


def test_code_keeps_its_indents_and_blank_lines() -> None:
    source = [
        "def area(width, height):",
        "    if width < 0:",
        "        raise ValueError(width)",
        "    return width * height",
        "",
        "print(area(3, 4), area(5, 6))",
    ]
    lines = [
        segment(30 + 9 * (len(line) - len(line.lstrip())), 40 + 24 * i, line.lstrip(), em=15, letter=9.0)
        for i, line in enumerate(source)
        if line
    ]
    assert laid_out(shuffled(*lines)).lines == tuple(source)


def test_a_terminal_keeps_its_columns() -> None:
    listing = [
        "PID    COMMAND          TIME",
        "1204   python3 server   12:04",
        "77     nginx-worker     0:03",
        "100512 postgres-main    1:22",
    ]
    lines, top = [], 40
    for line in listing:
        for start in [i for i, letter in enumerate(line) if letter != " " and (i == 0 or line[i - 1] == " ")]:
            if start and line[start - 2 : start] != "  " and line[start - 1] == " ":
                continue
            text = line[start:].split("  ")[0].rstrip()
            lines.append(segment(20 + 9 * start, top, text, em=15, letter=9.0))
        top += 22
    said = laid_out(shuffled(*lines)).lines
    assert [line.split() for line in said if not line.startswith("|---")] == [line.split() for line in listing] or said[
        0
    ].startswith("| PID")


def test_a_monospaced_line_with_a_lost_letter_is_noticed() -> None:
    source = [
        "from __future__ import annotations",
        "import __main__",
        "value = __import__(name)",
        "print(value, file=stream)",
        "for line in value:",
        "total += line.width",
        "names = sorted(set(value))",
        "if total > limit and not quiet:",
        "raise ValueError(names)",
        "return names[0], total",
        "stream.flush()",
    ]
    whole = [segment(30, 40 + 24 * i, line, em=15, letter=9.0) for i, line in enumerate(source)]
    assert laid_out(whole).exact
    lost = ReadLine("import _main__", whole[1].box, 0.97, 15.0)
    assert not laid_out([whole[0], lost, *whole[2:]]).exact


def test_paragraphs_are_parted_and_indents_kept_but_centred_lines_have_none() -> None:
    lines = [
        segment(265, 20, "HEADING"),
        *(
            segment(40, 80 + 30 * i, "a line of the first paragraph of this text, some words", letter=9 + i % 2)
            for i in range(3)
        ),
    ]
    lines += [
        segment(80, 200, "an indented item"),
        segment(40, 230, "a line after it that is as long as the others are, nearly", letter=9.4),
    ]
    said = laid_out(shuffled(*lines)).lines
    assert said[0] == "HEADING"
    assert said[1] == ""
    assert said.count("") == 2
    assert "  an indented item" in said


def test_words_side_by_side_without_columns_do_not_count_as_structure() -> None:
    rng = random.Random(3)
    lines = [
        segment(left, 40 + 40 * row, f"word{row}{part}")
        for row in range(8)
        for part, left in enumerate(sorted(rng.sample(range(20, 900, 110), 3)))
    ]
    lines += [segment(20, 30 + 40 * row, "x" * 88) for row in range(1, 8, 2)]
    assert not laid_out(lines).resolved


def test_the_order_in_which_lines_were_found_does_not_matter() -> None:
    lines = [segment(40, 80 + 30 * i, text) for i, text in enumerate(LEFT)] + [
        segment(420, 80 + 30 * i, text) for i, text in enumerate(RIGHT)
    ]
    assert len({laid_out(random.Random(seed).sample(lines, len(lines))) for seed in range(6)}) == 1


@pytest.mark.parametrize("degrees", [-3.0, -1.0, 0.4, 2.0])
def test_a_page_that_lies_askew_is_read_as_a_straight_one(degrees: float) -> None:
    straight = [segment(40, 80 + 30 * i, text) for i, text in enumerate(LEFT)]
    straight += [segment(420, 80 + 30 * i, text) for i, text in enumerate(RIGHT)]
    straight += [segment(left, 300 + 34 * r, f"{r}{c}4,20") for r in range(5) for c, left in enumerate((40, 300, 600))]
    assert laid_out([askew(line, math.radians(degrees)) for line in straight]).lines == laid_out(straight).lines


def askew(line: ReadLine, angle: float) -> ReadLine:
    """A line with the box around it after the page was turned."""
    left, top, right, bottom = line.box
    cos, sin = math.cos(angle), math.sin(angle)
    corners = [(x * cos - y * sin, x * sin + y * cos) for x in (left, right) for y in (top, bottom)]
    across, down = zip(*corners, strict=True)
    box = (math.floor(min(across)), math.floor(min(down)), math.ceil(max(across)), math.ceil(max(down)))
    return replace(line, box=box, tilt=math.tan(angle))
