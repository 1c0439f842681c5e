"""One image: look as far as needed, take the cheapest form that serves the question, and make it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from headroom_core.blocks import ImageBlock, Picture, Replacement, Text
from headroom_core.errors import ImageError
from headroom_core.formats import payload_bytes, payload_head
from headroom_core.image.asked import Asked, asked
from headroom_core.image.candidates import Candidate, cropped, framed, transcribed, trimmed
from headroom_core.image.case import Case, Tools, encoded_length, kept
from headroom_core.image.gates import Scale, blocked, closed, least_scale, serves_snap, unserved_by_low, wants_whole
from headroom_core.image.header import PEEK_BYTES, Format, Header, peek_header, read_header
from headroom_core.image.outcome import Decision, Outcome
from headroom_core.image.plan import cheapest_snap, worthwhile
from headroom_core.image.policy import THRESHOLDS, Policy, Thresholds
from headroom_core.image.repair import acceptable_size, refusal
from headroom_core.image.router.needs import Need, Needs, Router
from headroom_core.image.target import Encoding, Target
from headroom_core.image.technique import Technique

__all__ = ["PRE_RESIZE_SHARE", "case_of", "decide", "hands_off", "kept"]

PRE_RESIZE_SHARE: Final = 0.5
"""A pre-resize is made only if at most this share of the bytes remains: a re-encoded photo loses a little."""

# Where a setting must pay before it is written on an image of unknown size: small to large, square to 1:4.
_PROBES: Final = tuple((edge, edge // ratio) for edge in (64, 256, 512, 1024, 2048, 4096, 8192) for ratio in (1, 2, 4))


def decide(
    block: ImageBlock,
    target: Target,
    policy: Policy,
    router: Router,
    tools: Tools,
    *,
    images: int,
) -> Outcome:
    """Decide on one image and make what goes in its place.

    Args:
        block: The image.
        target: The models that the request may reach.
        policy: What may be given up.
        router: Turns the words about the image into needs.
        tools: What the picture is looked at with.
        images: Number of images in the whole request, for the providers' limits.

    Returns:
        The outcome; its `replacement` is None where the image stays. What cannot be read stays, with a reason.
    """
    untouched = _untouched(block)
    if untouched is not None:
        return kept(block, target, untouched)
    if block.payload is None:
        return _decide_unseen(block, target, _thresholds(policy), router)
    try:
        header = _read(block)
    except ImageError as error:
        return kept(block, target, f"{error}")
    case = Case.of(block, header, target, tools, policy=policy, thresholds=_for_words(block, policy))
    return _decide_seen(case, router, images)


def case_of(block: ImageBlock, target: Target, policy: Policy, tools: Tools) -> Case | None:
    """Return the case of an image that may be looked at, or None.

    Raises:
        ImageError: Its header cannot be read.
    """
    if _untouched(block) is not None or block.payload is None:
        return None
    return Case.of(block, _read(block), target, tools, policy=policy, thresholds=_for_words(block, policy))


def hands_off(case: Case) -> str | None:
    """Return why nothing at all may be given up of an image, or None."""
    block, target = case.block, case.target
    if case.header.ours:
        return "headroom made it earlier"
    if block.query.coordinates:
        return "the request works with pixel coordinates, which a resize would move"
    if block.setting is not None:
        return f"the caller chose the setting {block.setting!r}"
    if block.query.held_by_server:
        return "the server holds or edits part of the history, so nothing is given up"
    if not target.known:
        return (
            f"how {target.counting.model or target.counting.name!r} bills and sees is not known, so nothing is given up"
        )
    return case.header.left_alone


def _for_words(block: ImageBlock, policy: Policy) -> Thresholds:
    return _thresholds(policy).asked_in(f"{block.query.text}\n{block.query.background}")


def _thresholds(policy: Policy) -> Thresholds:
    return THRESHOLDS.get(policy, THRESHOLDS[Policy.BALANCED])


def _untouched(block: ImageBlock) -> str | None:
    if block.ours:
        return "headroom wrote it earlier"
    if block.from_model:
        return "the model made it"
    if block.sealed:
        return "it stands in an object of an SDK, which is not edited; send plain dicts"
    return None


def _read(block: ImageBlock) -> Header:
    header = peek_header(payload_head(block, PEEK_BYTES))
    return header if header is not None else read_header(payload_bytes(block))


def _decide_seen(case: Case, router: Router, images: int) -> Outcome:
    try:
        outcome = _decide_by_question(case, router)
    except ImageError as error:
        outcome = case.keep(Decision(Technique.PRESERVE, f"{error}"))
    refused = _refusal(case, outcome, images)
    if refused is not None:
        return _repair(case, outcome, refused, images)
    whole = outcome.decision.size is None and outcome.decision.box is None and outcome.size_after is not None
    return _pre_resize(case, outcome) if case.tools.pre_resize and whole else outcome


def _refusal(case: Case, outcome: Outcome, images: int) -> str | None:
    parts = outcome.replacement.parts if outcome.replacement else ()
    pictures = [part for part in parts if isinstance(part, Picture)]
    if parts and not pictures:
        return None
    made = [part for part in pictures if part.data is not None]
    media_type = made[0].media_type if made else case.header.media_type
    largest = max((len(part.data or b"") for part in made), default=None)
    encoded = encoded_length(case.block) if largest is None else -(-largest // 3) * 4
    return refusal(case.target.counting, media_type, outcome.size_after or case.header.size, encoded, images)


def _decide_by_question(case: Case, router: Router) -> Outcome:
    reason = hands_off(case)
    if reason is not None:
        return case.keep(Decision(Technique.PRESERVE, reason))
    question = asked(case.block.query, router)
    if not case.thresholds.lossy:
        nothing = Asked(question.needs, f"policy {case.policy.value!r} drops no pixels")
        best = None if _costs_little(case) else _best(case, _margins(case, question.needs))
        return case.keep(_keeping(nothing)) if best is None else _made(case, best, nothing)
    if _costs_little(case):
        return case.keep(_keeping(question, "it costs little as it is"))
    if question.open:
        bears_text = case.signals().has_text >= case.thresholds.text_free
        question = question.of_page() if bears_text else question.of_scene()
    return _decide_by_needs(case, question)


def _decide_by_needs(case: Case, question: Asked) -> Outcome:
    needs = question.needs
    scale = _scale(case, needs)
    found = [*_margins(case, needs), *cropped(case, needs), *framed(case, scale)]
    cheapest = min((one.price for one in found), default=case.before.tokens)
    found += transcribed(case, needs, min(cheapest, case.before.tokens))
    best = _best(case, found)
    if best is not None:
        return _made(case, best, question)
    return _snap(case, question, _why_not_smaller(case, scale))


def _scale(case: Case, needs: Needs) -> Scale:
    if needs.risks is not None:
        needs = closed(needs, case.signals())
    return blocked(needs) or least_scale(needs, case.signals(), case.thresholds)


def _why_not_smaller(case: Case, scale: Scale) -> str:
    if scale.least is None:
        return scale.reason
    if scale.least * max(case.header.size) > case.before.seen_edge:
        return f"{scale.reason}, and the provider shows it smaller already"
    too_dear = "no smaller form that serves it saves enough"
    return f"{scale.reason}, and {too_dear}" if scale.reason else too_dear


def _margins(case: Case, needs: Needs) -> Iterator[Candidate]:
    """Trimming blank margins, except in a JPEG, where they are never quite blank, and where it would move positions."""
    return iter(()) if blocked(needs) is not None or case.header.format is Format.JPEG else trimmed(case)


def _costs_little(case: Case) -> bool:
    return case.before.count.tokens <= case.thresholds.minimum_tokens


def _best(case: Case, found: Iterable[Candidate]) -> Candidate | None:
    limits = case.thresholds
    worth = (
        one for one in found if worthwhile(case.before.tokens, one.price, limits.minimum_saving, limits.minimum_tokens)
    )
    return min(worth, key=lambda one: (one.price[0], one.loss), default=None)


def _made(case: Case, best: Candidate, question: Asked) -> Outcome:
    parts: list[Picture | Text] = [] if best.text is None else [Text(best.text)]
    for frame in best.frames:
        size = frame.view.encoding.size
        made = case.work.whole(size) if frame.box is None else case.work.part(frame.box, size)
        parts.append(case.picture(made, frame.view.encoding.setting))
    shown = best.frames[0] if best.frames else None
    view = shown.view if shown else case.before
    decision = Decision(
        best.technique,
        f"{question.words}: {best.because}",
        question.needs.confidence,
        size=view.encoding.size if shown and view.encoding.size != case.header.size else None,
        setting=view.encoding.setting if shown else None,
        box=shown.box if shown else None,
        overview=len(best.frames) > 1,
        serves=best.serves,
    )
    return case.outcome(decision, view, tuple(parts), tokens=best.price[0])


def _keeping(question: Asked, why: str = "") -> Decision:
    reason = f"{question.words}: {why}" if why else question.words
    return Decision(Technique.PRESERVE, reason, question.needs.confidence)


def _snap(case: Case, question: Asked, why: str) -> Outcome:
    view = cheapest_snap(case.target, case.header.size, case.thresholds) if serves_snap(question.needs) else None
    if view is None:
        return case.keep(_keeping(question, why))
    size = view.encoding.size
    shrink = 100 * (1 - max(size) / max(case.header.size))
    decision = replace(_keeping(question, f"shrunk by {shrink:.1f} % to leave a tile boundary"), size=size)
    return case.outcome(decision, view, (case.picture(case.work.whole(size), None),))


def _repair(case: Case, outcome: Outcome, refused: str, images: int) -> Outcome:
    # A part that the provider refuses comes whole; a low setting may stay on the repaired picture.
    made = outcome.decision
    low = made.technique is Technique.FULL_LOW
    decision = Decision(
        Technique.FULL_LOW if low else Technique.PRESERVE,
        made.reason,
        made.confidence,
        setting=made.setting if low else None,
        serves=made.serves if low else None,
    )
    if case.block.query.coordinates:
        reason = f"{refused}, and a resize would move the coordinates that the request works with"
        return case.keep(replace(decision, reason=reason))
    if case.header.left_alone is not None:
        return case.keep(replace(decision, reason=f"{refused}; {case.header.left_alone}"))
    size = acceptable_size(case.target.counting, case.header.size, images)
    view = case.target.view(Encoding(size, decision.setting or case.block.setting))
    try:
        picture = case.picture(case.work.whole(size), decision.setting)
    except ImageError as error:
        return case.keep(replace(decision, reason=f"{refused}; it cannot be repaired: {error}"))
    repaired = replace(decision, reason=f"{refused}: repaired", size=size, repair=True)
    return case.outcome(repaired, view, (picture,))


def _pre_resize(case: Case, outcome: Outcome) -> Outcome:
    """Send the size that the model sees anyway, where that makes the request much smaller. Tokens stay the same."""
    seen, size = outcome.seen_after, case.header.size
    asks_pixels = case.block.query.coordinates or case.block.query.held_by_server or case.block.setting is not None
    if seen is None or seen == size or asks_pixels or not case.target.known or case.header.left_alone is not None:
        return outcome
    setting = outcome.decision.setting
    view = case.target.view(Encoding(seen, setting))
    if len(case.target.reachable) > 1 or (view.count.tokens, view.count.seen) != (outcome.tokens_after, seen):
        return outcome
    try:
        made = case.work.whole(seen)
    except ImageError:
        return outcome
    before, after = outcome.bytes_before or 0, len(made.data or b"")
    if after > PRE_RESIZE_SHARE * before:
        return outcome
    reason = f"{outcome.reason}; sent at the size that the model sees, {100 - 100 * after // before} % fewer bytes"
    return case.outcome(replace(outcome.decision, reason=reason, size=seen), view, (case.picture(made, setting),))


def _decide_unseen(block: ImageBlock, target: Target, thresholds: Thresholds, router: Router) -> Outcome:
    unread = "the picture is behind a URL or a file id, which is never fetched"
    setting = _setting_for_unseen(block, target, thresholds)
    question = asked(block.query, router)
    if setting is None or not wants_whole(question.needs) or unserved_by_low(question.needs):
        return kept(block, target, unread)
    decision = Decision(
        Technique.FULL_LOW,
        f"{question.words}; {unread}",
        question.needs.confidence,
        setting=setting,
        serves=(Need.GIST, Need.NONE),
    )
    return replace(
        kept(block, target, ""),
        decision=decision,
        replacement=Replacement((Picture(setting=target.written(setting, block)),)),
    )


def _setting_for_unseen(block: ImageBlock, target: Target, thresholds: Thresholds) -> str | None:
    if not thresholds.unseen or not target.known or block.query.coordinates or block.query.held_by_server:
        return None
    for setting in target.settings_for(block):
        views = [(target.view(Encoding(size)), target.view(Encoding(size, setting))) for size in _PROBES]
        serves = all(new.seen_edge >= min(thresholds.gist_edge, old.seen_edge) for old, new in views)
        if serves and all(new.tokens < old.tokens for old, new in views):
            return setting
    return None
