"""Train the trees that tell the kind of a picture, and whether it bears text.

    python training/images/kinds.py OUT DATA ...

DATA is what `measure.py` wrote; OUT holds `letters_*.npz`, `heights.npz` and `det*.npz`. Writes `OUT/trained.npz`,
all that the engine ships, and beside this script `RESULTS.md`, where the source of each picture was left out of the
trees and the heights, and `RESULTS_BY_PACKAGE.md`, where its whole package and its kin were. The network never saw the
package in either.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from crops import packages_of
from detector import strongest
from heights import held_out as heights_held_out
from heights import pages_in
from kin import fold_of, kin_of
from measure import joined
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from trees import Both

from headroom_core.image.signals.evidence import NAMES, letters_in
from headroom_core.image.signals.kinds import PictureKind
from headroom_core.image.signals.measured import UNSURE
from headroom_core.image.signals.network import Letters

HERE = Path(__file__).parent
KINDS = [kind.value for kind in PictureKind]
FOLDS = 8
FIRST = NAMES.index("letters most")
DRAWN = ("editor", "charts", "receipts", "posters", "signs")


def letters_held_out(data: dict[str, np.ndarray], packages: np.ndarray, out: Path) -> np.ndarray:
    """What a network that never saw the package says of each patch."""
    paths = sorted(out.glob("letters_[0-9].npz"))
    fold = np.array([fold_of(package, len(paths)) for package in packages])[data["picture"]]
    found = np.zeros(len(fold))
    for number, path in enumerate(paths):
        network = Letters.read(dict(np.load(path)))
        for part in np.array_split(np.flatnonzero(fold == number), 50):
            found[part] = network(data["patches"][part])
    return found


def evidence_with(data: dict[str, np.ndarray], letters: np.ndarray) -> np.ndarray:
    """The evidence with the network's part filled in."""
    evidence, picture, groups = data["evidence"].copy(), data["picture"], data["groups"]
    for number in range(len(evidence)):
        own = picture == number
        evidence[number, FIRST:] = letters_in(letters[own], groups[own])
    return evidence


def folds_of(names: np.ndarray, kinds: np.ndarray, folds: int) -> np.ndarray:
    """The fold of each picture: a name is in one fold, and each kind's names are spread over all."""
    unique = np.unique(names)
    # Sorted, so that a tie falls the same way each time.
    main = {name: max(sorted(set(kinds[names == name])), key=list(kinds[names == name]).count) for name in unique}
    order = sorted(unique, key=lambda name: (main[name], name))
    return np.array([order.index(name) % folds for name in names])


def held_out(evidence: np.ndarray, truth: np.ndarray, fold: np.ndarray) -> np.ndarray:
    found = None
    for number in np.unique(fold):
        inside = fold == number
        part = Both.fit(evidence[~inside], truth[~inside])(evidence[inside])
        found = np.zeros((len(truth), part.shape[1])) if found is None else found
        found[inside] = part
    return found


def softmax(logits: np.ndarray) -> np.ndarray:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """The scale of the logits that makes the confidences true."""
    scales = np.linspace(0.2, 3.0, 141)
    places = np.array([KINDS.index(kind) for kind in truth])
    losses = [-np.log(softmax(scale * logits)[np.arange(len(places)), places] + 1e-9).mean() for scale in scales]
    return float(scales[int(np.argmin(losses))])


def logit(share: np.ndarray) -> np.ndarray:
    share = np.clip(share, 0.002, 0.998)
    return np.log(share / (1 - share))


def asked(seen: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Where the engine asks the detector and gets an answer."""
    return (seen > UNSURE[0]) & (seen < UNSURE[1]) & (found >= 0)


def with_detector(seen: np.ndarray, found: np.ndarray, text: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """The probabilities of text where the detector was asked, weighed on other folds, never lower; as before
    elsewhere."""
    both, where = seen.copy(), asked(seen, found)
    for number in np.unique(fold):
        inside, others = where & (fold == number), where & (fold != number)
        if inside.any():
            weighed = weighing(seen[others], found[others], text[others]).predict_proba(
                np.column_stack([logit(seen[inside]), logit(found[inside])])
            )[:, 1]
            both[inside] = np.maximum(seen[inside], weighed)
    return both


def weighing(seen: np.ndarray, found: np.ndarray, text: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=10).fit(np.column_stack([logit(seen), logit(found)]), text)


def main(out: Path, *data_at: Path) -> None:
    data, fitted = joined(list(data_at)), dict(np.load(out / "letters_all.npz"))
    text, kind, own = data["text"].astype(int), data["kind"], data["variant"] == "own"
    order = np.array([KINDS.index(value) for value in kind])
    package = packages_of()
    packages = np.array([package[name] for name in data["source"]])
    evidence = evidence_with(data, letters_held_out(data, packages, out))
    answers = {name: strongest(text) for path in out.glob("det*.npz") for name, text in np.load(path).items()}
    found = np.where(own, [answers.get(str(name), -1.0) for name in data["id"]], -1.0)
    kin = np.array([kin_of(name) for name in packages])
    for names, report in ((kin, by_package), (data["source"], by_source)):
        fold = folds_of(names, kind, FOLDS)
        text_logits, kind_logits = held_out(evidence, text, fold), held_out(evidence, order, fold)
        line = LogisticRegression(C=1e6).fit(text_logits, text)
        scale = temperature(kind_logits, kind)
        seen = line.predict_proba(text_logits)[:, 1]
        if report is by_package:
            # What is shipped is calibrated on the harder figures.
            fitted["text_line"] = np.float32([line.coef_[0, 0], line.intercept_[0]])
            fitted["kind_scale"] = np.float32(scale)
            where = asked(seen, found)
            weights = weighing(seen[where], found[where], text[where])
            fitted["detector_line"] = np.float32([*weights.coef_[0], weights.intercept_[0]])
        report(data, seen, with_detector(seen, found, text, fold), softmax(scale * kind_logits), found)
    fitted |= Both.fit(evidence, text).exported("text") | Both.fit(evidence, order).exported("kind")
    fitted |= dict(np.load(out / "heights.npz"))
    np.savez_compressed(out / "trained.npz", **fitted)
    digest = hashlib.sha256((out / "trained.npz").read_bytes()).hexdigest()
    print(f"sha256 {digest}, {(out / 'trained.npz').stat().st_size / 1000:.0f} kB")


def by_package(
    data: dict[str, np.ndarray], seen: np.ndarray, both: np.ndarray, shares: np.ndarray, found: np.ndarray
) -> None:
    text, kind, own = data["text"].astype(int), data["kind"], data["variant"] == "own"
    real, guess = own & ~np.isin(data["source"], DRAWN), np.array(KINDS)[shares.argmax(axis=1)]
    lines = [
        "# Results with whole packages left out\n",
        "The network, the trees and the weights of the detector never saw the package of a picture, nor its kin.",
        "Calibrated on the same figures. `not drawn`: without the extras of `made.py`.\n",
        "| evidence | images | n | AUC | missed / false alarms at 0.2 | at 0.3 | at 0.5 |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, part in (("measured", seen), ("with detector", both)):
        for images, chosen in (("all", own), ("not drawn", real), ("resized", ~own)):
            if part is seen or images != "resized":
                cells = [f"{roc_auc_score(text[chosen], part[chosen]):.3f}"]
                cells += [rates(text[chosen], part[chosen], bound) for bound in (0.2, 0.3, 0.5)]
                lines.append(f"| {name} | {images} | {chosen.sum()} | {' | '.join(cells)} |")
    where = asked(seen, found)
    alone = roc_auc_score(text[found >= 0], found[found >= 0])
    lines.append(
        f"\nThe detector was asked about {where.sum()} of {own.sum()} images; its own AUC on all: {alone:.3f}."
    )
    right = guess == kind
    lines.append(f"\nKind right: {right[own].mean():.3f} of all, {right[real].mean():.3f} of those not drawn.\n")
    lines += confusions(kind[own], guess[own])
    lines += ["", "| pictures with text | n | missed at 0.5 | with detector | n not drawn | missed | with detector |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for name in KINDS:
        both_parts = [chosen & (kind == name) & (text == 1) for chosen in (own, real)]
        cells = (
            f"{part.sum()} | {np.mean(seen[part] < 0.5):.3f} | {np.mean(both[part] < 0.5):.3f}"
            for part in both_parts
            if part.any()
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    (HERE / "RESULTS_BY_PACKAGE.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


def rates(text: np.ndarray, found: np.ndarray, bound: float) -> str:
    return f"{np.mean(found[text == 1] < bound):.3f} / {np.mean(found[text == 0] >= bound):.3f}"


def confusions(kind: np.ndarray, guess: np.ndarray) -> list[str]:
    lines = ["Rows are the truth, columns what was said.\n", "| | " + " | ".join(KINDS) + " | right |"]
    return [*lines, "|---" * (len(KINDS) + 2) + "|", *(kind_row(name, kind, guess) for name in KINDS)]


def by_source(
    data: dict[str, np.ndarray], seen: np.ndarray, both: np.ndarray, shares: np.ndarray, _found: np.ndarray
) -> None:
    text, kind = data["text"].astype(int), data["kind"]
    own, source = data["variant"] == "own", data["source"]
    guess, sure = np.array(KINDS)[shares.argmax(axis=1)], shares.max(axis=1)
    parts = [
        "# Results of the picture signals\n",
        f"{own.sum()} images of {len(set(source))} sources, each source left out in turn (in groups).",
        "Sources of one package are not left out together: `RESULTS_BY_PACKAGE.md` does that, the harder figure.",
        "Calibration, and the choice between set-ups, looked at these figures too.",
        "`resized`: the same images at another size, half of them as JPEG of low quality. Labels: two looks by one",
        "person, the second shuffled and without sight of the first; where they differed, a third look decided;",
        "280 images of the newer sources have had one look only.",
        agreement(),
        "Sources whose truth is known by how they were made (pages, web, drawn extras) were not looked at twice.\n",
        "## Text or no text\n",
        "| images | n | AUC | right at 0.5 | missed | false alarms |",
        "|---|---|---|---|---|---|",
        *(text_row(name, text[chosen], seen[chosen]) for name, chosen in slices(own, source)),
        text_row("as they are, with detector", text[own], both[own]),
        "\n## Kind\n",
        f"Right: {np.mean((guess == kind)[own]):.3f} as they are, {np.mean((guess == kind)[~own]):.3f} resized.",
        "Where the",
        *(
            f"confidence is {least} or more: {np.mean((guess == kind)[own & (sure >= least)]):.3f} right of "
            f"{np.mean(sure[own] >= least):.2f} of the images;"
            for least in (0.5, 0.7, 0.9)
        ),
        "",
        *confusions(kind[own], guess[own]),
        *source_rows(source, own, guess == kind, (seen >= 0.5) == text, (both >= 0.5) == text),
        *heights_part(data),
        "\n## Images of which text was missed or seen wrongly\n",
        *(
            f"- {data['id'][at]} ({kind[at]}, text {text[at]}): {seen[at]:.2f}, with detector {both[at]:.2f}"
            for at in np.flatnonzero(own & ((seen >= 0.5) != text))
        ),
        "",
    ]
    (HERE / "RESULTS.md").write_text("\n".join(parts), "utf-8")
    print("\n".join(parts[:40]))


def source_rows(source: np.ndarray, own: np.ndarray, *right: np.ndarray) -> list[str]:
    lines = [
        "\n## Both by source\n",
        "| source | n | kind right | text right at 0.5 | with detector |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(set(source)):
        at = own & (source == name)
        lines.append(f"| {name} | {at.sum()} | " + " | ".join(f"{part[at].mean():.2f}" for part in right) + " |")
    return lines


def slices(own: np.ndarray, source: np.ndarray) -> list[tuple[str, np.ndarray]]:
    drawn = np.isin(source, DRAWN)
    return [("as they are", own), ("without drawn extras", own & ~drawn), ("resized", ~own)]


def text_row(name: str, text: np.ndarray, seen: np.ndarray) -> str:
    yes, no = seen[text == 1], seen[text == 0]
    return (
        f"| {name} | {len(text)} | {roc_auc_score(text, seen):.3f} | {np.mean((seen >= 0.5) == text):.3f} | "
        f"{np.mean(yes < 0.5):.3f} | {np.mean(no >= 0.5):.3f} |"
    )


def kind_row(name: str, kind: np.ndarray, guess: np.ndarray) -> str:
    said = [int(np.sum((kind == name) & (guess == other))) for other in KINDS]
    return f"| **{name}** | " + " | ".join(map(str, said)) + f" | {np.mean(guess[kind == name] == name):.2f} |"


def heights_part(data: dict[str, np.ndarray]) -> Sequence[str]:
    found = heights_held_out(pages_in(data))
    pages = [name for name in found if name not in ("posters", "signs", "charts")]
    lines = [
        "\n## Text height\n",
        "Relative error of the em heights that 5, 10 and 50 % of the characters do not reach.\n",
    ]
    lines += ["| source | n | p5 median / 90 % | p10 median / 90 % | p50 median / 90 % |", "|---|---|---|---|---|"]
    rows = {"**all pages and screens**": np.concatenate([found[name] for name in pages]), **found}
    for name, logs in rows.items():
        error = np.abs(np.expm1(logs))
        cells = (f"{np.median(column):.3f} / {np.quantile(column, 0.9):.2f}" for column in error.T)
        lines.append(f"| {name} | {len(logs)} | " + " | ".join(cells) + " |")
    return lines


def agreement() -> str:
    with (HERE / "labels.csv").open() as file:
        looks = [(row["first_look"].split(), row["second_look"].split()) for row in csv.DictReader(file)]
    looks = [pair for pair in looks if pair[0] != ["truth"] and pair[1]]
    kind, text = (np.mean([first[part] == second[part] for first, second in looks]) for part in (0, 1))
    return f"The looks agreed on the kind of {kind:.1%} and on the text of {text:.1%} of {len(looks)} images."


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
