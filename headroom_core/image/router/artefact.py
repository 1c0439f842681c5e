"""The files of a trained router: what they say of themselves, checked against their digests."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from headroom_core.errors import RouterUnavailable
from headroom_core.image.router.needs import Need
from headroom_core.image.router.scale import Bounds
from headroom_core.image.router.stack import Stack

__all__ = ["ENCODER_FILES", "ENGLISH_FILES", "NGRAM_FILES", "SILENT", "Artefact", "Setup"]

ENCODER_FILES: Final = ("encoder.onnx", "tokenizer.json")
ENGLISH_FILES: Final = ("english.onnx", "english.json")
"""An encoder of its own for the language of most questions, taken where the n-grams find the words to be English."""
NGRAM_FILES: Final = ("ngrams.npz",)
SILENT: Final = "silent"
"""The output beside the needs: the words say nothing about what is wanted."""

_MANIFEST, _CALIBRATION = "manifest.json", "calibration.json"
_OUTPUTS: Final = frozenset({*(need.value for need in Need), SILENT})


@dataclass(frozen=True, slots=True)
class Setup:
    """How the logits of a combination of members become probabilities.

    Attributes:
        weights: Weight of each member, adding up to 1.
        scale: Factor per output.
        shift: Shift per output.
        bounds: Per output, where it counts as present and as excluded.
        stack: How they become risks; None where this combination has not learned them.
    """

    weights: Mapping[str, float]
    scale: Sequence[float]
    shift: Sequence[float]
    bounds: Sequence[Bounds]
    stack: Stack | None = None

    def probabilities(self, logits: Mapping[str, Sequence[float]]) -> list[float]:
        """One probability per output from the logits of each member."""
        joined = [sum(self.weights[member] * float(row[at]) for member, row in logits.items()) for at in self._outputs]
        return [
            _logistic(scale * logit + shift) for scale, shift, logit in zip(self.scale, self.shift, joined, strict=True)
        ]

    @property
    def _outputs(self) -> range:
        return range(len(self.scale))


@dataclass(frozen=True, slots=True)
class Artefact:
    """A folder whose files are what its manifest says.

    Attributes:
        folder: Where the files are.
        name: The name and version of the router.
        digest: The first digits of the manifest's own sha256, which stands for all files.
        outputs: Needs and `silent`, in the order of the logits.
        max_tokens: Tokens of one window, special tokens included.
        files: Names of the files that are there.
        setups: By combination of members.
    """

    folder: Path
    name: str
    digest: str
    outputs: tuple[str, ...]
    max_tokens: int
    files: frozenset[str]
    setups: Mapping[str, Setup]

    @classmethod
    def read(cls, folder: Path) -> Artefact:
        """Read the manifest and the calibration, and check every file that is there.

        Raises:
            RouterUnavailable: There is no manifest, a file is not the one that it names, or a value is out of place.
        """
        try:
            text = (folder / _MANIFEST).read_bytes()
            manifest = json.loads(text)
            files = _checked(folder, manifest["files"])
            outputs = tuple(manifest["needs"])
            setups = _setups(json.loads((folder / _CALIBRATION).read_bytes()), outputs)
            name, most = f"{manifest['name']}-{manifest['version']}", int(manifest["max_tokens"])
        except OSError as error:
            raise RouterUnavailable(f"there is no router in {folder.name!r}: {error.strerror}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise RouterUnavailable(f"the files in {folder.name!r} are not those of a router: {error!r}") from error
        if set(outputs) != _OUTPUTS or len(outputs) != len(_OUTPUTS):
            raise RouterUnavailable(f"the router {name!r} has the outputs {outputs!r}")
        return cls(folder, name, hashlib.sha256(text).hexdigest()[:12], outputs, most, files, setups)

    def has(self, names: Sequence[str]) -> bool:
        """Whether all these files are there."""
        return self.files.issuperset(names)


def _checked(folder: Path, digests: Mapping[str, str]) -> frozenset[str]:
    if _CALIBRATION not in digests:
        raise ValueError(f"{_CALIBRATION} has no digest")
    there = {name: digest for name, digest in digests.items() if (folder / name).is_file()}
    for name, digest in there.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise ValueError(f"{name} does not have the digest of the manifest")
    return frozenset(there)


def _setups(calibration: Mapping[str, Any], outputs: tuple[str, ...]) -> dict[str, Setup]:
    groups = calibration.get("groups", {})
    kinds = {kind: row for row, named in enumerate(groups.values(), start=1) for kind in named}
    return {name: _setup(stored, outputs, kinds) for name, stored in calibration["setups"].items()}


def _setup(stored: Mapping[str, Any], outputs: tuple[str, ...], kinds: Mapping[str, int]) -> Setup:
    scale, shift = tuple(map(float, stored["scale"])), tuple(map(float, stored["shift"]))
    if not len(scale) == len(shift) == len(outputs):
        raise ValueError(f"{len(scale)} scales and {len(shift)} shifts for {len(outputs)} outputs")
    thresholds = stored["thresholds"]
    bounds = tuple(
        Bounds(float(thresholds[name]["excluded_below"]), float(thresholds[name]["present_from"])) for name in outputs
    )
    stack = Stack.of(stored["risk"], kinds) if "risk" in stored else None
    return Setup({member: float(weight) for member, weight in stored["weights"].items()}, scale, shift, bounds, stack)


def _logistic(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))
