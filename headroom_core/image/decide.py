"""One image: look as far as needed, take the cheapest encoding that serves the question, and make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from headroom_core.blocks import ImageBlock, Picture, Query, Replacement
from headroom_core.errors import ImageError
from headroom_core.formats import payload_bytes, payload_head
from headroom_core.image.gates import serves_snap, unserved_by_low, wants_whole
from headroom_core.image.header import PEEK_BYTES, Header, peek_header, read_header
from headroom_core.image.memo import Memo
from headroom_core.image.pixels import Decoded
from headroom_core.image.plan import cheapest_gist, cheapest_snap
from headroom_core.image.policy import THRESHOLDS, Policy, Thresholds
from headroom_core.image.repair import acceptable_size, refusal
from headroom_core.image.result import Decision, Outcome
from headroom_core.image.router import Needs, Router
from headroom_core.image.shrink import Shrunk, Wish, measured_text, shrink
from headroom_core.image.target import Encoding, Target, View
from headroom_core.image.technique import Technique

__all__ = ["PRE_RESIZE_SHARE", "decide", "kept"]

Size = tuple[int, int]

PRE_RESIZE_SHARE: Final = 0.5
"""A pre-resize is made only if at most this share of the bytes remains: a re-encoded photo loses a little."""

# Where a setting must pay before it is written on an image of unknown size: small to large, square to 1:4.
_PROBES: Final = tuple((edge, edge // ratio) for edge in (64, 256, 512, 1024, 2048, 4096, 8192) for ratio in (1, 2, 4))


@dataclass(frozen=True, slots=True)
class _Case:
    """An image of known size, with all that its decision may depend on."""

    block: ImageBlock
    header: Header
    target: Target
    policy: Policy
    thresholds: Thresholds
    before: View
    memo: Memo[Shrunk]
    pre_resize: bool
    has_text: Callable[[Decoded], float]


def decide(
    block: ImageBlock,
    target: Target,
    policy: Policy,
    router: Router,
    memo: Memo[Shrunk],
    *,
    images: int,
    pre_resize: bool = False,
    has_text: Callable[[Decoded], float] = measured_text,
) -> Outcome:
    """Decide on one image and make what goes in its place.

    Args:
        block: The image.
        target: The models that the request may reach.
        policy: What may be given up.
        router: Turns the words about the image into needs.
        memo: Remembers the work on pixels.
        images: Number of images in the whole request, for the providers' limits.
        pre_resize: Send a kept picture at the size that the model sees, where that saves most of its bytes.
        has_text: Estimates whether a picture bears text.

    Returns:
        The outcome; its `replacement` is None where the image stays. What cannot be read stays, with a reason.
    """
    thresholds = THRESHOLDS.get(policy, THRESHOLDS[Policy.BALANCED])
    if block.ours:
        return kept(block, target, "headroom wrote it earlier")
    if block.from_model:
        return kept(block, target, "the model made it")
    if block.sealed:
        return kept(block, target, "it stands in an object of an SDK, which is not edited; send plain dicts")
    if block.payload is None:
        return _decide_unseen(block, target, thresholds, router)
    try:
        header = _read(block)
        before = target.view(Encoding(header.size, block.setting))
        case = _Case(block, header, target, policy, thresholds, before, memo, pre_resize, has_text)
        return _decide_seen(case, router, images)
    except ImageError as error:
        return kept(block, target, f"{error}")


def kept(block: ImageBlock, target: Target, reason: str) -> Outcome:
    """Return the outcome of an image of unknown size that stays as it is."""
    decision = Decision(Technique.PRESERVE, reason)
    return Outcome(block.place, block.shape, block.turn, decision, model=target.counting.name)


def _read(block: ImageBlock) -> Header:
    header = peek_header(payload_head(block, PEEK_BYTES))
    return header if header is not None else read_header(payload_bytes(block))


def _decide_seen(case: _Case, router: Router, images: int) -> Outcome:
    try:
        outcome = _decide_by_question(case, router)
    except ImageError as error:
        outcome = _keep(case, Decision(Technique.PRESERVE, f"{error}"))
    refused = _refusal(case, outcome, images)
    if refused is not None:
        return _repair(case, outcome, refused, images)
    return _pre_resize(case, outcome) if case.pre_resize and outcome.decision.size is None else outcome


def _refusal(case: _Case, outcome: Outcome, images: int) -> str | None:
    size, encoded = outcome.size_after or case.header.size, -(-(outcome.bytes_after or 0) // 3) * 4
    parts = outcome.replacement.parts if outcome.replacement else ()
    types = [part.media_type for part in parts if isinstance(part, Picture) and part.data is not None]
    return refusal(case.target.counting, types[0] if types else case.header.media_type, size, encoded, images)


def _decide_by_question(case: _Case, router: Router) -> Outcome:
    hands_off = _hands_off(case)
    if hands_off is not None:
        return _keep(case, Decision(Technique.PRESERVE, hands_off))
    needs = router.route(case.block.query)
    goes_low = wants_whole(needs) and not unserved_by_low(needs)
    if (goes_low or needs.silent) and (unserved := _asked_by_schema(case.block.query, router)) is not None:
        return _snap(case, unserved, Decision(Technique.PRESERVE, f"{needs.words()}, and {_schema_reason(unserved)}"))
    if goes_low:
        return _go_low(case, needs, text_below=case.thresholds.text_like)
    if needs.silent and (before := _asked_before(case, router)) is not None:
        return _snap(
            case,
            before,
            Decision(Technique.PRESERVE, f"{needs.words()}, and what was said before it needs {before.words()}"),
        )
    if needs.silent:
        return _go_low(case, needs, text_below=case.thresholds.text_free)
    decision = Decision(Technique.PRESERVE, _needs_reason(needs), needs.confidence)
    return _snap(case, needs, decision)


def _asked_before(case: _Case, router: Router) -> Needs | None:
    """The needs of the instructions and the earlier question, where they ask for what a small picture would lose."""
    background = case.block.query.background
    if not background.strip():
        return None
    needs = router.route(Query(text=background))
    return needs if _demands(needs) else None


def _asked_by_schema(query: Query, router: Router) -> Needs | None:
    """The needs of the fields that the answer must fill in, where they ask for what a small picture would lose.

    All open where the fields are too many to read, since any may stand among them.
    """
    if query.answer is None:
        return Needs()
    found = (router.route(Query(text=piece)) for piece in query.answer)
    return next((needs for needs in found if _demands(needs)), None)


def _demands(needs: Needs) -> bool:
    return any(needs.present(need) for need in unserved_by_low(needs))


def _hands_off(case: _Case) -> str | None:
    block, target = case.block, case.target
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
    if not case.thresholds.lossy:
        return f"policy {case.policy.value!r} drops no pixels"
    return case.header.left_alone


def _go_low(case: _Case, needs: Needs, *, text_below: float) -> Outcome:
    settings = case.target.settings_for(case.block)
    view = cheapest_gist(case.target, case.header.size, settings, case.thresholds)
    if view is None:
        reason = f"{needs.words()}, but no smaller form that serves it saves enough"
        return _snap(case, needs, Decision(Technique.PRESERVE, reason, needs.confidence))
    shrunk = _shrink(case, view.encoding.size, text_below=text_below)
    if shrunk.bears_text:
        reason = f"{needs.words()}, but the picture bears text that a small copy would lose"
        return _keep(case, Decision(Technique.PRESERVE, reason, needs.confidence))
    reason = f"{needs.words()}: {view.seen_edge} px serve it"
    return _make(case, view, shrunk, Decision(Technique.FULL_LOW, reason, needs.confidence))


def _snap(case: _Case, needs: Needs, decision: Decision) -> Outcome:
    view = cheapest_snap(case.target, case.header.size, case.thresholds) if serves_snap(needs) else None
    if view is None:
        return _keep(case, decision)
    shrunk = _shrink(case, view.encoding.size)
    shrink = 100 * (1 - max(view.encoding.size) / max(case.header.size))
    reason = f"{decision.reason}; shrunk by {shrink:.1f} % to leave a tile boundary"
    return _make(case, view, shrunk, replace(decision, reason=reason))


def _shrink(case: _Case, size: Size, *, text_below: float | None = None) -> Shrunk:
    wish = Wish(size, tuple(sorted(case.target.formats)), case.target.max_bytes, text_below)
    return shrink(case.block, case.header, wish, case.memo, has_text=case.has_text)


def _make(case: _Case, view: View, shrunk: Shrunk, decision: Decision) -> Outcome:
    size, setting = view.encoding.size, view.encoding.setting
    if shrunk.data is None:
        made = Picture(setting=case.target.written(setting, case.block))
        return _outcome(case, replace(decision, setting=setting), view, made, None)
    made = Picture(shrunk.data, shrunk.media_type, case.target.written(setting, case.block))
    return _outcome(case, replace(decision, size=size, setting=setting), view, made, len(shrunk.data))


def _repair(case: _Case, outcome: Outcome, refused: str, images: int) -> Outcome:
    decision = outcome.decision
    if case.block.query.coordinates:
        reason = f"{refused}, and a resize would move the coordinates that the request works with"
        return _keep(case, replace(decision, reason=reason))
    if case.header.left_alone is not None:
        return _keep(case, replace(decision, reason=f"{refused}; {case.header.left_alone}"))
    size = acceptable_size(case.target.counting, case.header.size, images)
    view = case.target.view(Encoding(size, decision.setting or case.block.setting))
    try:
        shrunk = _shrink(case, size)
    except ImageError as error:
        return _keep(case, replace(decision, reason=f"{refused}; it cannot be repaired: {error}"))
    repaired = replace(decision, reason=f"{refused}: repaired", size=size, repair=True)
    made = Picture(shrunk.data, shrunk.media_type, case.target.written(decision.setting, case.block))
    return _outcome(case, repaired, view, made, len(shrunk.data or b""))


def _pre_resize(case: _Case, outcome: Outcome) -> Outcome:
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
        shrunk = _shrink(case, seen)
    except ImageError:
        return outcome
    before, after = outcome.bytes_before or 0, len(shrunk.data or b"")
    if after > PRE_RESIZE_SHARE * before:
        return outcome
    reason = f"{outcome.reason}; sent at the size that the model sees, {100 - 100 * after // before} % fewer bytes"
    decision = replace(outcome.decision, reason=reason, size=seen)
    made = Picture(shrunk.data, shrunk.media_type, case.target.written(setting, case.block))
    return _outcome(case, decision, view, made, after)


def _decide_unseen(block: ImageBlock, target: Target, thresholds: Thresholds, router: Router) -> Outcome:
    unread = "the picture is behind a URL or a file id, which is never fetched"
    needs = router.route(block.query)
    setting = _setting_for_unseen(block, target, thresholds)
    if setting is None or not wants_whole(needs) or unserved_by_low(needs):
        return kept(block, target, unread)
    if (unserved := _asked_by_schema(block.query, router)) is not None:
        return kept(block, target, f"{unread}; {_schema_reason(unserved)}")
    decision = Decision(Technique.FULL_LOW, f"{needs.words()}; {unread}", needs.confidence, setting=setting)
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


def _keep(case: _Case, decision: Decision) -> Outcome:
    return _outcome(case, decision, case.before, None, None)


def _outcome(case: _Case, decision: Decision, view: View, made: Picture | None, made_bytes: int | None) -> Outcome:
    before, sent = case.before.count, _encoded_length(case.block) * 3 // 4
    return Outcome(
        place=case.block.place,
        shape=case.block.shape,
        turn=case.block.turn,
        decision=decision,
        tokens_before=before.tokens,
        tokens_after=view.count.tokens,
        exactness=before.exactness,
        model=case.target.counting.name,
        size_before=case.header.size,
        size_after=view.encoding.size,
        seen_before=before.seen,
        seen_after=view.count.seen,
        bytes_before=sent,
        bytes_after=sent if made_bytes is None else made_bytes,
        replacement=None if made is None else Replacement((made,)),
    )


def _encoded_length(block: ImageBlock) -> int:
    """Length of the image in base64, which is what the providers' limits speak of."""
    payload = block.payload or ""
    return len(payload) if isinstance(payload, str) else -(-len(payload) // 3) * 4


def _schema_reason(unserved: Needs) -> str:
    return f"the schema of the answer needs {unserved.words()}"


def _needs_reason(needs: Needs) -> str:
    open_needs = unserved_by_low(needs)
    if any(needs.present(need) for need in open_needs):
        return f"the question needs {needs.words()}"
    return f"the question: {needs.words()}"
