"""What the verdicts amount to: answers preserved, tokens, savings, and whether the rule passes its gates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from headroom.evals.offline.bench import ORACLE, ORIGINAL, PAGE_ORACLE, Verdict
from headroom.evals.offline.policies import POLICIES
from headroom.evals.scores import Share

__all__ = ["GATES", "Areas", "Figures", "Gates", "areas_of", "figures_of", "lost", "passes", "tabulate"]

_Key = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Gates:
    """What the rule has to reach on real pages.

    Attributes:
        either: Share of answers that at least one judge still reads, of those that at least one reads in the original.
        both: Share of answers that all judges still read, of those that all read in the original.
        of_oracle: Share of the saving of the oracle of the page. That of a question knows where the answer stands, as
            no rule does.
        covered: Share of answers to questions about a part that lie inside what is sent.
    """

    either: float = 0.97
    both: float = 0.92
    of_oracle: float = 0.75
    covered: float = 0.95


GATES: Final = Gates()
_ORDER: Final = (*POLICIES, PAGE_ORACLE, ORACLE)


@dataclass(frozen=True, slots=True)
class Figures:
    """How one policy does on one model, or on several.

    Attributes:
        policy: The policy.
        judges: For each judge the share of what it reads in the original that it still reads.
        either: Share that at least one judge still reads, of what at least one reads in the original.
        both: Share that all judges still read, of what all read in the original.
        digits: As `both`, of answers with digits.
        tokens: Mean tokens of what is sent for a question.
        saving: Share of the original's tokens that is saved; negative where more is sent.
        of_oracle: This saving as a share of that of the oracle of the page.
    """

    policy: str
    judges: Mapping[str, Share]
    either: Share
    both: Share
    digits: Share
    tokens: float
    saving: float
    of_oracle: float


@dataclass(frozen=True, slots=True)
class Areas:
    """How the engine does on questions about a part of a page.

    Attributes:
        covered: Share of the answers that lie inside what is sent, of the questions for which a part is sent.
        cut: Share of the questions for which a part is sent.
        either: As in `Figures`.
        both: As in `Figures`.
        saving: As in `Figures`.
    """

    covered: Share
    cut: Share
    either: Share
    both: Share
    saving: float


def tabulate(verdicts: Sequence[Verdict]) -> dict[str, list[Figures]]:
    """The figures of all policies, by model, and over all models under `all`."""
    models = list(dict.fromkeys(verdict.model for verdict in verdicts))
    tables = {model: figures_of([one for one in verdicts if one.model == model]) for model in models}
    return {**tables, "all": figures_of(verdicts)} if len(models) > 1 else tables


def figures_of(verdicts: Sequence[Verdict]) -> list[Figures]:
    """The figures of every policy on the questions about whole pages, the oracles last.

    A policy that has nothing to send for a question sends the original.
    """
    by_policy = _by_policy(one for one in verdicts if not one.area)
    original = by_policy.get(ORIGINAL, {})
    counted = {key: one for key, one in original.items() if any(one.read.values())}
    best = _tokens(by_policy.get(PAGE_ORACLE, {}), counted)
    return [_figures(name, by_policy[name], counted, best) for name in _ORDER if name in by_policy]


def areas_of(verdicts: Sequence[Verdict]) -> Areas:
    """The figures of the rule on questions about a part of a page."""
    by_policy = _by_policy(one for one in verdicts if one.area)
    counted = {key: one for key, one in by_policy.get(ORIGINAL, {}).items() if any(one.read.values())}
    sent = {key: one for key, one in by_policy.get("rule", {}).items() if key in counted}
    parts = [one for one in sent.values() if _is_part(one)]
    before, after = _tokens(counted, counted), _tokens(sent, counted)
    return Areas(
        covered=Share(sum(one.shown >= 0.95 for one in parts), len(parts)),
        cut=Share(len(parts), len(sent)),
        either=_either(sent, counted),
        both=_both(sent, counted),
        saving=1 - after / before if before else 0.0,
    )


def lost(verdicts: Iterable[Verdict], policy: str = "rule") -> list[Verdict]:
    """The verdicts of a policy in which a judge no longer reads what it reads in the original."""
    by_policy = _by_policy(verdicts)
    original = by_policy.get(ORIGINAL, {})
    return [
        one
        for key, one in by_policy.get(policy, {}).items()
        if any(read and not one.read[name] for name, read in original[key].read.items())
    ]


def passes(rule: Figures, areas: Areas, gates: Gates = GATES) -> bool:
    """Whether the rule preserves and saves enough. Nothing passes without questions."""
    preserved = rule.either.value >= gates.either and rule.both.value >= gates.both
    covered = areas.covered.value >= gates.covered or not areas.covered.n
    return bool(rule.either.n) and preserved and rule.of_oracle >= gates.of_oracle and covered


def _by_policy(verdicts: Iterable[Verdict]) -> dict[str, dict[_Key, Verdict]]:
    found: dict[str, dict[_Key, Verdict]] = defaultdict(dict)
    for one in verdicts:
        found[one.policy][one.key] = one
    return found


def _figures(policy: str, sent: dict[_Key, Verdict], counted: dict[_Key, Verdict], best: int) -> Figures:
    whole = {key: sent.get(key, original) for key, original in counted.items()}
    names = next((list(one.read) for one in counted.values()), [])
    before, after = _tokens(counted, counted), _tokens(whole, counted)
    digits = {key: one for key, one in counted.items() if one.question.digits}
    return Figures(
        policy=policy,
        judges={name: _by_judge(name, whole, counted) for name in names},
        either=_either(whole, counted),
        both=_both(whole, counted),
        digits=_both(whole, digits),
        tokens=after / max(1, len(counted)),
        saving=1 - after / before if before else 0.0,
        of_oracle=(before - after) / (before - best) if before > best else 1.0,
    )


def _tokens(sent: Mapping[_Key, Verdict], counted: Mapping[_Key, Verdict]) -> int:
    return sum(sent[key].form.tokens for key in counted if key in sent)


def _by_judge(name: str, sent: Mapping[_Key, Verdict], counted: Mapping[_Key, Verdict]) -> Share:
    keys = [key for key, original in counted.items() if original.read[name]]
    return Share(sum(sent[key].read[name] for key in keys), len(keys))


def _either(sent: Mapping[_Key, Verdict], counted: Mapping[_Key, Verdict]) -> Share:
    keys = [key for key in counted if key in sent]
    return Share(sum(any(sent[key].read.values()) for key in keys), len(keys))


def _both(sent: Mapping[_Key, Verdict], counted: Mapping[_Key, Verdict]) -> Share:
    keys = [key for key, original in counted.items() if key in sent and all(original.read.values())]
    return Share(sum(all(sent[key].read.values()) for key in keys), len(keys))


def _is_part(verdict: Verdict) -> bool:
    width, height = verdict.page.size
    boxes = [sight.box for sight in verdict.form.sights]
    return bool(boxes) and boxes[0] != (0, 0, width, height)
