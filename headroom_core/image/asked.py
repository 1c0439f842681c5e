"""What a request asks of one image: its question, the schema of the answer, and what was said before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from headroom_core.blocks import Query
from headroom_core.image.gates import unserved_by_low
from headroom_core.image.router.needs import Need, Needs, Router

__all__ = ["Asked", "asked"]

_DEMANDING: Final = tuple(need for need in Need if need not in (Need.GIST, Need.NONE))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an image.

    Attributes:
        needs: What the question needs, joined with what the schema of the answer or an earlier question needs.
        words: The same in plain words.
        open: Nothing at all is named, so that the picture decides.
    """

    needs: Needs
    words: str
    open: bool = False

    def of_page(self) -> Asked:
        """The same over a picture that bears text: what it bears may be what is meant."""
        levels: dict[str, Any] = dict.fromkeys((Need.TEXT.value, Need.DIGITS.value, Need.DETAIL.value), 1.0)
        return Asked(replace(self.needs, **levels), f"{self.words}, and the picture may bear text")

    def of_scene(self) -> Asked:
        """The same over a picture without text: it is meant as a whole."""
        levels: dict[str, Any] = dict.fromkeys((need.value for need in _DEMANDING), 0.0)
        return Asked(
            replace(self.needs, **levels, gist=1.0), f"{self.words}, and the picture bears no text that was found"
        )


def asked(query: Query, router: Router) -> Asked:
    """Read what is asked of an image.

    What the fields of the answer ask for is needed beside what the words ask for. Words that name nothing take what
    was said before them, where that asks for something.
    """
    needs = router.route(query)
    words = _words(needs)
    schema = _asked_by_schema(query, router)
    if schema is not None:
        return Asked(_joined(needs, schema), f"{words}, and the schema of the answer needs {schema.words()}")
    if not needs.silent:
        return Asked(needs, words)
    before = _asked_before(query, router)
    if before is not None:
        return Asked(_joined(needs, before), f"{words}, and what was said before it needs {before.words()}")
    return Asked(needs, words, open=True)


def _asked_before(query: Query, router: Router) -> Needs | None:
    """The needs of the instructions and the earlier question, where they ask for what a small picture would lose."""
    if not query.background.strip():
        return None
    needs = router.route(Query(text=query.background))
    return needs if _demands(needs) else None


def _asked_by_schema(query: Query, router: Router) -> Needs | None:
    """The needs of the fields that the answer must fill in, where they ask for what a small picture would lose.

    All open where the fields are too many to read, since any may stand among them.
    """
    if query.answer is None:
        return Needs()
    found = [router.route(Query(text=piece)) for piece in query.answer]
    demanding = [needs for needs in found if _demands(needs)]
    return None if not demanding else _all_joined(demanding)


def _all_joined(needs: list[Needs]) -> Needs:
    first, *others = needs
    for other in others:
        first = _joined(first, other)
    return first


def _joined(needs: Needs, more: Needs) -> Needs:
    """Everything that either needs: a region of one is no region of both."""
    levels: dict[str, Any] = {need.value: max(needs.probability(need), more.probability(need)) for need in _DEMANDING}
    return replace(needs, **levels, place=None, silent=False)


def _demands(needs: Needs) -> bool:
    return any(needs.present(need) for need in unserved_by_low(needs))


def _words(needs: Needs) -> str:
    words = needs.words()
    if words == "gist only":
        return "the question needs the gist only"
    return f"the question needs {words}" if any(needs.present(need) for need in Need) else f"the question: {words}"
