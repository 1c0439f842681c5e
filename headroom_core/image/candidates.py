"""The forms in which a picture may be sent that serve the question, each with its exact price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from headroom_core.formats import note
from headroom_core.image.case import Case
from headroom_core.image.gates import Scale, blocked, closed, is_read_out, may_crop, served_at
from headroom_core.image.plan import Price, cheapest_at
from headroom_core.image.regions import CropPlan, anchored, asks_relations, crop_plan, region_of, trim_plan
from headroom_core.image.router.needs import Need, Needs
from headroom_core.image.target import Encoding, View
from headroom_core.image.technique import Technique

if TYPE_CHECKING:
    from headroom_core.image.pixels import Box
    from headroom_core.image.reading import Transcript

__all__ = ["Candidate", "Frame", "cropped", "framed", "transcribed", "trimmed"]

Size = tuple[int, int]

_LOSSLESS, _SCALED, _CUT, _WRITTEN = range(4)
"""Of equal prices, the form that loses less wins."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture to be sent.

    Attributes:
        view: Its size and setting, what it costs and how the model sees it.
        box: The part of the file that it shows; None shows all of it.
    """

    view: View
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One form in which the picture may be sent.

    Attributes:
        technique: What it is reported as.
        because: Why it serves the question, in plain words.
        price: Tokens of all parts, on every reachable model.
        loss: Rank by what is lost; lower loses less.
        serves: The needs that it serves; None where nothing is lost.
        frames: The pictures, the part before the overview.
        text: What stands before the pictures: a note, or the transcription.
    """

    technique: Technique
    because: str
    price: Price
    loss: int
    serves: tuple[Need, ...] | None
    frames: tuple[Frame, ...] = ()
    text: str | None = None


def framed(case: Case, scale: Scale) -> Iterator[Candidate]:
    """The whole picture at the smallest size that shows what is asked, with and without its blank margins."""
    if scale.least is None:
        return
    signals, size = case.signals(), case.header.size
    trim = trim_plan(size, signals.content) if not case.block.alone else None
    for plan in (None, trim) if trim else (None,):
        base = size if plan is None else _size_of(plan.box)
        view = cheapest_at(case.target, base, _edge(case, base, scale.least), case.target.settings_for(case.block))
        if view is None:
            continue
        shown = view.seen_edge / max(base)
        technique = Technique.PRESERVE if scale.least > 0 else Technique.FULL_LOW
        words = scale.reason or f"{view.seen_edge} px serve it"
        serves = served_at(shown, signals, case.thresholds)
        frame = Frame(view, None if plan is None else plan.box)
        yield _with_note(case, Candidate(technique, words, view.tokens, _SCALED, serves, (frame,)), plan)


def trimmed(case: Case) -> Iterator[Candidate]:
    """The picture without its blank margins, every other pixel as it is."""
    plan = trim_plan(case.header.size, case.signals().content)
    if plan is None or case.block.alone:
        return
    view = case.target.view(Encoding(_size_of(plan.box)))
    lossless = Candidate(
        Technique.CROP, "its margins are blank", view.tokens, _LOSSLESS, None, (Frame(view, plan.box),)
    )
    yield _with_note(case, lossless, plan)


def cropped(case: Case, needs: Needs) -> Iterator[Candidate]:
    """The region that is asked about, at full resolution, perhaps beside a small copy of the whole."""
    if case.block.alone or not may_crop(needs):
        return
    plan = _planned(case, needs)
    if plan is None:
        return
    frames = [Frame(case.target.view(Encoding(_size_of(plan.box))), plan.box)]
    if plan.overview:
        edge = min(case.thresholds.gist_edge, case.before.seen_edge)
        whole = cheapest_at(case.target, case.header.size, edge, ())
        frames += [Frame(whole)] if whole else []
    price = _sum(case, [frame.view.tokens for frame in frames])
    found = Candidate(Technique.CROP, "the region can be located", price, _CUT, (Need.NONE,), tuple(frames))
    yield _with_note(case, found, plan)


def transcribed(case: Case, needs: Needs, cheapest: Price) -> Iterator[Candidate]:
    """The text of the picture in its place, where that is all that is asked for and clearly cheaper.

    Args:
        case: The image.
        needs: What the question needs.
        cheapest: The price of the cheapest picture that serves, which the text must beat.
    """
    found = _transcript(case, needs, cheapest)
    if found is None:
        return
    price = case.target.text_price(found.text)
    if price[0] > case.thresholds.reading_share * cheapest[0]:
        return
    read = (Need.TEXT, Need.DIGITS, Need.NONE)
    serves = (*read, Need.STRUCTURE) if found.serves_structure else read
    words = f"{found.lines} lines were read, confidence {found.confidence:.2f}"
    yield Candidate(Technique.TRANSCODE, words, price, _WRITTEN, serves, (), found.text)


def _transcript(case: Case, needs: Needs, cheapest: Price) -> Transcript | None:
    from headroom_core.image.reading import Transcript

    limits = case.thresholds
    may_be_text = not case.block.alone and not case.block.query.from_tool
    if not may_be_text or case.tools.reader is None or cheapest[0] <= limits.reading_tokens:
        return None
    if blocked(needs) is not None or not is_read_out(needs, signals := case.signals()):
        return None
    if signals.has_text < limits.text_like or (reader := case.tools.reader()) is None:
        return None
    needs = closed(needs, signals)
    found = case.work.transcript(
        reader,
        signals,
        digits=not needs.excluded(Need.DIGITS),
        structure=not needs.excluded(Need.STRUCTURE),
        min_confidence=limits.reading_confidence,
        sign=signals.kind == "scene_text",
    )
    return found if isinstance(found, Transcript) else None


def _planned(case: Case, needs: Needs) -> CropPlan | None:
    size, text = case.header.size, case.block.query.text
    named = needs.place or ""
    # The question itself is read: of "what is left of the car" a router may name `left` as the place.
    content = case.signals().content
    region = region_of(text, size, content=content) if text else region_of(named, size, content=content)
    if region is None and (needs.present(Need.TEXT) or needs.present(Need.DIGITS)):
        region = _found_in_text(case, text or named)
    if region is None:
        return None
    signals = case.signals()
    em = None if signals.heights is None else signals.heights.p50
    region = _with_whole_lines(region, [line.box for line in signals.lines])
    return crop_plan(size, region, em=em, relations=asks_relations(text) or not needs.excluded(Need.STRUCTURE))


def _found_in_text(case: Case, words: str) -> Box | None:
    """The region named by words that stand in the picture, where reading it can still pay."""
    limits = case.thresholds
    worth = case.before.count.tokens > limits.reading_tokens
    if not words or not worth or case.tools.reader is None or case.signals().has_text < limits.text_like:
        return None
    reader = case.tools.reader()
    return None if reader is None else anchored(case.work.lines(reader), words, case.header.size)


def _with_whole_lines(region: Box, lines: Iterable[Box]) -> Box:
    """Widen a region to the ends of the lines of text that lie in its rows and for the greater part inside it."""
    left, top, right, bottom = region
    for start, above, end, below in lines:
        inside = min(right, end) - max(left, start)
        if top <= (above + below) / 2 < bottom and 3 * inside > 2 * (end - start):
            left, right = min(left, start), max(right, end)
    return left, top, right, bottom


def _edge(case: Case, base: Size, least: float) -> int:
    """The long edge at which the model must see a frame of `base` px."""
    # Rounded first: a height that fits to the pixel must not ask for one more.
    by_text = ceil(round(least * max(base), 6))
    return max(by_text, min(case.thresholds.gist_edge, max(base), case.before.seen_edge))


def _with_note(case: Case, found: Candidate, plan: CropPlan | None) -> Candidate:
    if plan is None:
        return found
    text = note(plan.note).text
    price = _sum(case, [found.price, case.target.text_price(text)])
    return Candidate(found.technique, found.because, price, found.loss, found.serves, found.frames, text)


def _sum(case: Case, prices: list[Price]) -> Price:
    return tuple(sum(price[index] for price in prices) for index in range(len(case.target.reachable)))


def _size_of(box: Box) -> Size:
    left, top, right, bottom = box
    return right - left, bottom - top
