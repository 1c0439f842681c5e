"""Train the trees that tell the kind of a picture, and whether it bears text.

    python training/images/kinds.py OUT DATA ...

DATA is what `measure.py` wrote; OUT holds `letters_*.npz`, `heights.npz`, `glance_*.npz` and `det*.npz`. Writes
`OUT/trained.npz`, all that the engine ships beside `glance.onnx`, and beside this script `RESULTS.md`, where the source
of each picture was left out of the trees and the heights, and `RESULTS_BY_PACKAGE.md`, where its whole package and its
kin were. The networks never saw the package in either.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
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


def glances_in(out: Path, names: np.ndarray) -> np.ndarray:
    """What a glance that never saw the package says of each picture: logits of the kinds, and of text."""
    parts = [np.load(path) for path in sorted(out.glob("glance_[0-9].npz"))]
    said = {str(name): logits for part in parts for name, logits in zip(part["id"], part["logits"], strict=True)}
    return np.array([said[str(name)] for name in names], np.float64)


@dataclass
class Joined:
    """The trees and a glance weighed together."""

    text: LogisticRegression
    kinds: LogisticRegression

    @classmethod
    def fit(
        cls, text_logits: np.ndarray, kind_logits: np.ndarray, glance: np.ndarray, text: np.ndarray, order: np.ndarray
    ) -> Joined:
        both = np.column_stack([kind_logits, glance[:, :-1]])
        return cls(
            LogisticRegression(C=1e3).fit(np.column_stack([text_logits, glance[:, -1]]), text),
            LogisticRegression(C=0.01, max_iter=2000).fit(both, order),
        )

    def __call__(self, text_logits: np.ndarray, kind_logits: np.ndarray, glance: np.ndarray) -> tuple:
        """The probability of text, and of each kind."""
        seen = self.text.predict_proba(np.column_stack([text_logits, glance[:, -1]]))[:, 1]
        return seen, self.kinds.predict_proba(np.column_stack([kind_logits, glance[:, :-1]]))

    def exported(self) -> dict[str, np.ndarray]:
        weights = np.float32([*self.text.coef_[0], self.text.intercept_[0]])
        return {
            "glance_text": weights,
            "glance_kinds": np.float32(np.vstack([self.kinds.coef_.T, self.kinds.intercept_])),
        }


def joined_held_out(
    text_logits: np.ndarray,
    kind_logits: np.ndarray,
    glance: np.ndarray,
    text: np.ndarray,
    order: np.ndarray,
    fold: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities by both, the weights fitted on other folds."""
    seen, shares = np.zeros(len(text)), np.zeros(kind_logits.shape)
    for number in np.unique(fold):
        inside = fold == number
        weights = Joined.fit(*(part[~inside] for part in (text_logits, kind_logits, glance, text, order)))
        seen[inside], shares[inside] = weights(*(part[inside] for part in (text_logits, kind_logits, glance)))
    return seen, shares


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
    found = np.array([answers.get(str(name), -1.0) for name in data["id"]])[own]
    glance = glances_in(out, data["id"][own])
    kin = np.array([kin_of(name) for name in packages])
    for names, report in ((kin, by_package), (data["source"], by_source)):
        fold = folds_of(names, kind, FOLDS)
        text_logits, kind_logits = held_out(evidence, text, fold), held_out(evidence, order, fold)
        line = LogisticRegression(C=1e6).fit(text_logits, text)
        scale = temperature(kind_logits, kind)
        alone = line.predict_proba(text_logits)[:, 1], softmax(scale * kind_logits)
        pictures = text_logits[own], kind_logits[own], glance, text[own], order[own]
        seen, shares = joined_held_out(*pictures, fold[own])
        if report is by_package:
            # What is shipped is calibrated on the harder figures.
            fitted["text_line"] = np.float32([line.coef_[0, 0], line.intercept_[0]])
            fitted["kind_scale"] = np.float32(scale)
            fitted |= Joined.fit(*pictures).exported()
            where = asked(seen, found)
            weights = weighing(seen[where], found[where], text[own][where])
            fitted["detector_line"] = np.float32([*weights.coef_[0], weights.intercept_[0]])
        both = with_detector(seen, found, text[own], fold[own])
        report(data, Held(*alone, seen, shares, both, asked(seen, found)))
    fitted |= Both.fit(evidence, text).exported("text") | Both.fit(evidence, order).exported("kind")
    fitted |= dict(np.load(out / "heights.npz"))
    np.savez_compressed(out / "trained.npz", **fitted)
    digest = hashlib.sha256((out / "trained.npz").read_bytes()).hexdigest()
    print(f"sha256 {digest}, {(out / 'trained.npz').stat().st_size / 1000:.0f} kB")


@dataclass
class Held:
    """What was said of pictures that were left out: probabilities of text and of the kinds.

    Of all rows by the trees alone; of the pictures as they are, by the trees and a glance, and with the detector.
    """

    trees: np.ndarray
    tree_kinds: np.ndarray
    seen: np.ndarray
    kinds: np.ndarray
    both: np.ndarray
    asked: np.ndarray


def by_package(data: dict[str, np.ndarray], held: Held) -> None:
    text, kind, own = data["text"].astype(int), data["kind"], data["variant"] == "own"
    drawn = np.isin(data["source"], DRAWN)[own]
    lines = [
        "# Results with whole packages left out\n",
        f"{own.sum()} images of {len(set(data['source']))} sources. The networks, the trees and the weights of the",
        "detector never saw the package of a picture, nor its kin. Calibrated on the same figures. `not drawn`:",
        "without the extras of `made.py`. `glance`: with the network of whole pictures, where onnxruntime runs.\n",
        "| evidence | images | n | AUC | missed / false alarms at 0.2 | at 0.3 | at 0.5 |",
        "|---|---|---|---|---|---|---|",
    ]
    rows = [("trees", "all", held.trees[own], text[own]), ("trees", "resized", held.trees[~own], text[~own])]
    rows += [("glance", "all", held.seen, text[own]), ("glance", "not drawn", held.seen[~drawn], text[own][~drawn])]
    rows += [("glance and detector", "all", held.both, text[own])]
    for name, images, part, truth in rows:
        cells = [f"{roc_auc_score(truth, part):.3f}", *(rates(truth, part, bound) for bound in (0.2, 0.3, 0.5))]
        lines.append(f"| {name} | {images} | {len(truth)} | {' | '.join(cells)} |")
    lines.append(f"\nThe detector was asked about {held.asked.sum()} of {own.sum()} images.\n")
    for name, shares in (("trees", held.tree_kinds[own]), ("glance", held.kinds)):
        guess = np.array(KINDS)[shares.argmax(axis=1)]
        right = guess == kind[own]
        lines += [f"\nKind right by {name}: {right.mean():.3f} of all, {right[~drawn].mean():.3f} of those not drawn."]
        for least in (0.5, 0.7, 0.9):
            sure = shares.max(axis=1) >= least
            lines.append(f"With a confidence of {least} or more ({sure.mean():.2f} of all): {right[sure].mean():.3f}.")
        lines += ["", *confusions(kind[own], guess)]
    lines += ["", "| pictures with text | n | missed at 0.5: trees | glance | and detector |", "|---|---|---|---|---|"]
    for name in KINDS:
        part = (kind[own] == name) & (text[own] == 1)
        cells = (f"{np.mean(one[part] < 0.5):.3f}" for one in (held.trees[own], held.seen, held.both))
        lines.append(f"| {name} | {part.sum()} | {' | '.join(cells)} |")
    (HERE / "RESULTS_BY_PACKAGE.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


def rates(text: np.ndarray, found: np.ndarray, bound: float) -> str:
    return f"{np.mean(found[text == 1] < bound):.3f} / {np.mean(found[text == 0] >= bound):.3f}"


def confusions(kind: np.ndarray, guess: np.ndarray) -> list[str]:
    lines = ["Rows are the truth, columns what was said.\n", "| | " + " | ".join(KINDS) + " | right |"]
    return [*lines, "|---" * (len(KINDS) + 2) + "|", *(kind_row(name, kind, guess) for name in KINDS)]


def by_source(data: dict[str, np.ndarray], held: Held) -> None:
    text, kind = data["text"].astype(int), data["kind"]
    own, source = data["variant"] == "own", data["source"]
    right = np.array(KINDS)[held.kinds.argmax(axis=1)] == kind[own]
    drawn = np.isin(source, DRAWN)[own]
    parts = [
        "# Results of the picture signals\n",
        f"{own.sum()} images of {len(set(source))} sources, each source left out of the trees in turn (in groups).",
        "Sources of one package are not left out together: `RESULTS_BY_PACKAGE.md` does that, the harder figure.",
        "Calibration, and the choice between set-ups, looked at these figures too.",
        "`resized`: the same images at another size, half of them as JPEG of low quality, by the trees alone.",
        agreement(),
        "Sources whose truth is known by how they were made (pages, web, drawn extras) were not looked at twice.\n",
        "## Text or no text\n",
        "| images | n | AUC | right at 0.5 | missed | false alarms |",
        "|---|---|---|---|---|---|",
        text_row("as they are, trees", text[own], held.trees[own]),
        text_row("resized, trees", text[~own], held.trees[~own]),
        text_row("as they are, glance", text[own], held.seen),
        text_row("without drawn extras, glance", text[own][~drawn], held.seen[~drawn]),
        text_row("as they are, glance and detector", text[own], held.both),
        *kind_part(kind, own, held),
        *source_rows(source[own], right, (held.seen >= 0.5) == text[own], (held.both >= 0.5) == text[own]),
        *heights_part(data),
        "\n## Images of which text was missed or seen wrongly\n",
        *(
            f"- {data['id'][own][at]} ({kind[own][at]}, text {text[own][at]}): {held.seen[at]:.2f}"
            for at in np.flatnonzero((held.seen >= 0.5) != text[own])
        ),
        "",
    ]
    (HERE / "RESULTS.md").write_text("\n".join(parts), "utf-8")
    print("\n".join(parts[:40]))


def kind_part(kind: np.ndarray, own: np.ndarray, held: Held) -> list[str]:
    guess, sure = np.array(KINDS)[held.kinds.argmax(axis=1)], held.kinds.max(axis=1)
    by_trees, right = np.array(KINDS)[held.tree_kinds.argmax(axis=1)] == kind, guess == kind[own]
    return [
        "\n## Kind\n",
        f"Right: {right.mean():.3f} with a glance, {by_trees[own].mean():.3f} by the trees alone,",
        f"{by_trees[~own].mean():.3f} resized. With a glance, where the",
        *(
            f"confidence is {least} or more: {right[sure >= least].mean():.3f} right of {np.mean(sure >= least):.2f} "
            "of the images;"
            for least in (0.5, 0.7, 0.9)
        ),
        "",
        *confusions(kind[own], guess),
    ]


def source_rows(source: np.ndarray, *right: np.ndarray) -> list[str]:
    lines = [
        "\n## Both by source\n",
        "| source | n | kind right | text right at 0.5 | with detector |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(set(source)):
        at = source == name
        lines.append(f"| {name} | {at.sum()} | " + " | ".join(f"{part[at].mean():.2f}" for part in right) + " |")
    return lines


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
