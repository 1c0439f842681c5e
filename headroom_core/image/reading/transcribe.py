"""A picture becomes text, or a reason why not: kind, sampled lines, script, confidence, what lies beside, layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from headroom_core.errors import ImageError
from headroom_core.image.reading.blanks import filled_in
from headroom_core.image.reading.block import block
from headroom_core.image.reading.canvas import canvas
from headroom_core.image.reading.gate import KINDS, UNSURE, Demands, judged, sampled
from headroom_core.image.reading.hand import FILLED, LEAST_FILLED, RECURS, recurrence
from headroom_core.image.reading.layout import laid_out
from headroom_core.image.reading.leftover import Rest, left_over
from headroom_core.image.reading.lines import Refusal, Transcript
from headroom_core.image.reading.script import script_of
from headroom_core.image.reading.turning import View, clear_winner, lies, mostly_upright, view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headroom_core.image.pixels import Box, Decoded
    from headroom_core.image.reading.lines import Page, Reader, ReadLine, Seen

__all__ = ["transcribe"]

SAMPLE: Final = 6
"""Lines that are read first: where they do not pass, the page is not read."""
MOST_LINES: Final = 400
"""Pages with more segments of lines are not read."""


def transcribe(
    picture: Decoded,
    signals: Seen,
    reader: Reader,
    *,
    digits: bool,
    structure: bool,
    min_confidence: float = 0.9,
    number: int = 1,
    box: Box | None = None,
    sign: bool = False,
) -> Transcript | Refusal:
    """Write down the text of a picture, if it may stand instead of it.

    Args:
        picture: The decoded picture.
        signals: What was measured of it.
        reader: The engine, see `reader_at_hand`.
        digits: Exact strings are asked for: lines with digits must be read with `gate.DIGIT_CONFIDENCE`.
        structure: Tables or forms are asked about: they must be resolved.
        min_confidence: What nine lines of ten must reach, in [0, 1].
        number: Which image of the conversation it is, from 1.
        box: A part of the picture in pixels of the upright file, None for all of it.
        sign: Only the few words of a sign or label are asked for, so that few lines suffice and the kind of picture
            does not matter; each line must then be certain.

    Returns:
        The transcript, or the reason why the picture stays an image. Same picture, same reader, same answer.
    """
    demands = Demands(digits=digits, structure=structure, confidence=min_confidence, sign=sign)
    whole = _Whole(number, picture.header.size, box)
    try:
        if sign or signals.kind in KINDS:
            return _upright(picture, reader, demands, whole)
        if lies(picture, signals.kind):
            return _turned(picture, reader, demands, whole, (1, 3), f"not a page of text ({signals.kind})")
    except ImageError as error:
        return Refusal(str(error))
    return Refusal(f"not a page of text ({signals.kind})")


@dataclass(frozen=True, slots=True)
class _Whole:
    """Which picture it is: its number in the conversation, its size, and the part of it that is read."""

    number: int
    size: tuple[int, int]
    box: Box | None


def _upright(picture: Decoded, reader: Reader, demands: Demands, whole: _Whole) -> Transcript | Refusal:
    """Read a picture as it stands; where its sampled lines are not read with confidence, perhaps turned."""
    page = reader.find(picture, whole.box)
    boxes = page.boxes
    if len(boxes) > MOST_LINES:
        return Refusal(f"{len(boxes)} lines are too many to be read")
    sample = page.read(_spread(boxes))
    upwards = mostly_upright(boxes)
    why = sampled(sample, demands)
    if not demands.sign and (upwards or why == UNSURE):
        turns = (1, 3) if upwards else (2,)
        # Lines that run upwards are turned before they are read, so that one of the turns is what was read already.
        standing: Sequence[ReadLine] = () if upwards else sample
        return _turned(picture, reader, demands, whole, turns, why or "lines that run upwards", standing)
    if why is not None:
        return Refusal(why)
    return _written(View(picture, whole.box), page, sample, demands, whole)


def _turned(
    picture: Decoded,
    reader: Reader,
    demands: Demands,
    whole: _Whole,
    turns: tuple[int, ...],
    why: str,
    standing: Sequence[ReadLine] = (),
) -> Transcript | Refusal:
    """Read a picture turned, if one turn is read with clearly more confidence than all others and as it stands."""
    views = [view(picture, whole.box, quarters) for quarters in turns]
    pages = {one.quarters: (one, reader.find(one.picture, one.box)) for one in views}
    if any(len(page.boxes) > MOST_LINES for _, page in pages.values()):
        return Refusal(why)
    samples = {quarters: page.read(_spread(page.boxes)) for quarters, (_, page) in pages.items()}
    best = clear_winner([*samples.items(), *([(0, standing)] if standing else [])])
    # Ideographs are also written downwards: a page of columns must not be taken for one that lies.
    if not best or not _latin(samples[best]) or sampled(samples[best], demands) is not None:
        return Refusal(why)
    one, page = pages[best]
    return _written(one, page, samples[best], demands, whole)


def _written(
    shown: View, page: Page, sample: Sequence[ReadLine], demands: Demands, whole: _Whole
) -> Transcript | Refusal:
    """Read what the sample did not hold, and write all down if every gate lets it pass."""
    lines = _read(page, sample)
    why = judged(lines, demands) or _by_hand(shown, lines, sample)
    rest = left_over(shown.picture, lines, shown.box, sign=demands.sign) if why is None else Rest(why)
    if rest.why is not None:
        return Refusal(rest.why)
    layout = laid_out(lines)
    # Upright rules around anything but a table part or join what stands in them.
    resolved = layout.resolved and (layout.tables > 0 or not rest.frames)
    if demands.structure and not resolved:
        return Refusal("tables or forms that could not be resolved")
    if demands.digits and not layout.exact:
        return Refusal("a line of code or figures that has lost a letter")
    least = _tenth([line.confidence for line in lines])
    return Transcript(
        text=block(layout.lines, number=whole.number, size=whole.size, confidence=least, part=whole.box),
        lines=sum(bool(line) for line in layout.lines),
        confidence=least,
        script=script_of("\n".join(layout.lines)),
        serves_structure=resolved,
    )


def _by_hand(shown: View, lines: Sequence[ReadLine], sample: Sequence[ReadLine]) -> str | None:
    """Why some of what was read may be handwriting, or None. Ideographs recur too seldom to tell."""
    if not _latin(sample):
        return None
    sheet = canvas(shown.picture, shown.box)
    share = recurrence(sheet, sample)
    if share is not None and share < RECURS:
        return "letters of which no two are alike, as by hand"
    blanks = filled_in(sheet, lines)
    others = [line for line in lines if line not in blanks]
    share = recurrence(sheet, blanks, others, least=LEAST_FILLED)
    return "a form that may be filled in by hand" if share is not None and share < FILLED else None


def _latin(lines: Sequence[ReadLine]) -> bool:
    return script_of("\n".join(line.text for line in lines)) == "Latin"


def _read(page: Page, sample: Sequence[ReadLine]) -> tuple[ReadLine, ...]:
    """All lines of a page, from the top; those of the sample are not read again."""
    boxes = page.boxes
    first = _spread(boxes)
    rest = page.read([index for index in range(len(boxes)) if index not in first])
    return tuple(sorted((*sample, *rest), key=lambda line: (line.box[1], line.box[0])))


def _spread(boxes: tuple[Box, ...]) -> list[int]:
    """Indices of lines spread over the page: the widest of each of `SAMPLE` stretches, which says most."""
    length = -(-len(boxes) // SAMPLE) or 1
    stretches = [range(start, min(start + length, len(boxes))) for start in range(0, len(boxes), length)]
    return [max(stretch, key=lambda index: boxes[index][2] - boxes[index][0]) for stretch in stretches]


def _tenth(confidences: list[float]) -> float:
    """What nine of ten reach."""
    return sorted(confidences)[len(confidences) // 10]
