"""Train the trees that tell the kind of a picture, and whether it bears text.

    python training/images/kinds.py DATA OUT

DATA is what `measure.py` wrote; OUT holds `letters.npz`, `letters_held_out.npy` and `heights.npz`. Writes
`OUT/trained.npz`, all that the engine ships, and `RESULTS.md` beside this script: every figure leaves out the source
of the picture, in the trees, the network and the heights.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from heights import held_out as heights_held_out
from heights import pages_in
from letters import folds_of
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from headroom_core.image.signals.evidence import letters_in
from headroom_core.image.signals.kinds import PictureKind

HERE = Path(__file__).parent
KINDS = [kind.value for kind in PictureKind]
FOLDS = 12
TREES = 60
LEAF = 4


def evidence_with(data: np.lib.npyio.NpzFile, letters: np.ndarray) -> np.ndarray:
    """The evidence with the network's part filled in."""
    evidence, picture = data["evidence"].copy(), data["picture"]
    for number in range(len(evidence)):
        evidence[number, -5:] = letters_in(letters[picture == number])
    return evidence


def forest(evidence: np.ndarray, truth: np.ndarray) -> ExtraTreesClassifier:
    model = ExtraTreesClassifier(
        TREES, min_samples_leaf=LEAF, max_features=0.3, class_weight="balanced", n_jobs=1, random_state=0
    )
    return model.fit(evidence.astype(np.float32), truth)


def outputs(model: ExtraTreesClassifier, evidence: np.ndarray) -> np.ndarray:
    """The mean shares of the leaves; of text or no text, only that of text."""
    found = model.predict_proba(evidence.astype(np.float32))
    return found[:, 1:] if found.shape[1] == 2 else found


def held_out(evidence: np.ndarray, truth: np.ndarray, fold: np.ndarray) -> np.ndarray:
    found = None
    for number in np.unique(fold):
        inside = fold == number
        part = outputs(forest(evidence[~inside], truth[~inside]), evidence[inside])
        found = np.zeros((len(truth), part.shape[1])) if found is None else found
        found[inside] = part
    return found


def exported(model: ExtraTreesClassifier, name: str) -> dict[str, np.ndarray]:
    """The trees with the right child always behind the left one."""
    number, bound, left, value, roots = [], [], [], [], []
    for estimator in model.estimators_:
        tree = estimator.tree_
        shares = tree.value[:, 0] / tree.value[:, 0].sum(axis=1, keepdims=True) / len(model.estimators_)
        shares = shares[:, 1:] if shares.shape[1] == 2 else shares
        roots.append(len(number))
        order = [0]
        for node in order:
            inner = tree.children_left[node] >= 0
            number.append(tree.feature[node] if inner else -1)
            bound.append(tree.threshold[node] if inner else 0.0)
            left.append(roots[-1] + len(order) if inner else 0)
            value.append(0 * shares[node] if inner else shares[node])
            order += [tree.children_left[node], tree.children_right[node]] if inner else []
    depth = max(estimator.tree_.max_depth for estimator in model.estimators_)
    arrays = {"number": np.int8(number), "bound": np.float32(bound), "left": np.int16(left), "value": np.float16(value)}
    arrays |= {"roots": np.int16(roots), "start": np.zeros(value[0].shape, np.float32), "depth": np.int16(depth)}
    return {f"{name}_{part}": array for part, array in arrays.items()}


def softmax(logits: np.ndarray) -> np.ndarray:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """The scale of the logits that makes the confidences true."""
    scales = np.linspace(1.0, 20.0, 96)
    places = np.array([KINDS.index(kind) for kind in truth])
    losses = [-np.log(softmax(scale * logits)[np.arange(len(places)), places] + 1e-9).mean() for scale in scales]
    return float(scales[int(np.argmin(losses))])


def main(data_at: Path, out: Path) -> None:
    data, fitted = np.load(data_at), dict(np.load(out / "letters.npz"))
    text, kind = data["text"].astype(int), data["kind"]
    order = np.array([KINDS.index(value) for value in kind])
    evidence = evidence_with(data, np.load(out / "letters_held_out.npy"))
    fold = folds_of(data["source"], kind, FOLDS)
    text_logits = held_out(evidence, text, fold)[:, 0]
    kind_logits = held_out(evidence, order, fold)
    line = LogisticRegression(C=1e6).fit(text_logits[:, None], text)
    scale = temperature(kind_logits, kind)
    fitted |= exported(forest(evidence, text), "text") | exported(forest(evidence, order), "kind")
    fitted["text_line"] = np.float32([line.coef_[0, 0], line.intercept_[0]])
    fitted["kind_scale"] = np.float32(scale)
    fitted |= dict(np.load(out / "heights.npz"))
    np.savez_compressed(out / "trained.npz", **fitted)
    digest = hashlib.sha256((out / "trained.npz").read_bytes()).hexdigest()
    print(f"sha256 {digest}, {(out / 'trained.npz').stat().st_size / 1000:.0f} kB")
    report(data, text, line.predict_proba(text_logits[:, None])[:, 1], kind, softmax(scale * kind_logits))


def report(
    data: np.lib.npyio.NpzFile, text: np.ndarray, seen: np.ndarray, kind: np.ndarray, shares: np.ndarray
) -> None:
    own, source = data["variant"] == "own", data["source"]
    guess, sure = np.array(KINDS)[shares.argmax(axis=1)], shares.max(axis=1)
    parts = [
        "# Results of the picture signals\n",
        f"{own.sum()} images of {len(set(source))} sources, each source left out in turn (in groups).",
        "Sources of one package are not left out together: `RESULTS_BY_PACKAGE.md` does that: the harder figure.",
        "Calibration, and the choice between set-ups, looked at these figures too.",
        "`resized`: the same images at another size, half of them as JPEG of low quality. Labels: two looks by one",
        "person, the second shuffled and without sight of the first; where they differed, a third look decided.",
        agreement(),
        "Sources whose truth is known by how they were made (pages, web, drawn extras) were not looked at twice.\n",
        "## Text or no text\n",
        "| images | n | AUC | right at 0.5 | missed | false alarms |",
        "|---|---|---|---|---|---|",
        *(text_row(name, text[chosen], seen[chosen]) for name, chosen in slices(own, source)),
        "\n## Kind\n",
        f"Right: {np.mean((guess == kind)[own]):.3f} as they are, {np.mean((guess == kind)[~own]):.3f} resized.",
        "Where the",
        *(
            f"confidence is {least} or more: {np.mean((guess == kind)[own & (sure >= least)]):.3f} right of "
            f"{np.mean(sure[own] >= least):.2f} of the images;"
            for least in (0.5, 0.7, 0.9)
        ),
        "\nRows are the truth, columns what was said.\n",
        "| | " + " | ".join(KINDS) + " | right |",
        "|---" * (len(KINDS) + 2) + "|",
        *(kind_row(name, kind[own], guess[own]) for name in KINDS),
        "\n## Both by source\n",
        "| source | n | kind right | text right at 0.5 |",
        "|---|---|---|---|",
        *(
            f"| {name} | {np.sum(own & (source == name))} | {np.mean((guess == kind)[own & (source == name)]):.2f} | "
            f"{np.mean(((seen >= 0.5) == text)[own & (source == name)]):.2f} |"
            for name in sorted(set(source))
        ),
        *heights_part(data),
        "\n## Images of which text was missed or seen wrongly\n",
        *(
            f"- {data['id'][at]} ({kind[at]}, text {text[at]}): {seen[at]:.2f}"
            for at in np.flatnonzero(own & ((seen >= 0.5) != text))
        ),
        "",
    ]
    (HERE / "RESULTS.md").write_text("\n".join(parts), "utf-8")
    print("\n".join(parts[:40]))


def slices(own: np.ndarray, source: np.ndarray) -> list[tuple[str, np.ndarray]]:
    drawn = np.isin(source, ("editor", "charts", "receipts", "posters", "signs"))
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


def heights_part(data: np.lib.npyio.NpzFile) -> Sequence[str]:
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
    looks = [pair for pair in looks if pair[0] != ["truth"]]
    kind, text = (np.mean([first[part] == second[part] for first, second in looks]) for part in (0, 1))
    return f"The looks agreed on the kind of {kind:.1%} and on the text of {text:.1%} of {len(looks)} images."


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
