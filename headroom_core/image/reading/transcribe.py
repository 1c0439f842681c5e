"""A picture becomes text, or a reason why not: kind, sampled lines, script, confidence, what lies beside, layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from headroom_core.errors import ImageError
from headroom_core.image.reading.block import block
from headroom_core.image.reading.gate import KINDS, Demands, judged, sampled
from headroom_core.image.reading.layout import laid_out
from headroom_core.image.reading.leftover import Rest, left_over
from headroom_core.image.reading.lines import Refusal, Transcript
from headroom_core.image.reading.script import script_of

if TYPE_CHECKING:
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
    if not sign and signals.kind not in KINDS:
        return Refusal(f"not a page of text ({signals.kind})")
    demands = Demands(digits=digits, structure=structure, confidence=min_confidence, sign=sign)
    try:
        return _transcribed(picture, reader, demands, number, box)
    except ImageError as error:
        return Refusal(str(error))


def _transcribed(
    picture: Decoded, reader: Reader, demands: Demands, number: int, box: Box | None
) -> Transcript | Refusal:
    page = reader.find(picture, box)
    lines = _read(page, demands)
    if isinstance(lines, Refusal):
        return lines
    why = judged(lines, demands)
    rest = left_over(picture, lines, box, sign=demands.sign) if why is None else Rest(why)
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
        text=block(layout.lines, number=number, size=picture.header.size, confidence=least, part=box),
        lines=sum(bool(line) for line in layout.lines),
        confidence=least,
        script=script_of("\n".join(layout.lines)),
        serves_structure=resolved,
    )


def _read(page: Page, demands: Demands) -> tuple[ReadLine, ...] | Refusal:
    """All lines of a page, from the top; a sample spread over it decides first whether it is read."""
    boxes = page.boxes
    if len(boxes) > MOST_LINES:
        return Refusal(f"{len(boxes)} lines are too many to be read")
    first = _spread(boxes)
    sample = page.read(first)
    why = sampled(sample, demands)
    if why is not None:
        return Refusal(why)
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
