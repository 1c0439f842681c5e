"""Letters recur in print; by hand no two are alike."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from headroom_core.image.reading import Refusal, Transcript, transcribe
from headroom_core.image.reading.canvas import canvas
from headroom_core.image.reading.hand import RECURS, recurrence

from .drawn import PAGE, PROSE, Paper

FEW = ("Sphinx of black quartz,", "judge my vow, quick fez,", "and waltz, bad nymph.")
"""Words in which each letter stands two or three times, so that few are alike by chance."""


def by_hand(seed: int, *, em: int = 34) -> Paper:
    """Words of which each letter is drawn anew: leaning, stretched and bent by chance, beside its neighbours."""
    draw, paper = Random(seed), Paper(size=(1400, 560), em=em)
    font = ImageFont.load_default(em)
    for index, words in enumerate(FEW):
        paper.write(60, 40 + 80 * index, words)
        paper.draw.rectangle((0, 40 + 80 * index - 20, 1400, 40 + 80 * index + 58), fill="white")
        left = 60
        for letter in words:
            left += _letter(paper, letter, (left, 40 + 80 * index), font, draw)
        line = paper.lines[-1]
        paper.lines[-1] = replace(line, box=(55, line.box[1] - 8, left + 5, line.box[3] + 8))
    return paper


def _letter(paper: Paper, letter: str, at: tuple[int, int], font: ImageFont.FreeTypeFont, draw: Random) -> int:
    tile = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(tile).text((28, 20), letter, fill=0, font=font)
    lean, bend = draw.uniform(-0.6, 0.6), draw.uniform(-0.3, 0.3)
    wide, high = draw.uniform(0.55, 1.5), draw.uniform(0.55, 1.5)
    affine = (wide, lean, 45 - 45 * (wide + lean), bend, high, 45 - 45 * (high + bend) + draw.uniform(-6, 6))
    bent = tile.transform(tile.size, Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR, fillcolor=255)
    box = bent.point(lambda level: 255 if level < 128 else 0).getbbox()
    if box is None:
        return 14
    ink = bent.crop((box[0], 0, box[2], 90))
    paper.image.paste(ink, (at[0], at[1] - 20))
    return ink.width + 3


def share(paper: Paper) -> float:
    found = recurrence(canvas(paper.picture()), paper.lines)
    assert found is not None
    return found


@pytest.mark.parametrize("em", [14, 20, 40])
def test_printed_letters_recur(em: int) -> None:
    paper = Paper(size=(1600, 900), em=em)
    for index, line in enumerate(PROSE):
        paper.write(60, 60 + 2 * em * index, line)
    assert share(paper) > 0.6


def test_printed_letters_recur_on_a_blurred_and_grainy_scan() -> None:
    paper = Paper(size=(1600, 700), em=32)
    for index, line in enumerate(PROSE):
        paper.write(60, 60 + 64 * index, line)
    grain = Image.effect_noise(paper.image.size, 40).convert("RGB")
    paper.image = Image.blend(paper.image.filter(ImageFilter.GaussianBlur(1.2)), grain, 0.15)
    assert share(paper) > RECURS


@pytest.mark.parametrize("seed", range(4))
def test_letters_drawn_by_hand_do_not(seed: int) -> None:
    printed = Paper(size=(1400, 560), em=34)
    for index, line in enumerate(FEW):
        printed.write(60, 40 + 80 * index, line)
    assert share(by_hand(seed)) < RECURS < 0.4 < share(printed)


def test_a_rule_under_the_words_does_not_join_their_letters() -> None:
    paper = Paper(size=(1600, 700), em=32)
    for index, line in enumerate(PROSE):
        paper.write(60, 60 + 64 * index, line)
        box = paper.lines[-1].box
        paper.draw.line((box[0], box[3] - 2, box[2], box[3] - 2), fill="black", width=2)
    assert share(paper) > 0.6


def test_a_few_letters_tell_nothing() -> None:
    paper = Paper().write(60, 60, "Exit to the left")
    assert recurrence(canvas(paper.picture()), paper.lines) is None


@pytest.mark.parametrize("sign", [False, True])
def test_words_of_which_no_two_letters_are_alike_stay_a_picture(sign: bool) -> None:
    paper = by_hand(1)
    answer = transcribe(paper.picture(), PAGE, paper.reader(), digits=False, structure=False, sign=sign)
    assert answer == Refusal("letters of which no two are alike, as by hand")


def test_the_same_words_in_print_do_not() -> None:
    paper = Paper(size=(1400, 560), em=34)
    for index, line in enumerate(FEW):
        paper.write(60, 40 + 80 * index, line)
    answer = transcribe(paper.picture(), PAGE, paper.reader(), digits=False, structure=False)
    assert isinstance(answer, Transcript), answer
