"""Offline evaluations, without a model and without a key.

python -m headroom.evals routing FILE.jsonl [--predictions OUT.jsonl] [--with-kind] [--json] [--gate]
    What the router decides on questions, against labels.
python -m headroom.evals offline [--pages DIR] [--limit N] [--model NAME] [--json OUT] [--html OUT]
    What two machine readers still read of pages with known words, against what is sent.
python -m headroom.evals scans [--pages DIR] [--only NAME] [--collect] [--json OUT]
    What is transcribed of real scans and photographed pages, against their true words.
"""

from headroom.evals.items import Item, Prediction, predict, read_items
from headroom.evals.scores import GATE, NOMINAL_COST, Score, Share, passes, score, slices, wilson

__all__ = [
    "GATE",
    "NOMINAL_COST",
    "Item",
    "Prediction",
    "Score",
    "Share",
    "passes",
    "predict",
    "read_items",
    "score",
    "slices",
    "wilson",
]
